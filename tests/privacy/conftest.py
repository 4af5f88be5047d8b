"""A firm with pages, on SQLite, and a service on both databases."""

import sys
from pathlib import Path

import pytest
from support.office import Office, office_of
from support.world import World, world_of

from engine.store import Database

sys.path.append(str(Path(__file__).parent))


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return office_of(world_of(sqlite_database))


@pytest.fixture
def world(database: Database) -> World:
    return world_of(database)
