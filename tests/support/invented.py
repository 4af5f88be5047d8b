"""An invented company as a people file, and a year of its changes: made from a seed."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

DEPARTMENTS = ("Sales", "Engineering", "Support", "Finance", "Marketing", "Design")
PLACES = (("Berlin", "DE", "Europe/Berlin"), ("Lisbon", "PT", "Europe/Lisbon"))
_FIRST = ("Ada", "Bo", "Cleo", "Dan", "Eli", "Fay", "Gus", "Hana", "Ivo", "June", "Kim", "Lou")
_LAST = ("Adler", "Berg", "Costa", "Dahl", "Esser", "Faria", "Gomes", "Hoff", "Ito", "Jung")
_TEAM = 8
_COLUMNS = (
    "number,name,email,manager,title,department,location,country,zone,grade,employment,"
    "start_date,roles,queues"
)


@dataclass(kw_only=True)
class Invented:
    """A company of so many people: a chief, heads of departments, leads, and their teams."""

    count: int
    roles: tuple[str, ...]  # each is held for the whole and for every department
    queues: tuple[str, ...]
    first: date
    seed: int = 1
    bosses: dict[int, int | None] = field(default_factory=dict)
    departments: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rolled = random.Random(self.seed)
        heads = {name: place for place, name in enumerate(DEPARTMENTS, start=2)}
        self.bosses, self.departments = {1: None}, {1: "Board"}
        leads: list[int] = []
        for number in range(2, self.count + 1):
            department = DEPARTMENTS[number % len(DEPARTMENTS) - 2]
            self.departments[number] = department
            if number <= len(DEPARTMENTS) + 1:
                self.departments[number] = DEPARTMENTS[number - 2]
                self.bosses[number] = 1
                continue
            mine = [lead for lead in leads if self.departments[lead] == department]
            free = [lead for lead in mine if self._team(lead) < _TEAM]
            if not free:
                leads.append(number)
            self.bosses[number] = free[0] if free else heads[department]

    def _team(self, boss: int) -> int:
        return sum(1 for above in self.bosses.values() if above == boss)

    @property
    def people(self) -> str:
        return "\n".join([_COLUMNS, *(self._row(number) for number in self.bosses)]) + "\n"

    @property
    def changes(self) -> str:
        """Every tenth leaves, a tenth more comes, some have another manager or department."""
        rows = ["number,from,leaves,name,email,manager,department,location,employment,start_date"]
        heads = len(DEPARTMENTS) + 1
        days = (self.first + timedelta(days=self.rolled.randrange(10, 350)) for _ in range(10**6))
        gone: dict[int, date] = {}
        for number in self.rolled.sample(range(2, self.count + 1), self.count // 10):
            if number > heads:
                gone[number] = next(days)
                rows.append(f"{number},{gone[number]},yes,,,,,,,")
        for number, boss in self.bosses.items():
            if boss in gone and number not in gone:
                above = self._above(boss, gone)
                rows.append(self._moved(number, gone[boss], above, self.departments[number]))
        staying = [n for n in self.bosses if n > heads and n not in gone]
        for number in self.rolled.sample(staying, self.count // 10):
            if self.bosses[number] in gone or self._team(number):
                continue
            boss = self.rolled.choice([n for n in staying if self._team(n)])
            rows.append(self._moved(number, next(days), boss, self.departments[boss]))
        for number in range(self.count + 1, self.count + self.count // 10 + 1):
            boss, day = self.rolled.choice(staying), next(days)
            name = self._name(number)
            rows.append(
                f"{number},{day},,{name},n{number}@firm.test,{boss},{self.departments[boss]},"
                f"Berlin,employee,{day}"
            )
        return "\n".join(rows) + "\n"

    def _above(self, boss: int, gone: dict[int, date]) -> int:
        above = self.bosses[boss]
        while above in gone:
            above = self.bosses[above]
        return above or 1

    def _moved(self, number: int, day: date, boss: int, department: str) -> str:
        location, *_ = PLACES[number % len(PLACES)]
        started = self._started(number)
        return f"{number},{day},,,,{boss},{department},{location},{_kind(number)},{started}"

    def _row(self, number: int) -> str:
        boss, department = self.bosses[number], self.departments[number]
        place = ",".join(PLACES[number % len(PLACES)])
        return (
            f"{number},{self._name(number)},n{number}@firm.test,{boss or ''},"
            f"{'Head' if number < 8 else 'Member'} of {department},{department},{place},"
            f"L{number % 5 + 1},{_kind(number)},{self._started(number)},{self._roles(number)},"
            f"{'; '.join(self.queues) if number in (20, 21, 22) else ''}"
        )

    def _name(self, number: int) -> str:
        return f"{_FIRST[number % 12]} {_LAST[number // 12 % 10]} {number}"

    def _started(self, number: int) -> date:
        return self.first - timedelta(days=number * 11)

    def _roles(self, number: int) -> str:
        """Every role has a holder of its own for the whole, and one for each department."""
        units = ("", "@Board", *(f"@{name}" for name in DEPARTMENTS))
        role, unit = divmod(number - 30, len(units))
        return f"{self.roles[role]}{units[unit]}" if 0 <= role < len(self.roles) else ""


def invented(count: int, first: date, definitions: Iterable[str], seed: int = 1) -> Invented:
    """A company in which every role and queue that the definitions name has somebody."""
    text = "\n".join(definitions)
    return Invented(
        count=count,
        roles=tuple(sorted(set(re.findall(r"\brole: ([a-z-]+)", text)))),
        queues=tuple(sorted(set(re.findall(r"\bqueue: ([a-z-]+)", text)))),
        first=first,
        seed=seed,
    )


def _kind(number: int) -> str:
    return "contractor" if number % 25 == 0 else "employee"
