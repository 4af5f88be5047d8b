"""What a figure is, what it rests on, and when it is not told because too few stand behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from statistics import fmean
from typing import Final, Literal

from analytics.insight.history import History

LEAST: Final = 5  # of fewer people nothing is told that would say something about one of them

About = Literal["person", "position", "unit", "process", "step"]


class Unit(StrEnum):
    SHARE = "share"  # 0.25 is a quarter
    DAYS = "days"
    EACH = "each"  # so many for one
    PERCENT = "percent"  # 65 is 65 %, as people wrote it down
    MARK = "mark"  # on the scale of the company's ratings
    COUNT = "count"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One that was counted, or one in which something did not happen."""

    about: About
    subject: str  # a person id, a position, the name of a unit, of a process, the id of a step
    at: datetime | None = None  # what it is counted by, or since when it is missing
    cases: tuple[str, ...] = ()  # where that stands
    counts: bool | None = None  # of a share: whether it is a part of it; None: not decided yet
    number: float | None = None  # what it adds, where a figure is more than a count
    words: str = ""  # a clause that tells what happened


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A further number of a figure: of a group, of a step."""

    label: str
    number: float | None  # None: not told, or there is none
    unit: Unit
    n: int
    part: int | None = None  # of a share: how many of the n


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A figure at a moment."""

    number: float | None = None
    n: int = 0  # how many it rests on
    people: int | None = None  # how many people these are of, where they are something else
    part: int | None = None  # of a share: how many of the n
    currency: str = ""  # of an amount of money
    missing: str | None = None  # why there is no number, a sentence
    parts: tuple[Part, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()  # sentences that belong to the number


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A figure that has a name."""

    name: str  # `action-rate`: in commands and addresses
    id: str  # of the catalogue: `MT9`, `CN2`
    title: str
    definition: str  # one sentence
    trap: str  # what it does not say, one sentence
    reads: tuple[str, ...]  # names of processes, events and records
    unit: Unit
    of: str  # what the n are: `reviews`, `people`
    compute: Callable[[History], Measured]
    personal: bool = False  # says something about people: of fewer than LEAST it is not told
    better: Literal["high", "low", "neither"] = "high"

    def measure(self, history: History) -> Measured:
        found = self.compute(history)
        people = found.n if found.people is None else found.people
        if not self.personal or found.missing is not None or people >= LEAST:
            return found
        return Measured(missing=f"Not told of fewer than {LEAST} people: there are {people}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Detector:
    """Finds what should have happened and did not."""

    name: str
    id: str  # `FM1`, `CN8`
    title: str
    rule: str  # one sentence, exactly what is found
    way_out: str  # one sentence for whoever has to do something
    reads: tuple[str, ...]
    find: Callable[[History], Iterable[Row]]

    def look(self, history: History) -> tuple[Row, ...]:
        """What is missing, the longest first; where nobody knows since when, last."""
        found = [replace(row, counts=None) for row in self.find(history)]
        return tuple(sorted(found, key=lambda row: (row.at or history.at, row.subject)))


def share(
    rows: Iterable[Row],
    *,
    missing: str,
    parts: Iterable[Part] = (),
    notes: Iterable[str] = (),
) -> Measured:
    """How many of the rows that are decided count; `missing` is said where there is none."""
    kept = tuple(rows)
    decided = [row for row in kept if row.counts is not None]
    if not decided:
        return Measured(missing=missing, rows=kept, notes=tuple(notes))
    part = sum(row.counts is True for row in decided)
    return Measured(
        number=part / len(decided),
        n=len(decided),
        part=part,
        parts=tuple(parts),
        rows=kept,
        notes=tuple(notes),
    )


def mean(rows: Iterable[Row], *, missing: str, parts: Iterable[Part] = ()) -> Measured:
    """The mean of what the rows add."""
    kept = tuple(rows)
    values = [row.number for row in kept if row.number is not None]
    if not values:
        return Measured(missing=missing, rows=kept)
    return Measured(number=fmean(values), n=len(values), parts=tuple(parts), rows=kept)


def part_of(label: str, rows: Iterable[Row]) -> Part:
    """The share of some of the rows."""
    decided = [row for row in rows if row.counts is not None]
    part = sum(row.counts is True for row in decided)
    return Part(
        label=label,
        number=part / len(decided) if decided else None,
        unit=Unit.SHARE,
        n=len(decided),
        part=part,
    )


def of_all(label: str, part: int, n: int) -> Part:
    """So many of n."""
    return Part(label=label, number=part / n, unit=Unit.SHARE, n=n, part=part)


def without_numbers(measured: Measured) -> Measured:
    """The figure with rows that tell whom it rests on, but not what of whom."""
    rows = tuple(replace(row, number=None, counts=None) for row in measured.rows)
    return replace(measured, rows=rows)
