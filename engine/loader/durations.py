"""Lengths of time as an author writes them: `10 workdays`, `P1M`."""

import re
from collections.abc import Iterator
from typing import Final

from engine.core.time import Span, Unit
from engine.loader.findings import nearest

_UNITS: Final = {
    **{unit.value: unit for unit in Unit},
    **{unit.value.removesuffix("s"): unit for unit in Unit},
}
# A century of each: beyond that a calendar has no answer, and no author means it.
_MOST: Final = {
    Unit.MINUTES: 525_600,
    Unit.HOURS: 876_600,
    Unit.DAYS: 36_525,
    Unit.WORKDAYS: 26_000,
    Unit.WEEKS: 5_218,
    Unit.MONTHS: 1_200,
    Unit.YEARS: 100,
}
_AMOUNT: Final = re.compile(r"(\d{1,9})\s*([A-Za-z]+)")
_WORD_AMOUNT: Final = re.compile(
    r"(a|an|one|two|three|four|five|six|ten)\s+([A-Za-z]+)", re.IGNORECASE
)
_ISO: Final = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?)?"
)
_NUMBERS: Final = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ten": 10,
}
_SPAN_HELP: Final = "write for example `10 workdays`, `2 weeks`, `4 hours` or `P1M`"


class PhraseRefused(Exception):  # noqa: N818 - the past tense says what happened
    """A phrase is not in the grammar; `offset` and `length` are characters of the text."""

    def __init__(
        self,
        message: str,
        offset: int,
        length: int,
        help: str | None = None,  # noqa: A002
        instead: str | None = None,
    ) -> None:
        self.message = message
        self.offset = offset
        self.length = max(1, length)
        self.help = help
        self.instead = instead  # what can only have been meant by these characters
        super().__init__(message)


def duration(text: str, offset: int = 0) -> Span:
    """`10 workdays`, or an ISO 8601 duration in one kind of unit; `P1M` stays one month."""
    stripped = text.strip()
    start = offset + text.find(stripped) if stripped else offset
    if stripped.startswith("P") and (found := _ISO.fullmatch(stripped)) and len(stripped) > 2:
        return _bounded(_iso(found, stripped, start), stripped, start)
    found = _AMOUNT.fullmatch(stripped)
    if found is None:
        words = _WORD_AMOUNT.fullmatch(stripped)
        amount = f"`{_NUMBERS[words[1].lower()]} {words[2]}`" if words else None
        raise PhraseRefused(
            f"`{stripped}` is no length of time",
            start,
            len(stripped),
            f"write {amount}" if amount else _SPAN_HELP,
            amount.strip("`") if amount and words and words[2] in _UNITS else None,
        )
    word = found[2]
    unit = _UNITS.get(word)
    if unit is None:
        meant = nearest(word, _UNITS) or {"bd": "workdays", "d": "days", "h": "hours"}.get(word)
        raise PhraseRefused(
            f"`{word}` is no unit of time",
            start + found.start(2),
            len(word),
            f"write `{found[1]} {meant}`" if meant else _SPAN_HELP,
            meant if meant and len({_UNITS[u] for u in _near(word)}) == 1 else None,
        )
    return _bounded(Span(amount=int(found[1]), unit=unit), stripped, start)


def _near(word: str) -> Iterator[str]:
    """The units that a misspelt one may stand for."""
    left = set(_UNITS)
    while (found := nearest(word, left)) is not None:
        yield found
        left.discard(found)


def _iso(found: re.Match[str], text: str, offset: int) -> Span:
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in found.groups())
    given = [any(part is not None for part in found.groups()[at : at + 2]) for at in (0, 2, 4)]
    if sum(given) != 1 or text.endswith("T"):
        raise PhraseRefused(
            f"`{text}` mixes units that no calendar can add up",
            offset,
            len(text),
            "use years and months, or weeks and days, or hours and minutes",
        )
    if given[0]:
        if found[2] is None:
            return Span(amount=years, unit=Unit.YEARS)
        return Span(amount=12 * years + months, unit=Unit.MONTHS)
    if given[1]:
        if found[4] is None:
            return Span(amount=weeks, unit=Unit.WEEKS)
        return Span(amount=7 * weeks + days, unit=Unit.DAYS)
    if found[6] is None:
        return Span(amount=hours, unit=Unit.HOURS)
    return Span(amount=60 * hours + minutes, unit=Unit.MINUTES)


def _bounded(span: Span, text: str, offset: int) -> Span:
    if span.amount > _MOST[span.unit]:
        raise PhraseRefused(
            f"`{text}` is longer than a process can last",
            offset,
            len(text),
            f"the most is `{_MOST[span.unit]} {span.unit}`",
        )
    return span


def looks_like_time(text: str) -> bool:
    if re.match(r"\d", text) or _ISO.fullmatch(text):
        return True
    words = _WORD_AMOUNT.fullmatch(text)
    return words is not None and words[2].lower() in _UNITS
