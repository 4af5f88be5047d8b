"""Who is away, or will be."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from engine.directory.roster import absences_in
from engine.queries.reader import Reader


@dataclass(frozen=True, kw_only=True, slots=True)
class AbsenceLine:
    """One absence that is not over yet."""

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
    today = reader.directory.day(now)
    people = reader.directory.facts(session, now).roster.people

    def name(person: str) -> str:
        return str(people[person]["name"]) if person in people else person

    return tuple(
        AbsenceLine(
            number=people[one.person]["number"],
            name=name(one.person),
            since=one.since,
            back=one.back,
            stand_in=None if one.stand_in is None else name(one.stand_in),
            leave=one.leave,
            told_by=one.told_by,
            begun=one.since <= today,
        )
        for one in absences_in(session.connection(), today, date.max)
        if one.person in people
    )
