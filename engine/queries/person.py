"""Somebody's page: who they are, whom they answer for, and until when they are here."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from engine.directory import Roster
from engine.directory.roster import absences_in
from engine.queries.absences import AbsenceLine, absence_lines
from engine.queries.leavers import LastDay, last_day
from engine.queries.people import PersonLine, person_line
from engine.queries.reader import Reader
from engine.queries.tasks import Named


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonPage:
    """Somebody as of now, beside their cases and tasks."""

    line: PersonLine
    manager: Named | None
    employment: str | None
    grade: str | None
    started: date | None
    last_day: LastDay | None  # past for somebody who has left
    reports: tuple[Named, ...]  # who work here
    absences: tuple[AbsenceLine, ...]  # begun or to come
    acts_for: tuple[AbsenceLine, ...]  # absences in which they stand in


def person(session: Session, reader: Reader, words: str, now: datetime) -> PersonPage | None:
    """Somebody by id or number, also a guest or who has left; four queries."""
    roster = reader.directory.facts(session, now).roster
    known = roster.people.get(words) or roster.people.get(roster.by_number.get(words, ""))
    if known is None:
        return None
    who = str(known["id"])
    away = absences_in(session.connection(), roster.day, date.max)
    line = person_line(roster, who)
    started = known.get("start_date")
    return PersonPage(
        line=line,
        manager=named_in(roster, known.get("manager")),
        employment=known.get("employment"),
        grade=known.get("grade"),
        started=None if started is None else date.fromisoformat(started),
        last_day=None if line.guest else last_day(session, roster, who),
        reports=reports_of(roster, who),
        absences=absence_lines(roster, [one for one in away if one.person == who]),
        acts_for=absence_lines(roster, [one for one in away if one.stand_in == who]),
    )


def reports_of(roster: Roster, manager: str) -> tuple[Named, ...]:
    """Who works here and reports to somebody, by name."""
    found = [
        Named(id=one["id"], name=one["name"])
        for one in roster.people.values()
        if one["active"] and one["manager"] == manager
    ]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def named_in(roster: Roster, who: str | None) -> Named | None:
    known = None if who is None else roster.people.get(who)
    return None if known is None else Named(id=str(known["id"]), name=str(known["name"]))
