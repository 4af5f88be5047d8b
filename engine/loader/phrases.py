"""The closed grammar of phrases: each has one meaning, and a sentence for what it cannot be."""

import re
from dataclasses import dataclass
from typing import Final

from engine.core.time import Span
from engine.loader.durations import PhraseRefused, duration, looks_like_time

_RELATIVE: Final = re.compile(
    r"(?P<span>.+?)\s+(?P<way>before|after)\s+(?P<anchor>\S.*)", re.DOTALL
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A deadline before its anchor is compiled."""

    span: Span | None  # how far from the anchor; None: at it
    before: bool  # the span ends at the anchor
    anchor: str | None  # an expression; None: the moment of entry
    anchor_offset: int  # where the expression begins in the phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """A reminder relative to the due date."""

    span: Span | None  # how far from the due date; None: at it
    before: bool
    repeats: bool  # again after each such span


@dataclass(frozen=True, kw_only=True, slots=True)
class Sufficient:
    """How many are enough: `3 or 80%`."""

    count: int | None
    share: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Loop:
    """One item of a list at a time: `peer in data.peers`."""

    item: str
    items: str  # an expression
    offset: int  # where it begins


def looping(text: str) -> Span:
    """A duration after which something comes again: it cannot be nothing."""
    span = duration(text)
    if span.amount == 0:
        raise PhraseRefused(
            "something that repeats needs time between", 0, len(text), "write `1 workdays` or more"
        )
    return span


def due(text: str) -> Moment:
    """`5 workdays` from the opening, `3 workdays before data.start_date`, or a date alone."""
    found = _RELATIVE.fullmatch(text.strip())
    lead = len(text) - len(text.lstrip())
    if found is not None and looks_like_time(found["span"]):
        return Moment(
            span=duration(found["span"], lead + found.start("span")),
            before=found["way"] == "before",
            anchor=found["anchor"],
            anchor_offset=lead + found.start("anchor"),
        )
    if looks_like_time(text.strip()):
        return Moment(span=duration(text), before=False, anchor=None, anchor_offset=0)
    return _anchored(text, lead)


def _anchored(text: str, lead: int) -> Moment:
    stripped = text.strip()
    if stripped.startswith("at ") and not stripped.endswith(" "):
        skip = len(stripped) - len(stripped[3:].lstrip())
        return Moment(span=None, before=False, anchor=stripped[skip:], anchor_offset=lead + skip)
    if not re.match(r"[A-Za-z_(]", stripped):
        raise PhraseRefused(
            f"`{stripped}` is no deadline",
            lead,
            len(stripped),
            "write `5 workdays`, `3 workdays before data.start_date` or `data.start_date`",
        )
    return Moment(span=None, before=False, anchor=stripped, anchor_offset=lead)


def reminder(text: str) -> Reminder:
    """`3 workdays before due`, `at due`, `2 workdays after due`, `every 2 workdays after due`."""
    stripped = text.strip()
    if stripped == "at due":
        return Reminder(span=None, before=False, repeats=False)
    found = re.fullmatch(r"(every\s+)?(.+?)\s+(before|after)\s+(\S.*)", stripped, re.DOTALL)
    if found is None or (found[1] and found[3] == "before"):
        raise PhraseRefused(
            f"`{stripped}` is no reminder",
            text.find(stripped) if stripped else 0,
            len(stripped),
            "write `3 workdays before due`, `at due` or `every 2 workdays after due`",
        )
    at = text.find(stripped)
    if found[4] != "due":
        raise PhraseRefused(
            "a reminder counts from `due`", at + found.start(4), len(found[4]), "write `due`"
        )
    span = duration(found[2], at + found.start(2))
    if found[1] and span.amount == 0:
        raise PhraseRefused(
            "something that repeats needs time between",
            at + found.start(2),
            len(found[2]),
            "write `every 1 workdays after due`",
        )
    return Reminder(span=span, before=found[3] == "before", repeats=bool(found[1]))


def enough(text: str) -> Sufficient:
    """`3`, `80%`, or `3 or 80%`."""
    count: int | None = None
    share: float | None = None
    at = 0
    for part in re.split(r"(\s+or\s+)", text):
        word = part.strip()
        if found := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*%", word):
            percent = float(found[1])
            if share is not None or not 0 < percent <= 100:
                raise _no_enough(word, at)
            share = percent / 100
        elif re.fullmatch(r"\d{1,6}", word):
            if count is not None or int(word) == 0:
                raise _no_enough(word, at)
            count = int(word)
        elif word != "or" or not part[0].isspace():
            raise _no_enough(word, at)
        at += len(part)
    return Sufficient(count=count, share=share)


def _no_enough(word: str, offset: int) -> PhraseRefused:
    return PhraseRefused(
        f"`{word}` is no answer to how many are enough",
        offset,
        len(word),
        "write `3`, `80%` or `3 or 80%`",
    )


def key(text: str) -> tuple[tuple[str, int], ...]:
    """`one per cycle, subject`: the names, each with its offset."""
    found = re.fullmatch(r"\s*one\s+per\s+(\S.*)", text, re.DOTALL)
    names = (
        tuple(
            (name[0], found.start(1) + name.start()) for name in re.finditer(r"[^\s,]+", found[1])
        )
        if found
        else ()
    )
    separated = found is not None and re.fullmatch(r"[^\s,]+(\s*,\s*[^\s,]+)*\s*", found[1])
    if not separated:
        raise PhraseRefused(
            "a key says what there may be one of at a time",
            0,
            len(text),
            "write `one per subject` or `one per cycle, subject`",
        )
    return names


def retry(text: str) -> tuple[int, Span]:
    """`5 over 1 day`: so many tries within such a time."""
    found = re.fullmatch(r"\s*(\d{1,3})\s+(?:times\s+)?over\s+(\S.*)", text)
    if found is None or not 1 <= int(found[1]) <= 100:
        raise PhraseRefused(
            f"`{text}` does not say how often and how long",
            0,
            len(text),
            "write `5 over 1 day`: up to five tries within a day",
        )
    return int(found[1]), duration(found[2], found.start(2))


def loop(text: str) -> Loop:
    """`peer in data.peers`."""
    found = re.fullmatch(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s+in\s+(\S.*)", text, re.DOTALL)
    if found is None:
        raise PhraseRefused(
            f"`{text}` does not say one what of which list",
            0,
            len(text),
            "write `peer in data.peers`",
        )
    return Loop(item=found[1], items=found[2].rstrip(), offset=found.start(2))
