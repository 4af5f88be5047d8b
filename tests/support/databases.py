"""The `database` fixture: every test that asks for it runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store import Database
from support.postgres import NoPostgres, Server, cluster


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
            yield Server(address)
    except NoPostgres as error:
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    name = postgres.create()
    Database.open(postgres.url(name)).close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database with all tables, one of each kind in turn."""
    if request.param == "sqlite":
        file = tmp_path / "tenure.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create(template=request.getfixturevalue("postgres_template"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open, empty database: the test runs once on SQLite and once on PostgreSQL."""
    with Database.open(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An open, empty SQLite database, for tests in which the kind does not matter."""
    file = tmp_path / "tenure.db"
    shutil.copy(sqlite_template, file)
    with Database.open(str(file)) as opened:
        yield opened
