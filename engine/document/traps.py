"""Turns the place where YAML gave up into what its author did, and how it should be written."""

from collections.abc import Callable
from typing import Final

import yaml

from engine.document.collection_traps import in_collection
from engine.document.diagnostics import Diagnostic
from engine.document.growth import Growth
from engine.document.line_traps import colon_in_text, directive, in_block, missing_colon, tab
from engine.document.scalar_traps import (
    after_quote,
    cut_text,
    open_quote,
    placeholder,
    sign_of_yaml,
    tag_or_alias,
    unknown_escape,
)
from engine.document.spans import one_line
from engine.document.stops import Explained, Stop, stop_at

# The order matters: what is certain comes before what is only likely.
_TRAPS: Final[tuple[Callable[[Stop], Explained | None], ...]] = (
    tab,
    cut_text,
    open_quote,
    unknown_escape,
    placeholder,
    tag_or_alias,
    after_quote,
    in_collection,
    colon_in_text,
    missing_colon,
    directive,
    sign_of_yaml,
    in_block,
)


def explain(growth: Growth, failure: yaml.MarkedYAMLError) -> Explained:
    """The problem behind a failure, and a repaired line if reading can go on behind it."""
    stop = stop_at(growth, failure)
    for trap in _TRAPS:
        explained = trap(stop)
        if explained is not None:
            return explained
    return _unknown(stop), None


def _unknown(stop: Stop) -> Diagnostic:
    at_end = stop.line == len(stop.growth.lines) and not stop.text.strip()
    return stop.found(
        "E106",
        one_line(stop.line, stop.column, 0 if at_end else 1),
        "YAML ends too early here" if at_end else "YAML cannot be read from here on",
        label=stop.words.split("; ")[-1],
        advice="check quotes, brackets, colons and indentation on this line and the one above",
    )
