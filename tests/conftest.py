"""Fixtures for all rooms; what they rest on stands in tests/support."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # `support` is a package of the tests only

from support.sharing import ByRoom, dear_rooms_first

pytest_plugins = ["support.databases", "support.windows"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByRoom:
    return ByRoom(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = dear_rooms_first(items)
