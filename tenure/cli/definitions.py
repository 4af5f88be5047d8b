"""Definitions named on the command line: found, read and loaded with their text for frames."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.document import (
    Diagnostic,
    Document,
    DocumentRefused,
    Severity,
    frame,
    read,
)
from engine.loader import Loaded, load
from engine.verify import Bound, judge
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import draw, screen_of

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """One file, whatever came of it."""

    path: Path
    source: str  # as far as it could be read
    loaded: Loaded | None  # None: it is no document
    diagnostics: tuple[Diagnostic, ...]  # in the order of the file
    bound: Bound | None = None  # how far the ways of a case were followed; None: not at all

    @property
    def errors(self) -> int:
        return sum(1 for found in self.diagnostics if found.severity is Severity.ERROR)

    @property
    def warnings(self) -> int:
        return len(self.diagnostics) - self.errors


def open_all(paths: Sequence[Path], *, judged: bool = True) -> list[Opened]:
    """Every definition, those of a folder in the order of their names. Raises Stopped.

    Not `judged` they are read alone, which takes a fraction of the time.
    """
    return [open_one(path, judged=judged) for path in files_of(paths)]


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files that are meant, each once. Raises Stopped."""
    return list(dict.fromkeys(_files(paths)))


def open_one(path: Path, *, judged: bool = True) -> Opened:
    try:
        document = read(path)
    except DocumentRefused as refused:
        return Opened(
            path=path, source=refused.source, loaded=None, diagnostics=refused.diagnostics
        )
    return of_document(path, document, judged=judged)


def of_document(path: Path, document: Document, *, judged: bool = True) -> Opened:
    loaded = load(document)
    verdict = judge(loaded) if judged else None
    return Opened(
        path=path,
        source=document.source,
        loaded=loaded,
        diagnostics=loaded.diagnostics if verdict is None else verdict.diagnostics,
        bound=None if verdict is None else verdict.bound,
    )


def show_problems(opened: Opened) -> None:
    """A frame for each problem, with an empty line behind it."""
    show_found(opened.diagnostics, opened.source)


def show_found(diagnostics: Sequence[Diagnostic], source: str) -> None:
    """The same for problems that were found in another way."""
    screen = screen_of(sys.stdout)
    for found in diagnostics:
        draw(
            frame(
                found,
                source,
                color=screen.color,
                unicode=screen.unicode,
                width=screen.width,
            )
        )
        draw("")


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(one for one in path.rglob("*") if one.suffix in _ENDINGS and one.is_file())
        if not found:
            raise Stopped(f"There is no definition (.yaml or .yml) in the folder {path}.")
        yield from found
