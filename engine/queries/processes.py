"""Processes: which run, in which versions, and where their cases are."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import case, func
from sqlmodel import Session, col, select

from engine.core.instants import from_micros, to_micros
from engine.core.places import state_id
from engine.queries.reader import Reader, read_names
from engine.queries.tasks import Named, named
from engine.queries.waits import Wait, waits
from engine.store.statements import constant
from engine.store.tables import CaseRow, DefinitionRow, TaskRow

_AT_A_TIME = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessLine:
    """A process on a list."""

    process: str
    title: str
    version: int  # the latest
    published_at: datetime
    open_cases: int
    closed_cases: int
    overdue_tasks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionLine:
    """A published version."""

    definition_id: int
    version: int
    title: str
    sha256: str
    published_at: datetime
    published_by: Named | None
    open_cases: int  # that still run on it


@dataclass(frozen=True, kw_only=True, slots=True)
class StateLine:
    """A state of the latest version, for the diagram and its list."""

    state: str  # id
    title: str
    now: int  # open cases that stand in it, or below it
    overdue: int  # its open tasks past their due instant
    wait: Wait | None  # of its own tasks; None: it never had one


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessPage:
    """One process."""

    line: ProcessLine
    versions: tuple[VersionLine, ...]  # the newest first
    states: tuple[StateLine, ...]  # in document order
    elsewhere: int  # open cases of older versions in states that the latest does not have


def processes(session: Session, now: datetime) -> tuple[ProcessLine, ...]:
    """By name; three queries."""
    return tuple(_lines(session, now, None).values())


def process(session: Session, reader: Reader, name: str, now: datetime) -> ProcessPage | None:
    """None for an unknown process. Reads the configuration of every open case of it."""
    line = _lines(session, now, name).get(name)
    if line is None:
        return None
    rows = session.exec(
        select(DefinitionRow)
        .where(col(DefinitionRow.process) == name)
        .order_by(col(DefinitionRow.version).desc())
    ).all()
    names = read_names(session, [row.published_by for row in rows])
    running, standing = _standing(session, name)
    latest = reader.atlases(session, [rows[0].id or 0])[rows[0].id or 0]
    overdue = _overdue_by_state(session, name, now)
    titles = latest.titles()
    waited = waits(session, name, latest, now)
    return ProcessPage(
        line=line,
        versions=tuple(
            VersionLine(
                definition_id=row.id or 0,
                version=row.version,
                title=row.title,
                sha256=row.sha256,
                published_at=from_micros(row.published_at),
                published_by=named(names, row.published_by),
                open_cases=running[row.id or 0],
            )
            for row in rows
        ),
        states=tuple(
            StateLine(
                state=state,
                title=title,
                now=len(standing[state]),
                overdue=sum(
                    count
                    for of, count in overdue.items()
                    if of == state or of.startswith(f"{state}.")
                ),
                wait=waited.get(state),
            )
            for state, title in titles.items()
        ),
        elsewhere=len(
            set().union(*standing.values()) - set().union(*(standing[state] for state in titles))
        ),
    )


def _lines(session: Session, now: datetime, only: str | None) -> dict[str, ProcessLine]:
    newest = select(DefinitionRow).order_by(
        col(DefinitionRow.process), col(DefinitionRow.version).desc()
    )
    counts = select(
        col(CaseRow.process),
        func.count(),
        func.sum(case((col(CaseRow.closed_at).is_(None), 1), else_=0)),
    ).group_by(col(CaseRow.process))
    late = (
        select(col(CaseRow.process), func.count())
        .join(TaskRow, col(TaskRow.case_id) == col(CaseRow.id))
        .where(col(TaskRow.status) == constant("open"), col(TaskRow.due_at) < to_micros(now))
        .group_by(col(CaseRow.process))
    )
    if only is not None:
        newest = newest.where(col(DefinitionRow.process) == only)
        counts = counts.where(col(CaseRow.process) == only)
        late = late.where(col(CaseRow.process) == only)
    count_of = {name: (total, running) for name, total, running in session.exec(counts)}
    late_of = {name: number for name, number in session.exec(late) if number}
    lines: dict[str, ProcessLine] = {}
    for row in session.exec(newest):
        if row.process in lines:
            continue
        total, running = count_of.get(row.process, (0, 0))
        lines[row.process] = ProcessLine(
            process=row.process,
            title=row.title,
            version=row.version,
            published_at=from_micros(row.published_at),
            open_cases=int(running),
            closed_cases=total - int(running),
            overdue_tasks=late_of.get(row.process, 0),
        )
    return lines


def _standing(session: Session, name: str) -> tuple[Counter[int], Mapping[str, set[int]]]:
    """Open cases by definition, and by every state that they stand in or below."""
    running: Counter[int] = Counter()
    standing: dict[str, set[int]] = defaultdict(set)
    after = 0
    while True:
        rows = session.exec(
            select(CaseRow.id, CaseRow.definition_id, CaseRow.snapshot)
            .where(
                col(CaseRow.process) == name,
                col(CaseRow.closed_at).is_(None),
                col(CaseRow.id) > after,
            )
            .order_by(col(CaseRow.id))
            .limit(_AT_A_TIME)
        ).all()
        if not rows:
            return running, standing
        for number, definition, snapshot in rows:
            assert number is not None
            after = number
            running[definition] += 1
            for place in orjson.loads(snapshot)["configuration"]:
                standing[state_id(place)].add(number)


def _overdue_by_state(session: Session, name: str, now: datetime) -> Mapping[str, int]:
    found = session.exec(
        select(TaskRow.state, func.count())
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .where(
            col(CaseRow.process) == name,
            col(TaskRow.status) == constant("open"),
            col(TaskRow.due_at) < to_micros(now),
        )
        .group_by(col(TaskRow.state))
    )
    return {state: number for state, number in found if number}
