"""The directory as people search it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from engine.directory import Roster
from engine.queries.reader import Reader


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLine:
    """Somebody as of now."""

    id: str
    number: str | None  # a guest has none
    name: str
    email: str
    title: str | None
    department: str | None
    location: str | None
    manager: str | None  # their name
    active: bool  # False: has left, or is a guest
    guest: bool
    roles: tuple[str, ...]  # `hr-partner@Sales`
    queues: tuple[str, ...]
    away: bool
    stand_in: str | None  # the name of who acts for them now


def people(
    session: Session,
    reader: Reader,
    search: str,
    now: datetime,
    *,
    limit: int = 50,
    everybody: bool = False,
    skip: int = 0,
) -> tuple[PersonLine, ...]:
    """Who works here and whose name, number, address, title or department holds every word.

    By name; from the roster of the day, so without a query while nothing changed. `everybody`
    also finds guests and who has left; `skip` so many of them for a later page.
    """
    roster = reader.directory.facts(session, now).roster
    words = search.casefold().split()
    found = sorted(
        (
            one
            for one in roster.people.values()
            if (everybody or one["active"])
            and all(
                any(word in str(one[key] or "").casefold() for key in _SEARCHED) for word in words
            )
        ),
        key=lambda one: (str(one["name"]).casefold(), one["number"] or ""),
    )[skip : skip + limit]
    return tuple(person_line(roster, one["id"]) for one in found)


def person_line(roster: Roster, who: str) -> PersonLine:
    """Somebody whom the roster knows."""
    one = roster.people[who]

    def name(person: str | None) -> str | None:
        known = None if person is None else roster.people.get(person)
        return None if known is None else str(known["name"])

    return PersonLine(
        id=one["id"],
        number=one["number"],
        name=one["name"],
        email=one["email"],
        title=one["title"],
        department=one["department"],
        location=one["location"],
        manager=name(one["manager"]),
        active=one["active"],
        guest=bool(one.get("guest")),
        roles=tuple(one["roles"]),
        queues=tuple(queue for queue, members in roster.queues.items() if who in members),
        away=who in roster.away,
        stand_in=name(roster.absences.get(who)),
    )


_SEARCHED = ("name", "number", "email", "title", "department")
