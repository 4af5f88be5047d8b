"""Finds a column of an expression again in the quotes, escapes and folds it was written with."""

import re
from bisect import bisect_right
from typing import Final

from engine.document.spans import LINE_BREAK, Span, line_starts

_FOLD: Final = r"(?P<fold>[ \t]*(?:\r\n|\n|\r)\s*)"
_PLAIN: Final = re.compile(_FOLD + r"|(?P<one>.)", re.DOTALL)
_SINGLE: Final = re.compile(_FOLD + r"|(?P<one>''|.)", re.DOTALL)
_DOUBLE: Final = re.compile(
    r"(?P<joined>\\(?:\r\n|\n|\r)[ \t]*)|" + _FOLD + r"|(?P<one>\\x..|\\u.{4}|\\U.{8}|\\.|.)",
    re.DOTALL,
)


def place_in_scalar(
    source: str, span: Span, style: str, text: str, *, offset: int, length: int
) -> Span:
    """Where `text[offset : offset + length]` of the scalar at `span` stands in `source`."""
    starts = line_starts(source)
    first = _index(starts, span.line, span.column)
    end = _index(starts, span.end_line, span.end_column)
    pieces = (
        _block(source[first:end], text) if style in ("|", ">") else _flow(source[first:end], style)
    )
    offset = max(0, min(offset, len(text)))
    last = max(offset, min(offset + length, len(text)))
    closing = len(style) if style in ("'", '"') else 0
    after = end - first - closing
    begin = pieces[offset][0] if offset < len(pieces) else after
    stop = pieces[last - 1][1] if offset < last <= len(pieces) else begin
    return _span(starts, first + begin, first + max(begin, stop))


def _index(starts: list[int], line: int, column: int) -> int:
    return starts[line - 1] + column - 1


def _span(starts: list[int], begin: int, stop: int) -> Span:
    line = bisect_right(starts, begin)
    end_line = bisect_right(starts, stop)
    return Span(
        line=line,
        column=begin - starts[line - 1] + 1,
        end_line=end_line,
        end_column=stop - starts[end_line - 1] + 1,
    )


def _flow(raw: str, style: str) -> list[tuple[int, int]]:
    """Begin and end in `raw` of every character of a plain or quoted scalar."""
    pattern = {"'": _SINGLE, '"': _DOUBLE}.get(style, _PLAIN)
    begin, stop = (1, len(raw) - 1) if style else (0, len(raw))
    pieces: list[tuple[int, int]] = []
    for found in pattern.finditer(raw, begin, stop):
        kind = found.lastgroup
        if kind == "one":
            pieces.append(found.span())
        elif kind == "fold":
            # One line break is read as a space, each further one as a line break.
            breaks = len(LINE_BREAK.findall(found.group()))
            pieces.extend([found.span()] * max(1, breaks - 1))
    return pieces


def _block(raw: str, text: str) -> list[tuple[int, int]]:
    """The same for a block: every visible character is the next equal one after the header line."""
    header = LINE_BREAK.search(raw)
    at = header.end() if header else len(raw)
    pieces: list[tuple[int, int]] = []
    for character in text:
        if character.isspace():
            nearest = min(at, len(raw))
            spaces = at < len(raw) and raw[at] in " \t" and raw[at] == character
            pieces.append((nearest, nearest + 1 if spaces else nearest))
            at += 1 if spaces else 0
            continue
        found = raw.find(character, at)
        if found < 0:  # not expected; the rest is then placed at the end
            found = len(raw) - 1
        pieces.append((found, found + 1))
        at = found + 1
    return pieces
