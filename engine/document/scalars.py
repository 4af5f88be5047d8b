"""What an unquoted word means: the core schema of YAML 1.2, in which `on` and `NO` are words."""

import re
from typing import Final

_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_BASED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
# Sign and digits of the largest numbers that a database column and JSON readers keep exactly.
_MOST_BITS: Final = 63
_MOST_DIGITS: Final = 400


def core_value(text: str) -> str | int | float | bool | None:
    """The value of plain text; OverflowError for a number that could not be kept exactly."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-+.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text, 10)
    if _BASED.fullmatch(text):
        return _integer(text[2:], 8 if text[1] == "o" else 16)
    if _FLOAT.fullmatch(text):
        return _float(text)
    return text


def _integer(digits: str, base: int) -> int:
    if len(digits) > _MOST_DIGITS:
        raise OverflowError(digits)
    number = int(digits, base)
    if number.bit_length() > _MOST_BITS:
        raise OverflowError(digits)
    return number


def _float(text: str) -> float:
    if text.lower().endswith(("inf", "nan")):
        return float(text.replace(".", ""))
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise OverflowError(text)
    return number
