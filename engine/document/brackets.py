"""Follows a bracket through the lines to its partner, the way the author would count them."""

from dataclasses import dataclass
from typing import Final

_PARTNER: Final = {"[": "]", "{": "}"}
Place = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Brackets:
    """How a bracket ends; places are line and column, from 1."""

    # The bracket itself.
    start: Place
    # Where it is closed, if it is.
    end: Place | None
    # The innermost bracket that was open when the search ended.
    inner: Place
    # That bracket's sign.
    sign: str
    # A closing bracket of the wrong kind.
    wrong: Place | None = None

    @property
    def partner(self) -> str:
        """What closes the innermost open bracket."""
        return _PARTNER.get(self.sign, "]")


def follow(lines: list[str], line: int, column: int) -> Brackets:
    """Looks from the bracket at that place for its partner, past quotes and comments."""
    start = (line, column)
    indent = len(lines[line - 1]) - len(lines[line - 1].lstrip(" "))
    sign = lines[line - 1][column - 1 : column]
    stack: list[tuple[Place, str]] = []
    quote = ""
    for number in range(line, len(lines) + 1):
        text = lines[number - 1]
        if number > line and stack and not quote and _next_field(text, indent):
            break
        begin = column - 1 if number == line else 0
        at = begin
        while at < len(text):
            character = text[at]
            if quote:
                if character == "\\" and quote == '"':
                    at += 1
                elif character == quote:
                    quote = ""
            elif character in "\"'" and text[:at].rstrip()[-1:] in ("", "[", "{", ",", ":"):
                quote = character
            elif character == "#" and (at == 0 or text[at - 1] in " \t"):
                break
            elif character in _PARTNER:
                stack.append(((number, at + 1), character))
            elif character in "]}" and stack:
                place, opened = stack[-1]
                if _PARTNER[opened] != character:
                    return Brackets(
                        start=start, end=None, inner=place, sign=opened, wrong=(number, at + 1)
                    )
                stack.pop()
                if not stack:
                    return Brackets(start=start, end=(number, at + 1), inner=start, sign=sign)
            at += 1
    inner, sign = stack[-1] if stack else (start, sign)
    return Brackets(start=start, end=None, inner=inner, sign=sign)


def _next_field(text: str, indent: int) -> bool:
    """A line that begins no deeper than the bracket's own and looks like `key:`."""
    content = text.lstrip(" ")
    if len(text) - len(content) > indent or not content:
        return False
    name = content.split(":", 1)[0]
    return ":" in content and name.replace("-", "").replace("_", "").replace(" ", "").isalnum()


def end_of_text(text: str, begin: int, *, flow: bool) -> int:
    """Where a value ends that was meant as text; `flow` if brackets around it would end it too."""
    depth, quote = 0, ""
    for at in range(begin, len(text)):
        character = text[at]
        before = text[at - 1] if at else ""
        if quote:
            quote = "" if character == quote else quote
        elif character == '"' or (character == "'" and not before.isalnum()):
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if flow and depth < 0:
                return len(text[:at].rstrip())
        elif depth == 0 and (
            (flow and character == "," and text[at + 1 : at + 2] in ("", " "))
            or (character == "#" and before == " ")
        ):
            return len(text[:at].rstrip())
    return len(text.rstrip())
