"""What a macrostep did, as a value: the step itself and the telling that becomes the history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.core.effects import Effect
from engine.core.snapshot import Place, Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Transitioned:
    """A transition was taken."""

    place: Place  # its source
    trigger: str  # `submit`, `done`, `late.0`, `calibration.published`, `` for none
    label: str  # the row as the author wrote it
    targets: tuple[Place, ...]
    because: tuple[tuple[str, Any], ...]  # what the condition read, and its values


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Exited:
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Assigned:
    """A field of the case file changed."""

    field: str
    old: Any  # None: nobody had filled it
    new: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A state was passed over because of its `if` or `unless`."""

    place: Place
    because: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Preempted:
    """A transition was enabled, but one of an inner or earlier state won."""

    place: Place
    trigger: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Compensated:
    """What a completed state was owed is done now; what that changed follows."""

    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Paused:
    """The case's clock stands still, or has one more reason to."""

    reason: str  # the event that stopped it
    until: str  # the event that will let it go on


@dataclass(frozen=True, kw_only=True, slots=True)
class Resumed:
    """A reason to stand still is over."""

    reason: str
    since: datetime


Taken = (
    Transitioned
    | Entered
    | Exited
    | Assigned
    | Skipped
    | Preempted
    | Compensated
    | Paused
    | Resumed
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What one event did. `taken` empty and no effects: it did not fit here and changed nothing."""

    snapshot: Snapshot
    effects: tuple[Effect, ...]  # in the order in which they were asked for
    taken: tuple[Taken, ...]  # the telling, in order
