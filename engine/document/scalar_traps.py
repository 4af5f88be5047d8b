"""What goes wrong in and around a single value: quotes, tags, placeholders, signs, comments."""

import re
from typing import Final

from engine.document.brackets import end_of_text
from engine.document.diagnostics import Mark
from engine.document.growth import Growth
from engine.document.properties import report_tag
from engine.document.silence import after_plain_text
from engine.document.spans import one_line
from engine.document.stops import Explained, Stop, field_mend, field_of, value_mend
from engine.document.wording import first_line, in_quotes

_OF_YAML: Final = "@`%|>&*!?,]}-"
_ESCAPE: Final = re.compile(r"\\(?:[xuU][0-9a-fA-F]*|.)")


def cut_text(stop: Stop) -> Explained | None:
    """`{if: x == "a # b"}`: the comment took the closing brace with it."""
    last = stop.last
    if last is None or last.style:
        return None
    found = after_plain_text(
        last.text, last.span, stop.growth.lines, stop.growth.file, flow=stop.flow
    )
    if found is None or found.code != "E118":
        return None
    return found, field_mend(stop, last.span.line)


def open_quote(stop: Stop) -> Explained | None:
    if "quoted scalar" in stop.words and "unknown escape" not in stop.words:
        if "end of stream" not in stop.words and "document" not in stop.words:
            return None
        line, column = stop.from_line, stop.from_column
    else:
        last = stop.last
        if last is None or last.style not in ("'", '"') or last.span.line == last.span.end_line:
            return None
        if (stop.line, stop.column) < (last.span.end_line, last.span.end_column) or (
            stop.line > last.span.end_line
        ):
            return None
        line, column = last.span.line, last.span.column
    quote = stop.growth.lines[line - 1][column - 1 : column]
    also: tuple[Mark, ...] = ()
    if stop.last is not None and stop.last.span.line == line and stop.last.style == quote:
        closing = one_line(stop.last.span.end_line, max(1, stop.last.span.end_column - 1), 1)
        also = (Mark(span=closing, label="the next quote only comes here"),)
    return (
        stop.found(
            "E109",
            one_line(line, column, 1),
            f"this {quote} is never closed"
            if not also
            else f"this {quote} is not closed on its line",
            label="opened here",
            also=also,
            advice=f"write a second {quote} where the text ends"
            + ("; an apostrophe inside it is written twice: ''" if quote == "'" else ""),
        ),
        field_mend(stop, line, guess=True),
    )


def unknown_escape(stop: Stop) -> Explained | None:
    if (
        "escape" not in stop.words
        and "hexdecimal" not in stop.words
        and "hexadecimal" not in stop.words
    ):
        return None
    if "quoted scalar" not in stop.words:
        return None
    at = stop.text.rfind("\\", 0, stop.column + 1) + 1 or stop.column
    match = _ESCAPE.match(stop.text, at - 1)
    written = match.group() if match else stop.text[at - 1 : at + 1]
    return (
        stop.found(
            "E119",
            one_line(stop.line, at, max(1, len(written))),
            f"`{written}` is no character that double quotes could hold",
            label="an unknown escape",
            advice="write the backslash twice, or use single quotes, in which it is just that",
        ),
        field_mend(stop, stop.from_line) if stop.from_line == stop.line else None,
    )


def placeholder(stop: Stop) -> Explained | None:
    parts = field_of(stop.text)
    if parts is None or not parts[1].startswith("{{"):
        return None
    before, value = parts
    return (
        stop.found(
            "E116",
            one_line(stop.line, len(before) + 1, len(value)),
            "a text that begins with `{{` wants quotes",
            label="YAML reads a mapping here",
            advice=f"write {in_quotes(value)}",
        ),
        value_mend(stop.line, before),
    )


def tag_or_alias(stop: Stop) -> Explained | None:
    parts = field_of(stop.text)
    column = len(parts[0]) + 1 if parts else stop.from_column
    value = parts[1] if parts else stop.text[column - 1 :].rstrip()
    if "tag" in stop.words or value.startswith("!"):
        inner = stop.text.find("!") + 1
        if not value.startswith("!") and inner:
            column, value = inner, re.split(r"[,\]}]", stop.text[inner - 1 :])[0].rstrip()
        scratch = Growth(file=stop.growth.file, lines=stop.growth.lines)
        report_tag(scratch, stop.line, column, value)
        return scratch.problems[0], value_mend(stop.line, parts[0]) if parts else None
    if "anchor" not in stop.words and "alias" not in stop.words:
        return None
    code, sign = (
        ("E121", "&") if stop.text[stop.from_column - 1 :].startswith("&") else ("E122", "*")
    )
    start = stop.from_column
    rest = stop.text[start - 1 :].rstrip()
    return (
        stop.found(
            code,
            one_line(stop.line, start, len(rest)),
            f"a value that begins with `{sign}` is {'an anchor' if sign == '&' else 'an alias'} "
            "in YAML; as text it wants quotes",
            label="not read as text",
            advice=f"write {in_quotes(rest)}",
        ),
        value_mend(stop.line, parts[0]) if parts else None,
    )


def after_quote(stop: Stop) -> Explained | None:
    """`if: "L6" == grade`, and `it's` in single quotes."""
    last = stop.last
    if last is None or last.style not in ("'", '"') or last.span.end_line != stop.line:
        return None
    between = stop.text[last.span.end_column - 1 : stop.column - 1]
    if between.strip() or stop.character in ",:]}" or stop.column < last.span.end_column:
        return None
    end = end_of_text(stop.text, last.span.column - 1, flow=stop.flow)
    whole = stop.text[last.span.column - 1 : end]
    if last.style == "'" and not between and stop.character.isalnum():
        inner = whole.strip("'").replace("''", "'")
        advice = f"write {in_quotes(inner)}; inside single quotes an apostrophe is written twice"
    else:
        advice = f"write {in_quotes(whole)}"
    return (
        stop.found(
            "E114",
            one_line(stop.line, stop.column, max(1, end - stop.column + 1)),
            "text follows a quoted value, and YAML ends the value at its closing quote",
            label="does not belong to it",
            also=(Mark(span=last.span, label="the value, for YAML"),)
            if last.span.line == last.span.end_line
            else (),
            advice=advice,
        ),
        field_mend(stop, stop.line),
    )


def sign_of_yaml(stop: Stop) -> Explained | None:
    """`@`, a back quote, `%`, `>=` and so on at the start of a value."""
    character = stop.growth.lines[stop.from_line - 1][stop.from_column - 1 : stop.from_column]
    block = "block scalar" in stop.words
    if block:
        line, column = stop.from_line, stop.from_column
    else:
        if "cannot start" not in stop.words and "not allowed" not in stop.words:
            return None
        line, column = stop.line, stop.column
        character = stop.character
    if not character or character not in _OF_YAML:
        return None
    text = stop.growth.lines[line - 1]
    if column == 1 and character == "%":
        return None
    parts = field_of(text)
    rest = text[column - 1 : end_of_text(text, column - 1, flow=stop.flow)]
    if parts is not None and len(parts[0]) + 1 == column:
        rest = parts[1]
    shown = first_line(rest)
    advice = f"write {in_quotes(rest)}"
    if character == "-":
        message = "a list item cannot begin on the line of its key"
        advice = "write the items on lines of their own; if this is text, quotes around it"
    elif character in "|>":
        message = f"`{shown}` announces a block of text on the lines below; as text it wants quotes"
    elif character == "?":
        message = f"`{shown}` announces a key; as text it wants quotes"
    else:
        message = f"`{shown}` begins with a sign that YAML keeps for itself; it wants quotes"
    return (
        stop.found(
            "E117",
            one_line(line, column, max(1, len(rest))),
            message,
            label="not read as text",
            advice=advice,
        ),
        value_mend(line, parts[0]) if parts else None,
    )
