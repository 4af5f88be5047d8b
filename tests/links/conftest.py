"""A database with tables, made once and copied for every test."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.store import Database


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "tenure.db"
    Database.open(str(file)).close()
    return file


@pytest.fixture
def database(tmp_path: Path, empty_file: Path) -> Iterator[Database]:
    with Database.open(str(shutil.copy(empty_file, tmp_path / "tenure.db"))) as opened:
        yield opened


@pytest.fixture
def entropy() -> Callable[[int], bytes]:
    """Counts instead of rolling dice: every id is new, every run the same."""
    count = itertools.count(1)
    return lambda size: next(count).to_bytes(size, "big")
