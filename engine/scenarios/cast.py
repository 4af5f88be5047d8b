"""The people of a scenario: a directory in which every rule finds whom the author named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from engine.core.chart import Definition
from engine.core.facts import Calendar
from engine.core.people import ByExpression, ByQueue, ByRole, OwnerRule
from engine.directory import Calendars, position

_ZONE = "UTC"


@dataclass(kw_only=True)
class Cast:
    """Implements the core's Facts; ids are the short names of the scenario."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    queues: dict[str, tuple[str, ...]] = field(default_factory=dict)
    subject: str | None = None
    calendars: Calendars = field(default_factory=Calendars)
    pools: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)  # anonymous answers

    def person(self, person: str) -> Mapping[str, Any] | None:
        """Whoever is named exists: peers need no introduction."""
        return self.people.setdefault(person, _stranger(person))

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        """Whom the scenario names for the role, or who has the position among their `roles`."""
        named = self.roles.get(role)
        if named is not None:
            return named
        wanted = position(role, of)
        return tuple(who for who, one in self.people.items() if wanted in one["roles"])

    def members(self, queue: str) -> tuple[str, ...]:
        return self.queues.get(queue, ())

    def stand_in(self, person: str) -> str | None:
        del person
        return None

    def pooled(self, pool: str, *, people: int, least: int) -> tuple[Mapping[str, Any], ...]:
        answers = self.pools.pop(pool, [])
        if min(people, len(answers)) < least:
            return ()
        return tuple(sorted(answers, key=lambda answer: sorted(map(str, answer.items()))))

    def record(self, kind: str, about: str) -> Mapping[str, Any] | None:
        """What a person of the scenario was given under `records`, or what was written since."""
        known = self.people.get(about, {}).get("records", {}).get(kind)
        if known is None:
            return None
        entry = dict(known) if isinstance(known, Mapping) else {"value": known}
        return {"value": entry.pop("value", None), "attributes": entry, "from": 0, "until": None}

    def calendar(self, location: str | None) -> Calendar:
        about = self.people.get(self.subject or "", {})
        country = about.get("country") if location == about.get("location") else None
        return self.calendars.of(str(country or ""), str(about.get("zone") or _ZONE))

    def note(self, kind: str, about: str, entry: Mapping[str, Any]) -> None:
        """A record that was written is there from now on."""
        person = self.people.setdefault(about, _stranger(about))
        person["records"] = {**person.get("records", {}), kind: entry}

    def change(self, path: str, value: Any) -> None:
        """`subject.manager: eve` - the person's entry from now on."""
        who, _, attribute = path.rpartition(".")
        person = self.subject if who in ("subject", "") else who
        if person is not None:
            self.people.setdefault(person, _stranger(person))[attribute] = value


def cast_of(definition: Definition, named: Mapping[str, Any]) -> Cast:
    """The cast for a scenario's `people:`.

    Names are `subject`, names of the definition's `people:`, queues and roles of the directory;
    values are short names, lists of them, or `{name: ann, department: Sales, …}`, with
    `guest: true` for somebody from outside. Any other name with such a mapping is a person's own:
    `ann: {department: Sales}`.
    """
    cast = Cast()
    ids = {name: _ids(cast, _named(value, name, definition)) for name, value in named.items()}
    cast.subject = next(iter(ids.get("subject", ())), None)
    for name, people in ids.items():
        rule = definition.people.get(name)
        if rule is None:
            cast.queues[name] = people
            cast.roles[name] = people
        else:
            _make_true(cast, rule, people)
    return cast


def day_at(day: date, hour: int, calendar: Calendar) -> datetime:
    """An hour of a day on the calendar's clock."""
    return datetime.combine(day, time(hour), calendar.zone)


def _ids(cast: Cast, value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(person for item in value for person in _ids(cast, item))
    if isinstance(value, Mapping):
        person = str(value.get("name", "somebody"))
        known = guest(person) if value.get("guest") else _stranger(person)
        cast.people[person] = {**known, **value, "name": person.capitalize()}
        return (person,)
    cast.people.setdefault(str(value), _stranger(str(value)))
    return (str(value),)


def _named(value: Any, name: str, definition: Definition) -> Any:
    """`ann: {roles: […]}` tells about ann, unless a role is called that."""
    a_role = name == "subject" or name in definition.people
    if a_role or not isinstance(value, Mapping) or "name" in value:
        return value
    return {"name": name, **value}


def _make_true(cast: Cast, rule: OwnerRule, people: tuple[str, ...]) -> None:
    """Arranges the directory so that the rule gives these people."""
    match rule.source:
        case ByRole(role=role):
            cast.roles[role] = people
        case ByQueue(queue=queue):
            cast.queues[queue] = people
        case ByExpression(expr=expr):
            # `subject.manager.manager`: the last step of the way leads to the named person.
            steps = expr.source.replace(" ", "").split(".")
            if steps[0] == "subject" and set(steps[1:]) == {"manager"} and people:
                above = cast.subject
                for number, _ in enumerate(steps[1:], start=1):
                    if above is None:
                        return
                    known = cast.people.setdefault(above, _stranger(above))
                    if number == len(steps) - 1:
                        known["manager"] = people[0]
                    above = known.get("manager")


def guest(person: str) -> dict[str, Any]:
    """Somebody from outside, of whom the directory knows a name and an address."""
    empty = dict.fromkeys(("department", "location", "country", "title", "manager"))
    return {**_stranger(person), **empty, "active": False, "guest": True}


def _stranger(person: str) -> dict[str, Any]:
    return {
        "id": person,
        "name": person.replace("_", " ").capitalize(),
        "email": f"{person}@example.com",
        "department": "Department",
        "location": "Office",
        "country": "",  # a week of five days, no holidays
        "active": True,
        "roles": [],
    }
