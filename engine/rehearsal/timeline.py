"""The organisation of a rehearsal: who works here on its first day, and what changes after it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Final

from engine.directory import (
    COLUMNS,
    ImportPlan,
    PersonChange,
    Problem,
    Roster,
    Sheet,
    compare,
    empty_roster,
    leave,
    moved,
    read_sheet,
)
from engine.directory.sheet import SheetRow

FROM: Final = "from"  # the day from which a row of a changes file holds
LEAVES: Final = "leaves"  # `yes`: the person leaves on that day
_OURS: Final = (FROM, LEAVES)
_YES: Final = frozenset({"yes", "y", "true", "1", "x"})
_NO: Final = frozenset({"", "no", "n", "false", "0"})
_SHOWN: Final = 10


class PeopleUnusable(ValueError):  # noqa: N818 - what they are
    """A people file or a changes file has problems; the message lists the first of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moves:
    """What one day of a changes file does, by kind of change."""

    day: date
    joins: int
    returns: int
    changes: int
    leaves: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """The directory of every day, from the first on."""

    rosters: tuple[Roster, ...]  # by the day from which each holds
    moves: tuple[Moves, ...]  # of the rosters after the first

    def on(self, day: date) -> Roster:
        """Days before the first are as the first."""
        place = bisect_right(self.rosters, day, key=lambda roster: roster.day)
        return self.rosters[max(0, place - 1)]


def read_timeline(
    people: bytes, changes: bytes | None, first: date, *, skip_problems: bool = False
) -> Timeline:
    """A people file as `tenure people import --full` reads it, and a file of later rows.

    Raises PeopleUnusable, or SheetUnreadable for what is no CSV. With `skip_problems` rows with
    problems are passed over, as the import does.
    """
    plan = compare(read_sheet(people), empty_roster(first), full=True)
    _refuse(plan.problems, "people", skip_problems=skip_problems)
    here = moved(empty_roster(first), plan)
    if not here.people:
        raise PeopleUnusable("the people file names nobody; there is nobody to rehearse with")
    rosters, moves = [here], []
    problems: list[Problem] = []
    for written, sheet, leaving in _days(changes, skip_problems=skip_problems):
        day = max(written, first)
        plan, found = _plan(sheet, leaving, replace(rosters[-1], day=day))
        problems += found
        after = moved(rosters[-1], plan)
        if day == first:  # it holds before anything begins
            rosters[-1] = after
        else:
            rosters.append(after)
            moves.append(_counted(day, plan))
    _refuse(problems, "changes", skip_problems=skip_problems)
    return Timeline(rosters=tuple(rosters), moves=tuple(moves))


def _days(
    changes: bytes | None, *, skip_problems: bool
) -> Iterator[tuple[date, Sheet, list[SheetRow]]]:
    """By day, the rows that hold from it on as a sheet of their own, and those of who leaves."""
    if changes is None:
        return
    sheet = read_sheet(changes, also=_OURS, required=("number", FROM))
    problems = list(sheet.problems)
    rows: dict[date, list[SheetRow]] = defaultdict(list)
    for row in [] if problems else sheet.rows:
        try:
            rows[date.fromisoformat(row.cells[FROM])].append(row)
        except ValueError:
            problems.append(
                Problem(
                    line=row.line,
                    column=FROM,
                    value=row.cells[FROM],
                    message="no date; write year-month-day, as in 2027-06-01",
                )
            )
            continue
        if row.cells.get(LEAVES, "").lower() not in _YES | _NO:
            problems.append(
                Problem(
                    line=row.line,
                    column=LEAVES,
                    value=row.cells[LEAVES],
                    message="write yes, or leave it empty",
                )
            )
    _refuse(problems, "changes", skip_problems=skip_problems)
    for day in sorted(rows):
        leaving = [row for row in rows[day] if row.cells.get(LEAVES, "").lower() in _YES]
        stay = tuple(row for row in rows[day] if row not in leaving)
        yield day, replace(sheet, rows=stay, problems=()), leaving


def _plan(
    sheet: Sheet, leaving: Sequence[SheetRow], roster: Roster
) -> tuple[ImportPlan, list[Problem]]:
    """What the rows of one day change. A name or address that is not repeated stays."""
    columns = {*sheet.columns, "name", "email"}
    named = replace(
        sheet,
        columns=tuple(name for name in COLUMNS if name in columns),
        rows=tuple(_completed(row, roster) for row in sheet.rows),
    )
    problems = [problem for row in leaving for problem in _unknown(row, roster)]
    wrong = {problem.line for problem in problems}
    numbers = [row.cells["number"] for row in leaving if row.line not in wrong]
    gone = leave(roster, numbers)
    # Who leaves goes first: somebody who comes the same day may take over their address.
    without = moved(roster, replace(compare(_nobody(named), roster), changes=tuple(gone)))
    plan = compare(named, without)
    changes: tuple[PersonChange, ...] = (*gone, *plan.changes)
    return replace(plan, changes=changes), [*problems, *plan.problems]


def _nobody(sheet: Sheet) -> Sheet:
    return replace(sheet, rows=())


def _completed(row: SheetRow, roster: Roster) -> SheetRow:
    person = roster.by_number.get(row.cells["number"])
    known = {} if person is None else roster.people[person]
    cells = {name: cell for name, cell in row.cells.items() if name not in _OURS}
    for name in ("name", "email"):
        cells[name] = cells.get(name) or str(known.get(name) or "")
    return SheetRow(line=row.line, cells=cells)


def _unknown(row: SheetRow, roster: Roster) -> Iterator[Problem]:
    number = row.cells["number"]
    person = roster.by_number.get(number)
    if person is not None and roster.people[person]["active"]:
        return
    near = get_close_matches(number, roster.by_number, n=1)
    message = (
        "that person has left before; remove the row"
        if person is not None
        else f"nobody has this number; did you mean {near[0]!r}?"
        if near
        else "nobody has this number, so nobody can leave; remove the row"
    )
    yield Problem(line=row.line, column="number", value=number, message=message)


def _counted(day: date, plan: ImportPlan) -> Moves:
    kinds = [change.kind for change in plan.changes]
    return Moves(
        day=day,
        joins=kinds.count("joins"),
        returns=kinds.count("returns"),
        changes=kinds.count("changes"),
        leaves=kinds.count("leaves"),
    )


def _refuse(problems: Sequence[Problem], what: str, *, skip_problems: bool) -> None:
    if not problems or skip_problems:
        return
    count = len(problems)
    shown = "\n".join(f"  {problem}" for problem in problems[:_SHOWN])
    more = f"\n  … and {count - _SHOWN} more" if count > _SHOWN else ""
    raise PeopleUnusable(
        f"The {what} file has {count} {'problem' if count == 1 else 'problems'}:\n{shown}{more}\n"
        "Put them right, or rehearse without those rows with --skip-problems."
    )
