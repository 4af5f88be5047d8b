"""The tables that figures across processes are computed from, as of a moment, under our names."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.core.instants import from_micros, to_micros
from engine.queries.reader import Reader
from engine.queries.tables import (
    TableRow,
    assignment_table,
    event_table,
    people_table,
    position_table,
    record_table,
    task_table,
)
from engine.store.tables import CaseRow, EventRow, SubcaseRow

_YEAR = timedelta(days=365)
_AT_A_TIME = 1_000
_HANDED_OVER = "task.handed_over"
_CLAIMED = '"before":[]'  # of canonical JSON: it went from a queue to its first owner


def insight_tables(
    session: Session,
    reader: Reader,
    *,
    events: Collection[str],
    records: Collection[str],
    fields: Mapping[str, Collection[str]],
    called: Mapping[str, str],
    at: datetime,
) -> Mapping[str, Sequence[TableRow]]:
    """By name: `cases`, `events`, `records`, `tasks`, `assignments`, `people`, … up to `at`.

    `events` and `records` are the names that are asked for; `fields` are those of a case file by
    process, of closed cases only. What is `called` otherwise here comes under the name that was
    asked for.
    """
    ours = {theirs: name for name, theirs in called.items()}

    def theirs(names: Collection[str]) -> list[str]:
        return [called.get(name, name) for name in names]

    def renamed(rows: Iterator[TableRow], column: str) -> list[TableRow]:
        if not ours:
            return list(rows)
        return [{**row, column: ours.get(row[column], row[column])} for row in rows]

    wanted = {called.get(process, process): names for process, names in fields.items()}
    return {
        "cases": renamed(_cases(session, reader, wanted, at), "process"),
        "events": renamed(event_table(session, theirs(events)), "event"),
        "records": renamed(record_table(session, theirs(records)), "kind"),
        "tasks": renamed(task_table(session), "process"),
        "assignments": list(assignment_table(session, overdue_at=to_micros(at))),
        "people": list(people_table(session)),
        "positions": list(position_table(session)),
        "handovers": renamed(_handovers(session, at), "process"),
    }


def _cases(
    session: Session, reader: Reader, fields: Mapping[str, Collection[str]], at: datetime
) -> Iterator[TableRow]:
    parent = aliased(CaseRow)
    asked = (
        select(
            col(CaseRow.id),
            col(CaseRow.name),
            col(CaseRow.process),
            col(CaseRow.subject),
            col(CaseRow.opened_at),
            col(CaseRow.closed_at),
            col(CaseRow.outcome),
            col(parent.name),
        )
        .join(SubcaseRow, col(SubcaseRow.case_id) == col(CaseRow.id), isouter=True)
        .join(parent, col(parent.id) == col(SubcaseRow.parent_id), isouter=True)
        .where(col(CaseRow.opened_at) <= to_micros(at))
        .order_by(col(CaseRow.id))
    )
    data = _data(session, reader, fields, at)
    rows = session.connection().execute(asked)
    for number, name, process, subject, opened, closed, outcome, started_by in rows:
        yield {
            "case": name,
            "process": process,
            "subject": subject,
            "opened_at": from_micros(opened),
            "closed_at": None if closed is None else from_micros(closed),
            "outcome": outcome,
            "parent": started_by,
            "data": data.get(number, {}),
        }


def _data(
    session: Session, reader: Reader, fields: Mapping[str, Collection[str]], at: datetime
) -> Mapping[int, Mapping[str, Any]]:
    """What the files of closed cases hold in these fields, sensitive ones left out; by id."""
    found: dict[int, Mapping[str, Any]] = {}
    after = 0
    while True:
        asked = (
            select(col(CaseRow.id), col(CaseRow.process), col(CaseRow.definition_id),
                   col(CaseRow.snapshot))
            .where(
                col(CaseRow.process).in_(fields),
                col(CaseRow.closed_at) <= to_micros(at),
                col(CaseRow.id) > after,
            )
            .order_by(col(CaseRow.id))
            .limit(_AT_A_TIME)
        )  # fmt: skip
        rows = session.connection().execute(asked).all()
        if not rows:
            return found
        after = rows[-1].id
        atlases = reader.atlases(session, {row.definition_id for row in rows})
        plain = {number: atlas.plain_fields() for number, atlas in atlases.items()}
        for row in rows:
            data = orjson.loads(row.snapshot)["data"]
            found[row.id] = {
                name: data[name]
                for name in fields[row.process]
                if name in data and name in plain[row.definition_id]
            }


def _handovers(session: Session, at: datetime) -> Iterator[TableRow]:
    """How often tasks went from somebody to somebody else in the 12 months before, by process."""
    asked = (
        select(col(CaseRow.process), func.count())
        .join(EventRow, col(EventRow.case_id) == col(CaseRow.id))
        .where(
            col(EventRow.kind) == _HANDED_OVER,
            ~col(EventRow.public).contains(_CLAIMED),
            col(EventRow.at) > to_micros(at - _YEAR),
            col(EventRow.at) <= to_micros(at),
        )
        .group_by(col(CaseRow.process))
    )
    for process, count in session.connection().execute(asked):
        yield {"process": process, "handovers": count}
