"""One difference between two versions, and the words in which differences are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.core.expression import Template


class Sign(StrEnum):
    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    sign: Sign
    what: str  # process, state, people, field, form
    name: str  # the author's own
    says: str  # a clause: `due 5 → 3 workdays`; empty where sign and name say it
    text: bool = False  # only people read it: a version with nothing else is a patch
    state: str | None = None  # the id of a state that is gone: cases may stand in it


def arrow(was: str | None, now: str | None) -> str:
    """`5 → 3 workdays`: what both end with is said once."""
    if was is None or now is None:
        return f"{was or 'none'} → {now or 'none'}"
    before, after = was.split(), now.split()
    spans = len(before) == len(after) == 2 and before[0].isdecimal() and after[0].isdecimal()
    if spans and before[1] == after[1]:
        return f"{before[0]} → {now}"
    return f"{was} → {now}"


def listed(words: Iterable[Any]) -> str:
    return ", ".join(str(word) for word in words)


def quoted_text(text: Any) -> str | None:
    """A text of the author's, cut where it is long."""
    if text is None or isinstance(text, int):
        return None if text is None else str(text)
    flat = " ".join((text.text if isinstance(text, Template) else str(text)).split())
    return f"“{flat if len(flat) <= 60 else f'{flat[:59]}…'}”"
