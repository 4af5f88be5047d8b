"""The schedule of a start: how often, which day of it, what time, and counted from when."""

from collections.abc import Callable
from datetime import date, time
from typing import Final, TypeVar

from engine.core.schedule import Counted, DayOf, Period, Schedule
from engine.document import Mapping, Node, Scalar
from engine.loader.calendar_words import MONTHS, Rhythm, clock, every, on
from engine.loader.durations import PhraseRefused
from engine.loader.findings import as_text
from engine.loader.scopes import World

T = TypeVar("T")

_NINE: Final = time(9)


def read_schedule(world: World, body: Mapping, node: Node) -> tuple[Schedule | None, str | None]:
    """The schedule, and its words as one sentence."""
    rhythm = _phrase(world, node, "`every`", every)
    if rhythm is None:
        return None, None
    where = body.get("on")
    position = None
    if where is not None:
        position = _phrase(world, where, "`on`", lambda text: on(text, rhythm.period))
        if position is None:
            return None, None
    at, first = body.get("at"), body.get("from")
    hour = _NINE if at is None else _phrase(world, at, "`at`", clock)
    start = None if first is None else _phrase(world, first, "`from`", _date)
    if hour is None or (first is not None and start is None):
        return None, None
    if start is None and _needs_start(rhythm):
        world.findings.add(
            "E203",
            node,
            f"every {_text(node)} counted from when? The year does not divide into that",
            help="add the first day, as `from: 2027-01-11`",
        )
    if position is None and rhythm.period is Period.YEAR and start is None:
        world.findings.add("E203", node, "which day of the year?", help="add `on: 11 January`")
    schedule = Schedule(
        period=rhythm.period,
        every=rhythm.count,
        weekday=_weekday(rhythm.period, position.weekday if position else None, start),
        month=position.month if position else (start.month if start else 1),
        day=position.day if position else _day_of(start),
        at=hour,
        start=start,
    )
    return schedule, _words(body, schedule)


def _needs_start(rhythm: Rhythm) -> bool:
    match rhythm.period:
        case Period.MONTH:
            return 12 % rhythm.count != 0
        case Period.WORKDAY:
            return False
        case _:
            return rhythm.count > 1


def _weekday(period: Period, named: int | None, start: date | None) -> int | None:
    if period is not Period.WEEK:
        return None
    if named is not None:
        return named
    return 0 if start is None else start.weekday()


def _day_of(start: date | None) -> DayOf:
    return DayOf(counted=Counted.DAY, number=1 if start is None else start.day)


def _words(body: Mapping, schedule: Schedule) -> str:
    """`every year on 11 January at 09:00`: how people read it, and its id."""
    words = f"every {_text(body.get('every'))}"
    if (where := body.get("on")) is not None:
        words += f" on {_text(where)}"
    elif schedule.period is Period.YEAR and schedule.day is not None and schedule.month:
        words += f" on {schedule.day.number} {MONTHS[schedule.month - 1]}"
    words += f" at {schedule.at:%H:%M}"
    return words if schedule.start is None else f"{words} from {schedule.start.isoformat()}"


def _text(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, Scalar) else ""


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise PhraseRefused(
            f"`{text}` is no date", 0, len(text), "write it as `2027-01-11`"
        ) from None


def _phrase(world: World, node: Node, what: str, read: Callable[[str], T]) -> T | None:
    if not isinstance(node, Scalar) or node.value is None:
        as_text(world.findings, node, what, "every: year")
        return None
    try:
        return read(node.text)
    except PhraseRefused as refused:
        place = world.findings.document.place(node, refused.offset, refused.length)
        world.findings.add("E220", place, refused.message, help=refused.help)
        return None
