"""What can happen to a case from outside. Past tense, closed: a `match` ends in assert_never."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.core.snapshot import CaseFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseStarted:
    """The first event of every case; `step` takes it with the snapshot None."""

    case: CaseFacts
    data: Mapping[str, Any]  # validated values of the `from: start` fields


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskAnswered:
    """A person pressed a button of a task; the answers are valid for its form."""

    task: str  # OpenTask.key
    button: str
    answers: Mapping[str, Any]  # by field name
    by: str  # person id: the assignment's, never the request's
    at: datetime  # when the server received it


@dataclass(frozen=True, kw_only=True, slots=True)
class TimerCameDue:
    """A timer's instant has passed."""

    timer: str  # Timer.key
    at: datetime  # the due instant, not when the engine got round to it


@dataclass(frozen=True, kw_only=True, slots=True)
class SignalArrived:
    """An event from another case, the directory or an operator."""

    name: str  # `calibration.published`, `person.left`
    body: Mapping[str, Any]  # read as `event` in expressions
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SubcaseClosed:
    """A case that this one started has ended."""

    subcase: str  # Subcase.key
    outcome: str
    data: Mapping[str, Any]  # the sub-case's final case file
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskClaimed:
    """A member took a task from its queue."""

    task: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskReassigned:
    """An operator or delegate gave a task to somebody else."""

    task: str
    to: str
    by: str | None
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryChanged:
    """People or their places changed: owners, dates and lists of this case are looked at again."""

    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseCancelled:
    """Somebody ended the case before its time."""

    by: str | None
    reason: str
    at: datetime


Event = (
    CaseStarted
    | TaskAnswered
    | TimerCameDue
    | SignalArrived
    | SubcaseClosed
    | TaskClaimed
    | TaskReassigned
    | DirectoryChanged
    | CaseCancelled
)
