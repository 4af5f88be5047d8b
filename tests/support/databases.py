"""The `database` fixture: every test that asks for it runs on SQLite and on PostgreSQL."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from engine.store import Database
from support.postgres import NoPostgres, Server, cluster, roomy_folder


@event.listens_for(Engine, "connect")
def _no_order_by_chance(connection: Any, _: Any) -> None:
    """SQLite too gives rows in an order of its own where none is asked, as PostgreSQL does.

    Whoever relies on one, a test or the product, fails at once and not once in a while.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and nothing in them; copying it is faster than migrating."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    Database.open(str(file)).close()
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    try:
        with cluster() as address:
            server = Server(address)
            Database.open(server.url).close()
            yield server
    except NoPostgres as error:
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is room: a test that kills processes cuts no power."""
    made = Path(tempfile.mkdtemp(prefix="tn-", dir=roomy_folder()))
    yield made
    shutil.rmtree(made)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of an empty database with all tables, one of each kind in turn."""
    if request.param == "sqlite":
        file = folder / "tenure.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"
    server: Server = request.getfixturevalue("postgres")
    server.empty()
    return server.url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open, empty database: the test runs once on SQLite and once on PostgreSQL."""
    with Database.open(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_database(sqlite_template: Path, folder: Path) -> Iterator[Database]:
    """An open, empty SQLite database, for tests in which the kind does not matter."""
    file = folder / "tenure.db"
    shutil.copy(sqlite_template, file)
    with Database.open(str(file)) as opened:
        yield opened
