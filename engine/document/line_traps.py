"""What goes wrong with whole lines: indentation, and the colon between a key and its value."""

import re
from typing import Final

from engine.document.diagnostics import Diagnostic, Mark
from engine.document.spans import one_line
from engine.document.stops import Explained, Mend, Stop, field_mend, field_of, value_mend
from engine.document.wording import first_line, in_quotes

_GLUED: Final = re.compile(
    r"(?P<before>[ ]*(?:-[ ]+)*)(?P<name>[A-Za-z_][\w-]*):(?P<rest>[^\s/].*)"
)


def tab(stop: Stop) -> Explained | None:
    leading = stop.text[: len(stop.text) - len(stop.text.lstrip())]
    if "\t" not in leading or stop.column > len(leading) + 1:
        return None
    at = leading.index("\t") + 1
    others = sum(1 for text in stop.growth.lines if re.match(r" *\t", text)) - 1
    more = (
        f"; so do {others} more lines" if others > 1 else "; one more line does" if others else ""
    )
    return (
        stop.found(
            "E107",
            one_line(stop.line, at, len(leading) - at + 1),
            "this line is indented with a tab, and YAML counts spaces only",
            label="a tab" if leading.count("\t") == 1 else "tabs",
            advice=f"use two spaces for each level{more}",
        ),
        None,
    )


def colon_in_text(stop: Stop) -> Explained | None:
    """`title: Plan: do it`, `a:1`, and a line that is indented too far."""
    if "mapping values are not allowed" not in stop.words:
        return None
    glued = _glued_above(stop)
    if glued is not None:
        return glued
    parts = field_of(stop.text)
    if parts is not None and len(parts[0]) < stop.column and parts[0].strip(" -"):
        before, value = parts
        return (
            stop.found(
                "E112",
                one_line(stop.line, stop.column, 1),
                "a colon followed by a space inside unquoted text",
                label="YAML expects no second key on this line",
                advice=f"write {in_quotes(value)}",
            ),
            value_mend(stop.line, before),
        )
    return _indentation(stop), None


def _glued_above(stop: Stop) -> Explained | None:
    """`key:value` without a space made the next line a part of one text."""
    last = stop.last
    number = stop.from_line if "simple key" in stop.words else stop.line - 1
    if "simple key" not in stop.words and last is not None and not last.style:
        number = last.span.line if last.span.line < stop.line else number
    if not 1 <= number <= len(stop.growth.lines):
        return None
    return _glued(stop, number)


def _glued(stop: Stop, number: int) -> Explained | None:
    text = stop.growth.lines[number - 1]
    match = _GLUED.match(text)
    if match is None:
        return None
    name, rest = match["name"], match["rest"].rstrip()
    at = match.end("name")
    return (
        stop.found(
            "E113",
            one_line(number, at + 1, 1),
            f"a space is missing after `{name}:`",
            label="no space behind this colon",
            advice=f"write `{name}: {first_line(rest)}`",
        ),
        Mend(line=number, text=text[: at + 1] + " " + text[at + 1 :]),
    )


def missing_colon(stop: Stop) -> Explained | None:
    if "simple key" not in stop.words:
        return None
    glued = _glued(stop, stop.from_line)
    if glued is not None:
        return glued
    text = stop.growth.lines[stop.from_line - 1]
    shown = text[stop.from_column - 1 :].split(" #")[0].rstrip()
    return (
        stop.found(
            "E113",
            one_line(stop.from_line, stop.from_column, max(1, len(shown))),
            f"`{first_line(shown)}` is a key without a colon",
            label="`key: value` was expected",
            advice="write a colon and a space after the key; text that goes on from the line above"
            " is indented further than its key",
        ),
        Mend(line=stop.from_line, text=""),
    )


def directive(stop: Stop) -> Explained | None:
    if "directive" not in stop.words and not stop.text.startswith("%"):
        return None
    number = stop.from_line if "directive" in stop.words else stop.line
    text = stop.growth.lines[number - 1]
    if not text.startswith("%"):
        number, text = stop.line, stop.text
    return (
        stop.found(
            "E129",
            one_line(number, 1, max(1, len(text))),
            "a line that begins with `%` tells YAML how to read the file",
            advice="delete the line; definitions are YAML 1.2 without directives",
        ),
        None,
    )


def in_block(stop: Stop) -> Explained | None:
    """A line of a block that is neither the next key nor the next item."""
    if "<document start>" in stop.words and not stop.text[: stop.column - 1].strip():
        # Also the end of a first mapping whose lines are indented, and this one is not.
        return _indentation(stop), None
    if "while parsing a block" not in stop.words and "<document start>" not in stop.words:
        return None
    before = stop.text[: stop.column - 1]
    if not before.strip():
        if stop.character and stop.character in "]}":
            return _lonely(stop), None
        if stop.character == ":":
            return _colon_without_key(stop), None
        return _indentation(stop), None
    if stop.character and stop.character in "]}":
        return _lonely(stop), field_mend(stop, stop.line)
    parts = field_of(stop.text)
    value = parts[1] if parts else stop.text[stop.column - 1 :].rstrip()
    return (
        stop.found(
            "E114",
            one_line(stop.line, stop.column, max(1, len(stop.text.rstrip()) - stop.column + 1)),
            "text follows a value that has already ended",
            label="does not belong to it",
            advice=f"if all of it is text, write {in_quotes(value)}",
        ),
        field_mend(stop, stop.line),
    )


def _lonely(stop: Stop) -> Diagnostic:
    opening = "{" if stop.character == "}" else "["
    return stop.found(
        "E111",
        one_line(stop.line, stop.column, 1),
        f"this `{stop.character}` closes nothing",
        label="no partner",
        advice=f"delete it, or write the `{opening}` that it belongs to",
    )


def _colon_without_key(stop: Stop) -> Diagnostic:
    return stop.found(
        "E126",
        one_line(stop.line, stop.column, 1),
        "a key is missing before this colon",
        advice="write the key, or put the whole text between quotes",
    )


def _indentation(stop: Stop) -> Diagnostic:
    """The line begins in a column in which nothing above begins."""
    indent = len(stop.text) - len(stop.text.lstrip(" "))
    content = stop.text.strip()
    above = next(
        (
            number
            for number in range(stop.line - 1, 0, -1)
            if stop.growth.lines[number - 1].strip()
            and not stop.growth.lines[number - 1].lstrip().startswith("#")
        ),
        None,
    )
    also: tuple[Mark, ...] = ()
    advice = "begin the line in the same column as the lines it belongs to"
    if above is not None:
        other = stop.growth.lines[above - 1]
        width = len(other) - len(other.lstrip(" "))
        also = (
            Mark(
                span=one_line(above, width + 1, max(1, len(other.strip()))),
                label=f"begins in column {width + 1}",
            ),
        )
        if indent > width:
            advice = f"begin it in column {width + 1}, or end the line above with a colon"
        elif indent == width:
            return _side_by_side(stop, indent, content, above)
    return stop.found(
        "E108",
        one_line(stop.line, indent + 1, max(1, len(content))),
        "the indentation of this line fits no line above it",
        label=f"begins in column {indent + 1}",
        also=also,
        advice=advice,
    )


def _side_by_side(stop: Stop, indent: int, content: str, above: int) -> Diagnostic:
    other = stop.growth.lines[above - 1].strip()
    item = content == "-" or content.startswith("- ")
    return stop.found(
        "E108",
        one_line(stop.line, indent + 1, max(1, len(content))),
        "list items and `key: value` lines cannot stand side by side",
        label="a list item" if item else "not a list item",
        also=(Mark(span=one_line(above, indent + 1, len(other)), label="the line above"),),
        advice="indent the line that belongs to the other one further",
    )
