"""Anchors, aliases, tags and directives: what YAML can do and a definition may not."""

from typing import Any

import yaml

from engine.document.growth import Growth
from engine.document.nodes import Scalar
from engine.document.spans import one_line, span_between
from engine.document.wording import first_line, in_quotes


def check_properties(event: Any, growth: Growth) -> None:
    """Anchors and tags before a value."""
    span = span_between(event.start_mark, event.end_mark, growth.lines)
    line = growth.lines[span.line - 1]
    if event.tag is not None:
        written = line[span.column - 1 :].split(" #")[0].rstrip()
        if span.end_line == span.line and isinstance(event, yaml.ScalarEvent):
            written = line[span.column - 1 : span.end_column - 1].rstrip()
        report_tag(growth, span.line, span.column, written)
    if event.anchor is not None:
        at = line.find("&" + event.anchor, span.column - 1) + 1 or span.column
        growth.report(
            "E121",
            one_line(span.line, at, 1 + len(event.anchor)),
            f"anchors are not used in definitions, and `&{first_line(event.anchor)}` is one",
            label="an anchor",
            help="write the value out where it is needed; if it is text, put it between quotes",
        )


def report_tag(growth: Growth, line: int, column: int, written: str) -> None:
    """`!approved` and the like, with the advice to quote it."""
    growth.report(
        "E124",
        one_line(line, column, len(written)),
        f"a value that begins with `!` is a YAML tag; `{first_line(written)}` wants quotes",
        label="read as a tag, not as text",
        help=f"write {in_quotes(written)}",
    )


def checked_alias(event: Any, growth: Growth) -> Scalar:
    span = span_between(event.start_mark, event.end_mark, growth.lines)
    growth.report(
        "E122",
        span,
        f"aliases are not used in definitions, and `*{first_line(event.anchor)}` is one",
        label="stands for a value written elsewhere",
        help="write the value out; if it is text, put it between quotes",
    )
    return Scalar(value="", text="", style="*", span=span)


def check_directives(event: Any, growth: Growth) -> None:
    if event.tags or event.version not in (None, (1, 2)):
        number = next(
            (at for at, line in enumerate(growth.lines, 1) if line.startswith("%")),
            event.start_mark.line + 1,
        )
        growth.report(
            "E129",
            one_line(number, 1, len(growth.lines[number - 1])),
            "this line tells YAML to read the file differently, and definitions are YAML 1.2",
            help="delete the line",
        )
