"""Compensation: completed states are undone once, the last first, and all or none of them."""

import json

import pytest
from sqlmodel import col, select
from support.invariants import check_everything
from support.world import World

from engine.core.codec import decode
from engine.loader import load_text
from engine.store.tables import OutboxRow

JOINING = """
process: joining
version: 1
subject: person
data:
  code: {type: text, required: false}
  wing: {type: text, required: false}
states:
  access:
    do: {call: accounts}
    undo: {call: accounts_revoked}
  setup:
    parallel:
      desk:
        task: {to: subject.manager, title: Find a desk, fields: [wing]}
        undo: {tell: subject.manager, title: "Free the desk in {{ data.wing }}"}
      badge:
        task: {to: subject, title: Get a badge, due: 2 days}
        late: {after: 5 days, go: done}
        undo: {tell: subject, title: Return the badge}
    undo: {tell: subject.manager, title: Close the room}
  greet:
    task: {to: subject.manager, title: Greet, buttons: [came, again, missing]}
    on:
      came: there
      again: {go: access, undo: done_states}
      missing: absent
  there: {end: done}
  absent: {end: absent, undo: done_states}
on:
  offer.withdrawn: {end: withdrawn, undo: done_states}
"""


def told(world: World) -> list[str]:
    """Headings of messages and names of calls, in the order in which they leave."""
    with world.database.read() as session:
        rows = session.exec(
            select(OutboxRow.payload)
            .where(col(OutboxRow.kind).in_(["note", "call"]))
            .order_by(col(OutboxRow.id))
        ).all()
    payloads = [json.loads(row) if isinstance(row, str) else row for row in rows]
    return [each.get("title") or each["name"] for each in payloads]


def undone(world: World, case: str = "JOI-0001") -> list[str]:
    return [kind for kind in world.history(case) if kind == "state.undone"]


def withdraw(world: World) -> None:
    world.service.signal("offer.withdrawn", {}, None, None, world.now)
    world.advance()


def begun(world: World, source: str = JOINING) -> None:
    world.publish(source)
    world.start("joining")


def set_up(world: World, **desk: str) -> None:
    world.answer("setup.desk", "bob", **desk)
    world.answer("setup.badge", "ann")


def test_what_was_completed_is_undone_the_last_first(world: World):
    begun(world)
    set_up(world, wing="west")
    withdraw(world)

    assert world.case("JOI-0001").outcome == "withdrawn"
    notes = [each for each in told(world) if not each.startswith("accounts")]
    assert notes == ["Close the room", "Return the badge", "Free the desk in west"]
    assert [each for each in told(world) if each.startswith("accounts")] == [
        "accounts",
        "accounts_revoked",
    ]
    assert len(undone(world)) == 4
    check_everything(world.database)


def test_what_was_not_completed_is_not_undone(world: World):
    begun(world)
    world.answer("setup.badge", "ann")
    withdraw(world)

    assert len(undone(world)) == 2
    assert "accounts_revoked" in told(world)
    assert "Return the badge" in told(world)
    assert "Free the desk in west" not in told(world)
    assert "Close the room" not in told(world)


def test_an_end_undoes_as_a_row_does(world: World):
    begun(world)
    set_up(world, wing="west")
    world.answer("greet", "bob", "missing")

    assert world.case("JOI-0001").outcome == "absent"
    assert len(undone(world)) == 4
    check_everything(world.database)


def test_an_end_without_undo_leaves_what_was_done(world: World):
    begun(world)
    set_up(world, wing="west")
    world.answer("greet", "bob", "came")

    assert undone(world) == []
    assert told(world) == ["accounts"]


def test_each_is_undone_once_and_owed_again_when_it_is_done_again(world: World):
    begun(world)
    set_up(world, wing="west")
    world.answer("greet", "bob", "again")
    assert len(undone(world)) == 4

    withdraw(world)

    assert len(undone(world)) == 5  # `access` was done a second time, the rest was not
    assert told(world).count("accounts_revoked") == 2
    assert told(world).count("Close the room") == 1
    check_everything(world.database)


def test_one_that_cannot_be_decided_leaves_everything_as_it_was(world: World):
    begun(world)
    set_up(world)  # nobody said which wing
    withdraw(world)

    (incident,) = world.incidents()
    assert incident.code == "undo-failed"
    assert incident.place == "setup.desk"
    assert "`setup.desk` cannot be undone, so nothing was" in incident.message
    assert world.case("JOI-0001").outcome is None
    assert told(world) == ["accounts"]
    assert undone(world) == []
    check_everything(world.database)


def test_a_snapshot_from_before_there_was_undo_still_loads():
    opened = decode(
        {"case": ["A-1", None, None, 0, None], "configuration": ["a"], "data": {}, "visits": {}}
    )
    assert opened.owed == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "sentence"),
    [
        ("undo: {call: accounts_revoked}", "undo: done_states", "E208", "stands at an `end` or"),
        ("undo: {call: accounts_revoked}", "undo: {cal: x}", "E202", "`cal`"),
        ("{end: absent, undo: done_states}", "{end: absent, undo: all}", "E205", "`undo`"),
    ],
)
def test_an_undo_that_cannot_be_read_is_refused(old, new, code, sentence):
    found = load_text(JOINING.replace(old, new), "joining.yaml")

    assert [(d.code, sentence in d.message) for d in found.diagnostics] == [(code, True)]


def test_an_undo_inside_an_each_is_refused_and_nothing_to_undo_is_a_warning():
    source = """
process: many
version: 1
subject: person
data: {peers: {type: people, from: start}}
states:
  ask:
    each: peer in data.peers
    states:
      one: {do: {tell: peer}, undo: {tell: peer}}
      over: {end: asked}
  closed: {end: done, undo: done_states}
"""
    found = load_text(source, "many.yaml")
    assert [(d.code, d.message) for d in found.diagnostics] == [
        ("E208", "a state inside an `each` is there once per item and cannot be undone alone"),
        ("W203", "no state has an `undo`, so there is nothing to undo"),
    ]


def test_an_end_inside_a_compound_undoes_only_what_is_inside(world: World):
    world.publish(
        """
process: nested
version: 1
subject: person
states:
  first: {do: {tell: subject, title: First}, undo: {tell: subject, title: Not first}}
  block:
    states:
      second: {do: {tell: subject, title: Second}, undo: {tell: subject, title: Not second}}
      over: {end: broken, undo: done_states}
  wait: {task: {to: subject}}
  closed: {end: done}
"""
    )
    world.start("nested")

    assert told(world) == ["First", "Second", "Not second"]
    check_everything(world.database)
