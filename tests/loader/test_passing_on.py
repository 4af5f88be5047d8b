"""What nobody has filled can be passed on under `with`, and is then left out."""

import pytest

from engine.core.expression import TEXT, Environment, ExpressionFailed, record
from engine.loader import load_text
from engine.scenarios import play_all

RELAY = """\
process: relay
version: 1
subject: person
data:
  ends: {type: date, from: start, required: false}
  boss: {type: person, from: start, required: false}
  end: {type: text, required: false}
starts:
  - signal: offer.accepted
    for: event.person
    with: {ends: event.?ends, boss: event.?boss}
states:
  say:  {do: [{emit: all.said, to: subject.id, with: {ends: data.?ends, boss: data.?boss.?id}}]}
  hear:
    wait: {for: all.said}
    set: {end: 'has(event.ends) ? "ends " + event.ends : has(event.boss) ? event.boss : "nothing"'}
  closed: {end: done}
tests:
  - name: nothing is there, and nothing is passed on
    people: {subject: ann}
    starts_by: {signal: {offer.accepted: {person: ann}}}
    expect: {ended: done, data: {end: nothing}}
  - name: an entry without a value is nothing, too
    people: {subject: ann}
    starts_by: {signal: {offer.accepted: {person: ann, ends: null, boss: bob}}}
    expect: {ended: done, data: {end: bob}}
  - name: what is there is passed on, as what it is
    people: {subject: ann}
    starts_by: {signal: {offer.accepted: {person: ann, ends: "2027-07-31"}}}
    expect: {ended: done, data: {end: ends 2027-07-31}}
"""


def refused(source: str) -> list[tuple[str, str]]:
    return [(found.code, found.message) for found in load_text(source, "relay.yaml").diagnostics]


def test_what_is_empty_is_left_out_and_what_is_there_arrives():
    loaded = load_text(RELAY, "relay.yaml")

    assert loaded.diagnostics == ()
    assert [(r.name, r.failure) for r in play_all(loaded).results if r.failure] == []


def test_a_field_that_every_case_wants_cannot_be_given_what_may_be_empty():
    wanted = RELAY.replace("ends: {type: date, from: start, required: false}",
                           "ends: {type: date, from: start}")  # fmt: skip

    assert refused(wanted) == [
        ("E203", "a case wants `ends` at its start, and `event.?ends` may be empty")
    ]


def test_elsewhere_one_still_says_what_counts_instead():
    wrong = RELAY.replace("{for: all.said}", "{for: all.said, match: data.?end}")

    assert [code for code, _ in refused(wrong)] == ["E304"]


def test_only_what_may_be_absent_is_none_what_lies_before_it_is_asked_for():
    scope = {"data": record({"boss": record({"name": TEXT})})}
    found = Environment(scope).compile("data.boss.?name", may_be_empty=True)

    assert found.eval({"data": {"boss": {"name": "Bob"}}}) == "Bob"
    assert found.eval({"data": {"boss": {}}}) is None
    with pytest.raises(ExpressionFailed, match="is not filled in"):
        found.eval({"data": {}})


def test_what_was_found_must_still_be_what_its_type_says():
    found = Environment({"data": record({"name": TEXT})}).compile("data.?name", may_be_empty=True)

    with pytest.raises(ExpressionFailed, match="is not a text"):
        found.eval({"data": {"name": 7}})
