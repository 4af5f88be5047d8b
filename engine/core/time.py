"""Spans of time and deadlines as an author writes them, before a calendar makes them instants."""

from dataclasses import dataclass
from enum import StrEnum

from engine.core.expression import Expr


class Unit(StrEnum):
    """A unit of time in a definition; working days are a unit of their own, never converted."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKDAYS = "workdays"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """An amount of one unit, such as `10 workdays`; never negative."""

    amount: int  # how many, 0 or more
    unit: Unit  # of what


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """An instant as a rule: an anchor, and how far before or after it.

    A rule in days or longer ends at 17:00 in the case's zone; one in hours or minutes is exact.
    """

    phrase: str  # as the author wrote it: `3 workdays before data.start_date`
    span: Span | None  # how far from the anchor; None: at the anchor itself
    before: bool  # True: the span ends at the anchor; False: it starts there
    anchor: Expr | None  # a date or instant; None: the moment the state was entered


class TimerKind(StrEnum):
    """What a timer of a state hangs on."""

    REMIND = "remind"  # mail to the owner; moves with the due date
    LATE = "late"  # a stage of escalation; counted from the due date
    AFTER = "after"  # a transition some time after entry
    UNTIL = "until"  # the end of a `wait`
    EVERY = "every"  # a side task that comes again while the state lasts


@dataclass(frozen=True, kw_only=True, slots=True)
class TimerRule:
    """One timer of a state. Its transitions, if any, have the trigger TIMER with its id."""

    id: str  # unique within the state: `remind.0`, `late.1`, `after.0`, `until`, `every.0`
    kind: TimerKind  # what it hangs on
    deadline: Deadline  # REMIND and LATE: the anchor None means the task's due instant
    repeat: Span | None  # fires again this long after each firing, while the state lasts
