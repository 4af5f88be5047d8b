"""Plays that `check` shows really lead where it says, and nothing sound is told to be stuck."""

from pathlib import Path

import pytest

from engine.loader import load_text
from engine.scenarios import play_all
from engine.verify import judge
from engine.verify.explore import explore

HERE = Path(__file__).parent
ALL = sorted((HERE / "faults").glob("*.yaml"))
SHIPPED = sorted((HERE.parents[1] / "definitions").glob("*.yaml"))


def stuck(path):
    source = path.read_text("utf-8")
    found = judge(load_text(source, path.name)).diagnostics
    return source, [each for each in found if each.code in ("E415", "E416", "W415")]


SHOWN = [path for path in ALL if stuck(path)[1]]


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_the_test_that_shows_it_is_one_that_plays(path):
    source, found = stuck(path)

    for each in found:
        loaded = load_text(source + each.test, path.name)
        report = play_all(loaded)
        assert [result.failure for result in report.results] == [None], each.test


def test_there_are_plays_to_play():
    assert len(SHOWN) >= 8


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_definition_is_explored_as_a_whole(path):
    loaded = load_text(path.read_text("utf-8"), path.name)
    explored = explore(loaded.definition)

    assert explored.whole
    assert explored.lost() == []
    assert not any(each.open for each in explored.found)
    entered = {
        place
        for each in explored.found
        for place in each.here.snapshot.visits
        if each.here.snapshot.outcome is not None
    }
    assert entered
