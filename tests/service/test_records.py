"""Shared records: read by other cases as of their moment, never changed, and replayed."""

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import text
from support.invariants import check_everything
from support.world import World

from engine.queries.records import Standing, records
from engine.store.tables import IncidentRow, RecordRow

RATE = """
process: rate
version: 1
subject: person
data: {mark: {type: integer, from: start}}
states: {closed: {end: done}}
records: {rating: {of: subject, value: data.mark, valid: 12 months, calibrated: true}}
"""

PAY = """
process: pay
version: 1
subject: person
data:
  seen: {type: integer, required: false}
  since: {type: date, required: false}
  boss: {type: integer, required: false}
states:
  ask: {task: {to: subject, title: Ready?}}
  look:
    decide:
      - if: has(subject.records.rating) && subject.records.rating.calibrated
        set: {seen: subject.records.rating.value, since: subject.records.rating.valid_from}
        go: boss
      - {otherwise: closed}
  boss:
    if: has(subject.manager.records.rating)
    decide: [{otherwise: closed, set: {boss: subject.manager.records.rating.value}}]
  closed: {end: done}
"""

STALE = """
process: stale
version: 1
subject: person
data:
  team: {type: people, from: start}
  rows: {type: table, columns: {who: {type: person}, mark: {type: number}, since: {type: date}, valid: {type: yes_no}}}
states:
  pull:
    do: [{set: {rows: 'data.team.filter(p, has(p.last_records.rating)).map(p, {"who": p, "mark": p.last_records.rating.value, "since": date(p.last_records.rating.valid_from), "valid": has(p.records.rating)})'}}]
  closed: {end: done}
"""

PICK = """
process: pick
version: 1
subject: person
data:
  team: {type: people, from: start}
  rows: {type: table, columns: {who: {type: person}, note: {type: text}}, required: false}
  good: {type: people, required: false}
  said: {type: text, required: false}
states:
  ask: {task: {to: subject, title: Ready?}}
  look:
    do:
      - set:
          rows: 'data.team.map(p, {"who": p, "note": "seen"})'
          good: data.team.filter(p, has(p.records.rating) && p.records.rating.value >= 4)
          said: 'data.rows.map(r, has(r.who.records.rating) ? r.who.name + " " + string(r.who.records.rating.value) : r.who.name + " none").join("; ")'
  closed: {end: done}
"""


def look(world: World) -> dict:
    case = world.start("pay", "p_ann")
    world.answer(world.task("ask", case), "ann")
    return orjson.loads(world.case(case).snapshot)["data"]


def rate(world: World, mark: int, subject: str = "p_ann") -> None:
    world.start("rate", subject, mark=mark)


@pytest.fixture
def paying(world: World) -> World:
    world.publish(RATE)
    world.publish(PAY)
    return world


def test_another_case_reads_the_record_that_is_valid_now(paying: World):
    rate(paying, 3)
    rate(paying, 5, "p_bob")

    assert look(paying) == {"seen": 3, "since": "2027-03-01", "boss": 5}
    check_everything(paying.database)


def test_records_of_people_in_a_list_are_read_and_replayed(paying: World):
    """A list goes into an expression as a whole, and would go without what is read by name."""
    rate(paying, 3)
    rate(paying, 5, "p_bob")
    paying.publish(PICK)
    case = paying.start("pick", "p_ann", team=["p_ann", "p_bob", "p_cy"])
    paying.answer(paying.task("ask", case), "ann")

    data = orjson.loads(paying.case(case).snapshot)["data"]
    assert data["good"] == ["p_bob"]
    assert data["said"] == "Ann 3; Bob 5; Cy none"
    assert data["rows"][0] == {"who": "p_ann", "note": "seen"}
    check_everything(paying.database)


def test_a_newer_one_replaces_it_and_both_are_kept(paying: World):
    rate(paying, 3)
    paying.later(days=10)
    rate(paying, 4)

    assert look(paying)["seen"] == 4
    with paying.database.read() as session:
        kept = records(session, paying.now, only=None, about="p_ann")
        then = records(session, paying.now - timedelta(days=5), about="p_ann")
    assert [each.value for each in kept] == [4, 3]
    assert [each.value for each in then] == [3]
    assert then[0].attributes == {"calibrated": True}


def test_one_that_is_not_valid_any_more_is_not_there(paying: World):
    rate(paying, 3)
    paying.later(days=370)

    assert look(paying) == {}
    with paying.database.read() as session:
        assert records(session, paying.now) == ()
        (left,) = records(session, paying.now, only=Standing.STALE)
    assert (left.value, left.standing) == (3, Standing.STALE)
    check_everything(paying.database)


def test_the_last_one_is_seen_although_it_has_expired_also_of_the_people_of_a_list(paying: World):
    paying.publish(STALE)
    rate(paying, 3)
    paying.later(days=200)
    rate(paying, 4, "p_bob")
    paying.later(days=200)
    case = paying.start("stale", "p_ann", team=["p_ann", "p_bob", "p_cy"])

    assert orjson.loads(paying.case(case).snapshot)["data"]["rows"] == [
        {"who": "p_ann", "mark": 3, "since": "2027-03-01", "valid": False},
        {"who": "p_bob", "mark": 4, "since": "2027-09-17", "valid": True},
    ]
    check_everything(paying.database)


def test_a_valid_one_comes_before_a_newer_one_that_has_expired(paying: World):
    paying.publish(RATE.replace("process: rate", "process: glance").replace("12 months", "1 week"))
    rate(paying, 3)
    paying.later(days=10)
    paying.start("glance", "p_ann", mark=5)
    paying.later(days=10)

    assert look(paying)["seen"] == 3


def test_a_later_record_changes_no_replay_of_an_earlier_case(paying: World):
    rate(paying, 3)
    look(paying)
    rate(paying, 5)

    check_everything(paying.database)  # plays every history again and compares


def test_reading_one_that_is_not_there_is_an_incident(paying: World):
    paying.publish(
        PAY.replace("process: pay", "process: bold").replace(
            "has(subject.records.rating) && subject.records.rating.calibrated",
            "subject.records.rating.calibrated",
        )
    )
    case = paying.start("bold", "p_ann")
    paying.answer(paying.task("ask", case), "ann")

    (incident,) = paying.rows(IncidentRow)
    assert "subject.records.rating.calibrated is not filled in" in incident.message


def test_a_record_is_never_changed(paying: World):
    rate(paying, 3)
    with pytest.raises(Exception, match="A record is never changed"):
        paying.database.write(
            lambda tx: tx.connection.execute(text("UPDATE record SET value = '5'"))
        )
    (row,) = paying.rows(RecordRow)
    assert row.value == "3"
