"""Where a case stands according to its rows, against where its history leads."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from engine.audit.findings import Fault, Finding
from engine.audit.replay import Replayed
from engine.core.codec import encode
from engine.core.instants import to_micros
from engine.core.snapshot import OpenTask, Snapshot
from engine.store.tables import AssignmentRow, CaseRow, TaskRow, TimerRow


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskStanding:
    """A task as its rows have it."""

    key: str
    status: str
    due_at: int | None
    queue: str | None
    outcome: str | None
    closed_by: str | None
    owners: tuple[str, ...]  # of an open task, without those who only see it in a queue


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseStanding:
    """A case as its rows have it."""

    id: int
    name: str
    seq: int
    head: bytes
    subject: str | None
    key: str | None
    outcome: str | None
    closed: bool
    snapshot: str
    tasks: tuple[TaskStanding, ...]
    timers: Mapping[str, int]  # due instants by key


def read_standings(session: Session, after: int, limit: int) -> list[CaseStanding]:
    """Up to `limit` cases with row ids above `after`, in four queries."""
    cases = list(
        session.connection().execute(
            select(
                col(CaseRow.id),
                col(CaseRow.name),
                col(CaseRow.seq),
                col(CaseRow.head),
                col(CaseRow.subject),
                col(CaseRow.key),
                col(CaseRow.outcome),
                col(CaseRow.closed_at),
                col(CaseRow.snapshot),
            )
            .where(col(CaseRow.id) > after)
            .order_by(col(CaseRow.id))
            .limit(limit)
        )
    )
    if not cases:
        return []
    last = cases[-1].id
    tasks = _tasks(session, after, last)
    timers = _timers(session, after, last)
    return [
        CaseStanding(
            id=row.id,
            name=row.name,
            seq=row.seq,
            head=bytes(row.head),
            subject=row.subject,
            key=row.key,
            outcome=row.outcome,
            closed=row.closed_at is not None,
            snapshot=row.snapshot,
            tasks=tuple(tasks[row.id]),
            timers=timers[row.id],
        )
        for row in cases
    ]


def check_standing(standing: CaseStanding, played: Replayed) -> Finding | None:
    """The first difference between a case's rows and its replayed history."""
    snapshot = played.snapshot
    if snapshot is None:
        return _state(standing, "its history holds no event, so nothing explains its row")
    difference = _difference(_stored(standing.snapshot), _json(encode(snapshot)))
    if difference is not None:
        return _state(standing, f"its snapshot is not where its history leads: {difference}")
    columns = {
        "subject": (standing.subject, snapshot.case.subject),
        "key": (standing.key, snapshot.case.key),
        "outcome": (standing.outcome, snapshot.outcome),
        "name": (standing.name, snapshot.case.id),
        "closed_at": (standing.closed, snapshot.outcome is not None),
    }
    for name, (found, expected) in columns.items():
        if found != expected:
            return _state(standing, f"the column `{name}` says {found!r}, its history {expected!r}")
    return _check_tasks(standing, played, snapshot) or _check_timers(standing, snapshot)


def _check_tasks(standing: CaseStanding, played: Replayed, snapshot: Snapshot) -> Finding | None:
    rows: dict[str, TaskStanding] = {}
    for one in standing.tasks:
        if rows.setdefault(one.key, one) is not one:
            return _task(standing, one.key, "it has two rows")
    for key, task in snapshot.tasks.items():
        row = rows.pop(key, None)
        if row is None:
            return _task(standing, key, "it is open, and its row is gone")
        for name, found, expected in _open_columns(row, task):
            if found != expected:
                return _task(standing, key, f"its row has the {name} {found!r}, not {expected!r}")
    for key, closed in played.closed.items():
        row = rows.pop(key, None)
        if row is None:
            return _task(standing, key, "it was closed, and its row is gone")
        status = "withdrawn" if closed.by is None else "answered"
        found = (row.status, row.outcome, row.closed_by)
        if found != (status, closed.outcome, closed.by):
            return _task(
                standing,
                key,
                f"its row says {found}, its history {(status, closed.outcome, closed.by)}",
            )
    for key in rows:
        return _task(standing, key, "its row stands for a task that the history does not know")
    return None


def _open_columns(row: TaskStanding, task: OpenTask) -> list[tuple[str, Any, Any]]:
    return [
        ("status", row.status, "open"),
        ("due instant", row.due_at, None if task.due is None else to_micros(task.due)),
        ("queue", row.queue, task.queue),
        ("owners", sorted(row.owners), sorted(set(task.owners))),
    ]


def _check_timers(standing: CaseStanding, snapshot: Snapshot) -> Finding | None:
    expected = {key: to_micros(timer.at) for key, timer in snapshot.timers.items()}
    for key in sorted(expected.keys() | standing.timers.keys()):
        found, due = standing.timers.get(key), expected.get(key)
        if found != due:
            return Finding(
                fault=Fault.TIMER,
                case=standing.name,
                seq=None,
                what=f"the timer `{key}` "
                + (
                    "has no row"
                    if found is None
                    else "has a row that the history does not know"
                    if due is None
                    else f"is due at {found} µs by its row and at {due} µs by its history"
                ),
            )
    return None


def _state(standing: CaseStanding, what: str) -> Finding:
    return Finding(fault=Fault.STATE, case=standing.name, seq=None, what=what)


def _task(standing: CaseStanding, key: str, what: str) -> Finding:
    return Finding(fault=Fault.TASK, case=standing.name, seq=None, what=f"the task `{key}`: {what}")


def _stored(snapshot: str) -> Any:
    try:
        return orjson.loads(snapshot)
    except orjson.JSONDecodeError:
        return snapshot


def _json(value: Any) -> Any:
    """As it would come back from the column."""
    return orjson.loads(orjson.dumps(value, default=dict))


def _difference(found: Any, expected: Any, place: str = "") -> str | None:
    """The first place at which two JSON values differ, without the values: they are personal."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted(found.keys() | expected.keys()):
            here = f"{place}.{key}" if place else key
            if key not in found:
                return f"`{here}` is missing"
            if key not in expected:
                return f"`{here}` should not be there"
            inner = _difference(found[key], expected[key], here)
            if inner is not None:
                return inner
        return None
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for index, (left, right) in enumerate(zip(found, expected, strict=True)):
            inner = _difference(left, right, f"{place}[{index}]")
            if inner is not None:
                return inner
        return None
    return None if found == expected else f"`{place or 'the whole'}` differs"


def _tasks(session: Session, after: int, last: int) -> Mapping[int, Sequence[TaskStanding]]:
    owners: dict[int, list[str]] = defaultdict(list)
    for task, person in session.connection().execute(
        select(col(AssignmentRow.task_id), col(AssignmentRow.person))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            _between(col(TaskRow.case_id), after, last),
            col(AssignmentRow.ended_at).is_(None),
            col(AssignmentRow.candidate).is_(False),
        )
    ):
        owners[task].append(person)
    tasks: dict[int, list[TaskStanding]] = defaultdict(list)
    for row in session.connection().execute(
        select(
            col(TaskRow.id),
            col(TaskRow.case_id),
            col(TaskRow.key),
            col(TaskRow.status),
            col(TaskRow.due_at),
            col(TaskRow.queue),
            col(TaskRow.outcome),
            col(TaskRow.closed_by),
        )
        .where(_between(col(TaskRow.case_id), after, last))
        .order_by(col(TaskRow.id))
    ):
        tasks[row.case_id].append(
            TaskStanding(
                key=row.key,
                status=row.status,
                due_at=row.due_at,
                queue=row.queue,
                outcome=row.outcome,
                closed_by=row.closed_by,
                owners=tuple(owners[row.id]),
            )
        )
    return tasks


def _timers(session: Session, after: int, last: int) -> Mapping[int, Mapping[str, int]]:
    timers: dict[int, dict[str, int]] = defaultdict(dict)
    for case, key, due in session.connection().execute(
        select(col(TimerRow.case_id), col(TimerRow.key), col(TimerRow.due_at)).where(
            _between(col(TimerRow.case_id), after, last)
        )
    ):
        timers[case][key] = due
    return timers


def _between(column: Any, after: int, last: int) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (column > after) & (column <= last)
    return found
