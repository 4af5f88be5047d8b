"""What a case, or all of them, have to do with the boxes of a picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from engine.diagram.model import Picture

_DAY = timedelta(days=1)
_SOON = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Heat:
    """How long a step takes, and how long it may."""

    wait: timedelta  # the median
    target: timedelta | None  # the median; None: there is none to hold it against

    @property
    def share(self) -> float | None:
        """Of the target that is used up; 1 is just in time."""
        return self.wait / self.target if self.target else None

    @property
    def words(self) -> str:
        """`2.5 of 5 days`, so that it can be read where no colour is."""
        if self.target is None:
            return f"{_long(self.wait)}"
        late = ", too long" if self.wait > self.target else ""
        return f"{_number(self.wait)} of {_long(self.target)}{late}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """Ids as in the picture; a box that is not named has nothing to show."""

    current: frozenset[str] = frozenset()
    visited: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)  # open cases in each
    heat: Mapping[str, Heat] = field(default_factory=dict)


def case_marks(picture: Picture, current: Iterable[str], visited: Iterable[str]) -> Marks:
    """Where a case is and was, from ids of states that need not have a box of their own."""
    boxes = frozenset(box.id for box in picture.boxes)
    here = frozenset(_boxed(current, boxes))
    return Marks(current=here, visited=frozenset(_boxed(visited, boxes)) - here)


def _boxed(states: Iterable[str], boxes: frozenset[str]) -> Iterable[str]:
    for state in states:
        box = state
        while box and box not in boxes:
            box = box.rpartition(".")[0]
        if box:
            yield box


def _number(span: timedelta) -> str:
    return f"{span / _DAY:.1f}".removesuffix(".0")


def _long(span: timedelta) -> str:
    if span < _SOON:
        return "less than an hour"
    number = _number(span)
    return f"{number} day" if number == "1" else f"{number} days"
