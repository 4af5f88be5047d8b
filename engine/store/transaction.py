"""What a job may do while it holds the one write transaction of this process."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlmodel import Session

from engine.store.numbering import Numbering
from engine.store.statements import Compiled, Params, Statement

Row = tuple[Any, ...]


@dataclass(kw_only=True)
class Transaction:
    """One job's view of the write transaction. Never kept beyond the job."""

    connection: Connection  # ordinary Core statements, for what is not hot
    cursor: Any  # the driver's cursor
    dialect: Dialect
    compiled: dict[Statement, Compiled]  # the database's cache
    numbering: Numbering
    _session: Session | None = field(default=None, init=False)
    _depth: int = field(default=0, init=False)

    @property
    def on_postgresql(self) -> bool:
        return self.dialect.name == "postgresql"

    def run(self, statement: Statement, params: Params | Sequence[Params] = ()) -> int:
        """Executes once, or once per member of a list; the number of rows that were touched."""
        compiled = self._compile(statement)
        if isinstance(params, dict):
            self.cursor.execute(compiled.sql, compiled.bind(params))
        elif len(params) == 1:
            self.cursor.execute(compiled.sql, compiled.bind(params[0]))  # type: ignore[index]
        elif params:
            bind = compiled.bind
            self.cursor.executemany(compiled.sql, [bind(one) for one in params])  # type: ignore[arg-type]
        else:
            return 0
        return int(self.cursor.rowcount)

    def one(self, statement: Statement, params: Params) -> Row | None:
        """The first row as the driver gives it (SQLite: booleans are 0 and 1), or None."""
        compiled = self._compile(statement)
        self.cursor.execute(compiled.sql, compiled.bind(params))
        row: Row | None = self.cursor.fetchone()
        return row

    def all(self, statement: Statement, params: Params) -> list[Row]:
        compiled = self._compile(statement)
        self.cursor.execute(compiled.sql, compiled.bind(params))
        rows: list[Row] = self.cursor.fetchall()
        return rows

    def numbers(self, table: str, count: int = 1) -> Sequence[int]:
        """Fresh primary keys, known before their rows are written; unused ones are lost."""
        return self.numbering.take(self.cursor, table, count)

    def session(self) -> Session:
        """A session on this transaction, flushed when the job ends; commit it or leave it."""
        if self._session is None:
            if not self.connection.in_transaction():
                self.connection.begin()  # or the session would take the whole for its own
            self._session = Session(
                bind=self.connection,
                join_transaction_mode="create_savepoint",
                expire_on_commit=False,
            )
        return self._session

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undoes what its block wrote if the block raises, and lets the exception pass."""
        self._depth += 1
        name = f"inner_{self._depth}"
        self.cursor.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            self.cursor.execute(f"ROLLBACK TO SAVEPOINT {name}")
            self.cursor.execute(f"RELEASE SAVEPOINT {name}")
            raise
        else:
            self.cursor.execute(f"RELEASE SAVEPOINT {name}")
        finally:
            self._depth -= 1

    def finish(self) -> None:
        """Writes what the session still holds; the writer calls it after the job."""
        if self._session is not None:
            self._session.commit()
            self._session.close()
            self._session = None

    def abandon(self) -> None:
        """Lets go of the session after the job failed."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _compile(self, statement: Statement) -> Compiled:
        compiled = self.compiled.get(statement)
        if compiled is None:
            compiled = self.compiled[statement] = statement.compile(self.dialect)
        return compiled
