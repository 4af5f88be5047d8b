"""Where a case stands according to its rows, against where its history leads."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from engine.audit.findings import Fault, Finding
from engine.audit.replay import Replayed
from engine.audit.task_rows import TaskStanding, read_tasks, task_difference
from engine.core.codec import encode
from engine.core.instants import to_micros
from engine.core.snapshot import Snapshot
from engine.store.tables import CaseRow, TimerRow


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
    process: str
    definition: int  # DefinitionRow.id
    opened_at: int
    updated_at: int
    closed_at: int | None
    paused_since: int | None
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
                col(CaseRow.process),
                col(CaseRow.definition_id),
                col(CaseRow.opened_at),
                col(CaseRow.updated_at),
                col(CaseRow.closed_at),
                col(CaseRow.paused_since),
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
    tasks = read_tasks(session, after, last)
    timers = _timers(session, after, last)
    return [
        CaseStanding(
            id=row.id,
            name=str(row.name),
            seq=row.seq if isinstance(row.seq, int) else -1,  # as_bytes says why
            head=as_bytes(row.head),
            subject=row.subject,
            key=row.key,
            outcome=row.outcome,
            process=row.process,
            definition=row.definition_id,
            opened_at=row.opened_at,
            updated_at=row.updated_at,
            closed_at=row.closed_at,
            paused_since=row.paused_since,
            snapshot=row.snapshot,
            tasks=tuple(tasks[row.id]),
            timers=timers[row.id],
        )
        for row in cases
    ]


def as_bytes(value: Any) -> bytes:
    """What a column holds, whatever somebody wrote into it: SQLite has no types to hold on to."""
    return str(value).encode() if isinstance(value, (str, int, float)) else bytes(value)


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
        "opened_at": (standing.opened_at, played.began),
        "updated_at": (standing.updated_at, played.moved),
        "closed_at": (standing.closed_at, None if snapshot.outcome is None else played.moved),
        "paused_since": (
            standing.paused_since,
            None if snapshot.paused_since is None else to_micros(snapshot.paused_since),
        ),
    }
    for name, (found, expected) in columns.items():
        if found != expected:
            return _state(standing, f"the column `{name}` says {found!r}, its history {expected!r}")
    return _check_tasks(standing, played) or _check_timers(standing, snapshot)


def _check_tasks(standing: CaseStanding, played: Replayed) -> Finding | None:
    found = task_difference(standing.tasks, played.tasks)
    if found is None:
        return None
    key, clause = found
    return Finding(
        fault=Fault.TASK, case=standing.name, seq=None, what=f"the task `{key}`: {clause}"
    )


def _check_timers(standing: CaseStanding, snapshot: Snapshot) -> Finding | None:
    expected = {key: to_micros(timer.at) for key, timer in snapshot.timers.items()}
    for key in sorted(expected.keys() | standing.timers.keys(), key=str):
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
