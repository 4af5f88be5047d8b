"""SQL for the hot path: compiled once per dialect from the tables, run on the driver's own cursor.

Building a `select` anew costs three times running it, and an ORM object four times the engine.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Table, bindparam, insert, literal_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import ClauseElement
from sqlmodel import SQLModel

Params = Mapping[str, Any]
Bound = Sequence[Any] | Params


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """A statement as one driver wants it."""

    sql: str
    bind: Callable[[Params], Bound]  # named values to what the cursor takes


@dataclass(frozen=True, eq=False)
class Statement:
    """A SQLAlchemy Core statement whose values are bound by name; a constant of a module."""

    source: ClauseElement  # select, insert, update or delete

    def compile(self, dialect: Dialect) -> Compiled:
        compiled = self.source.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        constants = {
            name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required
        }
        if compiled.positiontup is None:
            return Compiled(sql=str(compiled), bind=_named(constants))
        return Compiled(sql=str(compiled), bind=_positional(compiled.positiontup, constants))


def table_of(row: type[SQLModel]) -> Table:
    """The Core table of a row class."""
    table = row.__table__  # type: ignore[attr-defined]  # SQLModel declares it at run time
    assert isinstance(table, Table)
    return table


def insert_into(row: type[SQLModel], *, without: Collection[str] = ()) -> Statement:
    """An insert of every column but those left to the database, each bound by its own name."""
    names = [column.name for column in table_of(row).columns if column.name not in without]
    return Statement(insert(table_of(row)).values({name: bindparam(name) for name in names}))


def constant(text: str) -> ColumnElement[Any]:
    """A value written into the SQL, so that a partial index with the same words is found."""
    quoted = text.replace("'", "''")
    return literal_column(f"'{quoted}'")


def _named(constants: Params) -> Callable[[Params], Bound]:
    if not constants:
        return lambda params: params
    return lambda params: {**constants, **params}


def _positional(names: Sequence[str], constants: Params) -> Callable[[Params], Bound]:
    if constants:
        return lambda params: [params[n] if n in params else constants[n] for n in names]
    if not names:
        return lambda _: ()
    if len(names) == 1:
        only = names[0]
        return lambda params: (params[only],)
    return itemgetter(*names)
