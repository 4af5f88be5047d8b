"""Grows the tree from YAML's events, and collects what YAML allows but a definition does not.

The events are used and not `yaml.compose`: they still show anchors, aliases and tags as written,
and they can be left at the first level that is too deep.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from engine.document.diagnostics import Diagnostic, Mark, Severity
from engine.document.nodes import Entry, Mapping, Node, Scalar, Sequence
from engine.document.scalars import core_value
from engine.document.silence import after_plain_text
from engine.document.spans import Span
from engine.document.wording import first_line, in_quotes

DEEPEST: Final = 30
MOST_PROBLEMS: Final = 100
# NUL, which databases refuse, and half a character, which no encoding can write.
_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(kw_only=True, slots=True)
class _Open:
    """A list or mapping whose end has not been seen."""

    start: Any
    flow: bool
    mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    key: Scalar | None = None
    seen: dict[str, Scalar] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of its beginning, from 1."""
        return self.start.line + 1, self.start.column + 1


@dataclass(kw_only=True, slots=True)
class Growth:
    """What came of one pass over the text."""

    # The file's name as it is shown.
    file: str
    # The lines of the text.
    lines: list[str]
    # The tree, once complete.
    root: Node | None = None
    # What was found on the way.
    problems: list[Diagnostic] = field(default_factory=list)
    # Why YAML gave up, if it did.
    failure: yaml.MarkedYAMLError | None = None
    # The last scalar before that.
    last: Scalar | None = None
    # The lists and mappings that were open then, the innermost last.
    stack: list[_Open] = field(default_factory=list)

    def report(self, code: str, span: Span, message: str, **more: Any) -> None:
        """Adds an error; `more` are further fields of Diagnostic."""
        self.add(Diagnostic(code=code, message=message, file=self.file, span=span, **more))

    def add(self, problem: Diagnostic | None) -> None:
        """Adds a problem, as long as anybody would read it."""
        if problem is not None and len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


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
                _properties(event, growth)
                stack.append(
                    _Open(
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
                _place(_alias(event, growth), stack, growth)
            case yaml.DocumentStartEvent():
                documents += 1
                _directives(event, growth)
                if documents > 1:
                    growth.report(
                        "E125",
                        _span(event.start_mark, event.end_mark, growth.lines),
                        "a second document begins here",
                        label="one file is one document",
                        help="move what follows `---` into a file of its own, or delete the line",
                    )
                    return
            case _:
                pass


def _place(node: Node, stack: list[_Open], growth: Growth) -> None:
    if not stack:
        growth.root = node
        _suspect_missing_space(0, node, growth)
        return
    top = stack[-1]
    if not top.mapping:
        top.items.append(node)
    elif top.key is None:
        top.key = _key(node, top, growth)
    else:
        _suspect_missing_space(top.key.span.line, node, growth)
        top.entries.append(Entry(key=top.key, value=node))
        top.key = None


def _expects_key(stack: list[_Open]) -> bool:
    return bool(stack) and stack[-1].mapping and stack[-1].key is None


def _close(top: _Open, event: Any, growth: Growth) -> Node:
    span = _span(top.start, event.end_mark, growth.lines)
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
    span = _span(event.start_mark, event.end_mark, growth.lines)
    if style in ("|", ">"):
        span = _without_blank_end(span, growth.lines)
    if event.anchor is not None or event.tag is not None:
        _properties(event, growth)
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


def _key(node: Node, mapping: _Open, growth: Growth) -> Scalar:
    """The node as a key; refused and yet kept under its text if it is not one, to go on reading."""
    if not isinstance(node, Scalar):
        _collection_as_key(node, mapping, growth)
        return Scalar(value="", text="", style="?", span=node.span)
    if node.text == "<<" and not node.quoted:
        growth.report(
            "E123",
            node.span,
            "merge keys are not used in definitions",
            label="copies another mapping into this one",
            help="write the keys out, so that a reader sees them where they count",
        )
    elif not isinstance(node.value, str):
        written = node.text or "''"
        kind = "an empty key" if node.text == "" else f"the key `{written}`"
        growth.report(
            "E126",
            node.span,
            f"{kind} is read as {_kind(node.value)}, and keys are text",
            label="not text",
            help=f'quote it: `"{written}":`' if node.text else "write a key before the colon",
        )
    first = mapping.seen.setdefault(node.text, node)
    if first is not node:
        growth.report(
            "E120",
            node.span,
            f"the key `{first_line(node.text)}` is written twice",
            label="written again here",
            also=(Mark(span=first.span, label="first written here"),),
            help="keep one of them; two equal keys would hide each other",
        )
    return node


def _collection_as_key(node: Node, mapping: _Open, growth: Growth) -> None:
    span = node.span
    line = growth.lines[mapping.start.line]
    if line.startswith("{{", mapping.start.column):
        rest = line[mapping.start.column :].split("  #")[0].rstrip()
        growth.report(
            "E116",
            Span(
                line=mapping.start.line + 1,
                column=mapping.start.column + 1,
                end_line=mapping.start.line + 1,
                end_column=mapping.start.column + 1 + len(rest),
            ),
            "a text that begins with `{{` wants quotes",
            label="YAML reads a mapping here",
            help=f"write {in_quotes(rest)}",
        )
        return
    growth.report(
        "E126",
        span,
        "a list or mapping cannot be a key; keys are text",
        help="if this is meant as text, put it between quotes",
    )


def _kind(value: Any) -> str:
    if value is None:
        return "“nothing”"
    if isinstance(value, bool):
        return "yes or no"
    return "a number"


def _properties(event: Any, growth: Growth) -> None:
    """Anchors and tags before a value."""
    span = _span(event.start_mark, event.end_mark, growth.lines)
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


def _alias(event: Any, growth: Growth) -> Scalar:
    span = _span(event.start_mark, event.end_mark, growth.lines)
    growth.report(
        "E122",
        span,
        f"aliases are not used in definitions, and `*{first_line(event.anchor)}` is one",
        label="stands for a value written elsewhere",
        help="write the value out; if it is text, put it between quotes",
    )
    return Scalar(value="", text="", style="*", span=span)


def _directives(event: Any, growth: Growth) -> None:
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


def one_line(line: int, column: int, length: int) -> Span:
    """A span within one line."""
    return Span(line=line, column=column, end_line=line, end_column=column + length)


def _span(start: Any, end: Any, lines: list[str]) -> Span:
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
