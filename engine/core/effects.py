"""What a macrostep asks of the world, all resolved: what, never how. Closed like the events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.core.snapshot import OpenTask, Place, Timer


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedTask:
    """A task is open and its owners (or its queue's members) get a mail."""

    task: OpenTask
    title: str  # rendered
    text: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AskAdvice:
    """An analytic to run for whoever has a task; what it finds never comes back to the case."""

    task: str  # OpenTask.key
    analytic: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosedTask:
    """A task takes no more answers; its links die."""

    task: str  # OpenTask.key
    outcome: str  # the button; or `withdrawn` - owners get a "no longer needed" mail
    by: str | None  # who answered; None: withdrawn


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOver:
    """A task has other owners than before: links of former ones die, what they wrote stays."""

    task: OpenTask  # as it is now
    before: tuple[str, ...]  # owners until now
    reason: str
    title: str | None = None  # without what the new owners may not see; None: as it was
    text: str | None = None  # the same, and only with a title


@dataclass(frozen=True, kw_only=True, slots=True)
class MovedDue:
    """A task's due instant changed, because a date it hangs on did."""

    task: str
    due: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CarriedTask:
    """An open task goes on in another version: its state or its words are others now."""

    task: OpenTask  # as it is now
    reworded: bool
    title: str | None  # rendered; None unless it is reworded
    text: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SetTimer:
    """A timer begins, or (same key) moves."""

    timer: Timer


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelTimer:
    """A timer is gone: its state was left, or it fired for the last time."""

    timer: str  # Timer.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Remind:
    """A reminder of an open task."""

    task: str  # OpenTask.key
    number: int  # first, second, … of this task
    overdue: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Tell:
    """A message that asks for nothing."""

    place: Place
    to: tuple[str, ...]  # person ids, at least one
    title: str
    text: str | None
    about_task: str | None  # an escalation about this OpenTask.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A webhook to call."""

    place: Place
    name: str
    body: Mapping[str, Any]
    tries: int
    within_seconds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Emit:
    """An event to other cases, correlated by key."""

    event: str
    to: str | None  # None: whoever waits for it
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class StartCase:
    """A sub-case to start. The service tells its end with SubcaseClosed."""

    subcase: str  # Subcase.key
    process: str
    subject: str | None
    data: Mapping[str, Any]
    pinned: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StopCase:
    """A sub-case that nobody waits for any more, because its state was left: cancel it."""

    subcase: str  # Subcase.key


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteRecord:
    """An entry of the shared records."""

    kind: str
    of: str
    value: Any
    attributes: Mapping[str, Any]
    valid_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenIncident:
    """Something only a person can put right. `blocking`: the event was undone and waits."""

    code: str  # `condition-failed`, `no-row`, `no-owner`, `no-receiver`, `endless`, `asked`
    place: Place
    message: str  # what, where, the way out
    blocking: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Finish:
    """The case is closed."""

    outcome: str


Effect = (
    OpenedTask
    | AskAdvice
    | ClosedTask
    | HandedOver
    | MovedDue
    | CarriedTask
    | SetTimer
    | CancelTimer
    | Remind
    | Tell
    | Call
    | Emit
    | StartCase
    | StopCase
    | WriteRecord
    | OpenIncident
    | Finish
)
