"""Where YAML gave up, and a repaired line with which reading can go on."""

import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

from engine.document.diagnostics import Diagnostic, Mark
from engine.document.growth import Growth
from engine.document.nodes import Scalar
from engine.document.spans import Span

# `- key: value` up to the value; the key may be quoted.
_FIELD: Final = re.compile(
    r"(?P<before>[ ]*(?:-[ ]+)*"
    r"(?:(?:(?:\"[^\"]*\"|'[^']*')[ ]*|(?!-[ ])[^\s\"'#\[\]{}:][^#:]*):[ ]+|(?<=- )))"
    r"(?P<value>\S.*)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mend:
    """A line put right, so that reading can go on and find the next problem."""

    # Number of the line, from 1.
    line: int
    # The text that stands in for it.
    text: str
    # Whether the repair is a guess, and a failure after it says nothing new.
    guess: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """Where and why YAML stopped."""

    growth: Growth
    # Line and column, from 1, of the character it could not read.
    line: int
    column: int
    # The same for the thing it was reading, if it said so.
    from_line: int
    from_column: int
    # Its own words, "context; problem".
    words: str
    # The last scalar before.
    last: Scalar | None

    @property
    def text(self) -> str:
        """The line it stopped in."""
        return self.growth.lines[self.line - 1]

    @property
    def character(self) -> str:
        """The character it could not read; empty at the end of a line."""
        return self.text[self.column - 1 : self.column]

    @property
    def flow(self) -> bool:
        """Whether it was inside `{…}` or `[…]`."""
        return bool(self.growth.stack) and self.growth.stack[-1].flow

    def found(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        label: str = "",
        advice: str,
        also: tuple[Mark, ...] = (),
    ) -> Diagnostic:
        """An error of this file."""
        return Diagnostic(
            code=code,
            message=message,
            file=self.growth.file,
            span=span,
            label=label,
            also=also,
            help=advice,
        )


Explained = tuple[Diagnostic, Mend | None]


def stop_at(growth: Growth, failure: yaml.MarkedYAMLError) -> Stop:
    at = failure.problem_mark or failure.context_mark
    start = failure.context_mark or at
    line, column = _inside(at, growth.lines)
    from_line, from_column = _inside(start, growth.lines)
    return Stop(
        growth=growth,
        line=line,
        column=column,
        from_line=from_line,
        from_column=from_column,
        words=f"{failure.context or ''}; {failure.problem or ''}",
        last=growth.last,
    )


def _inside(mark: Any, lines: list[str]) -> tuple[int, int]:
    """Line and column from 1; for YAML a last line without an end ends on the line below."""
    if mark is None:
        return 1, 1
    if mark.line >= len(lines):
        return len(lines), len(lines[-1]) + 1
    return mark.line + 1, mark.column + 1


def field_of(text: str) -> tuple[str, str] | None:
    """What stands before a value on its line, and the value without a comment behind it."""
    match = _FIELD.match(text)
    if match is None:
        return None
    return match["before"], re.split(r"\s#(?:\s|$)", match["value"])[0].rstrip()


def value_mend(number: int, before: str) -> Mend:
    return Mend(line=number, text=before + "''")


def field_mend(stop: Stop, number: int, *, guess: bool = False) -> Mend | None:
    parts = field_of(stop.growth.lines[number - 1])
    return None if parts is None else Mend(line=number, text=parts[0] + "''", guess=guess)
