"""The words of a schedule: `every: 3 months`, `on: first workday of January`, `at: 09:00`."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from engine.core.schedule import Counted, DayOf, Period
from engine.loader.durations import PhraseRefused
from engine.loader.findings import nearest

WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LENGTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PLACES: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_MOST: Final = {Period.DAY: 366, Period.WEEK: 104, Period.MONTH: 60, Period.YEAR: 20}
_EVERY_HELP: Final = "write `day`, `workday`, `week`, `month`, `year`, or for example `3 months`"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """How often: `3 months`."""

    period: Period
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """Which day of the period: of a week a weekday, of a month a place, of a year a month too."""

    weekday: int | None = None
    month: int | None = None
    day: DayOf | None = None


def every(text: str) -> Rhythm:
    """`year`, `workday`, `3 months`; a quarter is three months."""
    words = re.fullmatch(r"\s*(?:(\d{1,4})\s+)?([A-Za-z]+)\s*", text)
    if words is None:
        raise PhraseRefused(f"`{text}` does not say how often", 0, len(text), _EVERY_HELP)
    count = int(words[1] or 1)
    word = words[2].removesuffix("s")
    if word == "quarter":
        count, word = 3 * count, "month"
    if word not in list(Period):
        meant = nearest(words[2], list(Period))
        raise PhraseRefused(
            f"`{words[2]}` is nothing that comes round",
            words.start(2),
            len(words[2]),
            f"write `{meant}`" if meant else _EVERY_HELP,
        )
    period = Period(word)
    most = _MOST.get(period, 1)
    if not 1 <= count <= most:
        wanted = "write `workday`" if most == 1 else f"write a number from 1 to {most}"
        raise PhraseRefused(
            f"`{text.strip()}` cannot be counted", words.start(1), len(words[1]), wanted
        )
    return Rhythm(period=period, count=count)


def on(text: str, period: Period) -> Position:
    """The day of a week, a month or a year, in words."""
    stripped = text.strip()
    match period:
        case Period.WEEK:
            return Position(weekday=_weekday(stripped, text))
        case Period.MONTH:
            return Position(day=_day(stripped, text, 31))
        case Period.YEAR:
            return _of_year(stripped, text)
        case _:
            raise PhraseRefused(
                f"`every: {period}` is every {period}, so there is no `on` to choose",
                0,
                len(text),
                "leave it out",
            )


def clock(text: str) -> time:
    """`09:00`, on the organisation's clock."""
    found = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*", text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise PhraseRefused(
            f"`{text}` is no time of the day", 0, len(text), "write it as `09:00` or `17:30`"
        )
    return time(int(found[1]), int(found[2]))


def _of_year(stripped: str, text: str) -> Position:
    """`11 January`, `January 11`, `last workday of March`."""
    words = re.fullmatch(r"(.+?)\s+(?:of\s+)?([A-Za-z]+)", stripped)
    turned = re.fullmatch(r"([A-Za-z]+)\s+(\d{1,2})", stripped)
    day, name = ("", "")
    if turned is not None and _named(turned[1], MONTHS) is not None:
        day, name = turned[2], turned[1]
    elif words is not None:
        day, name = words[1], words[2]
    month = _named(name, MONTHS)
    if month is None:
        meant = nearest(name.capitalize(), MONTHS) if name else None
        raise PhraseRefused(
            f"`{stripped}` is no day of a year",
            0,
            len(text),
            f"write `{day} {meant}`"
            if meant
            else "write for example `11 January` or `first workday of January`",
        )
    return Position(month=month + 1, day=_day(day, text, _LENGTHS[month]))


def _day(stripped: str, text: str, most: int) -> DayOf:
    """`15`, `last day`, `first workday`, `workday 5`, `second Tuesday`."""
    if re.fullmatch(r"\d{1,2}", stripped):
        if not 1 <= int(stripped) <= most:
            raise PhraseRefused(
                f"no month has a day {stripped} there", 0, len(text), f"write 1 to {most}"
            )
        return DayOf(counted=Counted.DAY, number=int(stripped))
    numbered = re.fullmatch(r"workday\s+(\d{1,2})", stripped, re.IGNORECASE)
    if numbered and 1 <= int(numbered[1]) <= 23:
        return DayOf(counted=Counted.WORKDAY, number=int(numbered[1]))
    words = stripped.split()
    place = _PLACES.get(words[0].casefold()) if len(words) == 2 else None
    if place is not None:
        weekday = _named(words[1], WEEKDAYS)
        if weekday is not None:
            return DayOf(counted=Counted.WEEKDAY, number=place, weekday=weekday)
        if words[1].casefold() in ("day", "workday"):
            return DayOf(counted=Counted(words[1].casefold()), number=place)
    raise PhraseRefused(
        f"`{stripped}` is no day of a month",
        0,
        len(text),
        "write for example `15`, `last day`, `first workday`, `workday 5` or `second Tuesday`",
    )


def _weekday(stripped: str, text: str) -> int:
    found = _named(stripped, WEEKDAYS)
    if found is None:
        meant = nearest(stripped.capitalize(), WEEKDAYS)
        raise PhraseRefused(
            f"`{stripped}` is no day of a week",
            0,
            len(text),
            f"write `{meant}`" if meant else "write `Monday` to `Sunday`",
        )
    return found


def _named(word: str, names: tuple[str, ...]) -> int | None:
    """Where a name stands in its list, whatever its capitals."""
    lowered = [name.casefold() for name in names]
    return lowered.index(word.casefold()) if word.casefold() in lowered else None
