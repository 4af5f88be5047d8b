"""What starts a case by itself: once each, whoever looks and however late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select
from support.invariants import check_everything
from support.processes import LAPTOP, PARENT
from support.world import World

from engine.queries.starts import rule_runs, waiting_rules
from engine.service import StartRefused
from engine.store.tables import CaseRow, CohortMemberRow, PersonVersionRow

STARTS = """
process: checkin
version: 1
subject: person
key: one per cycle, subject
people:
  hr: {role: hr-partner}
data:
  cycle: {type: text, from: start}
starts:
  - {by_hand: subject.manager}
  - signal: offer.accepted
    if: event.country == "DE"
    for: event.person
    with: {cycle: event.cycle}
  - every: year
    on: first workday of January
    if: subject.department == "Sales"
    with: {cycle: string(today)}
states:
  ask:    {task: {to: subject, title: How is it going?}}
  closed: {end: done}
"""


def launch_all(world: World) -> None:
    for cohort in world.service.launches(world.now):
        while world.service.launch(cohort, 2, world.now).more:
            pass


def cases(world: World) -> list[tuple[str, str, str]]:
    return [(row.name, row.subject, row.key) for row in world.rows(CaseRow)]


def accept(world: World, person: str = "p_ann", **said: str) -> None:
    body = {"person": person, "country": "DE", "cycle": "2027", **said}
    world.service.signal("offer.accepted", body, None, None, world.now)
    launch_all(world)


def test_a_signal_starts_one_case_with_what_it_said(world: World):
    world.publish(STARTS)
    accept(world)

    assert cases(world) == [("CHE-0001", "p_ann", "2027|p_ann")]
    assert world.history("CHE-0001")[0] == "case.started"
    check_everything(world.database)


def test_a_signal_whose_condition_does_not_hold_starts_nothing(world: World):
    world.publish(STARTS)
    accept(world, country="FR")

    assert cases(world) == []
    assert world.rows(CohortMemberRow) == []


def test_a_second_signal_for_the_same_key_is_refused_by_name(world: World):
    world.publish(STARTS)
    accept(world)
    accept(world)

    assert len(cases(world)) == 1
    assert "CHE-0001" in world.rows(CohortMemberRow)[1].note


def test_a_signal_that_says_too_little_is_told_and_stops_nobody(world: World):
    world.publish(STARTS)
    world.service.signal("offer.accepted", {"person": "p_ann"}, None, None, world.now)
    accept(world, "p_dan")

    assert [subject for _, subject, _ in cases(world)] == ["p_dan"]
    with world.database.read() as session:
        newest, first = rule_runs(session)
    assert newest.started == 1
    ((subject, why),) = first.refused
    assert subject == "p_ann"
    assert "event.country" in why


def test_a_schedule_starts_everybody_who_fits_on_its_day_and_once(world: World):
    world.publish(STARTS)
    with world.database.read() as session:
        _, rule = waiting_rules(session, "checkin")
    assert rule.next_at == datetime(2028, 1, 3, 8, tzinfo=UTC)  # nine in Berlin; the 1st is off

    world.now = rule.next_at - timedelta(seconds=1)
    world.advance()
    assert world.service.launches(world.now) == ()

    world.now = rule.next_at
    assert world.service.due(world.now).events > 0
    world.service.advance(10, world.now)
    world.service.advance(10, world.now)
    launch_all(world)

    assert [key for _, _, key in cases(world)] == [
        "2028-01-03|p_ann",
        "2028-01-03|p_bob",
        "2028-01-03|p_dan",
    ]
    assert world.service.next_timer() == datetime(2029, 1, 2, 8, tzinfo=UTC)
    check_everything(world.database)


def test_a_schedule_missed_for_years_comes_once_as_of_the_first_time(world: World):
    world.publish(STARTS)
    world.now = datetime(2031, 5, 6, 12, tzinfo=UTC)
    world.service.advance(10, world.now)
    world.service.advance(10, world.now)
    launch_all(world)

    assert {key.split("|")[0] for _, _, key in cases(world)} == {"2028-01-03"}
    assert len(cases(world)) == 3
    with world.database.read() as session:
        _, rule = waiting_rules(session)
    assert rule.next_at == datetime(2032, 1, 2, 8, tzinfo=UTC)


def test_publishing_again_keeps_the_day_of_a_rule_and_drops_what_is_gone(world: World):
    world.publish(STARTS)
    world.later(days=200)
    world.publish(
        STARTS.replace("version: 1", "version: 2").replace("offer.accepted", "offer.sent")
    )
    accept(world)

    assert cases(world) == []
    with world.database.read() as session:
        signal, schedule = waiting_rules(session)
    assert signal.rule == "signal offer.sent"
    assert schedule.next_at == datetime(2028, 1, 3, 8, tzinfo=UTC)


def test_by_hand_only_those_may_whom_the_process_names(world: World):
    world.publish(STARTS)
    start = world.service.start
    with pytest.raises(StartRefused, match=r"“subject.manager”, and Fay is not among them"):
        start("checkin", "p_ann", {"cycle": "x"}, "p_fay", world.now)

    assert start("checkin", "p_ann", {"cycle": "x"}, "p_bob", world.now) == "CHE-0001"
    assert start("checkin", "p_dan", {"cycle": "x"}, None, world.now) == "CHE-0002"


def test_a_process_that_is_not_started_by_hand_says_what_starts_it(world: World):
    world.publish(STARTS.replace("  - {by_hand: subject.manager}\n", ""))
    with pytest.raises(StartRefused, match=r"started by “signal offer.accepted”, “every year"):
        world.service.start("checkin", "p_ann", {"cycle": "x"}, "p_bob", world.now)


def test_what_nobody_starts_by_hand_is_started_by_other_cases(world: World):
    world.publish(LAPTOP.replace("states:", "starts: {by_hand: nobody}\nstates:", 1))
    world.publish(PARENT)
    with pytest.raises(StartRefused, match="started by a case of another process"):
        world.service.start("laptop-return", "p_ann", {}, "p_bob", world.now)

    world.start("parent")
    world.answer("open", "ann")

    assert world.case("LAP-0001").process == "laptop-return"


def test_who_has_left_is_in_no_cohort(world: World):
    world.publish(STARTS)

    def leave(tx):
        row = (
            tx.session()
            .exec(select(PersonVersionRow).where(PersonVersionRow.person == "p_dan"))
            .one()
        )
        row.active = False
        tx.session().flush()

    world.database.write(leave)
    world.now = datetime(2028, 1, 3, 8, tzinfo=UTC)
    world.advance()
    launch_all(world)

    assert "p_dan" not in [subject for _, subject, _ in cases(world)]


def test_a_process_about_nobody_gets_one_case(world: World):
    world.publish(
        """
process: workforce-plan
version: 1
subject: none
starts: {every: 3 months, on: last workday, at: "17:00"}
states: {plan: {task: {to: {role: it-desk}}}, closed: {end: done}}
"""
    )
    world.now = datetime(2027, 4, 30, 15, tzinfo=UTC)
    world.advance()
    launch_all(world)

    assert [subject for _, subject, _ in cases(world)] == [None]
