"""Where a case stands: everything the next macrostep needs, and nothing about how it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# A place is a state's id with the items of the `each` states on the way to it:
# `evaluate.peers[dan].task`. Brackets hold the item's key: a person id or a text.
Place = str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """What never changes about a case."""

    id: str  # its public name: `ONB-0042`
    subject: str | None  # person id, position id or record id; None: about nothing
    opened_by: str | None  # person id; None: by a rule
    opened_at: datetime
    key: str | None  # the value of the definition's `key`, canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTask:
    """A task that waits for an answer."""

    key: str  # unique in the case: `rate#2`, second visit of the state; `coach/every.0#3`
    place: Place
    side: int | None  # index into State.side_tasks; None: the state's own task
    owners: tuple[str, ...]  # person ids; several own it together; empty: an incident is open
    queue: str | None  # claimed from this queue, or waiting in it while owners is empty
    opened_at: datetime
    due: datetime | None
    by_rule: str  # the owner rule that answered, as written; `by hand` once somebody reassigned it
    reminded: int = 0  # how many reminders its owners have had
    # whom somebody gave it to by hand, or who took it from the queue; is represented now, maybe
    chosen: str | None = None
    acting: tuple[str, ...] = ()  # of co-owners, who only stands in for somebody


@dataclass(frozen=True, kw_only=True, slots=True)
class Timer:
    """An instant at which a rule of a state is due."""

    key: str  # unique in the case: `rate#2/remind.0`
    place: Place
    rule: str  # TimerRule.id
    at: datetime
    count: int  # how many of its instants have passed; 0 unless it repeats
    since: datetime  # the entry of its state (a task's: its opening), from which `at` was computed


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How a state ended last: what `rate.done_by` and `check.condition` read."""

    outcome: str  # the button, a final state's outcome, the quorum's name, or `done`
    at: datetime
    by: str | None  # person id
    answers: Mapping[str, Any]  # answers of the task's own fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One instance of an `each` state."""

    key: str  # what stands in the brackets of its place
    value: Any  # the item itself: a person id or a text
    ended: str | None  # its outcome; None: still open


@dataclass(frozen=True, kw_only=True, slots=True)
class Subcase:
    """A case that this one started."""

    key: str  # unique in the case: `plan#1`, `plan[ann]#1`
    place: Place
    ended: str | None  # its outcome; None: still open


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """A span of time in which the case's clock stood, or stands, still."""

    reason: str  # the event that stopped it
    since: datetime
    until: datetime | None  # None: it still stands


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A case between two macrosteps; survives JSON unchanged (see codec)."""

    case: CaseFacts
    outcome: str | None  # None: open
    configuration: tuple[Place, ...]  # every active place but the root, in document order
    data: Mapping[str, Any]  # the case file; a field nobody filled is absent
    visits: Mapping[str, int]  # how often a place was entered
    endings: Mapping[Place, Ending]  # by the place without its lowered tail
    tasks: Mapping[str, OpenTask]  # by key
    timers: Mapping[str, Timer]  # by key; none while the case is paused
    items: Mapping[Place, tuple[Item, ...]]  # of active EACH places
    subcases: Mapping[str, Subcase]  # by key, of active places
    remembered: Mapping[str, tuple[Place, ...]]  # HISTORY states: what was active
    owed: tuple[Place, ...] = ()  # completed states with an `undo`, in the order they completed
    pauses: tuple[Pause, ...] = ()  # in the order they began
    shelf: Mapping[str, Timer] = field(default_factory=dict)  # timers that stand still, by key

    @property
    def paused_since(self) -> datetime | None:
        """Since when the clock stands still; None: it runs, or there is nothing left to time."""
        if self.outcome is not None:
            return None
        return min((each.since for each in self.pauses if each.until is None), default=None)


def unstarted(case: CaseFacts) -> Snapshot:
    """A case before its first macrostep."""
    return Snapshot(
        case=case,
        outcome=None,
        configuration=(),
        data={},
        visits={},
        endings={},
        tasks={},
        timers={},
        items={},
        subcases={},
        remembered={},
    )
