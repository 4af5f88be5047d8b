"""The world that service tests play in, on SQLite and on PostgreSQL."""

import pytest
from support.world import World, world_of

from engine.store import Database


@pytest.fixture
def world(database: Database) -> World:
    return world_of(database)


@pytest.fixture
def sqlite_world(sqlite_database: Database) -> World:
    """For what does not depend on the kind of database."""
    return world_of(sqlite_database)
