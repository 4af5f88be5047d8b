"""Texts with `{{ … }}` placeholders: every value in them is shown as a person would write it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.core.expression.computing import number_text
from engine.core.expression.expr import Expr
from engine.core.expression.kinds import Kind, Type
from engine.core.expression.problems import (
    PLACEHOLDER,
    ExpressionFailed,
    ExpressionRefused,
    Problem,
)
from engine.core.expression.values import Unfit, zone_of

Show = Callable[[Any, Type], str]

MAX_TEMPLATE: Final = 20_000
MAX_PLACEHOLDERS: Final = 200
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Template:
    """Safe to share between threads."""

    # as the author wrote it
    text: str
    # plain text and expressions in turn
    parts: tuple[str | Expr, ...]
    # everything the placeholders may read
    reads: frozenset[tuple[str, ...]]

    def render(self, values: Mapping[str, Any], show: Show | None = None) -> str:
        """The text for these values; raises ExpressionFailed when one is missing.

        `show` may write values in the reader's language; without it they are written in English.
        """
        return "".join(
            part if isinstance(part, str) else _shown(part, values, show) for part in self.parts
        )

    def shown(self, part: Expr, values: Mapping[str, Any]) -> str:
        """One placeholder's value in English; raises ExpressionFailed when it has none."""
        return _shown(part, values, None)


def compile_parts(text: str, compile_one: Callable[[str], Expr]) -> Template:
    """Raises ExpressionRefused with the problems of all placeholders, in columns of the text."""
    problems: list[Problem] = []
    parts: list[str | Expr] = []
    for start, end, is_code in _pieces(text, problems):
        if not is_code:
            parts.append(text[start:end])
            continue
        source = text[start:end].strip()
        offset = start + len(text[start:end]) - len(text[start:end].lstrip())
        if not source:
            problems.append(_problem("This placeholder is empty.", start - 2, end + 2))
            continue
        try:
            expr = compile_one(source)
        except ExpressionRefused as refused:
            problems.extend(_moved(p, offset) for p in refused.problems)
            continue
        if expr.type.kind in (Kind.RECORD, Kind.DURATION):
            problems.append(_unshowable(expr, offset))
        parts.append(expr)
    if problems:
        raise ExpressionRefused(text, tuple(sorted(problems, key=lambda p: p.column)))
    reads = frozenset(path for part in parts if isinstance(part, Expr) for path in part.reads)
    return Template(text=text, parts=tuple(parts), reads=reads)


def _problem(message: str, start: int, end: int, help: str | None = None) -> Problem:  # noqa: A002
    return Problem(
        code=PLACEHOLDER, message=message, column=start, length=max(1, end - start), help=help
    )


def _moved(problem: Problem, offset: int) -> Problem:
    """A problem of a placeholder's expression, in characters of the whole text."""
    fix = tuple(
        replace(edit, start=edit.start + offset, end=edit.end + offset) for edit in problem.fix
    )
    return replace(problem, column=problem.column + offset, fix=fix)


def _unshowable(expr: Expr, offset: int) -> Problem:
    if expr.type.kind is Kind.DURATION:
        message, help_ = "A duration has no one spelling.", f"Write: days({expr.source})"
    else:
        message, help_ = "A whole record cannot be shown.", f"Name a field: {expr.source}.…"
    return _problem(message, offset, offset + len(expr.source), help_)


def _pieces(text: str, problems: list[Problem]) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether it is an expression, for plain texts and placeholders in turn."""
    if len(text) > MAX_TEMPLATE or text.count("{{") > MAX_PLACEHOLDERS:
        problems.append(
            _problem(
                f"A text has at most {MAX_TEMPLATE} characters"
                f" and {MAX_PLACEHOLDERS} placeholders.",
                0,
                len(text),
            )
        )
        return
    at = 0
    while (opening := text.find("{{", at)) >= 0:
        if opening > at:
            yield at, opening, False
        end = _closing(text, opening + 2)
        if end is None:
            problems.append(
                _problem(
                    "This placeholder is not closed.",
                    opening,
                    opening + 2,
                    "It ends with two braces: {{ subject.name }}",
                )
            )
            return
        yield opening + 2, end, True
        at = end + 2
    stray = text.find("}}", at)
    if stray >= 0:
        problems.append(
            _problem("`}}` closes a placeholder that was never opened.", stray, stray + 2)
        )
    if at < len(text):
        yield at, len(text), False


def _closing(text: str, at: int) -> int | None:
    """Where the placeholder ends: braces inside quotes and records do not end it."""
    depth = 0
    quote: str | None = None
    while at < len(text):
        sign = text[at]
        if quote is not None:
            if sign == "\\":
                at += 1
            elif sign == quote:
                quote = None
        elif sign in "\"'":
            quote = sign
        elif sign == "{":
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
        elif text.startswith("}}", at):
            return at
        at += 1
    return None


def _shown(expr: Expr, values: Mapping[str, Any], show: Show | None) -> str:
    value = expr.eval(values)
    try:
        if show is not None:
            return show(value, expr.type)
        return written(value, zone_of(values))
    except Unfit as unfit:
        raise ExpressionFailed(expr.source, f"it {unfit}") from unfit


def written(value: Any, zone: dt.tzinfo) -> str:
    """A value in plain English; raises Unfit for what has no spelling, such as a record."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case int() | float():
            try:
                return number_text(float(value))
            except (ValueError, OverflowError):
                raise Unfit("is a number beyond all bounds") from None
        case dt.datetime():
            local = value.astimezone(zone)
            return f"{_day(local)}, {local:%H:%M}"
        case dt.date():
            return _day(value)
        case list() | tuple():
            return ", ".join(written(one, zone) for one in value)
        case Mapping():
            name = value.get("name") or value.get("id")
            if isinstance(name, str):
                return name
            raise Unfit("is a record, which cannot be shown whole")
        case _:
            raise Unfit("cannot be shown in a text")


def _day(value: dt.date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
