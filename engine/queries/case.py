"""One case: where it stands, what is next if nobody acts, and what it knows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlmodel import Session, col, select

from engine.core.codec import decode
from engine.core.form import Field
from engine.core.snapshot import Place, Snapshot
from engine.core.visibility import why_withheld
from engine.queries.atlas import Atlas
from engine.queries.cases import CaseLine, case_lines, item_name, items_of
from engine.queries.incidents import IncidentLine, incident_lines
from engine.queries.outbox import OutboxLine, outbox_lines
from engine.queries.pauses import PauseLine, pauses
from engine.queries.reader import Names, Reader, read_names
from engine.queries.tasks import Named, TaskLine, named, task_lines
from engine.queries.upcoming import Upcoming, upcoming
from engine.store.tables import (
    CaseRow,
    DefinitionRow,
    IncidentRow,
    OutboxRow,
    SubcaseRow,
    TaskRow,
    WaitRow,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceLine:
    """A place at which the case stands."""

    place: Place
    state: str  # the state's id, for diagrams
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitLine:
    """A signal that the case waits for."""

    signal: str
    title: str  # of the place that waits


@dataclass(frozen=True, kw_only=True, slots=True)
class FamilyLine:
    """A case that this one started, or that started this one."""

    name: str
    process: str
    outcome: str | None  # None: open
    parent: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DataLine:
    """One field of the case file."""

    name: str
    label: str
    type: str  # of FieldType
    filled: bool
    value: Any  # stored JSON; None where it is withheld or nobody filled it
    shown: str | None  # the value in words; None likewise
    withheld: str | None  # why the viewer does not see it, a clause
    seen_by: tuple[str, ...] | None  # roles; None: everyone on the case
    until: str | None  # hidden from others before this state
    sensitive: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """Everything on a case's page but its history."""

    line: CaseLine
    sha256: str  # of the definition
    definition_id: int
    key: str | None
    opened_by: Named | None  # None: by a rule
    places: tuple[PlaceLine, ...]  # where it stands
    visited: frozenset[str]  # ids of the states it has entered, for the diagram
    tasks: tuple[TaskLine, ...]  # all of them, open ones first
    upcoming: tuple[Upcoming, ...]  # what happens next if nobody acts
    waits: tuple[WaitLine, ...]
    pauses: tuple[PauseLine, ...]  # why nothing comes next, if its clock stands still
    incidents: tuple[IncidentLine, ...]  # open ones first
    family: tuple[FamilyLine, ...]
    data: tuple[DataLine, ...]  # in the definition's order
    letters: tuple[OutboxLine, ...]  # the newest first


def case(
    session: Session,
    reader: Reader,
    name: str,
    now: datetime,
    *,
    roles: Collection[str] | None = None,
) -> CasePage | None:
    """A case by its name, None for an unknown one; a dozen queries whatever its size.

    `roles` are the viewer's in the case (names of `people:` and `subject`); None is an operator,
    who sees everything but what is sensitive.
    """
    row = session.exec(select(CaseRow).where(col(CaseRow.name) == name)).one_or_none()
    if row is None:
        return None
    (line,) = case_lines(session, reader, [row], now)
    atlas = reader.atlases(session, [row.definition_id])[row.definition_id]
    snapshot = decode(orjson.loads(row.snapshot))
    names = read_names(session, _people(row, snapshot))

    def name_of(person: str) -> str:
        return item_name(names, person)

    return CasePage(
        line=line,
        sha256=atlas.sha256,
        definition_id=row.definition_id,
        key=atlas.shown_key(row.key),
        opened_by=named(names, snapshot.case.opened_by),
        places=tuple(
            PlaceLine(
                place=place,
                state=state.id if (state := atlas.state(place)) else place,
                title=atlas.title_of(place, name_of),
            )
            for place in atlas.standing(snapshot.configuration if row.closed_at is None else ())
        ),
        visited=frozenset(
            state.id
            for place, count in snapshot.visits.items()
            if count and (state := atlas.state(place)) is not None and state.parent is not None
        ),
        tasks=_tasks(session, row, now),
        upcoming=upcoming(atlas, snapshot, name_of) if row.closed_at is None else (),
        waits=_waits(session, row, atlas, names),
        pauses=pauses(atlas, snapshot),
        incidents=_incidents(session, row),
        family=_family(session, row),
        data=data_lines(atlas, snapshot, names, roles),
        letters=_letters(session, row),
    )


def data_lines(
    atlas: Atlas, snapshot: Snapshot, names: Names, roles: Collection[str] | None
) -> tuple[DataLine, ...]:
    if atlas.definition is None:
        return ()
    return tuple(
        _data(field, snapshot, names, why_withheld(field, roles, snapshot.visits))
        for field in atlas.definition.data.values()
    )


def _data(field: Field, snapshot: Snapshot, names: Names, withheld: str | None) -> DataLine:
    filled = field.name in snapshot.data
    value = snapshot.data.get(field.name) if withheld is None else None
    return DataLine(
        name=field.name,
        label=field.label,
        type=field.type.value,
        filled=filled,
        value=value,
        shown=None if value is None else worded(value, names),
        withheld=withheld,
        seen_by=field.seen_by,
        until=field.until,
        sensitive=field.sensitive,
    )


def worded(value: Any, names: Names) -> str:
    """A stored JSON value as people read it, people by their names."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return names.of(value) or value if names.known(value) else value
        case list() if all(isinstance(one, Mapping) for one in value) and value:
            return "\n".join(worded(one, names) for one in value)
        case list():
            return ", ".join(worded(one, names) for one in value)
        case {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
        case {"name": name, "sha256": _}:
            return str(name)
        case Mapping():
            return "; ".join(f"{name}: {worded(one, names)}" for name, one in value.items())
        case _:
            return str(value)


def _people(row: CaseRow, snapshot: Snapshot) -> set[str | None]:
    """Everybody a page could name: owners, items, and whatever in the data is a person's id."""
    people: set[str | None] = {row.subject, snapshot.case.opened_by}
    people.update(items_of(snapshot.configuration))
    people.update(owner for task in snapshot.tasks.values() for owner in task.owners)
    waiting: list[Any] = list(snapshot.data.values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and value.startswith("p_"):
            people.add(value)
        elif isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
    return people


def _tasks(session: Session, row: CaseRow, now: datetime) -> tuple[TaskLine, ...]:
    rows = session.exec(
        select(TaskRow, CaseRow, DefinitionRow.title)
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .join(DefinitionRow, col(DefinitionRow.id) == col(CaseRow.definition_id))
        .where(col(TaskRow.case_id) == row.id)
        .order_by(col(TaskRow.status) != "open", col(TaskRow.id))
    ).all()
    return tuple(task_lines(session, rows, now))


def _waits(session: Session, row: CaseRow, atlas: Atlas, names: Names) -> tuple[WaitLine, ...]:
    """Only of states that are active: what counts everywhere is no waiting."""
    found = session.exec(
        select(WaitRow)
        .where(col(WaitRow.case_id) == row.id, col(WaitRow.place) != "")
        .order_by(col(WaitRow.place), col(WaitRow.signal))
    )
    return tuple(
        WaitLine(
            signal=wait.signal,
            title=atlas.title_of(wait.place, lambda key: item_name(names, key)),
        )
        for wait in found
        if (state := atlas.state(wait.place)) is not None and state.wait is not None
    )


def _incidents(session: Session, row: CaseRow) -> tuple[IncidentLine, ...]:
    found = session.exec(
        select(IncidentRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == col(IncidentRow.case_id))
        .where(col(IncidentRow.case_id) == row.id)
        .order_by(col(IncidentRow.closed_at).is_not(None), col(IncidentRow.id))
    ).all()
    return tuple(incident_lines(session, found))


def _family(session: Session, row: CaseRow) -> tuple[FamilyLine, ...]:
    parents = session.exec(
        select(CaseRow.name, CaseRow.process, CaseRow.outcome)
        .join(SubcaseRow, col(SubcaseRow.parent_id) == col(CaseRow.id))
        .where(col(SubcaseRow.case_id) == row.id)
    ).all()
    children = session.exec(
        select(CaseRow.name, CaseRow.process, CaseRow.outcome)
        .join(SubcaseRow, col(SubcaseRow.case_id) == col(CaseRow.id))
        .where(col(SubcaseRow.parent_id) == row.id)
        .order_by(col(SubcaseRow.id))
    ).all()
    return tuple(
        FamilyLine(name=name, process=process, outcome=outcome, parent=parent)
        for parent, some in ((True, parents), (False, children))
        for name, process, outcome in some
    )


def _letters(session: Session, row: CaseRow) -> tuple[OutboxLine, ...]:
    found = session.exec(
        select(OutboxRow, CaseRow.name)
        .join(CaseRow, col(CaseRow.id) == col(OutboxRow.case_id))
        .where(col(OutboxRow.case_id) == row.id)
        .order_by(col(OutboxRow.id).desc())
        .limit(200)
    ).all()
    return tuple(outbox_lines(session, found))
