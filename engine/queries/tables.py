"""Whole tables, row by row, as they leave in files and as figures are computed from them.

Each row is a mapping of plain values, the same for the same data and in the order in which it came
about; instants are datetimes in UTC. Nothing of an answer is in them but what definitions emit or
record on purpose, which `check` refuses for sensitive fields.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Select, select
from sqlmodel import Session, col

from engine.core.instants import from_micros
from engine.store.tables import (
    AssignmentRow,
    CaseRow,
    HolderRow,
    PersonRow,
    PersonVersionRow,
    RecordRow,
    SignalRow,
    TaskRow,
)

TableRow = Mapping[str, Any]

_AT_A_TIME = 2_000


def event_table(session: Session, names: Collection[str] | None = None) -> Iterator[TableRow]:
    """What was told to cases: by other cases, by people, by the directory. All, or these."""
    asked = select(
        col(SignalRow.id),
        col(SignalRow.name),
        col(SignalRow.correlation),
        col(SignalRow.at),
        col(SignalRow.raised_by),
        col(SignalRow.body),
    ).order_by(col(SignalRow.id))
    if names is not None:
        asked = asked.where(col(SignalRow.name).in_(names))
    for number, name, to, at, by, body in _read(session, asked):
        yield {
            "number": number,
            "event": name,
            "to": to,
            "at": from_micros(at),
            "by": by,
            "body": orjson.loads(body),
        }


def record_table(session: Session, kinds: Collection[str] | None = None) -> Iterator[TableRow]:
    """Shared records, valid or not. All, or these kinds."""
    asked = (
        select(
            col(RecordRow.id),
            col(RecordRow.kind),
            col(RecordRow.about),
            col(RecordRow.value),
            col(RecordRow.attributes),
            col(RecordRow.valid_from),
            col(RecordRow.valid_until),
            col(CaseRow.name),
        )
        .join(CaseRow, col(CaseRow.id) == col(RecordRow.case_id))
        .order_by(col(RecordRow.valid_from), col(RecordRow.id))
    )
    if kinds is not None:
        asked = asked.where(col(RecordRow.kind).in_(kinds))
    for number, kind, about, value, attributes, since, until, case in _read(session, asked):
        yield {
            "number": number,
            "kind": kind,
            "about": about,
            "value": orjson.loads(value),
            "attributes": orjson.loads(attributes),
            "valid_from": from_micros(since),
            "valid_until": _instant(until),
            "case": case,
        }


def task_table(session: Session, process: str | None = None) -> Iterator[TableRow]:
    """Tasks of all cases, or of a process; without what they ask and what was answered.

    Their states are those that the author wrote, not what the engine puts into one that asks many.
    """
    asked = (
        select(
            col(CaseRow.name),
            col(TaskRow.key),
            col(CaseRow.process),
            col(TaskRow.state),
            col(TaskRow.opened_at),
            col(TaskRow.due_at),
            col(TaskRow.closed_at),
            col(TaskRow.outcome),
        )
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .order_by(col(TaskRow.id))
    )
    if process is not None:
        asked = asked.where(col(CaseRow.process) == process)
    for case, key, of, state, opened, due, closed, outcome in _read(session, asked):
        yield {
            "case": case,
            "task": key,
            "process": of,
            "state": state.removesuffix(".task").removesuffix(".item"),
            "opened_at": from_micros(opened),
            "due_at": _instant(due),
            "closed_at": _instant(closed),
            "outcome": outcome,
        }


def assignment_table(
    session: Session,
    process: str | None = None,
    *,
    overdue_at: int | None = None,
) -> Iterator[TableRow]:
    """Who had a task, and from when until when; with `overdue_at` only of those overdue then."""
    asked = (
        select(
            col(CaseRow.name),
            col(TaskRow.key),
            col(AssignmentRow.person),
            col(AssignmentRow.candidate),
            col(AssignmentRow.started_at),
            col(AssignmentRow.ended_at),
        )
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .order_by(col(AssignmentRow.id))
    )
    if process is not None:
        asked = asked.where(col(CaseRow.process) == process)
    if overdue_at is not None:
        closed = col(TaskRow.closed_at)
        asked = asked.where(
            col(TaskRow.due_at) <= overdue_at, closed.is_(None) | (closed > overdue_at)
        )
    for case, key, person, candidate, started, ended in _read(session, asked):
        yield {
            "case": case,
            "task": key,
            "person": person,
            "candidate": bool(candidate),
            "started_at": from_micros(started),
            "ended_at": _instant(ended),
        }


def people_table(session: Session) -> Iterator[TableRow]:
    """What the directory says of everybody, from which day on; without addresses."""
    asked = (
        select(
            col(PersonVersionRow.person),
            col(PersonRow.number),
            col(PersonVersionRow.valid_from),
            col(PersonVersionRow.active),
            col(PersonVersionRow.name),
            col(PersonVersionRow.title),
            col(PersonVersionRow.department),
            col(PersonVersionRow.location),
            col(PersonVersionRow.grade),
            col(PersonVersionRow.employment),
            col(PersonVersionRow.start_date),
            col(PersonVersionRow.manager),
        )
        .join(PersonRow, col(PersonRow.id) == col(PersonVersionRow.person))
        .order_by(col(PersonVersionRow.person), col(PersonVersionRow.valid_from))
    )
    for row in _read(session, asked):
        yield {
            "person": row.person,
            "number": row.number,
            "valid_from": row.valid_from,
            "active": bool(row.active),
            "name": row.name,
            "title": row.title,
            "department": row.department,
            "location": row.location,
            "grade": row.grade,
            "employment": row.employment,
            "start_date": row.start_date,
            "manager": row.manager,
        }


def position_table(session: Session) -> Iterator[TableRow]:
    """Who holds which position of the directory, from when until when."""
    asked = select(
        col(HolderRow.role),
        col(HolderRow.unit),
        col(HolderRow.person),
        col(HolderRow.valid_from),
        col(HolderRow.valid_until),
    ).order_by(col(HolderRow.valid_from), col(HolderRow.id))
    for role, unit, person, since, until in _read(session, asked):
        yield {
            "position": role if unit is None else f"{role} of {unit}",
            "person": person,
            "valid_from": since,
            "valid_until": until,
        }


def plain(row: TableRow) -> TableRow:
    """A row for a file: instants and days as text."""
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _read(session: Session, asked: Select[Any]) -> Iterator[Any]:
    for some in session.connection().execute(asked).partitions(_AT_A_TIME):
        yield from some


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
