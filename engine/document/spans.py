"""Places in a source text, counted as people count them: from one, in characters."""

import re
from dataclasses import dataclass
from typing import Any, Final

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


def one_line(line: int, column: int, length: int) -> Span:
    """A span within one line."""
    return Span(line=line, column=column, end_line=line, end_column=column + length)


def span_between(start: Any, end: Any, lines: list[str]) -> Span:
    """The span between two of YAML's marks."""
    if end.line >= len(lines):
        # For YAML a last line without an end ends on the line below.
        last = (len(lines), len(lines[-1]) + 1)
        first = (start.line + 1, start.column + 1) if start.line < len(lines) else last
        return Span(line=first[0], column=first[1], end_line=last[0], end_column=last[1])
    return Span(
        line=start.line + 1,
        column=start.column + 1,
        end_line=end.line + 1,
        end_column=end.column + 1,
    )
