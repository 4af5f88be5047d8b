"""Who is away, or will be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from engine.directory import Absence, Roster
from engine.directory.roster import absences_in
from engine.queries.reader import Reader


@dataclass(frozen=True, kw_only=True, slots=True)
class AbsenceLine:
    """One absence that is not over yet."""

    person: str  # id
    number: str
    name: str
    since: date
    back: date | None  # the first day on which they are there again; None: not known yet
    stand_in: str | None  # a name
    leave: bool
    told_by: str | None  # the case that said so
    begun: bool


def absences(session: Session, reader: Reader, now: datetime) -> tuple[AbsenceLine, ...]:
    """By the first day away."""
    roster = reader.directory.facts(session, now).roster
    return absence_lines(roster, absences_in(session.connection(), roster.day, date.max))


def absence_lines(roster: Roster, absences: Iterable[Absence]) -> tuple[AbsenceLine, ...]:
    """In words, without those of people whom nobody knows."""
    people = roster.people

    def name(person: str) -> str:
        return str(people[person]["name"]) if person in people else person

    return tuple(
        AbsenceLine(
            person=one.person,
            number=people[one.person]["number"],
            name=name(one.person),
            since=one.since,
            back=one.back,
            stand_in=None if one.stand_in is None else name(one.stand_in),
            leave=one.leave,
            told_by=one.told_by,
            begun=one.since <= roster.day,
        )
        for one in absences
        if one.person in people
    )
