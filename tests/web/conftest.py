"""Fixtures: a firm with pages."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.office import Office, office_of, serving
from support.world import world_of

from engine.store import Database

sys.path.append(str(Path(__file__).parent))


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return office_of(world_of(sqlite_database))


@pytest.fixture
def review(office: Office) -> str:
    """The public id of the task that bob has about ann."""
    office.world.start("review")
    return office.world.task("rate")


@pytest.fixture
def served(office: Office, tmp_path: Path) -> Iterator[Office]:
    """The same pages on a real port of this machine, as in development."""
    with serving(office.world, mail=tmp_path / "mail") as found:
        yield found
