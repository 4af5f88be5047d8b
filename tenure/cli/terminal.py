"""What a terminal can show, and text that is safe to show on it."""

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Self, TextIO

_SIGNS: Final = str.maketrans(
    {"→": "->", "…": "...", "“": '"', "”": '"', "✓": "ok", "✗": "x"}
    | {"\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{RIGHT SINGLE QUOTATION MARK}": "'"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """One output stream."""

    color: bool  # ANSI colours are wanted
    unicode: bool  # more than ASCII arrives
    interactive: bool  # somebody looks at it now
    width: int  # columns

    def paint(self, style: str, text: str) -> str:
        """`style` is the number of an ANSI rendition, such as `1;31`."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and text else text


def screen_of(stream: TextIO) -> Screen:
    """Follows NO_COLOR, TERM=dumb and the stream's own encoding."""
    interactive = stream.isatty()
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("_", "-")
    return Screen(
        color=interactive and not plain,
        unicode=encoding.startswith("utf"),
        interactive=interactive,
        width=shutil.get_terminal_size((100, 24)).columns if interactive else 100,
    )


def shown(text: str, screen: Screen) -> str:
    """One line without anything that commands a terminal, in ASCII where it must be."""
    flat = " ".join(text.splitlines())
    if not screen.unicode:
        split = unicodedata.normalize("NFKD", flat.translate(_SIGNS))
        flat = "".join(sign for sign in split if not unicodedata.combining(sign))
        flat = flat.encode("ascii", "replace").decode()
    return "".join(
        "?" if unicodedata.category(sign) in ("Cc", "Cf", "Cs") and sign not in "\u200d\u200c"
        else sign
        for sign in flat.replace("\t", "    ")
    )  # fmt: skip


def say(text: str = "", *, style: str = "") -> None:
    """Prints text of one or more lines on standard output."""
    _print(text, sys.stdout, style)


def complain(text: str) -> None:
    """Prints text on standard error."""
    _print(text, sys.stderr, "")


class Progress:
    """`350 of 1,000 cases` on standard error while somebody looks at it; else nothing."""

    def __init__(self, total: int, what: str) -> None:
        self._total = total
        self._what = what
        self._shown = screen_of(sys.stderr).interactive

    def at(self, done: int) -> None:
        if self._shown:
            sys.stderr.write(f"\r{done:,} of {self._total:,} {self._what}")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")


def draw(text: str) -> None:
    """Prints what was made for this very screen, such as a frame or a diagram, as it is."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def tell_json(value: Any) -> None:
    """Prints data as JSON, instants as ISO 8601."""
    screen = screen_of(sys.stdout)
    draw(json.dumps(value, default=_plain, indent=2, ensure_ascii=not screen.unicode))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints columns, each as wide as its widest cell; the last one may run on."""
    screen = screen_of(sys.stdout)
    cells = [[shown(cell, screen) for cell in row] for row in rows]
    widths = [
        max(_width(row[column]) for row in [list(headings), *cells])
        for column in range(len(headings))
    ]
    draw(screen.paint("1", _row(headings, widths)))
    for row in cells:
        draw(_row(row, widths))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _print(text: str, stream: TextIO, style: str) -> None:
    screen = screen_of(stream)
    stream.writelines(f"{screen.paint(style, shown(line, screen))}\n" for line in text.split("\n"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    if hasattr(value, "__dataclass_fields__"):
        return {
            name: getattr(value, name)
            for name in value.__dataclass_fields__
            if not name.startswith("_")
        }
    if hasattr(value, "items"):
        return dict(value.items())
    raise TypeError(f"{type(value).__name__} has no JSON form")
