"""An import as it is written: from a day on, never into the past of what was true before."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from engine.core.instants import to_micros
from engine.directory.directory import raise_revision
from engine.directory.plan import ATTRIBUTES, ImportPlan, PersonChange, plan_people
from engine.directory.preview import summary
from engine.directory.roster import holding
from engine.directory.sheet import Problem
from engine.store.tables import (
    HolderRow,
    LocationRow,
    MemberRow,
    MetaRow,
    PersonRow,
    PersonVersionRow,
)

LAST_IMPORT = "directory.last_import"


class Writing(Protocol):
    """What is needed of a store's Transaction."""

    @property
    def connection(self) -> Connection: ...


class ImportRefused(Exception):  # noqa: N818 - what happened
    """The file has problems and nobody asked to go on without those rows."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        count = len(problems)
        super().__init__(
            f"the file has {count} {'problem' if count == 1 else 'problems'}, the first is: "
            f"{problems[0]}. Put them right, or ask for the import without those rows"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What was written."""

    plan: ImportPlan  # as it was carried out, against the directory of that moment
    persons: tuple[str, ...]  # ids of everybody who joined, changed or left


def apply_people(
    tx: Writing,
    plan: ImportPlan,
    by: str | None,
    now: datetime,
    entropy: Callable[[int], bytes],
    *,
    despite_problems: bool = False,
) -> Imported:
    """Carries out the plan, worked out anew so that a second time changes nothing.

    Cases and links are the service's, which is told of imports: `Service.import_people`.
    `by` and `now` are kept as the directory's last import. Raises ImportRefused for a file with
    problems unless its other rows shall be imported without them.
    """
    connection = tx.connection
    plan = plan_people(plan.sheet, connection, plan.as_of, full=plan.full)
    if plan.problems and not despite_problems:
        raise ImportRefused(plan.problems)
    if plan.empty:
        return Imported(plan=plan, persons=())
    _write_places(connection, plan)
    ids = _write_people(connection, plan, entropy)
    for change in plan.changes:
        _write_version(connection, plan.as_of, ids[change.number], change, ids)
        _write_roles(connection, plan.as_of, ids[change.number], change)
    _put(
        connection,
        LAST_IMPORT,
        json.dumps({"at": to_micros(now), "by": by, "told": summary(plan)}),
    )
    raise_revision(connection, entropy)
    return Imported(plan=plan, persons=tuple(ids[change.number] for change in plan.changes))


def new_person_id(entropy: Callable[[int], bytes]) -> str:
    """`p_` and 80 random bits; says nothing about anybody, so it may stand in public parts."""
    return f"p_{base64.b32encode(entropy(10)).decode().lower()}"


def _write_places(connection: Connection, plan: ImportPlan) -> None:
    for name, place in plan.places.items():
        values = {"country": place.country, "zone": place.zone}
        connection.execute(
            _upsert(connection)(LocationRow)
            .values(name=name, **values)
            .on_conflict_do_update(index_elements=["name"], set_=values)
        )


def _write_people(
    connection: Connection, plan: ImportPlan, entropy: Callable[[int], bytes]
) -> Mapping[str, str]:
    """Ids by number: of everybody there is, with those who are new."""
    ids = {
        number: person
        for person, number in connection.execute(select(col(PersonRow.id), col(PersonRow.number)))
    }
    new = [
        {"id": change.person or new_person_id(entropy), "number": change.number}
        for change in plan.changes
        if change.number not in ids
    ]
    if new:
        connection.execute(insert(PersonRow), new)
    return ids | {one["number"]: one["id"] for one in new}


def _write_version(
    connection: Connection,
    as_of: date,
    person: str,
    change: PersonChange,
    ids: Mapping[str, str],
) -> None:
    if change.kind == "changes" and not change.changed:
        return  # only roles or queues moved
    values: dict[str, Any] = {name: change.wanted[name] for name in ATTRIBUTES}
    manager = change.wanted["manager"]
    values["manager"] = None if manager is None else ids[manager]
    values["active"] = change.kind != "leaves"
    corrected = connection.execute(
        update(PersonVersionRow)
        .where(col(PersonVersionRow.person) == person, col(PersonVersionRow.valid_from) == as_of)
        .values(values)
    )
    if not corrected.rowcount:
        connection.execute(
            insert(PersonVersionRow).values(person=person, valid_from=as_of, **values)
        )


def _write_roles(connection: Connection, as_of: date, person: str, change: PersonChange) -> None:
    for held in change.roles_ended:
        _end(
            connection,
            HolderRow,
            as_of,
            col(HolderRow.person) == person,
            col(HolderRow.role) == held.role,
            col(HolderRow.unit).is_(None)
            if held.unit is None
            else col(HolderRow.unit) == held.unit,
        )
    for queue in change.queues_ended:
        _end(
            connection,
            MemberRow,
            as_of,
            col(MemberRow.person) == person,
            col(MemberRow.queue) == queue,
        )
    holders = [
        {"role": held.role, "unit": held.unit, "person": person, "valid_from": as_of}
        for held in change.roles_added
    ]
    if holders:
        connection.execute(insert(HolderRow), holders)
    members = [
        {"queue": queue, "person": person, "valid_from": as_of} for queue in change.queues_added
    ]
    if members:
        connection.execute(insert(MemberRow), members)


def _end(
    connection: Connection, row: type[HolderRow | MemberRow], as_of: date, *which: Any
) -> None:
    """Ends what is in force; what began that very day was a slip and goes without a trace."""
    connection.execute(delete(row).where(*which, col(row.valid_from) == as_of))
    connection.execute(update(row).where(*which, holding(row, as_of)).values(valid_until=as_of))


def _put(connection: Connection, name: str, value: str) -> None:
    connection.execute(
        _upsert(connection)(MetaRow)
        .values(name=name, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )


def _upsert(connection: Connection) -> Any:
    return postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
