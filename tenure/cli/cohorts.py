"""Bulk starts: reading the file, launching in portions with a bar, telling who was refused."""

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from sqlmodel import col, select

from engine.core.chart import Definition
from engine.directory import Roster
from engine.service import CohortLine, Launched
from engine.store.tables import CohortMemberRow
from tenure.cli.lookup import find_person
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import screen_of
from tenure.cli.values import values_of
from tenure.runtime import Runtime

_AT_A_TIME = 50
_SUBJECT = "number"


@dataclass(frozen=True, kw_only=True, slots=True)
class CohortFile:
    """What a file asks for."""

    lines: tuple[CohortLine, ...]
    refused: Mapping[int, str]  # by line of the file: why it asks for nothing that could be done


def read_cohort(
    file: Path, definition: Definition, common: Mapping[str, str], roster: Roster, now: datetime
) -> CohortFile:
    """`common` holds for every line that does not say otherwise. Raises Stopped for the whole."""
    asked = {field.name: field for field in definition.data.values() if field.from_start}
    lines: list[CohortLine] = []
    refused: dict[int, str] = {}
    for number, cells in _rows(file, asked):
        try:
            words = cells.pop(_SUBJECT, "")
            subject = None
            if definition.subject == "person":
                subject = find_person(roster, words)
            elif definition.subject != "none":
                subject = words or None
            given = {**common, **{name: text for name, text in cells.items() if text}}
            data: dict[str, Any] = values_of(given, asked.values(), roster, now)
        except Stopped as stopped:
            refused[number] = str(stopped)
            continue
        lines.append(CohortLine(line=number, subject=subject, data=data))
    if not lines and not refused:
        raise Stopped(f"{file} has no line below its header; there is nobody to start.")
    return CohortFile(lines=tuple(lines), refused=refused)


def start_all(runtime: Runtime, cohort: int, total: int) -> Launched:
    """Launches until nothing is left; a bar on standard error where somebody looks at it."""
    screen = screen_of(sys.stderr)
    console = Console(file=sys.stderr, no_color=not screen.color)
    with Progress(console=console, disable=not screen.interactive, transient=True) as progress:
        task = progress.add_task("Starting", total=total)
        while True:
            launched = runtime.service.launch(cohort, _AT_A_TIME, runtime.clock.now())
            progress.update(task, completed=launched.done)
            if not launched.more:
                return launched


def refusals(runtime: Runtime, cohort: int) -> dict[int, str]:
    """By line: why its case was not started."""
    with runtime.database.read() as session:
        rows = session.exec(
            select(CohortMemberRow.line, CohortMemberRow.note).where(
                col(CohortMemberRow.cohort_id) == cohort, col(CohortMemberRow.status) == "refused"
            )
        ).all()
    return {line: note or "refused" for line, note in rows}


def _rows(file: Path, asked: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by column, of every line that is not empty."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Stopped(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise Stopped(f"{file} is not UTF-8 text. Save it again as “CSV UTF-8”.") from None
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        _check_columns(file, columns, asked)
        line = reader.line_num
        for cells in reader:
            first, line = line + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns):
                raise Stopped(
                    f"{file}:{first}: this line has {len(cells)} cells and the header "
                    f"{len(columns)}. Put text with a “{delimiter}” in it into quotes."
                )
            yield first, dict(zip(columns, (cell.strip() for cell in cells), strict=False))
    except csv.Error as error:
        raise Stopped(f"{file}:{reader.line_num}: this is no CSV: {error}.") from None


def _check_columns(file: Path, columns: list[str], asked: Mapping[str, Any]) -> None:
    known = [_SUBJECT, *asked]
    strange = [name for name in columns if name not in known]
    twice = [name for name in columns if columns.count(name) > 1]
    if twice:
        raise Stopped(f"{file}:1: the column `{twice[0]}` is there twice; keep one.")
    if strange:
        raise Stopped(
            f"{file}:1: the process asks no `{strange[0]}` at its start. "
            f"The columns may be: {', '.join(known)}."
        )
    if _SUBJECT not in columns:
        raise Stopped(f"{file}:1: the column `{_SUBJECT}` is missing: the numbers of the people.")
