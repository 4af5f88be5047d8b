"""What the verbs of the service work with, besides the transaction and the instant."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from os import urandom
from time import sleep
from typing import Any, Protocol

from engine.directory import Directory
from engine.service.definitions import Definitions
from engine.service.failpoints import Failpoints


class Analyst(Protocol):
    """An analytic that is wired in: pure, and never a decision."""

    @property
    def version(self) -> int: ...

    def run(
        self, rows: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any], /
    ) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    directory: Directory  # who works here, as of any day
    entropy: Callable[[int], bytes]  # random bytes, as many as asked for
    definitions: Definitions = field(default_factory=Definitions)  # compiled, by number
    failpoints: Failpoints = field(default_factory=Failpoints)  # off but in tests
    # Seals anonymous answers until their round is over; never in the database. One that nobody
    # gave is good for this process alone.
    pool_key: bytes = field(default_factory=lambda: urandom(32), repr=False)
    analysts: Mapping[str, Analyst] = field(default_factory=dict)  # analytics, by name
    # A timer fires no earlier than so long after its instant: an answer that was received before
    # the deadline has this long to arrive here. Zero where nothing is on its way, as in rehearsals.
    grace: timedelta = timedelta()
    pause: Callable[[float], None] = sleep  # seconds, in the thread of who called
