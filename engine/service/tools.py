"""What the verbs of the service work with, besides the transaction and the instant."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from os import urandom
from time import sleep

from engine.directory import Directory
from engine.service.definitions import Definitions
from engine.service.failpoints import Failpoints


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    directory: Directory  # who works here, as of any day
    entropy: Callable[[int], bytes]  # random bytes, as many as asked for
    definitions: Definitions = field(default_factory=Definitions)  # compiled, by number
    failpoints: Failpoints = field(default_factory=Failpoints)  # off but in tests
    # Seals anonymous answers until their round is over; never in the database. One that nobody
    # gave is good for this process alone.
    pool_key: bytes = field(default_factory=lambda: urandom(32), repr=False)
    # A timer fires no earlier than so long after its instant: an answer that was received before
    # the deadline has this long to arrive here. Zero where nothing is on its way, as in rehearsals.
    grace: timedelta = timedelta()
    pause: Callable[[float], None] = sleep  # seconds, in the thread of who called
