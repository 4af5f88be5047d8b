"""The one way to the database of this process: many readers, one writer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, Self, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import Session

from engine.store import schema
from engine.store.engines import read_url, reading_engine, writing_engine
from engine.store.errors import DatabaseUnusable, NotKept
from engine.store.transaction import Transaction
from engine.store.trouble import trouble_of
from engine.store.writer import Writer

T = TypeVar("T")


class Database:
    """An open database. Thread-safe; close it at the end."""

    def __init__(self, writing: Engine, reading: Engine) -> None:
        self._writing = writing
        self._reading = reading
        self._writer = Writer(writing)

    @classmethod
    def open(cls, url: str, *, migrate: bool = True) -> Self:
        """Opens a SQLite file (made if missing) or a PostgreSQL database, and its tables.

        `url` is `sqlite:////path/file.db`, a path, or `postgresql+psycopg://…`. Without `migrate`
        older tables are refused. Raises DatabaseUnusable with a sentence for the operator.
        """
        address = read_url(url)
        writing = writing_engine(address)
        try:
            if migrate:
                schema.migrate(writing)
            else:
                with writing.connect() as connection:
                    schema.require_newest(connection)
        except DBAPIError as error:
            writing.dispose()
            raise DatabaseUnusable(
                f"The database {address.render_as_string()} cannot be opened: {error.orig}."
            ) from error
        except SQLAlchemyError as error:
            writing.dispose()
            raise DatabaseUnusable(
                f"The database {address.render_as_string()} cannot be opened: {error}."
            ) from error
        return cls(writing, reading_engine(address))

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        return "postgresql" if self._writing.dialect.name == "postgresql" else "sqlite"

    @property
    def commits(self) -> int:
        """How many commits the writer has made."""
        return self._writer.commits

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one committed state throughout, and cannot write."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    def write(self, job: Callable[[Transaction], T]) -> T:
        """Runs the job where nobody else writes and returns its result once that is committed.

        The job may run in the thread of another caller, who commits it with its own. What the job
        raises is raised here, and only what the job wrote is undone. A job may run more than once
        (another process was faster), so it does nothing but write. Raises NotKept where the disk,
        the rights or the server do not let it be written.
        """
        try:
            return self._writer.write(job)
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            raise NotKept(trouble) from error

    def forget_old_pages(self) -> bool:
        """What was erased is gone from SQLite's free pages and log too; False: not this time.

        PostgreSQL's vacuum does so by itself. Rewrites the file, and waits for nobody long.
        """
        if self.dialect == "postgresql":
            return True
        try:
            with self._writing.connect() as connection:
                connection.exec_driver_sql("VACUUM")
                ((busy, _, _),) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                return not busy
        except DBAPIError:  # somebody reads or writes just now
            return False

    def close(self) -> None:
        self._writer.close()
        self._writing.dispose()
        self._reading.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
