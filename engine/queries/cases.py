"""Which cases, exactly: the list with its filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func
from sqlmodel import Session, col, select

from engine.core.instants import from_micros, to_micros
from engine.core.places import state_id
from engine.core.snapshot import Place
from engine.queries.atlas import Atlas
from engine.queries.pages import Page, page_of
from engine.queries.reader import Names, Reader, read_names
from engine.queries.tasks import Named, instant, subject_of
from engine.store.statements import constant
from engine.store.tables import CaseRow, CohortMemberRow, IncidentRow, TaskRow


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFilter:
    """What to list; every field narrows."""

    process: str | None = None
    status: str | None = None  # open | closed
    subject: str | None = None  # person, position or record id
    state: str | None = None  # a state's id: cases that stand in it or below it
    overdue: bool = False  # an open task is past its due instant
    stuck: bool = False  # an incident is open
    paused: bool = False  # its clock stands still
    name: str | None = None  # beginning of the case's name
    cohort: int | None = None  # the number of a bulk start


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """A case on a list."""

    name: str  # `ONB-0042`
    process: str
    title: str  # of the process
    version: int  # of the definition
    subject: Named | None
    at: tuple[str, ...]  # titles of where it stands; empty when closed
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    outcome: str | None
    open_tasks: int
    next_due: datetime | None  # of its open tasks
    overdue: bool
    incidents: int  # open ones
    paused_since: datetime | None  # since when no deadline of it counts


def cases(
    session: Session,
    reader: Reader,
    wanted: CaseFilter,
    now: datetime,
    *,
    after: int | None = None,
    limit: int = 50,
) -> Page[CaseLine]:
    """The newest first, in five queries a page; more only where a state is asked for."""
    rows: list[CaseRow] = []
    while len(rows) <= limit:
        some = _some(session, wanted, now, after, limit + 1)
        rows += [row for row in some if wanted.state is None or _stands_in(row, wanted.state)]
        if len(some) <= limit:
            break
        after = some[-1].id
    shown = rows[: limit + 1]
    return page_of(case_lines(session, reader, shown, now), [row.id or 0 for row in shown], limit)


def case_lines(
    session: Session, reader: Reader, rows: Sequence[CaseRow], now: datetime
) -> list[CaseLine]:
    atlases = reader.atlases(session, (row.definition_id for row in rows))
    tasks = _tasks(session, rows)
    incidents = _incidents(session, rows)
    configurations = {row.id: configuration_of(row) for row in rows}
    people = [row.subject for row in rows]
    people += [item for some in configurations.values() for item in items_of(some)]
    names = read_names(session, people)
    at = to_micros(now)
    lines = []
    for row in rows:
        atlas = atlases[row.definition_id]
        count, due = tasks.get(row.id or 0, (0, None))
        lines.append(
            CaseLine(
                name=row.name,
                process=row.process,
                title=atlas.title,
                version=atlas.version,
                subject=subject_of(names, row.subject),
                at=places_of(atlas, configurations[row.id], names),
                opened_at=from_micros(row.opened_at),
                updated_at=from_micros(row.updated_at),
                closed_at=instant(row.closed_at),
                outcome=row.outcome,
                open_tasks=count,
                next_due=instant(due),
                overdue=due is not None and due < at,
                incidents=incidents.get(row.id or 0, 0),
                paused_since=instant(row.paused_since),
            )
        )
    return lines


def places_of(atlas: Atlas, configuration: Sequence[Place], names: Names) -> tuple[str, ...]:
    return tuple(
        atlas.title_of(place, lambda key: item_name(names, key))
        for place in atlas.standing(configuration)
    )


def item_name(names: Names, key: str) -> str:
    """What stands in a place's brackets: a person's name, or a text of the author's."""
    if names.known(key):
        return names.of(key) or key
    return key.replace("%5B", "[").replace("%5D", "]").replace("%25", "%")


def items_of(configuration: Sequence[Place]) -> list[str]:
    """The keys in the brackets of places."""
    return [part.partition("]")[0] for place in configuration for part in place.split("[")[1:]]


def configuration_of(row: CaseRow) -> tuple[Place, ...]:
    if row.closed_at is not None:
        return ()
    snapshot: Mapping[str, Any] = orjson.loads(row.snapshot)
    return tuple(snapshot["configuration"])


def _stands_in(row: CaseRow, state: str) -> bool:
    return any(
        found == state or found.startswith(f"{state}.")
        for found in map(state_id, configuration_of(row))
    )


def _some(
    session: Session, wanted: CaseFilter, now: datetime, after: int | None, limit: int
) -> Sequence[CaseRow]:
    statement = select(CaseRow).order_by(col(CaseRow.id).desc()).limit(limit)
    if after is not None:
        statement = statement.where(col(CaseRow.id) < after)
    if wanted.process is not None:
        statement = statement.where(col(CaseRow.process) == wanted.process)
    if wanted.status == "open" or wanted.state is not None:
        statement = statement.where(col(CaseRow.closed_at).is_(None))
    elif wanted.status == "closed":
        statement = statement.where(col(CaseRow.closed_at).is_not(None))
    if wanted.subject is not None:
        statement = statement.where(col(CaseRow.subject) == wanted.subject)
    if wanted.name:
        statement = statement.where(
            col(CaseRow.name).startswith(wanted.name.upper(), autoescape=True)
        )
    if wanted.cohort is not None:
        began = select(CohortMemberRow.case_id).where(
            col(CohortMemberRow.cohort_id) == wanted.cohort,
            col(CohortMemberRow.status) == constant("started"),
        )
        statement = statement.where(col(CaseRow.id).in_(began))
    if wanted.overdue:
        late = select(TaskRow.case_id).where(
            col(TaskRow.status) == constant("open"), col(TaskRow.due_at) < to_micros(now)
        )
        statement = statement.where(col(CaseRow.id).in_(late))
    if wanted.paused:
        statement = statement.where(col(CaseRow.paused_since).is_not(None))
    if wanted.stuck:
        stuck = select(IncidentRow.case_id).where(col(IncidentRow.closed_at).is_(None))
        statement = statement.where(col(CaseRow.id).in_(stuck))
    return session.exec(statement).all()


def _tasks(session: Session, rows: Sequence[CaseRow]) -> Mapping[int, tuple[int, int | None]]:
    """How many tasks are open, and when the first of them is due."""
    found = session.connection().execute(
        select(col(TaskRow.case_id), func.count(), func.min(col(TaskRow.due_at)))
        .where(col(TaskRow.case_id).in_([row.id for row in rows]), col(TaskRow.status) == "open")
        .group_by(col(TaskRow.case_id))
    )
    return {case: (count, due) for case, count, due in found}


def _incidents(session: Session, rows: Sequence[CaseRow]) -> Mapping[int, int]:
    found = session.connection().execute(
        select(col(IncidentRow.case_id), func.count())
        .where(
            col(IncidentRow.case_id).in_([row.id for row in rows]),
            col(IncidentRow.closed_at).is_(None),
        )
        .group_by(col(IncidentRow.case_id))
    )
    return {case: number for case, number in found if number}
