"""Grows the tree from YAML's events, and collects what YAML allows but a definition does not.

The events are used and not `yaml.compose`: they still show anchors, aliases and tags as written,
and they can be left at the first level that is too deep.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from engine.document.diagnostics import Severity
from engine.document.growth import Growth, Open
from engine.document.keys import checked_key
from engine.document.nodes import Entry, Mapping, Node, Scalar, Sequence
from engine.document.properties import check_directives, check_properties, checked_alias
from engine.document.scalars import core_value
from engine.document.silence import after_plain_text
from engine.document.spans import Span, one_line, span_between
from engine.document.wording import first_line

DEEPEST: Final = 30
# NUL, which databases refuse, and half a character, which no encoding can write.
_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")


def grow(text: str, lines: list[str], file: str) -> Growth:
    """Reads the events of `text`; never raises for what stands in it."""
    growth = Growth(file=file, lines=lines)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        _follow(_events(loader), growth)
    except yaml.MarkedYAMLError as failure:
        growth.failure = failure
    except (ValueError, OverflowError):
        # Only in the loader written in Python: an escape such as "\UFFFFFFFF" is no character.
        growth.failure = yaml.MarkedYAMLError(
            context="while parsing a quoted scalar",
            context_mark=loader.get_mark(),
            problem="found an escape of no character",
            problem_mark=loader.get_mark(),
        )
    finally:
        loader.dispose()
    return growth


def _events(loader: Any) -> Iterator[Any]:
    while loader.check_event():
        yield loader.get_event()


def _follow(events: Any, growth: Growth) -> None:
    stack = growth.stack
    documents = 0
    for event in events:
        match event:
            case yaml.ScalarEvent():
                _place(_scalar(event, growth, key=_expects_key(stack)), stack, growth)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                check_properties(event, growth)
                stack.append(
                    Open(
                        start=event.start_mark,
                        flow=bool(event.flow_style),
                        mapping=isinstance(event, yaml.MappingStartEvent),
                    )
                )
                if len(stack) > DEEPEST:
                    _too_deep(event, growth)
                    return
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                _place(_close(stack.pop(), event, growth), stack, growth)
            case yaml.AliasEvent():
                _place(checked_alias(event, growth), stack, growth)
            case yaml.DocumentStartEvent():
                documents += 1
                check_directives(event, growth)
                if documents > 1:
                    growth.report(
                        "E125",
                        span_between(event.start_mark, event.end_mark, growth.lines),
                        "a second document begins here",
                        label="one file is one document",
                        help="move what follows `---` into a file of its own, or delete the line",
                    )
                    return
            case _:
                pass


def _place(node: Node, stack: list[Open], growth: Growth) -> None:
    if not stack:
        growth.root = node
        _suspect_missing_space(0, node, growth)
        return
    top = stack[-1]
    if not top.mapping:
        top.items.append(node)
    elif top.key is None:
        top.key = checked_key(node, top, growth)
    else:
        _suspect_missing_space(top.key.span.line, node, growth)
        top.entries.append(Entry(key=top.key, value=node))
        top.key = None


def _expects_key(stack: list[Open]) -> bool:
    return bool(stack) and stack[-1].mapping and stack[-1].key is None


def _close(top: Open, event: Any, growth: Growth) -> Node:
    span = span_between(top.start, event.end_mark, growth.lines)
    last = top.items[-1].span if top.items else top.entries[-1].span if top.entries else None
    if not top.flow and last is not None:
        # A block ends, for YAML, where the next thing begins; for people, with its last item.
        span = Span(
            line=span.line,
            column=span.column,
            end_line=last.end_line,
            end_column=last.end_column,
        )
    if top.mapping:
        return Mapping(entries=tuple(top.entries), span=span)
    return Sequence(items=tuple(top.items), span=span)


def _scalar(event: Any, growth: Growth, *, key: bool) -> Scalar:
    style: str = event.style or ""
    text: str = event.value
    span = span_between(event.start_mark, event.end_mark, growth.lines)
    if style in ("|", ">"):
        span = _without_blank_end(span, growth.lines)
    if event.anchor is not None or event.tag is not None:
        check_properties(event, growth)
    value: Any = text
    if not style and event.tag is None:
        try:
            value = core_value(text)
        except OverflowError:
            growth.report(
                "E128",
                span,
                "this number is too large to be kept exactly",
                help="put it between quotes if it is a name and not an amount",
            )
        if not key:
            flow = bool(growth.stack) and growth.stack[-1].flow
            growth.add(after_plain_text(text, span, growth.lines, growth.file, flow=flow))
    elif style == '"' and _UNKEEPABLE.search(text):
        growth.report(
            "E104",
            span,
            "this text holds a character that cannot be stored or mailed",
            help="leave the escape out",
        )
    growth.last = Scalar(value=value, text=text, style=style, span=span)
    return growth.last


def _too_deep(event: Any, growth: Growth) -> None:
    growth.report(
        "E127",
        one_line(event.start_mark.line + 1, event.start_mark.column + 1, 1),
        f"this is nested deeper than {DEEPEST} levels",
        label=f"level {DEEPEST + 1}",
        help="give an inner part a name of its own, or start a process of its own for it",
    )


def _suspect_missing_space(key_line: int, value: Node, growth: Growth) -> None:
    """`to:subject` on a line of its own under a key is text for YAML, and hardly ever meant so."""
    if not isinstance(value, Scalar) or value.style or value.span.end_line == key_line:
        return
    number = value.span.end_line
    line = growth.lines[number - 1][: value.span.end_column - 1].lstrip()
    name, colon, rest = line.partition(":")
    if not colon or not rest or rest.startswith("/") or not name.isidentifier():
        return
    growth.report(
        "E131",
        one_line(number, value.span.end_column - len(line), len(line)),
        f"`{first_line(line)}` is read as text, because no space follows the colon",
        severity=Severity.WARNING,
        label="text, not a key and its value",
        help=f"write `{name}: {first_line(rest)}`, or quotes around it if text is meant",
    )


def _without_blank_end(span: Span, lines: list[str]) -> Span:
    """The span of a block ends with its last visible line."""
    end = min(span.end_line, len(lines))
    if span.end_column == 1 and end > span.line:
        end -= 1
    while end > span.line and not lines[end - 1].strip():
        end -= 1
    return Span(
        line=span.line, column=span.column, end_line=end, end_column=len(lines[end - 1]) + 1
    )
