"""A play written down as text is read again as the very same play."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.document import parse
from engine.loader import load_text
from engine.loader.later import plain
from engine.scenarios import (
    NotAsWritten,
    PlayStep,
    Script,
    perform,
    play_all,
    scenario_text,
    scripts_of,
)
from engine.scenarios.script import stage_of
from engine.scenarios.writing import flow

PROCESS = """\
process: small
version: 1
subject: person
people: {manager: subject.manager}
states:
  ask: {task: {to: subject, fields: {why: {type: text}}, due: 5 workdays}}
  agree:
    task: {to: manager, buttons: [yes, no]}
    on: {yes: closed, no: ask}
  closed: {end: done}
"""
PEOPLE = {"subject": "ann", "manager": "bob"}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXT.filter(bool), inner, max_size=3)
    ),
    max_leaves=8,
)


def script(*steps, start=None, at=date(2027, 1, 4)):
    lines = tuple(PlayStep(name=name, value=value) for name, value in steps)
    return Script(name="x", people=PEOPLE, start=start or {}, at=at, steps=lines)


def definition():
    return load_text(PROCESS, "small").definition


@given(VALUES)
def test_a_value_is_read_as_it_was_written(value):
    assert plain(parse(f"value: {flow(value)}\n", "x").root)["value"] == value


@pytest.mark.parametrize(
    "word", ["NO", "on", "010", "0o14", "1e3", "2027-01-04", "~", "a: b", "a #b"]
)
def test_what_yaml_might_take_for_something_else_stays_text(word):
    assert plain(parse(f"value: {flow(word)}\n", "x").root)["value"] == word


def test_a_play_becomes_a_test_that_passes():
    played = script(
        ("ann ask", {"why": "NO: it is # mine"}),
        ("clock", "+2 workdays"),
        ("bob agree", "no"),
        ("ann ask", {"why": "again"}),
        ("bob agree", None),
    )
    text = scenario_text(
        "it is refused once",
        played.people,
        played.start,
        played.starts_by,
        None,
        ((step.name, step.value) for step in played.steps),
        {"ended": "done"},
    )

    loaded = load_text(f"{PROCESS}tests:\n{text}", "small")

    assert loaded.diagnostics == ()
    assert play_all(loaded).passed
    assert scripts_of(loaded)[0].steps == played.steps


def test_it_plays_as_far_as_it_goes_and_says_why_not_further():
    show = perform(definition(), script(("ann ask", {"why": "x"}), ("bob ask", None)))

    assert show.played == 1
    assert "No task `ask` is open" in show.trouble
    assert show.stage.where() == ["agree"]


def test_what_a_failing_step_did_is_not_kept():
    show = perform(definition(), script(("ann ask", {"why": "x"}), ("bob agree", "maybe")))

    assert show.played == 1
    assert "has no button `maybe`" in show.trouble
    assert len(show.stage.moments) == 2


def test_every_event_is_kept_with_what_came_of_it():
    stage = perform(definition(), script(("ann ask", {"why": "x"}))).stage

    assert [type(moment.event).__name__ for moment in stage.moments] == [
        "CaseStarted",
        "TaskAnswered",
    ]
    assert stage.moments[0].before is None
    assert stage.moments[1].before == stage.moments[0].done.snapshot


def test_a_day_that_is_none_is_said():
    with pytest.raises(NotAsWritten, match="is no date"):
        stage_of(definition(), PEOPLE, "tomorrow")


OFFERED = """\
process: offered
version: 1
subject: person
people: {manager: subject.manager}
starts:
  - {signal: offer.accepted, for: event.person, if: event.country == "DE", with: {day: event.day}}
data: {day: {type: date, from: start}}
states:
  ask: {task: {to: manager}}
  closed: {end: done}
tests:
  - name: an offer is accepted
    people: {subject: ann, manager: bob}
    starts_by: {signal: {offer.accepted: {person: ann, country: DE, day: 2027-02-01}}}
    play: [bob ask]
    expect: {ended: done}
"""


def test_a_play_that_a_rule_begins_is_written_so():
    loaded = load_text(OFFERED, "offered")
    (told,) = scripts_of(loaded)
    steps = ((step.name, step.value) for step in told.steps)
    text = scenario_text(
        told.name, told.people, told.start, told.starts_by, None, steps, {"ended": "done"}
    )
    again = load_text(f"{OFFERED.partition('tests:')[0]}tests:\n{text}", "offered")

    assert perform(loaded.definition, told).stage.standing.data["day"] == "2027-02-01"
    assert scripts_of(again) == (told,)
    assert play_all(again).passed


def test_a_start_that_its_rule_does_not_want_is_said():
    (told,) = scripts_of(load_text(OFFERED.replace("country: DE", "country: FR"), "offered"))

    with pytest.raises(NotAsWritten, match="No case was started"):
        perform(load_text(OFFERED, "offered").definition, told)
