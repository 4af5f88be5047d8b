"""Everybody as of one day, read in a handful of queries and then asked without any."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlmodel import col

from engine.directory.guests import read_guests
from engine.store.tables import (
    AbsenceRow,
    HolderRow,
    LocationRow,
    MemberRow,
    PersonRow,
    PersonVersionRow,
)

K = TypeVar("K")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Whose holidays and which clock count at a location."""

    country: str  # `DE`, `DE-BE`; empty: a week of five days without holidays
    zone: str  # IANA


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """Somebody is away, and who acts for them."""

    person: str
    since: date
    back: date | None  # the first day on which they are there again; None: not known yet
    stand_in: str | None = None  # may be away too; None: nobody
    leave: bool = False  # long enough that processes about the person pause
    told_by: str | None = None  # name of the case that said so

    def on(self, day: date) -> bool:
        return self.since <= day and (self.back is None or day < self.back)


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """The directory of one day, shared by all its macrosteps: nobody writes into it.

    A person is flat JSON: `id, number, name, email, manager` (an id)`, title, department,
    location, country, zone, grade, employment, start_date, language, active, roles`, the last a
    list of positions: `hr-partner@Sales`. A guest has `guest` True beside a name and an address.
    With a `private_email`, who has left is `still_reachable`.
    """

    day: date
    people: Mapping[str, Mapping[str, Any]]  # by id; guests and who has left: `active` False
    by_number: Mapping[str, str]  # person ids
    roles: Mapping[tuple[str, str | None], tuple[str, ...]]  # (role, unit) -> active holders
    queues: Mapping[str, tuple[str, ...]]  # active members
    away: Mapping[str, tuple[Absence, ...]]  # who is, in the order in which it was entered
    absences: Mapping[str, str]  # who is away -> who acts for them
    places: Mapping[str, Place]  # by location


def read_roster(connection: Connection, day: date) -> Roster:
    """The directory as of `day`, from the tables."""
    places = {
        name: Place(country=country, zone=zone)
        for name, country, zone in connection.execute(
            select(col(LocationRow.name), col(LocationRow.country), col(LocationRow.zone))
        )
    }
    known = {one["id"]: one for one in _people(connection, day, places)}
    by_number = {one["number"]: person for person, one in known.items()}
    known |= read_guests(connection, known)
    active = {person for person, one in known.items() if one["active"]}
    roles = _grouped(
        ((role, unit), person)
        for role, unit, person in connection.execute(
            select(col(HolderRow.role), col(HolderRow.unit), col(HolderRow.person))
            .where(holding(HolderRow, day))
            .order_by(col(HolderRow.valid_from), col(HolderRow.id))
        )
        if person in active
    )
    away = grouped_by_person(absences_in(connection, day, day + timedelta(days=1)))
    return Roster(
        day=day,
        people=with_positions(known, roles),
        by_number=by_number,
        roles=roles,
        queues=_grouped(
            (queue, person)
            for queue, person in connection.execute(
                select(col(MemberRow.queue), col(MemberRow.person))
                .where(holding(MemberRow, day))
                .order_by(col(MemberRow.valid_from), col(MemberRow.id))
            )
            if person in active
        ),
        away=away,
        absences=acting(away),
        places=places,
    )


def position(role: str, unit: str | None) -> str:
    """A seat as the people file writes it: `head-of-hr`, `hr-partner@Sales`."""
    return role if unit is None else f"{role}@{unit}"


def with_positions(
    people: Mapping[str, Mapping[str, Any]], roles: Mapping[tuple[str, str | None], Iterable[str]]
) -> dict[str, Mapping[str, Any]]:
    """The people with the positions that they hold, sorted; entries that are right stay."""
    held: dict[str, list[str]] = defaultdict(list)
    for (role, unit), holders in roles.items():
        for person in holders:
            held[person].append(position(role, unit))
    found = {}
    for person, one in people.items():
        positions = sorted(held.get(person, ()))
        found[person] = one if one.get("roles") == positions else {**one, "roles": positions}
    return found


def absences_in(connection: Connection, first: date, end: date) -> list[Absence]:
    """Absences of any day from `first` on and before `end`, the first entered first."""
    rows = connection.execute(
        select(AbsenceRow.__table__)  # type: ignore[attr-defined]
        .where(
            col(AbsenceRow.valid_from) < end,
            or_(col(AbsenceRow.valid_until).is_(None), col(AbsenceRow.valid_until) > first),
        )
        .order_by(col(AbsenceRow.valid_from), col(AbsenceRow.id))
    )
    return [
        Absence(
            person=row.person,
            since=row.valid_from,
            back=row.valid_until,
            stand_in=row.stand_in,
            leave=row.leave,
            told_by=row.told_by,
        )
        for row in rows
    ]


def grouped_by_person(absences: Iterable[Absence]) -> Mapping[str, tuple[Absence, ...]]:
    found: dict[str, tuple[Absence, ...]] = {}
    for one in absences:
        found[one.person] = (*found.get(one.person, ()), one)
    return found


def acting(away: Mapping[str, tuple[Absence, ...]]) -> dict[str, str]:
    """Who acts for whom; of several absences of somebody the first with a stand-in counts."""
    return {
        person: deputy
        for person, absences in away.items()
        for deputy in [next((one.stand_in for one in absences if one.stand_in), None)]
        if deputy is not None
    }


def holding(row: type[HolderRow | MemberRow], day: date) -> ColumnElement[bool]:
    """Rows that are in force on `day`: begun, and not yet at their first day without."""
    return and_(
        col(row.valid_from) <= day,
        or_(col(row.valid_until).is_(None), col(row.valid_until) > day),
    )


def _people(
    connection: Connection, day: date, places: Mapping[str, Place]
) -> Iterable[Mapping[str, Any]]:
    newest = (
        select(
            col(PersonVersionRow.person).label("person"),
            func.max(col(PersonVersionRow.valid_from)).label("since"),
        )
        .where(col(PersonVersionRow.valid_from) <= day)
        .group_by(col(PersonVersionRow.person))
        .subquery()
    )
    rows = connection.execute(
        select(PersonVersionRow.__table__, col(PersonRow.number))  # type: ignore[attr-defined]
        .join(
            newest,
            and_(
                newest.c.person == col(PersonVersionRow.person),
                newest.c.since == col(PersonVersionRow.valid_from),
            ),
        )
        .join(PersonRow, col(PersonRow.id) == col(PersonVersionRow.person))
        .order_by(col(PersonRow.number))
    )
    for row in rows:
        place = None if row.location is None else places.get(row.location)
        yield {
            "id": row.person,
            "number": row.number,
            "name": row.name,
            "email": row.email,
            "manager": row.manager,
            "title": row.title,
            "department": row.department,
            "location": row.location,
            "country": None if place is None else place.country,
            "zone": None if place is None else place.zone,
            "grade": row.grade,
            "employment": row.employment,
            "start_date": None if row.start_date is None else row.start_date.isoformat(),
            "language": row.language,
            "active": bool(row.active),
            **reach_after(row.private_email, active=bool(row.active)),
        }


def reach_after(private_email: str | None, *, active: bool) -> dict[str, Any]:
    """What a person has beside the rest if they left an address for when they do not work here."""
    if private_email is None:
        return {}
    return {"private_email": private_email, **({} if active else {"still_reachable": True})}


def _grouped(pairs: Iterable[tuple[K, str]]) -> Mapping[K, tuple[str, ...]]:
    groups: dict[K, list[str]] = defaultdict(list)
    for key, person in pairs:
        if person not in groups[key]:
            groups[key].append(person)
    return {key: tuple(people) for key, people in groups.items()}
