"""A task that goes to the person themself also after their last day, if they can be reached."""

import pytest

from engine.loader import load_text
from engine.scenarios import play_all

EXIT = """\
process: exit
version: 1
subject: person
people:
  manager: subject.manager
  leaver: {who: subject, even_if_left: true, if_nobody: manager}
states:
  badge:  {task: {to: subject, if_nobody: manager, due: 5 workdays}}
  survey: {task: {to: leaver, fields: {stay: yes_no}, due: 10 workdays}}
  closed: {end: done}
tests:
  - name: it goes on
    people: {subject: {name: ann, PRIVATE}, manager: bob}
    play:
      - expect: {tasks: [ann badge]}
      - change: {subject.active: false}
      - expect: {tasks: [bob badge]}
      - bob badge
      - expect: {tasks: [WHO survey]}
      - WHO survey: {stay: true}
    expect: {ended: done}
"""


@pytest.mark.parametrize(
    ("address", "who"),
    [("private_email: ann@home.example", "ann"), ("department: Sales", "bob")],
    ids=["with an address", "without"],
)
def test_a_rule_that_says_so_finds_the_leaver_who_can_be_reached(address, who):
    source = EXIT.replace("PRIVATE", address).replace("WHO", who)
    loaded = load_text(source, "exit.yaml")
    assert loaded.definition is not None, loaded.diagnostics

    assert [one.failure for one in play_all(loaded).results] == [None]
