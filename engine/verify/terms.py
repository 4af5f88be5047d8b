"""One thing that conditions look at, and a value of each part that they tell apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from engine.core.expression import Kind

ANYTHING: Final = ("anything else", "something else")  # texts that no condition names
_FEW: Final = 12
NUMERIC: Final = frozenset({Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DURATION})


class _Nothing:
    """A field nobody filled in, and what comes of reading it."""

    def __init__(self, word: str) -> None:
        self._word = word

    def __repr__(self) -> str:
        return self._word


ABSENT: Final = _Nothing("nothing")
FAILED: Final = _Nothing("a failure")


@dataclass(kw_only=True, slots=True)
class Term:
    """One thing that conditions look at."""

    key: str  # as it is shown
    kind: Kind
    options: tuple[str, ...] = ()  # TEXT: the only values, if that is known
    low: float | None = None  # NUMBER: the smallest
    high: float | None = None
    whole: bool = False  # only whole numbers
    computed: bool = False  # a call or a calculation, whose parts are not looked at
    may_be_absent: bool = False  # somebody asks `has(…)` about it
    constants: set[Any] = field(default_factory=set)  # what it is compared with
    others: set[str] = field(default_factory=set)  # terms it is compared with
    tests: set[tuple[str, Any]] = field(default_factory=set)  # the comparisons: (">=", 4)

    def values(self) -> list[Any]:
        found = self._present()
        return [*found, ABSENT] if self.may_be_absent else found

    def _present(self) -> list[Any]:
        if self.kind is Kind.BOOL:
            return [True, False]
        if self.kind in NUMERIC:
            return list(self._numbers())
        texts = [c for c in self.constants if not isinstance(c, _Nothing)]
        if self.options:
            return list(dict.fromkeys(self.options))
        fresh = ANYTHING if self.others else ANYTHING[:1]
        plain = sorted({c for c in texts if isinstance(c, str | bool)}, key=str)
        if self.kind is not Kind.ANY:  # nothing that it could be is a number
            return [*plain, *fresh]
        numbers = sorted({c for c in texts if isinstance(c, int | float)})
        return [*plain, *_around(numbers, None, None, whole=False, two=True), *fresh]

    def _numbers(self) -> Iterator[float]:
        cuts = sorted(c for c in self.constants if isinstance(c, int | float))
        if self.whole and self.low is not None and self.high is not None:
            low, high = int(self.low), int(self.high)
            if high - low <= _FEW:
                yield from range(low, high + 1)
                return
        two = bool(self.others)
        yield from _around(cuts, self.low, self.high, whole=self.whole, two=two)


def _around(
    cuts: list[float], low: float | None, high: float | None, *, whole: bool, two: bool
) -> Iterator[float]:
    """One value below, at, between and above the cuts, inside the bounds.

    With `two`, two of each: of fields that are compared with each other either may be the larger.
    """
    ends = [end for end in (low, high) if end is not None]
    points = sorted({*cuts, *ends}) or [0.0]
    found = {points[0] - 1, points[-1] + 1, *points}
    if two:
        found |= {points[0] - 2, points[-1] + 2}
    for left, right in pairwise(points):
        if whole:
            found |= {left + 1, right - 1, *({left + 2} if two and left + 2 < right else ())}
        elif two:
            found |= {left + (right - left) / 3, right - (right - left) / 3}
        else:
            found.add((left + right) / 2)
    for value in sorted(found):
        if whole and value != int(value):
            continue
        if (low is None or value >= low) and (high is None or value <= high):
            yield int(value) if value == int(value) else value
