"""The grid and the solver say the same of whatever both can decide."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.conditions import ENVIRONMENT, conditions, grid

from engine.core.expression import BOOL
from engine.loader import load_text
from engine.verify import trials, verify
from engine.verify.names import Names, index_of
from engine.verify.tables import grid_for

pytest.importorskip("z3", reason="z3 is not installed: `uv sync` brings it, or tenure[z3]")

HERE = Path(__file__).parent
FILES = [
    *sorted((HERE / "faults").glob("*.yaml")),
    *sorted((HERE / "sound").glob("*.yaml")),
    *sorted((HERE.parents[1] / "definitions").glob("*.yaml")),
]


def told(tried):
    return tried.gap is not None, [(row.held, row.taken, row.failed) for row in tried.seen]


def tables(path):
    loaded = load_text(path.read_text("utf-8"), path.name)
    if loaded.definition is None:
        return
    names = Names(definition=loaded.definition)
    for table in loaded.sources.tables:
        rows = [row.condition for row in table.rows if row.condition is not None]
        if rows:
            yield grid_for(names, index_of(loaded.definition, table.state)), rows


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_say_the_same_of_every_table_of_the_corpus(path):
    for asked, rows in tables(path):
        tried = trials.try_all(asked, rows)
        solved = trials.solve_all(asked, rows)
        if solved is not None and tried.whole:
            assert told(solved) == told(tried)


def test_the_solver_decides_most_of_the_corpus():
    """What asks lists, records and people is beyond it, and is decided by trying values alone."""
    solved = [trials.solve_all(asked, rows) for path in FILES for asked, rows in prepared(path)]

    assert len(solved) >= 30
    assert sum(each is not None for each in solved) >= 0.6 * len(solved)


def prepared(path):
    for asked, rows in tables(path):
        trials.try_all(asked, rows)
        yield asked, rows


@settings(max_examples=80, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=3))
def test_both_say_the_same_of_whatever_is_made_up(sources):
    rows = [ENVIRONMENT.compile(source, wants=BOOL) for source in sources]
    asked = grid()
    tried = trials.try_all(asked, rows)
    solved = trials.solve_all(asked, rows)

    if solved is None or not tried.whole:
        return
    assert told(solved) == told(tried)
    if solved.gap is not None:
        tests = [asked.test(row) for row in rows]
        point = {key: solved.gap.get(key, 0) for key in asked.terms}
        assert [test(point) for test in tests] == [False] * len(tests)


LARGE = """\
process: large
version: 1
people: {manager: subject.manager}
data:
%s
states:
  weigh:
    decide:
      - {if: %s, go: look}
      - {if: data.f0 == 3 && data.f1 == 3, go: look}
      - {if: data.f0 > 9, go: look}
      - {otherwise: closed}
  look: {task: {to: manager}}
  closed: {end: done}
"""


def large():
    fields = "\n".join(f"  f{n}: {{type: scale, min: 1, max: 9, from: start}}" for n in range(6))
    either = " || ".join(f"data.f{n} == 3" for n in range(6))
    return load_text(LARGE % (fields, either), "large.yaml")


def test_a_table_that_is_too_large_for_the_grid_is_decided_by_the_solver(monkeypatch):
    assert [each.code for each in verify(large())] == ["E402", "E403"]

    monkeypatch.setattr(trials, "solver", lambda: None)

    assert [each.code for each in verify(large())] == []
