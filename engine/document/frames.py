"""Draws a problem into the line it stands in: what a person sees first of this whole engine."""

import textwrap
from dataclasses import dataclass
from typing import Final

from engine.document.cells import Cell, cells, safe, width_of
from engine.document.diagnostics import Diagnostic, Severity
from engine.document.spans import Span, split_lines

_NARROWEST: Final = 40
# How many times the width of the terminal is looked at on both sides of a span.
_NEIGHBOURHOOD: Final = 4
_RESET: Final = "\x1b[0m"
_BOLD: Final = "\x1b[1m"
_BLUE: Final = "\x1b[1;34m"
_COLORS: Final = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pen:
    """How to draw."""

    # Whether ANSI colours are wanted.
    color: bool
    # Whether the terminal can show more than ASCII.
    unicode: bool
    # Columns of the terminal.
    width: int
    # Columns of the largest line number.
    gutter: int

    def paint(self, style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if self.color and text else text

    def sign(self, drawn: str, plain: str) -> str:
        return drawn if self.unicode else plain

    @property
    def room(self) -> int:
        """Columns for the source itself."""
        return self.width - self.gutter - 3

    def line(self, number: int | None, text: str) -> str:
        head = "" if number is None else str(number)
        bar = self.sign("│", "|")
        return (self.paint(_BLUE, f"{head:>{self.gutter}} {bar}") + f" {text}").rstrip()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pointer:
    """One underlined place."""

    span: Span
    label: str
    main: bool


def frame(
    diagnostic: Diagnostic, source: str, *, color: bool, unicode: bool, width: int = 100
) -> str:
    """The problem as lines of text without a final line break.

    `source` is the text that was parsed; an empty one draws the sentence and the place alone.
    """
    lines = split_lines(source)
    pointers = [_Pointer(span=diagnostic.span, label=diagnostic.label, main=True)]
    pointers += [_Pointer(span=mark.span, label=mark.label, main=False) for mark in diagnostic.also]
    pointers = [pointer for pointer in pointers if source and pointer.span.line <= len(lines)]
    highest = max((pointer.span.line for pointer in pointers), default=1)
    pen = _Pen(color=color, unicode=unicode, width=max(width, _NARROWEST), gutter=len(str(highest)))
    drawn = [_title(diagnostic, pen), _place(diagnostic, pen)]
    drawn += _body(diagnostic, pointers, lines, pen)
    if diagnostic.help:
        drawn += _help(diagnostic.help, pen)
    if diagnostic.test:
        drawn += [safe(line, unicode=pen.unicode) for line in _indented(diagnostic.test, pen)]
    return "\n".join(drawn)


def _title(diagnostic: Diagnostic, pen: _Pen) -> str:
    head = f"{diagnostic.severity.value}[{diagnostic.code}]"
    message = safe(diagnostic.message, unicode=pen.unicode)
    return pen.paint(_COLORS[diagnostic.severity], head) + pen.paint(_BOLD, f": {message}")


def _place(diagnostic: Diagnostic, pen: _Pen) -> str:
    name = safe(diagnostic.file, unicode=pen.unicode)
    arrow = pen.paint(_BLUE, " " * (pen.gutter + 1) + pen.sign("╭─", "-->"))
    return f"{arrow} {name}:{diagnostic.span.line}:{diagnostic.span.column}"


def _body(
    diagnostic: Diagnostic, pointers: list[_Pointer], lines: list[str], pen: _Pen
) -> list[str]:
    numbers = sorted({pointer.span.line for pointer in pointers})
    drawn: list[str] = []
    before = 0
    for number in numbers:
        context = number - 1 if number == diagnostic.span.line else number
        context = context if context > 0 and lines[context - 1].strip() else number
        if before and context > before + 1:
            drawn.append(pen.paint(_BLUE, " " * (pen.gutter + 1) + pen.sign("┆", ":")))
        if before < context < number:
            drawn.append(pen.line(context, _cut_right(lines[context - 1], pen)))
        here = [pointer for pointer in pointers if pointer.span.line == number]
        drawn += _marked_line(diagnostic, number, lines[number - 1], here, pen)
        before = number
    return drawn


def _marked_line(
    diagnostic: Diagnostic, number: int, text: str, pointers: list[_Pointer], pen: _Pen
) -> list[str]:
    # The main pointer comes first, and the window on a long line is around it. Of a line of many
    # thousand characters only the neighbourhood is measured at all.
    first = pointers[0].span.column - 1
    low = max(0, first - _NEIGHBOURHOOD * pen.width)
    high = first + _NEIGHBOURHOOD * pen.width
    row = cells(text[low:high], unicode=pen.unicode)
    left, right = _window(row, *_columns(pointers[0].span, low, len(row)), pen)
    cut = low + left > 0
    more = pen.sign("…", "~")
    shown = "".join(cell.shown for cell in row[left:right])
    shown = (more if cut else "") + shown + (more if low + right < len(text) else "")
    drawn = [pen.line(number, shown)]
    for pointer in pointers:
        begin, end = _columns(pointer.span, low, len(row))
        if not left <= begin <= right or pointer.span.column - 1 < low:
            continue
        indent = width_of(row[left:begin]) + (1 if cut else 0)
        length = max(1, width_of(row[begin : min(end, right)]))
        drawn += _underline(diagnostic, pointer, indent, length, pen)
    return drawn


def _underline(
    diagnostic: Diagnostic, pointer: _Pointer, indent: int, length: int, pen: _Pen
) -> list[str]:
    style = _COLORS[diagnostic.severity] if pointer.main else _BLUE
    sign = "^" if pointer.main else pen.sign("─", "-")
    label = safe(pointer.label, unicode=pen.unicode)
    under = " " * indent + pen.paint(style, sign * length)
    if not label:
        return [pen.line(None, under)]
    if indent + length + 1 + width_of(cells(label, unicode=pen.unicode)) <= pen.room:
        return [pen.line(None, f"{under} {pen.paint(style, label)}")]
    start = max(0, min(indent, pen.room - max(len(label), 1), pen.room // 2))
    wrapped = textwrap.wrap(label, max(pen.room - start, 10)) or [label]
    return [
        pen.line(None, under),
        *(pen.line(None, " " * start + pen.paint(style, each)) for each in wrapped),
    ]


def _columns(span: Span, low: int, size: int) -> tuple[int, int]:
    """Begin and end of a span in a row of `size` cells that begins at index `low` of its line."""
    begin = max(0, min(span.column - 1 - low, size))
    end = size if span.end_line > span.line else min(span.end_column - 1 - low, size)
    return begin, max(begin, end)


def _window(row: list[Cell], begin: int, end: int, pen: _Pen) -> tuple[int, int]:
    """The stretch of a line that fits, with the beginning of the span in it."""
    if width_of(row) <= pen.room:
        return 0, len(row)
    room = pen.room - 2
    left, used = begin, 0
    wanted = width_of(row[begin:end])
    lead = (
        max(room // 4, room - wanted - room // 4) if width_of(row[:begin]) > room - wanted else room
    )
    while left > 0 and used + row[left - 1].width <= lead:
        left -= 1
        used += row[left].width
    right = left
    used = 0
    while right < len(row) and used + row[right].width <= room:
        used += row[right].width
        right += 1
    return left, right


def _cut_right(text: str, pen: _Pen) -> str:
    row = cells(text[: _NEIGHBOURHOOD * pen.width], unicode=pen.unicode)
    if width_of(row) <= pen.room:
        return "".join(cell.shown for cell in row)
    used, right = 0, 0
    while used + row[right].width <= pen.room - 1:
        used += row[right].width
        right += 1
    return "".join(cell.shown for cell in row[:right]) + pen.sign("…", "~")


def _indented(test: str, pen: _Pen) -> list[str]:
    """A test as it is pasted: never wrapped, since its layout means something."""
    return [" " * (pen.gutter + 3) + line for line in test.rstrip("\n").split("\n")]


def _help(advice: str, pen: _Pen) -> list[str]:
    head = " " * (pen.gutter + 1) + "= "
    text = safe(advice, unicode=pen.unicode)
    wrapped = textwrap.wrap(
        text,
        max(pen.width - len(head) - 6, 20),
        break_long_words=False,
        break_on_hyphens=False,
    )
    first, *rest = wrapped or [""]
    lines = [pen.paint(_BLUE, head) + pen.paint(_BOLD, "help") + f": {first}"]
    return lines + [" " * (len(head) + 6) + each for each in rest]
