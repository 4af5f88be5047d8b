"""Who may see a field, by role and over time, and what an expression tells of it."""

import pytest

from engine.core.visibility import is_hidden, leaves, may_see, told_by, why_withheld
from engine.loader import load_text

SOURCE = """
process: sight
version: 1
people: {manager: subject.manager, hrbp: {role: hr}}
data:
  plain:  {type: text, from: start}
  mine:   {type: text, from: start, seen_by: [manager]}
  later:  {type: text, from: start, seen_by: [manager], until: rounds.talk}
  soon:   {type: text, from: start, until: talk_alone}
  iban:   {type: text, from: start, sensitive: true}
  echo:   {type: computed, compute: "data.mine + data.iban"}
  peers:  {type: people, from: start}
states:
  rounds:
    each: peer in data.peers
    states:
      talk: {task: {to: peer, fields: {said: {type: text, sensitive: true}}}}
      done_here: {end: done}
  talk_alone: {task: {to: manager}}
  closed: {end: done}
"""


@pytest.fixture(scope="module")
def sight():
    loaded = load_text(SOURCE.replace("until: rounds.talk", "until: talk"), "sight.yaml")
    assert loaded.definition is not None, loaded.diagnostics
    return loaded.definition


@pytest.mark.parametrize(
    ("field", "roles", "visits", "seen"),
    [
        ("plain", (), {}, True),
        ("mine", (), {}, False),
        ("mine", ("hrbp",), {"talk_alone": 1}, False),
        ("mine", ("manager",), {}, True),
        ("later", ("hrbp",), {}, False),
        ("later", ("hrbp",), {"rounds": 1}, False),
        ("later", ("hrbp",), {"rounds[p_dan].talk": 1}, True),
        ("later", ("manager",), {}, True),
        ("soon", ("manager",), {}, False),
        ("soon", ("manager",), {"talk_alone": 0}, False),
        ("soon", (), {"talk_alone": 1}, True),
        ("iban", (), {}, True),
    ],
)
def test_a_field_is_seen_by_role_and_time(sight, field, roles, visits, seen):
    assert may_see(sight.data[field], roles, visits) is seen
    assert (why_withheld(sight.data[field], roles, visits) is None) is seen


def test_an_operator_sees_all_but_what_is_sensitive(sight):
    hidden = {name for name, field in sight.data.items() if why_withheld(field, None, {})}

    assert hidden == {"iban"}
    assert {name for name, field in sight.data.items() if not leaves(field)} == {"iban"}


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (("data", "plain"), []),
        (("data", "mine"), ["mine"]),
        (("mine",), ["mine"]),
        (("data", "echo"), ["iban", "mine"]),
        (("data",), ["iban", "later", "mine", "soon"]),
        (("rounds", "answers"), ["said"]),
        (("talk", "said"), ["said"]),
        (("talk_alone", "done_by"), []),
        (("subject", "name"), []),
    ],
)
def test_a_path_tells_what_it_is_made_of(sight, path, told):
    assert sorted({field.name for field in told_by(sight, path)}) == told
    assert is_hidden(sight, [path], None, {}) is bool({"iban", "said"} & set(told))
