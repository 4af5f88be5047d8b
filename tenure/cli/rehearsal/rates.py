"""A file that says how often people begin something by hand, and on which days cohorts begin."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from engine.directory import Roster, SheetUnreadable, read_sheet
from engine.directory.sheet import SheetRow
from engine.rehearsal import ByHand, Company, Processes, Round
from tenure.cli.stopped import Stopped
from tenure.cli.values import pairs_of, values_of

_COLUMNS = ("process", "a_year", "on", "over", "with")
_OVER = 10


def read_rates(file: Path, processes: Processes, roster: Roster, first: datetime) -> Company:
    """Raises Stopped for the first line that cannot be followed."""
    hands: list[ByHand] = []
    rounds: list[Round] = []
    for row in _rows(file):
        where = f"{file}:{row.line}"
        try:
            one = _read(row.cells, processes, roster, first)
        except Stopped as stopped:
            raise Stopped(f"{where}: {stopped}") from stopped
        if isinstance(one, ByHand):
            hands.append(one)
        else:
            rounds.append(one)
    return Company(hands=tuple(hands), rounds=tuple(rounds))


def _rows(file: Path) -> Iterator[SheetRow]:
    try:
        sheet = read_sheet(file.read_bytes(), also=_COLUMNS, required=("process",))
    except OSError as error:
        raise Stopped(f"{file} cannot be read: {error.strerror}.") from error
    except SheetUnreadable as unreadable:
        raise Stopped(f"{file}: {unreadable}") from unreadable
    strange = (*sheet.columns, *sheet.ignored)  # those of a people file are none of ours
    if sheet.problems or strange:
        why = sheet.problems[0] if sheet.problems else f"there is no column `{strange[0]}` here"
        raise Stopped(f"{file}: {why}. The columns are: {', '.join(_COLUMNS)}.")
    yield from sheet.rows


def _read(
    cells: Mapping[str, str], processes: Processes, roster: Roster, first: datetime
) -> ByHand | Round:
    name = cells["process"]
    process = processes.by_name.get(name)
    if process is None:
        near = get_close_matches(name, processes.by_name, n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        raise Stopped(f"`{name}` is none of the processes given here.{hint}")
    pairs = pairs_of(part.strip() for part in cells.get("with", "").split(";") if part.strip())
    data = values_of(pairs, process.version.start_form.fields, roster, first)
    a_year, on = cells.get("a_year", ""), cells.get("on", "")
    if bool(a_year) == bool(on):
        raise Stopped(
            "say either `a_year`, how often people start one by hand, such as 40 or 15%, or `on`, "
            "the day on which the cohort begins."
        )
    if on:
        return Round(process=name, on=_day(on), over=_over(cells.get("over", "")), data=data)
    return _by_hand(name, a_year, data)


def _by_hand(name: str, text: str, data: Mapping[str, Any]) -> ByHand:
    number, percent, _ = text.partition("%")
    try:
        count = float(number)
    except ValueError:
        count = -1
    if count < 0:
        raise Stopped(
            f"`{text}` is no number of cases a year; write 40, or 15% for fifteen of a hundred "
            "people, or 0 for none."
        )
    if percent:
        return ByHand(process=name, percent=count, data=data)
    return ByHand(process=name, a_year=count, data=data)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Stopped(f"`{text}` is no day; write it as 2027-01-11.") from None


def _over(text: str) -> int:
    if not text:
        return _OVER
    if not text.isdecimal():
        raise Stopped(f"`{text}` is no number of working days over which the cases begin.")
    return int(text)
