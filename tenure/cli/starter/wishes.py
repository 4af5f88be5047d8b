"""What HR says in the people file beside the people: who is good, and which seats would hurt."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.directory import Roster, Sheet
from engine.directory.sheet import SheetRow
from tenure.cli.stopped import Stopped
from tenure.starter import Seat

COLUMNS = ("top", "critical", "risk", "successor", "needs")

_YES = frozenset({"yes", "y", "x", "true", "1"})
_NO = frozenset({"", "no", "n", "false", "0"})
_NEED = re.compile(r"(?P<skill>.+?)\s+(?P<level>[0-4])")
_MOST_RISK = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What the file says beside the people; empty without one."""

    top: tuple[str, ...] = ()  # person ids
    seats: tuple[Seat, ...] = ()  # the highest risk first


def read_wishes(file: Path, sheet: Sheet, roster: Roster) -> Wishes:
    """The people must be in the directory already. Raises Stopped with every cell that is wrong."""
    wrong: list[str] = []
    top: list[str] = []
    seats: list[Seat] = []
    for row in sheet.rows:
        person = roster.by_number.get(row.cells.get("number", ""))
        if person is None:
            continue  # a row that was not imported was told of then
        for column, said in _problems(row, roster.people[person], roster):
            wrong.append(f"{file}:{row.line}: {column}: {said}")
        if row.cells.get("top", "").lower() in _YES:
            top.append(person)
        if not wrong and row.cells.get("critical"):
            seats.append(_seat(row, person, roster))
    if wrong:
        raise Stopped("\n".join(wrong))
    seats.sort(key=lambda seat: (-seat.risk, seat.position))
    once = {seat.position: seat for seat in reversed(seats)}  # of two holders the first
    return Wishes(top=tuple(top), seats=tuple(sorted(once.values(), key=seats.index)))


def _problems(
    row: SheetRow, person: Mapping[str, object], roster: Roster
) -> Iterator[tuple[str, str]]:
    cells = row.cells
    if cells.get("top", "").lower() not in _YES | _NO:
        yield "top", f"write yes or nothing, not “{cells['top']}”."
    position, held = cells.get("critical", ""), person["roles"]
    assert isinstance(held, list | tuple)
    if position and position not in held:
        has = f"Their roles are: {', '.join(held)}." if held else "They have no role."
        yield "critical", f"“{position}” must stand in their column `roles` as well. {has}"
    for column in ("risk", "successor", "needs"):
        if cells.get(column) and not position:
            yield column, "goes with a position in the column `critical`."
    risk = cells.get("risk", "")
    if risk and not (risk.isdecimal() and 1 <= int(risk) <= _MOST_RISK):
        yield "risk", f"write a number from 1 to {_MOST_RISK}, not “{risk}”."
    successor = roster.by_number.get(cells.get("successor", ""))
    if cells.get("successor") and (successor is None or not roster.people[successor]["active"]):
        yield "successor", f"nobody with the number “{cells['successor']}” works here."
    elif successor is not None and successor == person["id"]:
        yield "successor", "nobody follows themselves."
    for need in _listed(cells.get("needs", "")):
        if _NEED.fullmatch(need) is None:
            yield "needs", f"write skills with their levels, “leading people 3; finance 2”: {need}"


def _seat(row: SheetRow, person: str, roster: Roster) -> Seat:
    found = (_NEED.fullmatch(need) for need in _listed(row.cells.get("needs", "")))
    return Seat(
        position=row.cells["critical"],
        holder=person,
        risk=float(row.cells.get("risk") or 0),
        successor=roster.by_number.get(row.cells.get("successor", "")),
        needs=tuple((need["skill"].lower(), float(need["level"])) for need in found if need),
    )


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]
