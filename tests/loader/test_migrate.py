"""`migrate:` is read against this version at once, and against the older one as soon as it is known."""

import pytest

from engine.core.mapping import Otherwise, Timers
from engine.loader import against, load_text

OLD = """
process: review
version: 2
states:
  write: {task: {to: subject}}
  look:
    parallel:
      one: {task: {to: subject}}
      two: {task: {to: subject}}
  again:
    states:
      one: {task: {to: subject}}
  closed: {end: done}
"""
NEW = """
process: review
version: 3
states:
  draft: {task: {to: subject}}
  look:
    parallel:
      first: {task: {to: subject}}
      second: {task: {to: subject}}
  again:
    states:
      one: {task: {to: subject}}
  closed: {end: done}
migrate:
  from 2: %s
"""


def read(rule: str):
    return load_text(NEW % rule, "review.yaml")


def settled(rule: str):
    (written,) = read(rule).migrations
    return against(written, load_text(OLD, "old.yaml").definition)


def test_names_become_ids_of_both_versions():
    rule, problems = settled(
        "{states: {write: draft, look.one: first, two: drop, again.one: stay}, "
        "timers: recompute, else: stay}"
    )

    assert problems == ()
    assert rule.states == {"write": "draft", "look.one": "look.first"}
    assert (rule.drop, rule.stay) == ({"look.two"}, {"again.one"})
    assert (rule.timers, rule.otherwise) == (Timers.RECOMPUTE, Otherwise.STAY)


def test_what_nobody_says_keeps_dates_and_refuses_cases_without_a_place():
    rule, _ = settled("{states: {write: draft}}")

    assert (rule.timers, rule.otherwise) == (Timers.KEEP, Otherwise.REFUSE)


@pytest.mark.parametrize(
    ("rule", "code", "says", "label"),
    [
        ("{states: {write: drafd}}", "E201", "state `drafd` does not exist", "did you mean `draft`?"),
        ("{state: {write: draft}}", "E202", "the key `state` does not exist", "did you mean `states`?"),
        ("{timers: kept}", "E205", "`timers` wants `keep` or `recompute`", "did you mean `keep`?"),
        ("{else: reject}", "E205", "`else` wants `stay` or `refuse`", ""),
        ("{states: [write]}", "E204", "`states` wants `key: value` pairs", ""),
        ("{states: {write: [draft]}}", "E204", "`write` wants text", ""),
        ("{states: {draft: drop}}", "E201", "`draft` is a state of this version too", ""),
        ("stay", "E204", "`from 2` wants `key: value` pairs", ""),
    ],
    ids=["target", "key", "timers", "else", "a list", "two targets", "drop", "a word"],
)  # fmt: skip
def test_what_is_wrong_with_this_version_is_told_where_it_stands(rule, code, says, label):
    (found,) = read(rule).diagnostics

    assert (found.code, found.span.line) == (code, 15)
    assert found.message.startswith(says)
    assert found.label == label


@pytest.mark.parametrize(
    ("rule", "says", "label"),
    [
        ("{states: {wriet: draft}}", "version 2 had no state `wriet`", "did you mean `write`?"),
        ("{states: {one: draft}}", "2 states of version 2 are called `one`", ""),
        ("{states: {quite_another: draft}}", "version 2 had no state `quite_another`", ""),
    ],
)
def test_what_is_wrong_with_the_older_version_is_told_too(rule, says, label):
    _, (found,) = settled(rule)

    assert (found.code, found.message, found.label) == ("E602", says, label)
    assert (found.span.line, found.file) == (15, "review.yaml")
    assert found.label or found.help


def test_two_states_of_one_name_want_their_path():
    new = NEW.replace("      second:", "      one:").replace("migrate:", "migrate: ")
    (found,) = load_text(new % "{states: {write: one}}", "review.yaml").diagnostics

    assert found.message == "2 states are called `one`"
    assert found.help == "write the whole path: `look.one` or `again.one`"
