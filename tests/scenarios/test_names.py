"""What a scenario calls the states inside the instances of an `each`."""

import pytest

from engine.loader import load_text
from engine.scenarios import play_all

HEAD = """\
process: references
version: 1
data: {schools: {type: choices, options: ["a.b/c [d]", other], from: start}}
states:
  references:
    each: school in data.schools
    states:
      ask: {task: {to: subject}}
      check: {task: {to: {role: hr}}}
  closed: {end: done}
tests:
  - name: one after the other
    people: {subject: ann, hr: hal}
    start: {schools: ["a.b/c [d]", other]}
"""
BY_NAME = """\
    play:
      - expect: {at: ask, tasks: [ann ask, ann ask]}
      - ann ask
      - expect: {at: [ask, check], tasks: [ann ask, hal check]}
      - hal check
      - ann ask
      - hal check
    expect: {ended: done}
"""
BY_PATH = """\
    play: [ann references.ask, expect: {at: references.check}, hal references.check]
    expect: {at: references.ask, tasks: [ann ask]}
"""


@pytest.mark.parametrize("play", [BY_NAME, BY_PATH], ids=["by name", "by path"])
def test_a_state_inside_an_instance_is_called_by_its_own_name_or_its_path(play):
    (result,) = play_all(load_text(HEAD + play, "references.yaml")).results

    assert result.failure is None
