"""What the rows of a table say for all values there are: by trying them, or by asking a solver."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.expression import Expr
from engine.verify.guards import Grid, Point
from engine.verify.solver import Question, Undecided, solver


@dataclass(kw_only=True, slots=True)
class Seen:
    """What is known of one row."""

    held: bool = False  # its condition is true somewhere
    taken: bool = False  # and no row above is
    failed: bool = False  # or cannot be said
    instead: int | None = None  # the first row that is taken where this one holds
    clash: tuple[int, Point] | None = None  # another row that holds as well


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What is known of all rows."""

    gap: Point | None  # values for which none holds
    seen: tuple[Seen, ...]
    whole: bool  # nothing was left out: what was not seen is nowhere so


def try_all(grid: Grid, conditions: Sequence[Expr]) -> Tried:
    """Every point of the grid that the conditions tell apart."""
    tests = [grid.test(condition) for condition in conditions]
    seen = tuple(Seen() for _ in tests)
    gap: Point | None = None
    for point, answers in grid.decided(tests):
        if gap is None and all(answer is False for answer in answers):
            gap = point
        _note(seen, answers, point)
    return Tried(gap=gap, seen=seen, whole=grid.exact)


def solve_all(grid: Grid, conditions: Sequence[Expr]) -> Tried | None:
    """The same from the solver; None if there is none, or it cannot say.

    The grid must know the conditions already.
    """
    z3 = solver()
    if z3 is None:
        return None
    question = Question(grid=grid, z3=z3)
    try:
        rows = [question.formula(condition) for condition in conditions]
        gap = question.point(*(row.false for row in rows))
        seen: list[Seen] = []
        for number, row in enumerate(rows):
            above = [each.true for each in rows[:number]]
            found = Seen(
                held=question.point(row.true) is not None,
                taken=question.point(row.true, *map(z3.Not, above)) is not None,
                failed=question.point(z3.Not(row.true), z3.Not(row.false)) is not None,
            )
            for first, other in enumerate(above):
                point = question.point(row.true, other, *map(z3.Not, above[:first]))
                if point is not None:
                    found.instead = first if found.instead is None else found.instead
                    if seen[first].clash is None:
                        seen[first].clash = (number, point)
            seen.append(found)
    except Undecided:
        return None
    return Tried(gap=gap, seen=tuple(seen), whole=True)


def _note(seen: Sequence[Seen], answers: Sequence[object], point: Point) -> None:
    first: int | None = None
    for number, answer in enumerate(answers):
        if answer is not True:
            seen[number].failed = seen[number].failed or answer is not False
            continue
        found = seen[number]
        found.held = True
        if first is None:
            first = number
            found.taken = True
        else:
            found.instead = first if found.instead is None else found.instead
            if seen[first].clash is None:
                seen[first].clash = (number, point)
