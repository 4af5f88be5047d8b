"""The frozen tables that every figure is computed from, row by row.

A table is what `tenure export` writes of the same name, so that whoever has the files can compute
every figure again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

Rows = Iterable[Mapping[str, Any]]

YEAR = timedelta(days=365)
WITHDRAWN = "withdrawn"  # the outcome of what nobody has to answer any more
OUTSIDE = ("contractor", "guest")  # kinds of employment that are no employees


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A case as it was known at the moment that is looked at."""

    name: str
    process: str
    subject: str | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    parent: str | None  # the case that started it
    data: Mapping[str, Any]  # of a closed one, and only what a figure reads


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that was told to cases."""

    name: str
    at: datetime
    by: str | None  # the case that told it, the person who raised it; None: the directory
    body: Mapping[str, Any]

    @property
    def case(self) -> str | None:
        """The case that told it."""
        return None if self.by is None or self.by.startswith("p_") else self.by

    def text(self, key: str) -> str | None:
        """A value of the body that is a text; None for everything else."""
        value = self.body.get(key)
        return value if isinstance(value, str) and value else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """An entry of the shared records."""

    kind: str
    about: str
    value: Any
    attributes: Mapping[str, Any]
    valid_from: datetime
    valid_until: datetime | None
    case: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    case: str
    key: str
    process: str
    state: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str | None  # None: open; `withdrawn`: nobody had to answer any more


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """What the directory says of a person from a day on."""

    person: str
    valid_from: date
    active: bool
    title: str | None
    department: str | None
    grade: str | None
    employment: str | None
    manager: str | None

    @property
    def employee(self) -> bool:
        return self.active and self.employment not in OUTSIDE


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """Somebody in a position of the directory."""

    position: str  # `head-of-sales`, `hr-partner of Sales`
    person: str
    valid_from: date
    valid_until: date | None


def case_of(row: Mapping[str, Any], at: datetime) -> Case:
    closed = row["closed_at"] is not None and row["closed_at"] <= at
    return Case(
        name=row["case"],
        process=row["process"],
        subject=row["subject"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"] if closed else None,
        outcome=row["outcome"] if closed else None,
        parent=row["parent"],
        data=row["data"] if closed else {},
    )


def event_of(row: Mapping[str, Any]) -> Event:
    return Event(name=row["event"], at=row["at"], by=row["by"], body=row["body"])


def record_of(row: Mapping[str, Any]) -> Record:
    names = ("kind", "about", "value", "attributes", "valid_from", "valid_until", "case")
    return Record(**{name: row[name] for name in names})


def task_of(row: Mapping[str, Any], at: datetime) -> Task:
    closed = row["closed_at"] is not None and row["closed_at"] <= at
    names = ("case", "process", "state", "opened_at", "due_at")
    return Task(
        **{name: row[name] for name in names},
        key=row["task"],
        closed_at=row["closed_at"] if closed else None,
        outcome=row["outcome"] if closed else None,
    )


def holders_at(rows: Rows, at: datetime) -> Mapping[tuple[str, str], Sequence[str]]:
    """Who has a task at that moment."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        ended = row["ended_at"] is not None and row["ended_at"] <= at
        if not row["candidate"] and row["started_at"] <= at and not ended:
            found[row["case"], row["task"]].append(row["person"])
    return found


def version_of(row: Mapping[str, Any]) -> Version:
    names = (
        "person",
        "valid_from",
        "active",
        "title",
        "department",
        "grade",
        "employment",
        "manager",
    )
    return Version(**{name: row[name] for name in names})


def seat_of(row: Mapping[str, Any]) -> Seat:
    return Seat(**{name: row[name] for name in ("position", "person", "valid_from", "valid_until")})


def table(value: object) -> Sequence[Mapping[str, Any]]:
    """The rows of a table that somebody filled in."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
