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
    ended = any(each.here.snapshot.outcome is not None for each in explored.found)
    assert ended or any(each.open for each in explored.found)


MANY = """\
process: many
version: 1
states:
  all:
    parallel:
{branches}
  closed: {{end: done}}
"""


BRANCH = """\
      b{n}:
        states:
          ask{n}: {{task: {{to: subject, due: {days} days}}, then: {then}{n}, late: {{after: 1 day, go: chase{n}}}}}
          chase{n}: {{task: {{to: subject}}}}
          over{n}: {{end: over}}
"""


def many(branches: int, then: str = "over") -> str:
    """Branches whose tasks lead to another state once they are late."""
    lines = [BRANCH.format(n=n, days=n + 1, then=then) for n in range(branches)]
    return MANY.format(branches="".join(lines))


def test_what_is_told_to_others_each_round_is_no_new_situation():
    loud = """\
process: loud
version: 1
states:
  ask: {task: {to: subject, buttons: [again, enough]}, on: {again: say, enough: closed}}
  say: {do: {emit: round.begun, with: {by: subject.id}}, then: ask}
  closed: {end: done}
"""
    explored = explore(load_text(loud, "loud.yaml").definition)

    assert (len(explored.found), explored.whole) == (2, True)


def test_the_bound_is_kept_and_told():
    loaded = load_text(many(6), "many.yaml")
    explored = explore(loaded.definition, most=50)

    assert (len(explored.found), explored.whole) == (50, False)
    assert explored.lost() == []  # nothing is said about what was not looked at


def test_branches_that_have_nothing_to_do_with_one_another_do_not_multiply():
    quiet = many(6, then="chase")  # late or answered, they go the same way

    assert len(explore(load_text(quiet, "quiet.yaml").definition).found) <= 14
    assert len(explore(load_text(many(6), "many.yaml").definition).found) >= 64


def test_a_way_that_stops_with_an_incident_is_not_told_to_be_stuck():
    source = """\
process: unknown
version: 1
data: {peers: {type: people, from: start}}
states:
  hold: {wait: {for: told, match: "event.size.of.it > 3"}}
  closed: {end: done}
"""
    verdict = judge(load_text(source, "unknown.yaml"))

    assert [each.code for each in verdict.diagnostics if each.code[1:] in ("415", "416")] == []
