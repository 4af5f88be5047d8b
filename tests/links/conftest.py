"""Randomness that is the same in every run."""

import itertools
from collections.abc import Callable

import pytest


@pytest.fixture
def entropy() -> Callable[[int], bytes]:
    """Counts instead of rolling dice: every id is new, every run the same."""
    count = itertools.count(1)
    return lambda size: next(count).to_bytes(size, "big")
