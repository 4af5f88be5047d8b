"""Characters as a terminal draws them: wide, combined, tabs; and none that could command it."""

from dataclasses import dataclass
from typing import Final
from unicodedata import category, east_asian_width

_TAB: Final = 4
_EMOJI_STYLE: Final = "\N{VARIATION SELECTOR-16}"
_JOINER: Final = "\N{ZERO WIDTH JOINER}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One character as it is drawn."""

    # What is printed; nothing dangerous for a terminal.
    shown: str
    # How many columns it takes: 0, 1, 2, or more for a tab.
    width: int


def cells(text: str, *, unicode: bool) -> list[Cell]:
    """One cell for each character of a line, so that an index of one is an index of the other."""
    drawn: list[Cell] = []
    column = 0
    for at, character in enumerate(text):
        if character == "\t":
            width = _TAB - column % _TAB
            cell = Cell(shown=" " * width, width=width)
        elif character.isascii():
            cell = Cell(shown=character if character.isprintable() else "?", width=1)
        elif not unicode:
            cell = Cell(shown="?", width=1)
        else:
            cell = _wide_or_not(text, at)
        column += cell.width
        drawn.append(cell)
    return drawn


def _wide_or_not(text: str, at: int) -> Cell:
    character = text[at]
    kind = category(character)
    if kind in ("Mn", "Me") or character == _JOINER:
        return Cell(shown=character, width=0)
    if kind.startswith("C") or kind in ("Zl", "Zp"):
        return Cell(shown="\N{REPLACEMENT CHARACTER}", width=1)
    if at and (text[at - 1] == _JOINER or "\U0001f3fb" <= character <= "\U0001f3ff"):
        return Cell(shown=character, width=0)
    wide = east_asian_width(character) in ("W", "F") or text[at + 1 : at + 2] == _EMOJI_STYLE
    return Cell(shown=character, width=2 if wide else 1)


def safe(text: str, *, unicode: bool) -> str:
    """Text for a terminal: one line, without control characters, in ASCII if it must be."""
    flat = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    if not unicode:
        flat = flat.replace("…", "...").replace("“", '"').replace("”", '"')
    return "".join(cell.shown for cell in cells(flat, unicode=unicode))


def width_of(drawn: list[Cell]) -> int:
    """Columns of a stretch of cells."""
    return sum(cell.width for cell in drawn)
