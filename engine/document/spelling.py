"""The word that was probably meant."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

_LIKENESS: Final = 0.7
_LONGEST: Final = 80


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The nearest of the `known` words, or None if none is near enough to be worth saying."""
    if not 0 < len(word) <= _LONGEST:
        return None
    wanted = _plain(word)
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    best: tuple[float, str] | None = None
    for candidate in sorted(set(known) - {word}):
        if len(candidate) > _LONGEST:
            continue
        matcher.set_seq1(_plain(candidate))
        if matcher.real_quick_ratio() < _LIKENESS or matcher.quick_ratio() < _LIKENESS:
            continue
        likeness = matcher.ratio()
        if likeness >= _LIKENESS and (best is None or likeness > best[0]):
            best = (likeness, candidate)
    return None if best is None else best[1]


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.casefold())
