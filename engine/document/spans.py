"""Places in a source text, counted as people count them: from one, in characters."""

import re
from dataclasses import dataclass
from typing import Final

LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of the source; empty if start and end are the same."""

    # First line, from 1.
    line: int
    # First column, from 1, in characters.
    column: int
    # Line on which the stretch ends.
    end_line: int
    # Column right after the last character.
    end_column: int


def split_lines(source: str) -> list[str]:
    """Lines without their ends: LF, CR LF and CR only, as YAML 1.2 counts them."""
    return LINE_BREAK.split(source)


def line_starts(source: str) -> list[int]:
    """Index of the first character of every line."""
    return [0, *(found.end() for found in LINE_BREAK.finditer(source))]
