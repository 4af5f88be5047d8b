"""Cuts the source of an expression into words, with columns counted in characters."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from engine.core.expression.problems import SYNTAX, Edit, Findings


class TokenKind(Enum):
    NAME = auto()
    NUMBER = auto()
    TEXT = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    # what it is
    kind: TokenKind
    # as written; for a corrected mistake, as it should have been
    text: str
    # first character
    start: int
    # after the last character
    end: int
    # of a NUMBER or TEXT: its meaning
    value: float | str | None = None


class Unreadable(Exception):  # noqa: N818
    """The source stops making sense here; the finding is already noted."""


_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n\f]+)
      | (?P<name>[^\W\d]\w*)
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
      | (?P<sign>=>|=<|=+|!==?|<>|<=|>=|&&?|\|\|?|[-+*/%<>=!?:.,()\[\]{}≥≤≠])
      | (?P<quote>["'\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb])
    """,
    re.VERBOSE,
)
# Curly quotes of several languages, as word processors make them.
_CLOSING: Final = re.compile('["\u201c\u201d\u2018\u2019\u00ab\u00bb]')
_MISTAKEN_SIGNS: Final = {
    "=": "==",
    "!==": "!=",
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "&": "&&",
    "|": "||",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
}
_ESCAPES: Final = {
    "n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "`": "`", "?": "?",
    "a": "\a", "b": "\b", "f": "\f", "v": "\v",
}  # fmt: skip
_LARGEST: Final = float(2**53)


def tokens(source: str, findings: Findings) -> list[Token]:
    """All words of the source, ending in END; raises Unreadable after noting why."""
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            findings.add(SYNTAX, f"`{source[at]}` means nothing in an expression.", (at, at + 1))
            raise Unreadable
        text, end = match.group(), match.end()
        match match.lastgroup:
            case "name" if text in ("r", "R") and source[end : end + 1] in ('"', "'"):
                found.append(_quoted(source, at, end, findings, raw=True))
                end = found[-1].end
            case "name":
                found.append(Token(kind=TokenKind.NAME, text=text, start=at, end=end))
            case "number":
                found.append(_number(text, at, findings))
            case "sign":
                found.append(_sign(text, at, findings))
            case "quote":
                found.append(_quoted(source, at, at, findings, raw=False))
                end = found[-1].end
            case _:
                pass
        at = end
    found.append(Token(kind=TokenKind.END, text="", start=at, end=at))
    return found


def _sign(text: str, at: int, findings: Findings) -> Token:
    end = at + len(text)
    meant = "==" if len(text) > 2 and text[0] == "=" else _MISTAKEN_SIGNS.get(text)
    if meant is not None:
        findings.add(
            SYNTAX,
            f"`{text}` is written `{meant}` here.",
            (at, end),
            edits=[Edit(start=at, end=end, text=meant)],
            sure=True,
        )
    return Token(kind=TokenKind.SIGN, text=meant or text, start=at, end=end)


def _number(text: str, at: int, findings: Findings) -> Token:
    value = float(text)
    if value > _LARGEST:
        findings.add(
            SYNTAX,
            "This number is too large to be calculated with exactly.",
            (at, at + len(text)),
            help="Numbers go up to 9007199254740992; an identifier is a text, in quotes.",
        )
        raise Unreadable
    return Token(kind=TokenKind.NUMBER, text=text, start=at, end=at + len(text), value=value)


def _quoted(source: str, start: int, quote_at: int, findings: Findings, *, raw: bool) -> Token:
    quote = source[quote_at]
    if quote not in "\"'":
        _curly(source, quote_at, findings)
    value: list[str] = []
    at = quote_at + 1
    while at < len(source):
        sign = source[at]
        if sign == quote:
            return Token(
                kind=TokenKind.TEXT,
                text=source[start : at + 1],
                start=start,
                end=at + 1,
                value="".join(value),
            )
        if sign == "\\" and not raw:
            meaning, at = _escaped(source, at, findings)
            value.append(meaning)
            continue
        value.append(sign)
        at += 1
    findings.add(
        SYNTAX,
        "This text has no closing quote.",
        (start, len(source)),
        edits=[Edit(start=len(source), end=len(source), text=quote)],
    )
    raise Unreadable


def _curly(source: str, at: int, findings: Findings) -> None:
    """Word processors turn quotes into curly ones: say so, with the text in straight quotes."""
    closing = _CLOSING.search(source, at + 1)
    end = closing.end() if closing else len(source)
    inner = source[at + 1 : closing.start() if closing else end].replace('"', "")
    findings.add(
        SYNTAX,
        "A text stands in straight quotes.",
        (at, end),
        edits=[Edit(start=at, end=end, text=f'"{inner}"')],
    )
    raise Unreadable


def _escaped(source: str, at: int, findings: Findings) -> tuple[str, int]:
    letter = source[at + 1 : at + 2]
    if letter in _ESCAPES and letter:
        return _ESCAPES[letter], at + 2
    digits = re.compile(r"u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})").match(source, at + 1)
    if digits is not None:
        code = int(digits.group(1) or digits.group(2), 16)
        if code < 0x110000 and not 0xD800 <= code < 0xE000:
            return chr(code), digits.end()
    findings.add(
        SYNTAX,
        f"`\\{letter}` means nothing in a text.",
        (at, at + 2),
        help='Write \\\\ for one backslash; a pattern is easier as r"…".',
    )
    raise Unreadable
