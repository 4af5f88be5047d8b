"""Fixtures: a firm with pages, and one browser for all tests."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from support.browser import ARGUMENTS, chromium
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here; `make browser` fetches one")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def served(office: Office, tmp_path: Path) -> Iterator[Office]:
    """The same pages on a real port of this machine, as in development."""
    with serving(office.world, mail=tmp_path / "mail") as found:
        yield found
