"""The people of an exploration: each rule of the definition finds somebody of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta, tzinfo
from typing import Any, Final

from engine.core.chart import Definition, Reassign, TellPeople
from engine.core.draft import Undone
from engine.core.people import ByExpression, ByQueue, ByRole, OwnerRule
from engine.core.places import state_id
from engine.verify.names import Names

SUBJECT: Final = "ann"
_NAMES: Final = (
    *("bob", "cy", "dan", "eve", "fay", "gus", "hal", "ida", "joe"),
    *("kim", "lea", "max", "nia", "oli", "pam", "ray", "sue", "tom"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainWeek:
    """Five working days, no holidays, UTC: what a scenario has that tells nothing else."""

    zone: tzinfo = UTC

    def add_workdays(self, day: date, count: int) -> date:
        forward = count >= 0
        day = _working(day, forward=forward)
        weeks, rest = divmod(abs(count), 5)
        day += timedelta(days=7 * weeks if forward else -7 * weeks)
        for _ in range(rest):
            day = _working(day + timedelta(days=1 if forward else -1), forward=forward)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        if end < start:
            return -self.workdays_between(end, start)
        weeks, rest = divmod((end - start).days, 7)
        return 5 * weeks + sum((start + timedelta(days=n)).weekday() < 5 for n in range(rest))


def _working(day: date, *, forward: bool) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1 if forward else -1)
    return day


@dataclass(kw_only=True, slots=True)
class World:
    """Implements the core's Facts as the people of a scenario do, from the same names."""

    named: Mapping[str, Any]  # the scenario's `people:`
    managers: Mapping[str, str]
    holding: Mapping[str, tuple[str, ...]]  # roles and queues
    told: frozenset[str]  # ids of lists whose answers, all together, decide where a case goes
    week: PlainWeek = field(default_factory=PlainWeek)

    def person(self, person: str) -> Mapping[str, Any]:
        return {
            "id": person,
            "name": person.replace("_", " ").capitalize(),
            "email": f"{person}@example.com",
            "department": "Department",
            "location": "Office",
            "country": "",
            "active": True,
            "roles": [],
            **({"manager": self.managers[person]} if person in self.managers else {}),
        }

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        del of
        return self.holding.get(role, ())

    def members(self, queue: str) -> tuple[str, ...]:
        return self.holding.get(queue, ())

    def stand_in(self, person: str) -> None:
        del person

    def pooled(self, pool: str, *, people: int, least: int) -> tuple[Mapping[str, Any], ...]:
        """Nothing that anybody looks at; which anonymous answers there may be is not explored."""
        del people, least
        place = pool.rpartition("#")[0]
        if state_id(place) in self.told:
            raise Undone("not-explored", place, "Anonymous answers decide what comes next.")
        return ()

    def record(self, kind: str, about: str) -> None:
        """Nothing is known of what other cases recorded; what asks for it is guessed."""
        del kind, about

    def calendar(self, location: str | None) -> PlainWeek:
        del location
        return self.week


def world_of(definition: Definition, told: frozenset[str]) -> World:
    named: dict[str, Any] = {} if definition.subject == "none" else {"subject": SUBJECT}
    holding: dict[str, tuple[str, ...]] = {}
    above: dict[int, str] = {}  # by how many managers up from the subject
    fresh = iter(_fresh())
    for name, rule in sorted(definition.people.items(), key=lambda pair: _height(pair[1])):
        height = _height(rule)
        if height:
            named[name] = above.setdefault(height, next(fresh))
        elif isinstance(rule.source, ByRole | ByQueue):
            key = rule.source.role if isinstance(rule.source, ByRole) else rule.source.queue
            (named[name],) = holding.setdefault(key, (next(fresh),))
    for key in dict.fromkeys(_held(definition)):
        if key not in holding:
            named[key] = next(fresh)
            holding[key] = (named[key],)
    managers: dict[str, str] = {}
    line = [SUBJECT]
    while len(line) in above:
        managers[line[-1]] = above[len(line)]
        line.append(above[len(line)])
    if 1 not in above and any(_height(rule) == 1 for rule in _rules(definition)):
        managers[SUBJECT] = next(fresh)
        named["subject"] = {"name": SUBJECT, "manager": managers[SUBJECT]}
    return World(named=named, managers=managers, holding=holding, told=told)


def _fresh() -> Iterator[str]:
    yield from _NAMES
    number = len(_NAMES)
    while True:
        number += 1
        yield f"person{number}"


def _height(rule: OwnerRule) -> int:
    """How many managers up from the subject a rule looks; 0 for every other rule."""
    if not isinstance(rule.source, ByExpression):
        return 0
    first, *steps = rule.source.expr.source.replace(" ", "").split(".")
    return len(steps) if first == "subject" and set(steps) == {"manager"} else 0


def _held(definition: Definition) -> Iterator[str]:
    for rule in _rules(definition):
        match rule.source:
            case ByRole(role=role):
                yield role
            case ByQueue(queue=queue):
                yield queue
            case ByExpression():
                pass


def _rules(definition: Definition) -> Iterator[OwnerRule]:
    waiting = list(definition.people.values())
    for state in definition.states:
        waiting.extend(task.to for task in (state.task, *state.side_tasks) if task is not None)
        waiting.extend(a.to for a in Names.actions(state) if isinstance(a, TellPeople | Reassign))
    while waiting:
        rule = waiting.pop(0)
        yield rule
        waiting[:0] = rule.if_nobody
