"""Rows that leave a gap, that are never taken, or that clash, each with the values that show it."""

from collections.abc import Iterator, Sequence
from datetime import date

from engine.core.chart import Definition
from engine.core.expression import Expr, Kind
from engine.core.form import Field
from engine.document import Mark
from engine.loader import SourceRow, Sources, Table
from engine.verify.findings import Finding
from engine.verify.guards import Grid, Point
from engine.verify.names import EndingRead, FieldRead, Names, Read, index_of
from engine.verify.terms import ANYTHING
from engine.verify.trials import solve_all, try_all


def check_tables(definition: Definition, sources: Sources) -> Iterator[Finding]:
    names = Names(definition=definition)
    for table in sources.tables:
        yield from _check(names, table)
    yield from _skips(names, sources)


def _check(names: Names, table: Table) -> Iterator[Finding]:
    rows = [row for row in table.rows if not row.always]
    if not rows or any(row.condition is None for row in rows):
        return
    grid = grid_for(names, index_of(names.definition, table.state))
    conditions = [row.condition for row in rows if row.condition is not None]
    tried = try_all(grid, conditions)
    if not grid.exact:
        tried = solve_all(grid, conditions) or tried
    seen = tried.seen
    total = any(row.always for row in table.rows)
    if tried.gap is not None and not total and table.must_fit and table.hit != "sum":
        yield _gap(table, rows, grid, tried.gap)
    if not tried.whole:
        return
    for number, (row, found) in enumerate(zip(rows, seen, strict=True)):
        if found.failed:
            continue
        if not found.held:
            yield _never(row)
        elif not found.taken and table.hit == "first":
            yield _shadowed(row, rows[found.instead or 0])
        if table.hit == "unique" and found.clash is not None and grid.real:
            yield _clash(grid, number, rows, *found.clash)


def grid_for(names: Names, state: int) -> Grid:
    """The values that conditions of a state can look at."""

    def describe(path: tuple[str, ...]) -> tuple[str, Field | None, tuple[str, ...]]:
        read = names.meaning(path, state)
        if read is None:
            return ".".join(path), None, ()
        inner = path[_depth(read, path) :]
        key = ".".join((_shown(names, read), *inner))
        return key, None if inner else names.field(read), _options(names, read)

    return Grid(describe=describe)


def _depth(read: Read, path: tuple[str, ...]) -> int:
    """How many words of a path name what is read; the rest is inside it."""
    if isinstance(read, FieldRead):
        return 2 if path[0] == "data" else 1
    return path.index(read.name) + 1


def _shown(names: Names, read: Read) -> str:
    match read:
        case FieldRead(name=name):
            return name
        case _:
            return f"{names.definition.states[read.state].name}.{read.name}"


def _options(names: Names, read: Read) -> tuple[str, ...]:
    """The outcomes a state can have, where only its task's buttons decide."""
    if not isinstance(read, EndingRead) or read.name != "outcome":
        return ()
    task = names.definition.states[read.state].task
    return () if task is None else (*task.buttons, "done")


def _gap(table: Table, rows: Sequence[SourceRow], grid: Grid, point: Point) -> Finding:
    where = f"of `{table.what}`" if table.what != "decide" else "of this table"
    return Finding(
        code="E401" if grid.real else "W401",
        place=rows[-1].place,
        message=f"no row {where} fits when {_story(grid, point)}"
        if grid.real
        else f"no row {where} may fit, for example when {_story(grid, point)}",
        label="the last row",
        help="add a row for it, or `{otherwise: …}` at the end",
    )


def _story(grid: Grid, point: Point) -> str:
    """The values of a point, as a sentence goes on."""
    parts = [_told(grid.terms[key].kind, key, value) for key, value in point.items()]
    return ", ".join(parts) or "the case comes here"


def _told(kind: Kind, key: str, value: object) -> str:
    match value:
        case bool():
            return f"{key} is {'true' if value else 'false'}"
        case str() if value in ANYTHING:
            return f"{key} is {value}"
        case str():
            return f'{key} = "{value}"'
        case int() | float() if kind in (Kind.DATE, Kind.DATETIME):
            return f"{key} = {date.fromordinal(max(1, int(value)))}"
        case int() | float():
            return f"{key} = {value:g}"
        case _:
            return f"{key} is empty"


def _never(row: SourceRow) -> Finding:
    return Finding(
        code="E403",
        place=row.place,
        message="the condition of this row never holds",
        help="look at the numbers and options that the fields allow, or take the row out",
    )


def _shadowed(row: SourceRow, above: SourceRow) -> Finding:
    return Finding(
        code="E402",
        place=row.place,
        message="this row is never taken: whenever it holds, a row above it holds, too",
        also=(Mark(span=above.place, label="this one, for example"),),
        help="move it up, or take it out",
    )


def _clash(grid: Grid, number: int, rows: Sequence[SourceRow], other: int, point: Point) -> Finding:
    return Finding(
        code="E404",
        place=rows[other].place,
        message=f"this row and row {number + 1} hold both when {_story(grid, point)}",
        also=(Mark(span=rows[number].place, label=f"row {number + 1}"),),
        help="with `hit: unique` rows must exclude each other; `hit: first` takes the upper one",
    )


def _skips(names: Names, sources: Sources) -> Iterator[Finding]:
    """`if` of a state: passed over always, or never."""
    for state in names.definition.states:
        if state.skip is None or state.parent is None:
            continue
        place = sources.origins.of(state.skip) or sources.states.get(names.written(state.index).id)
        if place is None:
            continue
        answers = _answers(names, state.parent, state.skip)
        if answers == {True}:
            yield Finding(
                code="E403",
                place=place,
                message=f"`{names.written(state.index).name}` is always passed over: its condition"
                " never lets it begin",
                help="look at the numbers and options that the fields allow, or take it out",
            )
        elif answers == {False}:
            yield Finding(
                code="W413",
                place=place,
                message="this condition always holds",
                help="leave it out",
            )


def _answers(names: Names, state: int, condition: Expr) -> set[object] | None:
    """Everything the condition can say; None if that is not known exactly."""
    grid = grid_for(names, state)
    test = grid.test(condition)
    found: set[object] = set()
    for _, (answer,) in grid.decided([test]):
        found.add(answer)
        if len(found) > 1:
            return found
    return found if grid.exact else None
