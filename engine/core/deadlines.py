"""From rules to instants: when a task is due, when a timer fires, and when the next one does.

A span of days or longer ends at 17:00 in the zone of the case's calendar, one of hours or minutes
is exact. A date without a span means 17:00 of that day for a due date and what hangs on it, and
the day's first moment for `wait until` and `after`.

While a case is paused its clock stands: of a span that goes on over a pause, the part in the pause
does not count, in the unit of the span, and an instant inside a pause is the pause's end.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, assert_never

from engine.core.binding import calendar_of, value_of, zone_of
from engine.core.draft import Draft, Undone
from engine.core.snapshot import OpenTask, Place, Timer
from engine.core.time import Deadline, Span, TimerKind, TimerRule, Unit

CLOSE_OF_DAY = time(17)
MAX_SKIPPED = 1_000


def due_instant(
    draft: Draft, due: Deadline | None, opened: datetime, place: Place
) -> datetime | None:
    """When a task opened at `opened` is due."""
    return None if due is None else _instant(draft, due, opened, place, CLOSE_OF_DAY)


def first_instant(
    draft: Draft, rule: TimerRule, place: Place, since: datetime, due: datetime | None
) -> datetime | None:
    """When a rule fires first; None: it hangs on a due date that the task does not have."""
    match rule.kind:
        case TimerKind.REMIND | TimerKind.LATE:
            if rule.deadline.anchor is None and due is None:
                return None
            return _instant(draft, rule.deadline, due or since, place, CLOSE_OF_DAY)
        case TimerKind.AFTER | TimerKind.UNTIL | TimerKind.EVERY:
            return _instant(draft, rule.deadline, since, place, time(0))
        case _:
            assert_never(rule.kind)


def occurrence(
    draft: Draft, rule: TimerRule, first: datetime, since: datetime, count: int
) -> datetime:
    """The instant number `count` of a rule that repeats, `first` being number 0.

    Counted from the first or, if that is a span of the same unit after entry, from the entry:
    what comes every month since the 31st comes on the 31st again after a shorter month.
    """
    if rule.repeat is None or count == 0:
        return first
    start, amount, span = first, rule.repeat.amount * count, rule.deadline.span
    every = rule.kind is TimerKind.EVERY and rule.deadline.anchor is None
    if every and span is not None and span.unit is rule.repeat.unit:
        start, amount = since, amount + span.amount
    return shifted(draft, start, Span(amount=amount, unit=rule.repeat.unit))


def next_firing(
    draft: Draft, rule: TimerRule, timer: Timer, task: OpenTask | None
) -> tuple[datetime, int] | None:
    """When a timer that fired now fires again, and its new count; None: never.

    Instants that passed while nobody looked are passed over, so that one downtime is one firing.
    """
    if rule.repeat is None or rule.repeat.amount == 0:
        return None
    due = None if task is None else task.due
    first = first_instant(draft, rule, timer.place, timer.since, due) or timer.at
    count = timer.count + 1
    at = occurrence(draft, rule, first, timer.since, count)
    for _ in range(MAX_SKIPPED):
        if at > draft.now:
            return at, count
        count += 1
        at = occurrence(draft, rule, first, timer.since, count)
    return shifted(draft, draft.now, rule.repeat), count


def shifted(draft: Draft, start: datetime, span: Span, *, back: bool = False) -> datetime:
    """The instant a span after (before) another, in UTC; the clock of the case counts."""
    if back:
        return _later(draft, start, span.unit, -span.amount, _RAN_ON)
    at, stood = _later(draft, start, span.unit, span.amount, _RAN_ON), _RAN_ON
    for since, until in _stood_still(draft, start):
        if since >= at:
            break
        stood = _with(draft, stood, since, until, span.unit)
        at = _later(draft, start, span.unit, span.amount, stood)
    return at


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stood:
    """How long the clock stood still, as a span of one unit sees it."""

    exactly: timedelta = timedelta()  # for hours and minutes
    workdays: int = 0  # for workdays
    days: int = 0  # for days and longer


_RAN_ON = _Stood()


def _stood_still(draft: Draft, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans after `start` in which the clock stood and goes on again, none twice."""
    counted = start
    for each in draft.pauses:
        if each.until is not None and each.until > counted:
            yield max(each.since, counted), each.until
            counted = each.until


def _with(draft: Draft, stood: _Stood, since: datetime, until: datetime, unit: Unit) -> _Stood:
    zone = zone_of(draft)
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    workdays = 0
    if unit is Unit.WORKDAYS:
        workdays = calendar_of(draft).workdays_between(first, last)
    return _Stood(
        exactly=stood.exactly + (until - since),
        workdays=stood.workdays + workdays,
        days=stood.days + (last - first).days,
    )


def _later(draft: Draft, start: datetime, unit: Unit, amount: int, stood: _Stood) -> datetime:
    match unit:
        case Unit.MINUTES:
            return start + timedelta(minutes=amount) + stood.exactly
        case Unit.HOURS:
            return start + timedelta(hours=amount) + stood.exactly
        case Unit.WORKDAYS:
            day = start.astimezone(zone_of(draft)).date()
            return _at(draft, _moved(draft, day, amount + stood.workdays, unit), CLOSE_OF_DAY)
        case Unit.DAYS | Unit.WEEKS | Unit.MONTHS | Unit.YEARS:
            day = _moved(draft, start.astimezone(zone_of(draft)).date(), amount, unit)
            return _at(draft, _moved(draft, day, stood.days, Unit.DAYS), CLOSE_OF_DAY)
        case _:
            assert_never(unit)


def _after_pauses(draft: Draft, at: datetime) -> datetime:
    """What a date made due while the clock stood is due when it goes on."""
    for each in draft.pauses:
        if each.until is not None and each.since <= at < each.until:
            at = each.until
    return at


def _moved(draft: Draft, day: date, amount: int, unit: Unit) -> date:
    try:
        if unit is Unit.WORKDAYS:
            return calendar_of(draft).add_workdays(day, amount)
        if unit in (Unit.MONTHS, Unit.YEARS):
            return months_later(day, amount * 12 if unit is Unit.YEARS else amount)
        return day + timedelta(days=amount * 7 if unit is Unit.WEEKS else amount)
    except (OverflowError, ValueError):
        return date.max if amount > 0 else date.min + timedelta(days=2)


def months_later(day: date, months: int) -> date:
    """The same day of another month, its last day if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _at(draft: Draft, day: date, moment: time) -> datetime:
    try:
        return datetime.combine(day, moment, zone_of(draft)).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, moment, UTC)


def _instant(
    draft: Draft, deadline: Deadline, entered: datetime, place: Place, of_a_date: time
) -> datetime:
    anchored = deadline.anchor is not None
    start = _anchor(draft, deadline, place, of_a_date) if anchored else entered
    if deadline.span is not None:
        start = shifted(draft, start, deadline.span, back=deadline.before)
    return _after_pauses(draft, start) if draft.pauses else start


def _anchor(draft: Draft, deadline: Deadline, place: Place, of_a_date: time) -> datetime:
    assert deadline.anchor is not None
    found = instant_from(draft, value_of(draft, deadline.anchor, place), of_a_date)
    if found is None:
        raise Undone(
            "condition-failed",
            place,
            f"`{deadline.phrase}` at `{place}` needs a date, but `{deadline.anchor.source}` gives "
            "none. Fill it, then let the event run again.",
        )
    return found


def instant_from(draft: Draft, value: Any, of_a_date: time) -> datetime | None:
    """An instant out of what an expression gave: a date, an instant, or either as text."""
    if isinstance(value, str):
        try:
            if len(value) == 10:
                return _at(draft, date.fromisoformat(value), of_a_date)
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=zone_of(draft))
        return aware.astimezone(UTC)
    if isinstance(value, date):
        return _at(draft, value, of_a_date)
    return None
