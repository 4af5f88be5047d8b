"""A case to play with: a small organisation, a clock, and verbs for what can happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from engine.core.chart import Definition
from engine.core.effects import Effect
from engine.core.events import (
    CaseCancelled,
    CaseStarted,
    DirectoryChanged,
    Event,
    SignalArrived,
    SubcaseClosed,
    TaskAnswered,
    TaskClaimed,
    TaskReassigned,
    TimerCameDue,
)
from engine.core.snapshot import CaseFacts, OpenTask, Snapshot
from engine.core.step import Step, step

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)


@dataclass(kw_only=True)
class Weekdays:
    """Monday to Friday, without holidays."""

    zone: tzinfo

    def add_workdays(self, day: date, count: int) -> date:
        one = timedelta(days=1 if count >= 0 else -1)
        while day.weekday() > 4:
            day += one
        for _ in range(abs(count)):
            day += one
            while day.weekday() > 4:
                day += one
        return day

    def workdays_between(self, start: date, end: date) -> int:
        if end < start:
            return -self.workdays_between(end, start)
        return sum((start + timedelta(days=n)).weekday() < 5 for n in range((end - start).days))


@dataclass(kw_only=True)
class Organisation:
    """A directory as plain dictionaries; implements Facts."""

    managers: dict[str, str | None] = field(default_factory=dict)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    queues: dict[str, tuple[str, ...]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)  # still known, as in a real directory

    def person(self, person: str) -> Mapping[str, Any] | None:
        if person not in self.managers:
            return None
        return {
            "id": person,
            "name": person.capitalize(),
            "email": f"{person}@example.org",
            "manager": self.managers[person],
            "department": "sales",
            "location": "berlin",
            "active": person not in self.left,
        }

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        return self.roles.get(role, ())

    def members(self, queue: str) -> tuple[str, ...]:
        return self.queues.get(queue, ())

    def pooled(self, pool, *, people, least):
        return ()

    def record(self, kind: str, about: str) -> None:
        return None

    def stand_in(self, person: str) -> str | None:
        return self.absent.get(person)

    def calendar(self, location: str | None) -> Weekdays:
        zone = self.zones.get(location or "")
        return Weekdays(zone=ZoneInfo(zone or "Europe/Berlin"))


def organisation() -> Organisation:
    return Organisation(
        managers={"ann": "bob", "bob": "cy", "cy": None, "dan": "bob", "eve": "bob", "fay": "cy"},
        roles={"hr": ("fay", "dan")},
        queues={"it": ("eve", "dan")},
    )


@dataclass(kw_only=True)
class Story:
    """Plays events one after the other and remembers what came of them."""

    definition: Definition
    org: Organisation = field(default_factory=organisation)
    now: datetime = MONDAY
    snapshot: Snapshot | None = None
    last: Step | None = None
    effects: list[Effect] = field(default_factory=list)
    tellings: list[Any] = field(default_factory=list)

    def start(self, **data: Any) -> "Story":
        case = CaseFacts(id="T-1", subject="ann", opened_by="fay", opened_at=self.now, key=None)
        return self.play(CaseStarted(case=case, data=data))

    def play(self, event: Event) -> "Story":
        self.last = step(self.definition, self.snapshot, event, self.now, self.org)
        self.snapshot = self.last.snapshot
        self.effects += self.last.effects
        self.tellings += self.last.taken
        return self

    def answer(
        self, place: str, button: str = "submit", by: str | None = None, **answers: Any
    ) -> "Story":
        opened = self.task(place)
        who = by or (opened.owners[0] if opened.owners else "nobody")
        return self.play(
            TaskAnswered(task=opened.key, button=button, answers=answers, by=who, at=self.now)
        )

    def send(self, name: str, **body: Any) -> "Story":
        return self.play(SignalArrived(name=name, body=body, at=self.now))

    def later(self, **span: float) -> "Story":
        """Moves the clock; every timer that comes due on the way fires, in order."""
        end = self.now + timedelta(**span)
        while True:
            due = sorted((t.at, t.key) for t in self.case.timers.values() if t.at <= end)
            if not due or self.case.outcome is not None:
                break
            self.now = max(self.now, due[0][0])
            self.play(TimerCameDue(timer=due[0][1], at=due[0][0]))
        self.now = end
        return self

    def fire(self, key: str) -> "Story":
        return self.play(TimerCameDue(timer=key, at=self.case.timers[key].at))

    def directory_changes(self) -> "Story":
        return self.play(DirectoryChanged(at=self.now))

    def claim(self, place: str, by: str) -> "Story":
        return self.play(TaskClaimed(task=self.task(place).key, by=by, at=self.now))

    def reassign(self, place: str, to: str) -> "Story":
        return self.play(
            TaskReassigned(task=self.task(place).key, to=to, by="cy", reason="ill", at=self.now)
        )

    def close(self, subcase: str, outcome: str = "done", **data: Any) -> "Story":
        return self.play(SubcaseClosed(subcase=subcase, outcome=outcome, data=data, at=self.now))

    def cancel(self) -> "Story":
        return self.play(CaseCancelled(by="cy", reason="opened twice", at=self.now))

    # --- looking ---

    @property
    def case(self) -> Snapshot:
        assert self.snapshot is not None
        return self.snapshot

    @property
    def at(self) -> tuple[str, ...]:
        """The innermost active places."""
        places = self.case.configuration
        return tuple(p for p in places if not any(o.startswith((p + ".", p + "[")) for o in places))

    def task(self, place: str) -> OpenTask:
        found = [t for t in self.case.tasks.values() if t.place in (place, f"{place}.task")]
        assert len(found) == 1, f"{place}: {list(self.case.tasks)}"
        return found[0]

    @property
    def ended(self) -> str | None:
        return self.case.outcome

    def asked(self, kind: type) -> list[Any]:
        """The effects of one kind that the last event asked for."""
        assert self.last is not None
        return [effect for effect in self.last.effects if isinstance(effect, kind)]

    def told(self, kind: type) -> list[Any]:
        assert self.last is not None
        return [taken for taken in self.last.taken if isinstance(taken, kind)]
