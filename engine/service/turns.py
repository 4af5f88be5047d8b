"""A staggered start: so many a day, so that nobody gets all their reports' tasks at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

from engine.core.facts import Calendar
from engine.service.outcomes import CohortLine

_OPENING = time(9)


def in_turns(
    lines: Sequence[CohortLine], a_day: int, calendar: Calendar, now: datetime
) -> list[CohortLine]:
    """Lines in their order, `a_day` of them on each working day of the calendar.

    The first ones at once if today is a working day, the others at nine in the morning of theirs.
    Raises ValueError unless `a_day` is at least one.
    """
    if a_day < 1:
        raise ValueError("a staggered start needs at least one case a day")
    today = now.astimezone(calendar.zone).date()
    first = calendar.add_workdays(today, 0)
    turns = []
    for place, line in enumerate(lines):
        day = calendar.add_workdays(first, place // a_day)
        opening = datetime.combine(day, _OPENING, calendar.zone).astimezone(UTC)
        turns.append(line if day == today else replace(line, not_before=opening))
    return turns
