"""What goes wrong between a bracket or brace and its partner."""

from engine.document.brackets import Brackets, end_of_text, follow
from engine.document.diagnostics import Mark
from engine.document.nodes import Scalar
from engine.document.spans import one_line
from engine.document.stops import Explained, Stop, field_mend
from engine.document.wording import in_quotes


def in_collection(stop: Stop) -> Explained | None:
    """Everything that goes wrong between `{` or `[` and its partner."""
    if "flow" not in stop.words:
        return None
    opening = stop.growth.lines[stop.from_line - 1][stop.from_column - 1 : stop.from_column]
    place = (stop.from_line, stop.from_column)
    if opening not in ("[", "{"):
        place = next((each.place for each in reversed(stop.growth.stack) if each.flow), place)
    brackets = follow(stop.growth.lines, *place)
    last = stop.last
    on_line = last is not None and last.span.end_line == stop.line and not last.style
    if on_line and last is not None and stop.character and stop.character in "[{" and last.text:
        return _bracket_in_text(stop, last)
    if brackets.wrong is not None and brackets.wrong <= (stop.line, stop.column):
        return _wrong_partner(stop, brackets)
    if brackets.end is None:
        return _unclosed(stop, brackets)
    mend = field_mend(stop, stop.line) if stop.from_line == stop.line == brackets.end[0] else None
    if stop.character == ":":
        return (
            stop.found(
                "E112",
                one_line(stop.line, stop.column, 1),
                "a second colon in one `key: value`",
                label="unexpected colon",
                advice="put quotes around text with a colon, or a comma before the next key",
            ),
            mend,
        )
    return (
        stop.found(
            "E106",
            one_line(stop.line, stop.column, 1),
            "a comma or the closing bracket was expected here",
            label="not expected",
            also=(Mark(span=one_line(*brackets.start, 1), label="inside this"),),
            advice="put a comma between the entries, and quotes around text with signs in it",
        ),
        mend,
    )


def _bracket_in_text(stop: Stop, last: Scalar) -> Explained:
    end = end_of_text(stop.text, last.span.column - 1, flow=stop.flow)
    if last.span.line != stop.line:
        end = max(stop.column, end)
    whole = stop.text[last.span.column - 1 : end] if last.span.line == stop.line else ""
    if stop.text.startswith("{{", stop.column - 1):
        message = "text with a {{ placeholder }} wants quotes inside `{…}` and `[…]`"
    else:
        sign = stop.character
        message = f"text with a `{sign}` in it wants quotes inside `{{…}}` and `[…]`"
    return (
        stop.found(
            "E115",
            one_line(stop.line, stop.column, max(1, end - stop.column + 1)),
            message,
            label="read as the start of a new list or mapping",
            advice=f"write {in_quotes(whole)}" if whole else "put the whole text between quotes",
        ),
        field_mend(stop, stop.line) if stop.from_line == stop.line else None,
    )


def _wrong_partner(stop: Stop, brackets: Brackets) -> Explained:
    assert brackets.wrong is not None
    line, column = brackets.wrong
    closing = stop.growth.lines[line - 1][column - 1]
    return (
        stop.found(
            "E111",
            one_line(line, column, 1),
            f"`{brackets.sign}` cannot be closed by `{closing}`",
            label=f"`{brackets.partner}` was expected",
            also=(Mark(span=one_line(*brackets.inner, 1), label="opened here"),),
            advice=f"write `{brackets.partner}`, or check that every bracket has its partner",
        ),
        field_mend(stop, line) if brackets.start[0] == line else None,
    )


def _unclosed(stop: Stop, brackets: Brackets) -> Explained:
    line, column = brackets.inner
    also: tuple[Mark, ...] = ()
    if stop.line > line and stop.text.strip():
        also = (
            Mark(span=one_line(stop.line, stop.column, 1), label="so this is read as a part of it"),
        )
    return (
        stop.found(
            "E110",
            one_line(line, column, 1),
            f"this `{brackets.sign}` is never closed",
            label="opened here",
            also=also,
            advice=f"write `{brackets.partner}` where it ends",
        ),
        field_mend(stop, line, guess=True),
    )
