"""Everything that was known at one moment, and the questions that figures ask of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from itertools import pairwise
from typing import Self

from analytics.insight.tables import (
    Case,
    Event,
    Record,
    Rows,
    Seat,
    Task,
    Version,
    case_of,
    event_of,
    holders_at,
    record_of,
    seat_of,
    task_of,
    version_of,
)


@dataclass(frozen=True, kw_only=True)
class History:
    """Everything as it was known at `at`; each table in the order in which it came about."""

    at: datetime  # on the organisation's own clock: its days begin at midnight there
    top: float = 4  # from this rating on somebody is one of the best
    cases: Sequence[Case] = ()
    events: Sequence[Event] = ()
    records: Sequence[Record] = ()
    tasks: Sequence[Task] = ()
    holders: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)  # (case, key)
    people: Sequence[Version] = ()
    seats: Sequence[Seat] = ()
    handovers: Mapping[str, int] = field(default_factory=dict)  # by process, of the last year

    @classmethod
    def of(cls, tables: Mapping[str, Rows], at: datetime, top: float = 4) -> Self:
        """The tables, cut off at `at`: what came later is not there, what closed later is open."""
        today = at.date()
        return cls(
            at=at,
            top=top,
            cases=[case_of(row, at) for row in tables["cases"] if row["opened_at"] <= at],
            events=[event_of(row) for row in tables["events"] if row["at"] <= at],
            records=[record_of(row) for row in tables["records"] if row["valid_from"] <= at],
            tasks=[task_of(row, at) for row in tables["tasks"] if row["opened_at"] <= at],
            holders=holders_at(tables["assignments"], at),
            people=[version_of(row) for row in tables["people"] if row["valid_from"] <= today],
            seats=[seat_of(row) for row in tables["positions"] if row["valid_from"] <= today],
            handovers={row["process"]: row["handovers"] for row in tables["handovers"]},
        )

    @property
    def today(self) -> date:
        return self.at.date()

    @cached_property
    def _cases(self) -> Mapping[str, Sequence[Case]]:
        found: dict[str, list[Case]] = defaultdict(list)
        for case in self.cases:
            found[case.process].append(case)
        return found

    @cached_property
    def _events(self) -> Mapping[str, Sequence[Event]]:
        found: dict[str, list[Event]] = defaultdict(list)
        for event in self.events:
            found[event.name].append(event)
        return found

    @cached_property
    def _told_about(self) -> Mapping[tuple[str, str], Sequence[Event]]:
        found: dict[tuple[str, str], list[Event]] = defaultdict(list)
        for event in self.events:
            person = event.text("person")
            if person is not None:
                found[event.name, person].append(event)
        return found

    @cached_property
    def _records(self) -> Mapping[tuple[str, str], Sequence[Record]]:
        found: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in self.records:
            found[record.kind, record.about].append(record)
        return found

    @cached_property
    def _versions(self) -> Mapping[str, Sequence[Version]]:
        found: dict[str, list[Version]] = defaultdict(list)
        for version in self.people:
            found[version.person].append(version)
        return found

    @cached_property
    def _about(self) -> Mapping[tuple[str, str], Sequence[Case]]:
        found: dict[tuple[str, str], list[Case]] = defaultdict(list)
        for case in self.cases:
            if case.subject is not None:
                found[case.process, case.subject].append(case)
        return found

    @cached_property
    def employees(self) -> frozenset[str]:
        """Who is employed at the moment that is looked at."""
        return frozenset(one for one in self._versions if self.employed(one, self.today))

    def cases_of(self, process: str) -> Sequence[Case]:
        return self._cases.get(process, ())

    def cases_about(self, process: str, subject: str) -> Sequence[Case]:
        return self._about.get((process, subject), ())

    def told(self, name: str, *, since: datetime | None = None) -> Sequence[Event]:
        """The events of a name, in their order; with `since` the later ones."""
        events = self._events.get(name, ())
        return events if since is None else [each for each in events if each.at > since]

    def told_about(self, name: str, person: str) -> Sequence[Event]:
        return self._told_about.get((name, person), ())

    def newest(self, kind: str, about: str, then: datetime | None = None) -> Record | None:
        """The record that is in force: the latest one of those that are valid `then`."""
        moment = then or self.at
        for record in reversed(self._records.get((kind, about), ())):
            ended = record.valid_until is not None and record.valid_until <= moment
            if record.valid_from <= moment and not ended:
                return record
        return None

    def written(self, kind: str, about: str) -> Sequence[Record]:
        """Every record of a kind about one, valid or not, in their order."""
        return self._records.get((kind, about), ())

    def subjects(self, kind: str) -> Sequence[str]:
        """Whom or what the records of a kind are about."""
        return sorted(about for of, about in self._records if of == kind)

    def person(self, person: str, day: date) -> Version | None:
        """What the directory says of somebody on a day; None before their first."""
        found = None
        for version in self._versions.get(person, ()):
            if version.valid_from > day:
                break
            found = version
        return found

    def employed(self, person: str, day: date) -> bool:
        known = self.person(person, day)
        return known is not None and known.employee

    def leavings(self, person: str) -> Sequence[date]:
        """The days from which on somebody who was employed is no longer there."""
        versions = self._versions.get(person, ())
        return [
            after.valid_from
            for before, after in pairwise(versions)
            if before.employee and not after.active
        ]

    @property
    def everybody(self) -> Sequence[str]:
        """Whoever is or was in the directory."""
        return sorted(self._versions)

    def midnight(self, day: date) -> datetime:
        """When a day of the organisation begins."""
        return datetime.combine(day, time(), self.at.tzinfo)

    def day(self, moment: datetime) -> date:
        """The organisation's day of a moment."""
        return moment.astimezone(self.at.tzinfo).date()
