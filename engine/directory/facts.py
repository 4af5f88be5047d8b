"""The look-ups of a macrostep: answered from a roster, written down, and answered again later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any, TypeVar

from engine.core.facts import Calendar, Facts
from engine.directory.calendars import Calendars, WorkCalendar, zone_of
from engine.directory.roster import Place, Roster

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterFacts:
    """Facts as of the day of a roster. Good for as many macrosteps of that day as you like."""

    roster: Roster
    calendars: Calendars
    home: Place  # the organisation's own, for no location and an unknown one
    book: Callable[[str, str], Mapping[str, Any] | None]  # as `Facts.record`

    def person(self, person: str) -> Mapping[str, Any] | None:
        known = self.roster.people.get(person)
        on_leave = any(one.leave for one in self.roster.away.get(person, ()))
        return {**known, "on_leave": True} if known is not None and on_leave else known

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        return self.roster.roles.get((role, of), ())

    def members(self, queue: str) -> tuple[str, ...]:
        return self.roster.queues.get(queue, ())

    def stand_in(self, person: str) -> str | None:
        return self.roster.absences.get(person)

    def pooled(self, pool: str, *, people: int, least: int) -> tuple[Mapping[str, Any], ...]:
        """A directory keeps no answers; the service puts its own look-up in front."""
        del pool, people, least
        return ()

    def record(self, kind: str, about: str) -> Mapping[str, Any] | None:
        return self.book(kind, about)

    def calendar(self, location: str | None) -> WorkCalendar:
        place = self.home if location is None else self.roster.places.get(location, self.home)
        return self.calendars.of(place.country, place.zone)


class NotRecorded(Exception):  # noqa: N818 - what a replay says when it goes another way
    """A replay looked up something that the macrostep did not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingFacts:
    """Facts that remember what they were asked. One for each macrostep.

    Of people they remember the `attributes` that somebody may read; None: all there are.
    """

    facts: Facts
    attributes: frozenset[str] | None = None
    _people: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    _holders: dict[tuple[str, str | None], tuple[str, ...]] = field(default_factory=dict)
    _members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _stand_ins: dict[str, str | None] = field(default_factory=dict)
    _records: dict[tuple[str, str], Mapping[str, Any] | None] = field(default_factory=dict)
    _calendars: dict[str | None, "RecordingCalendar"] = field(default_factory=dict)
    _pools: dict[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)

    def person(self, person: str) -> Mapping[str, Any] | None:
        if person not in self._people:
            self._people[person] = self.facts.person(person)
        return self._people[person]

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        key = (role, of)
        if key not in self._holders:
            self._holders[key] = self.facts.holders(role, of)
        return self._holders[key]

    def members(self, queue: str) -> tuple[str, ...]:
        if queue not in self._members:
            self._members[queue] = self.facts.members(queue)
        return self._members[queue]

    def stand_in(self, person: str) -> str | None:
        if person not in self._stand_ins:
            self._stand_ins[person] = self.facts.stand_in(person)
        return self._stand_ins[person]

    def pooled(self, pool: str, *, people: int, least: int) -> tuple[Mapping[str, Any], ...]:
        if pool not in self._pools:
            self._pools[pool] = self.facts.pooled(pool, people=people, least=least)
        return self._pools[pool]

    def record(self, kind: str, about: str) -> Mapping[str, Any] | None:
        key = (kind, about)
        if key not in self._records:
            self._records[key] = self.facts.record(kind, about)
        return self._records[key]

    def calendar(self, location: str | None) -> "RecordingCalendar":
        known = self._calendars.get(location)
        if known is None:
            known = RecordingCalendar(calendar=self.facts.calendar(location))
            self._calendars[location] = known
        return known

    def recorded(self) -> dict[str, Any]:
        """JSON of every answer so far, without what is empty; ReplayFacts reads it.

        Attributes that are as with nearly everybody are left out, and those that nobody reads:
        they would be most of the text, and personal.
        """
        told: dict[str, Any] = {}
        if self._people:
            told["people"] = {
                person: None if known is None else _brief(known, self.attributes)
                for person, known in self._people.items()
            }
        if self._holders:
            told["holders"] = [[role, of, list(ids)] for (role, of), ids in self._holders.items()]
        if self._members:
            told["members"] = {queue: list(ids) for queue, ids in self._members.items()}
        if self._stand_ins:
            # Nearly everybody is there, so only the names of who was asked about are kept.
            there = [person for person, acting in self._stand_ins.items() if acting is None]
            away = {person: acting for person, acting in self._stand_ins.items() if acting}
            told["there"] = there
            if away:
                told["away"] = away
        if self._records:
            told["records"] = [
                [kind, about, None if found is None else dict(found)]
                for (kind, about), found in self._records.items()
            ]
        if self._calendars:
            told["calendars"] = [
                [location, calendar.recorded()] for location, calendar in self._calendars.items()
            ]
        if self._pools:
            told["pools"] = {pool: list(answers) for pool, answers in self._pools.items()}
        return told


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingCalendar:
    """A calendar that remembers what it was asked."""

    calendar: Calendar
    _added: dict[tuple[date, int], date] = field(default_factory=dict)
    _between: dict[tuple[date, date], int] = field(default_factory=dict)

    @property
    def zone(self) -> tzinfo:
        return self.calendar.zone

    def add_workdays(self, day: date, count: int) -> date:
        key = (day, count)
        if key not in self._added:
            self._added[key] = self.calendar.add_workdays(day, count)
        return self._added[key]

    def workdays_between(self, start: date, end: date) -> int:
        key = (start, end)
        if key not in self._between:
            self._between[key] = self.calendar.workdays_between(start, end)
        return self._between[key]

    def recorded(self) -> dict[str, Any]:
        told: dict[str, Any] = {"zone": str(self.calendar.zone)}
        if self._added:
            told["added"] = [
                [day.isoformat(), count, found.isoformat()]
                for (day, count), found in self._added.items()
            ]
        if self._between:
            told["between"] = [
                [start.isoformat(), end.isoformat(), count]
                for (start, end), count in self._between.items()
            ]
        return told


@dataclass(frozen=True, kw_only=True, slots=True, init=False)
class ReplayFacts:
    """Facts that answer what was recorded and raise NotRecorded for everything else."""

    _people: Mapping[str, Mapping[str, Any] | None]
    _holders: Mapping[tuple[str, str | None], tuple[str, ...]]
    _members: Mapping[str, tuple[str, ...]]
    _stand_ins: Mapping[str, str | None]
    _records: Mapping[tuple[str, str], Mapping[str, Any] | None]
    _calendars: Mapping[str | None, "ReplayCalendar"]
    _pools: Mapping[str, tuple[Mapping[str, Any], ...]]

    def __init__(self, recorded: Mapping[str, Any]) -> None:
        fill = object.__setattr__  # the class is frozen
        people = recorded.get("people", {})
        fill(self, "_people", {person: _whole(person, known) for person, known in people.items()})
        holders = recorded.get("holders", [])
        fill(self, "_holders", {(role, of): tuple(ids) for role, of, ids in holders})
        members = recorded.get("members", {})
        fill(self, "_members", {queue: tuple(ids) for queue, ids in members.items()})
        there: dict[str, str | None] = dict.fromkeys(recorded.get("there", []))
        fill(self, "_stand_ins", {**there, **recorded.get("away", {})})
        records = recorded.get("records", [])
        fill(self, "_records", {(kind, about): found for kind, about, found in records})
        calendars = recorded.get("calendars", [])
        fill(self, "_calendars", {location: ReplayCalendar(told) for location, told in calendars})
        pools = recorded.get("pools", {})
        fill(self, "_pools", {pool: tuple(answers) for pool, answers in pools.items()})

    def person(self, person: str) -> Mapping[str, Any] | None:
        return _found(self._people, person, "the person")

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        return _found(self._holders, (role, of), "the holders of")

    def members(self, queue: str) -> tuple[str, ...]:
        return _found(self._members, queue, "the members of")

    def stand_in(self, person: str) -> str | None:
        return _found(self._stand_ins, person, "the stand-in of")

    def pooled(self, pool: str, *, people: int, least: int) -> tuple[Mapping[str, Any], ...]:
        del people, least  # too few were recorded as none
        return _found(self._pools, pool, "the anonymous answers of")

    def record(self, kind: str, about: str) -> Mapping[str, Any] | None:
        return _found(self._records, (kind, about), "the record")

    def calendar(self, location: str | None) -> "ReplayCalendar":
        return _found(self._calendars, location, "the calendar of")


@dataclass(frozen=True, kw_only=True, slots=True, init=False)
class ReplayCalendar:
    """A calendar that answers what was recorded."""

    zone: tzinfo
    _added: Mapping[tuple[str, int], str]
    _between: Mapping[tuple[str, str], int]

    def __init__(self, recorded: Mapping[str, Any]) -> None:
        fill = object.__setattr__
        fill(self, "zone", zone_of(recorded["zone"]))
        added = recorded.get("added", [])
        fill(self, "_added", {(day, count): found for day, count, found in added})
        between = recorded.get("between", [])
        fill(self, "_between", {(start, end): count for start, end, count in between})

    def add_workdays(self, day: date, count: int) -> date:
        key = (day.isoformat(), count)
        return date.fromisoformat(_found(self._added, key, "the working day after"))

    def workdays_between(self, start: date, end: date) -> int:
        key = (start.isoformat(), end.isoformat())
        return _found(self._between, key, "the working days between")


# What a person has unless the recording says otherwise. Never change an entry: histories of years
# ago are read with it.
_USUAL: Mapping[str, Any] = {
    "number": None,
    "name": None,
    "email": None,
    "manager": None,
    "title": None,
    "department": None,
    "location": None,
    "country": None,
    "zone": None,
    "grade": None,
    "employment": None,
    "start_date": None,
    "language": "en",
    "active": True,
    "roles": [],
}


def _brief(person: Mapping[str, Any], attributes: frozenset[str] | None) -> dict[str, Any]:
    """A person without what is usual and without the id, under which they are recorded."""
    return {
        name: value
        for name, value in person.items()
        if (attributes is None or name in attributes)
        and name != "id"
        and (name not in _USUAL or value != _USUAL[name])
    }


def _whole(person: str, brief: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if brief is None else {"id": person, **_USUAL, **brief}


def _found(answers: Mapping[K, V], key: K, what: str) -> V:
    if key not in answers:
        raise NotRecorded(
            f"the replay asks for {what} {key!r}, which the macrostep never looked up: "
            "it goes another way than it did then"
        )
    return answers[key]
