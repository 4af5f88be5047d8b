"""Task rows with who held them, against what the history makes of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from engine.audit.played import PlayedTask
from engine.store.tables import AssignmentRow, TaskRow

# The columns that a history tells of; `public_id` is random and in no history.
_COLUMNS = (
    "state",
    "title",
    "text",
    "status",
    "queue",
    "opened_at",
    "due_at",
    "closed_at",
    "outcome",
    "closed_by",
    "reminders",
)
_PERSONAL = frozenset({"title", "text"})  # no value of these belongs into a finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """An assignment row."""

    person: str
    candidate: bool
    ended: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskStanding:
    """A task as its rows have it."""

    key: str
    columns: Mapping[str, Any]
    holds: tuple[Hold, ...]


def read_tasks(session: Session, after: int, last: int) -> Mapping[int, Sequence[TaskStanding]]:
    """The tasks of cases with row ids above `after` and up to `last`, in two queries."""
    within = (col(TaskRow.case_id) > after) & (col(TaskRow.case_id) <= last)
    holds: dict[int, list[Hold]] = defaultdict(list)
    for task, person, candidate, ended_at in session.connection().execute(
        select(
            col(AssignmentRow.task_id),
            col(AssignmentRow.person),
            col(AssignmentRow.candidate),
            col(AssignmentRow.ended_at),
        )
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(within)
    ):
        holds[task].append(
            Hold(person=person, candidate=bool(candidate), ended=ended_at is not None)
        )
    tasks: dict[int, list[TaskStanding]] = defaultdict(list)
    for row in session.connection().execute(
        select(
            col(TaskRow.id),
            col(TaskRow.case_id),
            col(TaskRow.key),
            *(col(getattr(TaskRow, name)) for name in _COLUMNS),
        )
        .where(within)
        .order_by(col(TaskRow.id))
    ):
        tasks[row.case_id].append(
            TaskStanding(
                key=row.key,
                columns={name: getattr(row, name) for name in _COLUMNS},
                holds=tuple(holds[row.id]),
            )
        )
    return tasks


def task_difference(
    rows: Sequence[TaskStanding], played: Mapping[str, PlayedTask]
) -> tuple[str, str] | None:
    """The key of the first task that differs, and a clause that says how."""
    standing: dict[str, TaskStanding] = {}
    for row in rows:
        if standing.setdefault(row.key, row) is not row:
            return row.key, "it has two rows"
    for key, task in played.items():
        row_ = standing.pop(key, None)
        if row_ is None:
            return key, f"it is {task.status}, and its row is gone"
        clause = _columns(row_, task) or _holds(row_, task)
        if clause is not None:
            return key, clause
    for key in standing:
        return key, "its row stands for a task that the history does not know"
    return None


def _columns(row: TaskStanding, task: PlayedTask) -> str | None:
    for name in _COLUMNS:
        found, expected = row.columns[name], getattr(task, name)
        if found != expected:
            if name in _PERSONAL:
                return f"its row has another {name}"
            return f"its row has the {name} {found!r}, not {expected!r}"
    return None


def _holds(row: TaskStanding, task: PlayedTask) -> str | None:
    """Owners are told of in the history; who only saw the task in a queue is not."""
    held = {hold.person for hold in row.holds}
    owned = {hold.person for hold in row.holds if not hold.candidate}
    now = sorted(str(hold.person) for hold in row.holds if not (hold.candidate or hold.ended))
    owners = sorted(set(task.owners)) if task.status == "open" else []
    if now != owners:
        return f"its row has the owners {now!r}, not {owners!r}"
    if task.status != "open" and any(not hold.ended for hold in row.holds):
        return "it is closed, and somebody's hold on it is not"
    if gone := sorted(task.had - held):
        return f"it was held by {gone!r}, and no row says so"
    if new := sorted(owned - task.had, key=str):
        return f"a row says that it was held by {new!r}, and no history does"
    return None
