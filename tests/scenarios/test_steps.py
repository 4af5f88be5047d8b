"""What an author reads when a scenario goes otherwise than written: one table of failing steps."""

from textwrap import indent

import pytest

from engine.loader import load_text
from engine.scenarios import play_all

HEAD = """\
process: review
version: 1
subject: person
people:
  manager: subject.manager
  skip: subject.manager.manager
  hrbp: {role: hr-partner, of: subject.department}
data:
  from_day: {type: date, from: start}
  plan:     {type: text}
  peers:    {type: people, required: false}
  rating:   {type: scale, min: 1, max: 5, seen_by: [manager, skip], until: talk}
  grade:    {type: number, required: false}
forms:
  plan: {fields: [plan, peers]}
states:
  plan:
    task: {to: subject, form: plan, due: 10 workdays}
    late: {after: 3 workdays, tell: hrbp}
  agree:
    task: {to: manager, buttons: [accept, return], due: 5 workdays}
    on: {accept: feedback, return: plan}
  feedback:
    parallel:
      peers:
        each: peer in data.peers
        task: {to: peer, fields: {keeps: {type: longtext}}}
      kit:
        task: {to: {queue: it-desk}, due: 2 workdays}
  begin:
    wait: {until: data.from_day}
  rate:
    task: {to: manager, fields: [rating]}
    on:
      submit:
        - {if: data.rating > data.grade, go: talk}
        - {otherwise: calibrate}
  calibrate:
    wait: {for: calibration.published}
    set: {grade: event.grade}
  follow_up:
    start: {process: development-plan}
  talk:
    task: {to: manager, fields: {told_on: {type: date}}}
  closed: {end: done}
records:
  rating: {of: subject, value: data.rating, valid: 12 months}
"""
PEOPLE = "people: {subject: ann, manager: bob, skip: cy, hrbp: hal, it-desk: [ida, ivo]}"
START = "start: {from_day: 2027-02-01}"


def played(*steps: str, people: str = PEOPLE, start: str = START, more: str = ""):
    """The one result of a scenario of these steps, and the text it stands in."""
    lines = ["- name: a test", f"  {people}", f"  {start}"]
    if steps:
        lines += ["  play:", *(f"    - {step}" for step in steps)]
    if more:
        lines.append(f"  {more}")
    source = HEAD + "tests:\n" + indent("\n".join(lines), "  ") + "\n"
    loaded = load_text(source, "review.yaml")
    assert loaded.definition is not None, loaded.diagnostics
    (result,) = play_all(loaded).results
    return result, source


PLAN = "ann plan: {plan: Sell more, peers: [dan]}"
ACCEPT = "bob agree: accept"
PEER = "dan peers: {keeps: Listens.}"
KIT = "ida kit"
TO_RATE = (PLAN, ACCEPT, PEER, KIT, "clock: data.from_day")

# the steps, the last of which fails; a part of the sentence
FAILING = [
    # who answers what
    (["bob plan: {plan: x}"], "The task `plan` is not bob's; it is with ann."),
    (["ann plann: {plan: x}"], "No task `plann` is open; did you mean `plan`?"),
    (["ann rate: {rating: 3}"], "No task `rate` is open."),
    ([PLAN, "bob agree: acept"], "`agree` has no button `acept`; it has `accept`, `return`."),
    ([PLAN, "bob agree: {press: no}"], "has no button"),
    ([PLAN, ACCEPT, "zoe kit"], "The task `kit` is not zoe's; it is with ida/ivo."),
    # answers are checked as a page would check them
    (["ann plan: {peers: [dan]}"], "would be refused. plan: Plan: please fill this in."),
    (["ann plan: {plan: x, colour: red}"], "There is no question “colour” on this page."),
    ([*TO_RATE, "bob rate: {rating: 9}"], "Rating: enter 5 or less; 9 is too large."),
    # a machine that cannot go on
    ([*TO_RATE, "bob rate: {rating: 3}"], "data.grade"),
    # the clock
    (["clock: 2026-12-24"], "The clock is at 2027-01-04 already and never goes back to 2026-12-24."),
    (["clock: tomorrow"], "The clock cannot go to `tomorrow`; write a date such as"),
    (["clock: +3 wrkdays"], "The clock cannot move by `+3 wrkdays`"),
    (["clock: data.plan"], "The clock cannot go to `data.plan`: nobody has filled it."),
    # steps that are none
    (["xyz: {}"], "`xyz` is no step. Write `ann plan: {…}` for an answer, or one of `clock`"),
    (["clok: +3 days"], "`clok` is no step; did you mean `clock`?"),
    (["signal: calibration.published"], "Write a signal as `signal: {name: {what: it says}}`."),
    (["change: eve"], "Write a change as `change: {subject.manager: eve}`."),
    (["change: {ann.records: {rating: {value: 3, valid_until: soon}}}"], "`valid_until: soon` of the record `rating` is no date"),
    (["closed: {talk: done}"], "`talk` waits for no sub-case."),
    # expectations
    (["expect: plan"], "Write `expect:` as `{at: state, tasks: [ann plan], …}`."),
    (["expect: {att: plan}"], "`att` cannot be expected; did you mean `at`?"),
    (["expect: {at: rate}"], "Expected the case at `rate`; it is at `plan`."),
    (["expect: {tasks: [bob plan]}"], "Expected the open tasks `bob plan`; found `ann plan`."),
    (["expect: {tasks: []}"], "Expected the open tasks none; found `ann plan`."),
    (["expect: {ended: done}"], "Expected the case to have ended as `done`; it is still open."),
    (["cancel: a mistake", "expect: {ended: done}"], "it ended as `cancelled`."),
    ([PLAN, "expect: {data: {plan: Sell less}}"], "Expected data.plan to be 'Sell less'; it is 'Sell more'."),
    (["expect: {data: {plan: Sell less}}"], "it is not filled."),
    (["expect: {due: {ann plan: 2027-01-19}}"], "Expected `ann plan` to be due on 2027-01-19; it is on 2027-01-18."),
    (["expect: {due: {bob plan: 2027-01-18}}"], "Expected the task `bob plan` to be open; it is not."),
    (["expect: {told: hal}"], "Expected `hal` to be told; told were none."),
    (["expect: {records: [rating]}"], "Expected the records `rating`; found none."),
    (["expect: {incident: session}"], "Expected an incident “session”; there was none."),
    (["expect: {ann can see: rating}"], "Expected that ann can see rating; ann cannot see it."),
    (["expect: {bob cannot see: rating}"], "Expected that bob cannot see rating; bob can see it."),
    (["expect: {bob can see: mark}"], "There is no field `mark` under `data:`."),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "sentence"), FAILING, ids=[said[:60] for _, said in FAILING])
def test_a_step_that_goes_otherwise_is_told_in_a_sentence(steps: list[str], sentence: str):
    result, _ = played(*steps)

    assert result.failure is not None
    assert sentence in result.failure.sentence
    assert result.steps == len(steps) - 1


@pytest.mark.parametrize(("steps", "sentence"), FAILING, ids=[said[:60] for _, said in FAILING])
def test_a_failure_points_at_the_line_of_its_step(steps: list[str], sentence: str):
    result, source = played(*steps)

    line = source.splitlines()[result.failure.span.line - 1]
    assert line.strip().removeprefix("- ") == steps[-1]


def test_how_things_stood_is_told_with_a_failure():
    result, _ = played(PLAN, "expect: {at: rate}")

    assert result.failure.standing == (
        "it is Monday 2027-01-04 09:00",
        "the case is at agree",
        "open tasks: bob agree (due 2027-01-11)",
        "comes next: nothing by itself",
        "the last event took: plan: submit",
    )
    assert result.failure.story == ("2027-01-04 09:00 plan: submit → agree",)


def test_the_closing_expectation_points_at_its_key():
    result, source = played(PLAN, more="expect: {at: plan}")

    assert source.splitlines()[result.failure.span.line - 1].strip() == "expect: {at: plan}"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("expects: {at: plan}", "A test has no `expects`; here go `name`, `people`"),
        ("at: soon", "`at: soon` is no date; write one such as 2027-01-04."),
        ("play: [[a]]", "Write each step as one line, such as `- ann plan: {…}`."),
    ],
)
def test_a_test_that_is_written_wrong_is_told_so(more: str, sentence: str):
    result, _ = played(more=more)

    assert sentence in result.failure.sentence


def test_people_must_be_named():
    result, _ = played(people="people: ann")

    assert result.failure.sentence == "Write `people:` as `{subject: ann, manager: bob}`."
