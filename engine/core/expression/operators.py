"""The signs between values, how strongly they bind, and the words of other languages for them."""

from typing import Final

from engine.core.expression.reader import Reader
from engine.core.expression.tokens import TokenKind

RESERVED_NAMES: Final = frozenset(
    [
        "true",
        "false",
        "null",
        "in",
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "is",
        "True",
        "False",
        "None",
        "nil",
        "NULL",
        "has",
    ]
)


STRENGTH: Final = {
    "||": 2, "&&": 3,
    "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
RELATION: Final = 4
MAX_STRENGTH: Final = 6
_WORDS: Final = {"and": "&&", "or": "||", "AND": "&&", "OR": "||", "And": "&&", "Or": "||"}
CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
MISSPELT: Final = {
    "True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
    "None": "null", "NULL": "null", "Null": "null", "nil": "null",
}  # fmt: skip
NOT: Final = frozenset({"not", "NOT", "Not"})


def operator_at(reader: Reader) -> str | None:
    """The operator that stands here, also when it was written as a word; nothing is consumed."""
    token = reader.token
    if token.kind is TokenKind.SIGN:
        return token.text if token.text in STRENGTH else None
    if token.kind is not TokenKind.NAME:
        return None
    if token.text == "in":
        return "in"
    if token.text in _WORDS:
        return _WORDS[token.text]
    following = reader.tokens[reader.at + 1].text
    if token.text in NOT and following == "in":
        return "in"
    if token.text in ("is", "IS"):
        return "!=" if following in NOT else "=="
    return None
