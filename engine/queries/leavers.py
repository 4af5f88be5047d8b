"""Who is about to leave: as the directory has it, or as a case said that is still going on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import orjson
from sqlalchemy import false, select
from sqlmodel import Session

from engine.directory import Roster
from engine.directory.events import GIVEN, POSTPONED, WITHDRAWN
from engine.queries.reader import Reader
from engine.store.statements import table_of
from engine.store.tables import CaseRow, PersonVersionRow, SignalRow

_SIGNAL = table_of(SignalRow)
_CASE = table_of(CaseRow)
_VERSION = table_of(PersonVersionRow)


@dataclass(frozen=True, kw_only=True, slots=True)
class LastDay:
    """The last day of somebody who works here, or did."""

    day: date
    told_by: str | None  # name of the case that said so; None: it is in the directory


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaver:
    """Somebody who works here, and will not."""

    person: str  # id
    name: str
    last_day: LastDay


def leavers(session: Session, reader: Reader, now: datetime) -> tuple[Leaver, ...]:
    """The nearest last day first; three queries."""
    roster = reader.directory.facts(session, now).roster
    found = {**_notices(session), **_planned(session, roster)}
    lines = [
        Leaver(person=person, name=str(roster.people[person]["name"]), last_day=last)
        for person, last in found.items()
        if person in roster.people and roster.people[person]["active"]
    ]
    return tuple(sorted(lines, key=lambda one: (one.last_day.day, one.name.casefold())))


def last_day(session: Session, roster: Roster, person: str) -> LastDay | None:
    """Of somebody who has left, the one that is past; a date of the directory counts first."""
    planned = _planned(session, roster, person).get(person)
    if planned is not None or not roster.people[person]["active"]:
        return planned
    return _notices(session).get(person)


def _planned(session: Session, roster: Roster, only: str | None = None) -> Mapping[str, LastDay]:
    """The day before the first one without somebody; not before the last time they came back."""
    asked = select(_VERSION.c.person, _VERSION.c.valid_from, _VERSION.c.active).order_by(
        _VERSION.c.person, _VERSION.c.valid_from
    )
    if only is not None:
        asked = asked.where(_VERSION.c.person == only)
    else:
        gone = _VERSION.c.valid_from > roster.day, _VERSION.c.active == false()
        asked = asked.where(_VERSION.c.person.in_(select(_VERSION.c.person).where(*gone)))
    left: dict[str, date | None] = {}
    for who, since, active in session.connection().execute(asked):
        if since > roster.day and left.get(who) is not None:
            continue  # they have left, or leave before anything else happens
        left[who] = None if active else left.get(who) or since
    return {
        who: LastDay(day=since - timedelta(days=1), told_by=None)
        for who, since in left.items()
        if since is not None
    }


def _notices(session: Session) -> Mapping[str, LastDay]:
    """What open cases have said last of somebody's last day, and not taken back."""
    said = session.connection().execute(
        select(_SIGNAL.c.name, _SIGNAL.c.body, _CASE.c.name, _CASE.c.closed_at)
        .join(_CASE, _CASE.c.name == _SIGNAL.c.raised_by)
        .where(_SIGNAL.c.name.in_((GIVEN, POSTPONED, WITHDRAWN)))
        .order_by(_SIGNAL.c.id)
    )
    found: dict[str, LastDay] = {}
    for name, text, case, closed in said:
        body = orjson.loads(text)
        person, day = body.get("person"), _day(body.get("last_day"))
        if not isinstance(person, str):
            continue
        if name == WITHDRAWN or closed is not None:
            found.pop(person, None)
        elif day is not None:
            found[person] = LastDay(day=day, told_by=case)
    return found


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
