"""SQLAlchemy engines with the settings that the promises rest on: durable writes, whole reads.

None of them shows the values of a statement in an error: those are names and answers, and errors
end in logs.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from engine.store.errors import DatabaseUnusable

_WAIT_MS = 15_000  # how long another process may hold SQLite's lock before we say so
_READERS = 12
# 16 MB: pages that every answer touches are copied back once for some hundred answers.
_WAL_PAGES = 4_000


def read_url(text: str) -> URL:
    """A database URL; a text without `://` is the path of a SQLite file."""
    if "://" not in text:
        return _file(text)
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise DatabaseUnusable(
            f"{text!r} is no address of a database. Write sqlite:////path/to/file.db "
            "or postgresql+psycopg://user@host/name."
        ) from error
    match url.get_backend_name():
        case "sqlite":
            return _file(url.database or "")
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case other:
            raise DatabaseUnusable(
                f"The database kind {other!r} is not supported. Use sqlite or postgresql."
            )


def writing_engine(url: URL) -> Engine:
    """For the one held connection of the writer, which says BEGIN and COMMIT itself."""
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
        )
    engine = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={_WAIT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",  # or REPLACE would delete history without asking the trigger
            "temp_store=MEMORY",
            "cache_size=-32000",
            f"wal_autocheckpoint={_WAL_PAGES}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def reading_engine(url: URL) -> Engine:
    """For queries: a transaction sees one state of the database, and cannot write."""
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url,
            hide_parameters=True,
            pool_size=_READERS,
            max_overflow=_READERS,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ",
            connect_args={"options": "-c default_transaction_read_only=on"},
        )
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=_READERS,
        max_overflow=_READERS,
        connect_args={"check_same_thread": False, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
        cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _file(path: str) -> URL:
    if path in {"", ":memory:"}:
        raise DatabaseUnusable(
            "A database in memory would lose every case at the end of the program. "
            "Name a file: sqlite:////path/to/file.db."
        )
    file = Path(path).expanduser().absolute()
    if not file.parent.is_dir():
        raise DatabaseUnusable(
            f"The folder {file.parent} does not exist, so no database can be kept in it. "
            "Create it first, or name another."
        )
    if file.is_dir():
        raise DatabaseUnusable(f"{file} is a folder. Name a file for the database.")
    return URL.create("sqlite+pysqlite", database=str(file))
