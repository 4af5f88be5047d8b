"""When a schedule of a process comes round: the rule in words of a calendar, made instants."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never

from engine.core.facts import Calendar

_FARTHEST = 2_400  # periods looked at; a rule that never falls on a day is refused by the loader


class Period(StrEnum):
    """What a schedule counts in."""

    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Counted(StrEnum):
    """Which days a place within a month counts."""

    DAY = "day"
    WORKDAY = "workday"
    WEEKDAY = "weekday"


@dataclass(frozen=True, kw_only=True, slots=True)
class DayOf:
    """A day within a month: the 15th, the last workday, the first Monday."""

    counted: Counted
    number: int  # 1 is the first; -1 the last
    weekday: int | None = None  # WEEKDAY: 0 is Monday


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """`every: 3 months, on: first workday, at: 09:00`, on the organisation's own calendar.

    Periods of several days, weeks, months or years are counted from `start`; without one months
    and years are counted from January of the year 0, so that every 3 months are the quarters.
    """

    period: Period
    every: int  # how many of them; 1 or more
    weekday: int | None  # WEEK: which day of it, 0 is Monday
    month: int | None  # YEAR: which month of it
    day: DayOf | None  # MONTH, YEAR
    at: time  # of the day, on the organisation's clock
    start: date | None  # nothing before this day


def next_after(rule: Schedule, after: datetime, calendar: Calendar) -> datetime | None:
    """The first instant of the rule that is later than `after`, in UTC; None: there is none."""
    local = after.astimezone(calendar.zone).date()
    first = local if rule.start is None else max(local, rule.start)
    for day in _days(rule, first, calendar):
        instant = _at(day, rule.at, calendar)
        if instant > after and (rule.start is None or day >= rule.start):
            return instant
    return None


def _at(day: date, at: time, calendar: Calendar) -> datetime:
    """A time that the clocks leave out that day comes an hour later, one they show twice first."""
    return datetime.combine(day, at, calendar.zone).astimezone(UTC)


def _days(rule: Schedule, first: date, calendar: Calendar) -> Iterator[date]:
    """Days of the rule from about `first` on, in order; rather one too early than one too late."""
    match rule.period:
        case Period.DAY:
            yield from _by_days(rule, first, rule.every)
        case Period.WEEK:
            yield from _by_days(rule, first, 7 * rule.every)
        case Period.WORKDAY:
            day = first - timedelta(days=1)
            for _ in range(_FARTHEST):
                # A day off counts as the next working day, and a working day as itself.
                later = calendar.add_workdays(day + timedelta(days=1), 0)
                yield later
                day = later
        case Period.MONTH | Period.YEAR:
            yield from _by_months(rule, first, calendar)
        case _:
            assert_never(rule.period)


def _by_days(rule: Schedule, first: date, step: int) -> Iterator[date]:
    origin = rule.start or date(1, 1, 1)  # a Monday
    if rule.weekday is not None:
        origin += timedelta(days=(rule.weekday - origin.weekday()) % 7)
    passed = max(0, (first - origin).days // step)
    day = origin + timedelta(days=passed * step)
    for _ in range(_FARTHEST):
        yield day
        day += timedelta(days=step)


def _by_months(rule: Schedule, first: date, calendar: Calendar) -> Iterator[date]:
    assert rule.day is not None
    yearly = rule.period is Period.YEAR
    step = rule.every * (12 if yearly else 1)
    origin = 0
    if rule.start is not None:
        origin = rule.start.year * 12 + rule.start.month - 1
    if yearly:
        assert rule.month is not None
        origin = (origin // 12) * 12 + rule.month - 1
    reached = first.year * 12 + first.month - 1
    month = origin + max(0, (reached - origin) // step) * step
    for _ in range(_FARTHEST):
        year, index = divmod(month, 12)
        if year > 9_998:
            return
        if year >= 1:
            yield _within(rule.day, date(year, index + 1, 1), calendar)
        month += step


def _within(day: DayOf, first: date, calendar: Calendar) -> date:
    """The day of the month that begins with `first`; beyond its end the last one that counts."""
    length = monthrange(first.year, first.month)[1]
    last = first.replace(day=length)
    match day.counted:
        case Counted.DAY:
            return last if day.number < 0 else first.replace(day=min(day.number, length))
        case Counted.WORKDAY:
            latest = _last_workday(last, calendar)
            if day.number < 0:
                return latest
            return min(calendar.add_workdays(first, day.number - 1), latest)
        case Counted.WEEKDAY:
            assert day.weekday is not None
            if day.number < 0:
                return last - timedelta(days=(last.weekday() - day.weekday) % 7)
            offset = (day.weekday - first.weekday()) % 7 + 7 * (day.number - 1)
            return first + timedelta(days=offset)
        case _:
            assert_never(day.counted)


def _last_workday(day: date, calendar: Calendar) -> date:
    """The working day that `day` is or that came last before it."""
    following = calendar.add_workdays(day + timedelta(days=1), 0)
    return calendar.add_workdays(following, -1)
