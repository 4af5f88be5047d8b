"""Fixtures for all rooms; what they rest on stands in tests/support."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # `support` is a package of the tests only

pytest_plugins = ["support.databases"]

# Rooms whose session fixtures are dear: a played demo, a Prefect server, a browser.
_TOGETHER = ("acceptance", "flows", "web")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What shares fixtures goes to one worker when the suite runs on several."""
    for item in items:
        room = item.path.relative_to(HERE).parts[0]
        group = room if room in _TOGETHER else str(item.path.relative_to(HERE))
        item.add_marker(pytest.mark.xdist_group(group))
