"""What differs between two versions is told in the words of the process, and nothing is silent."""

import re

import pytest

from engine.core.alike import only_texts_differ
from engine.loader import load_text
from engine.versions import Sign, diff

ONE = """
process: review
version: 1
title: Review
subject: person
people:
  manager: subject.manager
  hr: {role: hr-partner, of: subject.department}
data:
  rating: {type: scale, min: 1, max: 5, label: Mark}
  level: {type: choice, options: [junior, senior]}
  peers: {type: people, from: start}
forms:
  rating: {title: Rate, fields: [rating, level]}
states:
  rate:
    task: {to: manager, form: rating, due: 5 workdays, title: Rate}
    remind: [2 workdays before due, at due]
    late: {after: 3 workdays, tell: hr}
    on:
      submit:
        - {if: rating >= 4, go: second_look}
        - {otherwise: ask}
  second_look: {task: {to: hr}, then: ask}
  ask:
    each: peer in data.peers
    task: {to: peer, due: 10 workdays}
    enough: 3
  gather:
    parallel:
      one: {task: {to: subject, due: 5 days}}
      two: {task: {to: manager}}
  hold:
    wait: {for: calibration.published}
    after: {10 workdays: closed}
  closed: {end: done}
on:
  person.left: {end: withdrawn}
"""


def load(source: str):
    loaded = load_text(source, "review.yaml")
    assert loaded.definition is not None, loaded.diagnostics
    return loaded.definition


def told(*edits: tuple[str, str], renamed=None) -> list[str]:
    source = ONE
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    changes = diff(load(ONE), load(source), renamed)
    return [f"{c.sign} {c.what} {c.name}: {c.says}{' (text)' if c.text else ''}" for c in changes]


SINGLE = {
    "a deadline": ("form: rating, due: 5 workdays", "form: rating, due: 3 workdays", "~ state rate: due 5 → 3 workdays"),
    "an owner": ("task: {to: hr}", "task: {to: manager}", "~ state second_look: asked of hr → manager"),
    "a new reminder": ("[2 workdays before due, at due]", "[4 workdays before due, 2 workdays before due, at due]", "~ state rate: reminder 4 workdays before due is new"),
    "a moved reminder": ("2 workdays before due", "1 workday before due", "~ state rate: reminder 2 workdays before due → 1 workday before due"),
    "an escalation": ("after: 3 workdays, tell", "after: 1 workday, tell", "~ state rate: escalation 3 workdays late → 1 workday late"),
    "whom it tells": ("tell: hr}", "tell: manager}", "~ state rate: “3 workdays late” does something else"),
    "a time limit": ("{10 workdays: closed}", "{7 workdays: closed}", "~ state hold: after 10 → 7 workdays"),
    "what is waited for": ("calibration.published", "calibration.closed", "~ state hold: what it waits for changes"),
    "enough": ("enough: 3", "enough: 2", "~ state ask: when it is enough changes"),
    "a deadline of an item": ("due: 10 workdays", "due: 7 workdays", "~ state ask: due 10 → 7 workdays"),
    "a deadline of a branch": ("due: 5 days}}", "due: 4 days}}", "~ state gather.one: due 5 → 4 days"),
    "a condition": ("rating >= 4", "rating >= 5", "~ state rate: submit “{if: rating >= 5, go: second_look}” is new"),
    "a person": ("manager: subject.manager", "manager: subject.manager.manager", "~ people manager: subject.manager → subject.manager.manager"),
    "a role": ("role: hr-partner,", "role: head-of-hr,", "~ people hr: role hr-partner of subject.department → role head-of-hr of subject.department"),
    "a bound": ("max: 5", "max: 7", "~ field rating: max 5 → 7"),
    "an option": ("[junior, senior]", "[junior, senior, lead]", "~ field level: option lead is new"),
    "an asked field": ("fields: [rating, level]", "fields: [rating]", "~ form rating: level is gone"),
    "a key": ("subject: person", "subject: person\nkey: one per subject", "~ process review: key changes"),
    "an event": ("on:\n  person.left: {end: withdrawn}", "on:\n  person.left: {end: gone}", "~ state everywhere: person.left “{end: gone}” is new"),
    "a text": ("title: Rate}", "title: Rate the year}", "~ state rate: title “Rate” → “Rate the year” (text)"),
    "a label": ("label: Mark", "label: The mark", "~ field rating: label “Mark” → “The mark” (text)"),
    "the title": ("title: Review", "title: The review", "~ process review: title “Review” → “The review” (text)"),
    "a form's title": ("{title: Rate, fields", "{title: Your mark, fields", "~ form rating: title “Rate” → “Your mark” (text)"),
}  # fmt: skip


@pytest.mark.parametrize("name", SINGLE)
def test_one_edit_is_told_in_words(name: str):
    old, new, expected = SINGLE[name]

    assert any(expected in line for line in told((old, new))), told((old, new))


@pytest.mark.parametrize("name", SINGLE)
def test_no_edit_is_silent_and_texts_alone_are_a_patch(name: str):
    """Whatever `only_texts_differ` sees, the difference tells, and the other way round."""
    old, new, _ = SINGLE[name]
    after = load(ONE.replace(old, new))
    changes = diff(load(ONE), after)

    assert changes
    assert only_texts_differ(load(ONE), after) == all(change.text for change in changes)


def test_nothing_is_told_where_nothing_differs():
    assert told() == []
    assert diff(load(ONE), load(ONE.replace("version: 1", "version: 2") + "# a remark\n")) == ()


def test_another_order_of_states_is_no_patch_and_is_said():
    moved = (
        ONE.replace("  second_look: {task: {to: hr}, then: ask}\n", "")
        .replace(
            "  closed: {end: done}\n",
            "  second_look: {task: {to: hr}, then: ask}\n  closed: {end: done}\n",
        )
        .replace(
            "    after: {10 workdays: closed}", "    after: {10 workdays: closed}\n    then: closed"
        )
    )
    before = ONE.replace(
        "    after: {10 workdays: closed}", "    after: {10 workdays: closed}\n    then: closed"
    )
    (change,) = diff(load(before), load(moved))

    assert change.says.startswith("is written in another order")
    assert not change.text


def test_states_come_go_and_get_other_names():
    other = ONE.replace("second_look", "third_look").replace("  hold:", "  wait_here:")
    plain = diff(load(ONE), load(other))
    known = diff(load(ONE), load(other), {"second_look": "third_look", "hold": "wait_here"})

    assert [
        (c.sign, c.name) for c in plain if c.what == "state" and c.sign is not Sign.CHANGED
    ] == [
        (Sign.ADDED, "third_look"),
        (Sign.ADDED, "wait_here"),
        (Sign.REMOVED, "second_look"),
        (Sign.REMOVED, "hold"),
    ]
    assert [c.name for c in known if not c.text] == ["second_look → third_look", "hold → wait_here"]


def test_a_form_is_told_once_and_one_of_its_own_is_no_other_for_another_name():
    fields = ("to: hr}, then: ask", "to: hr, fields: [rating]}, then: ask")
    old = load(ONE.replace(*fields))
    new = load(ONE.replace(*fields).replace("second_look", "third_look"))
    shared = told(("title: Rate, fields", "title: Your mark, fields"))

    changes = diff(old, new, {"second_look": "third_look"})

    assert [c.name for c in changes if not c.text] == ["second_look → third_look"]
    assert [line for line in shared if "Your mark" in line] == [
        "~ form rating: title “Rate” → “Your mark” (text)"
    ]


def test_every_line_of_a_difference_is_short_and_plain():
    for old, new, _ in SINGLE.values():
        for line in told((old, new)):
            assert len(line) < 160
            assert not re.search(r"Expr|Template|Kind\.|<|None", line)
