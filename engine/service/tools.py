"""What the verbs of the service work with, besides the transaction and the instant."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.directory import Directory
from engine.service.definitions import Definitions
from engine.service.failpoints import Failpoints


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    directory: Directory  # who works here, as of any day
    entropy: Callable[[int], bytes]  # random bytes, as many as asked for
    definitions: Definitions = field(default_factory=Definitions)  # compiled, by number
    failpoints: Failpoints = field(default_factory=Failpoints)  # off but in tests
