"""An answer that was received before a deadline beats it, however long it was held up on its way."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.invariants import check_everything
from support.world import MONDAY, World, found

from engine.service import Accepted, AlreadyRecorded
from engine.store import Database

GRACE = timedelta(seconds=1)
DEADLINE = MONDAY + timedelta(hours=2)
TICK = timedelta(microseconds=1)

# Two people at once; the first has two hours, and then it goes on without them.
BOTH = """
process: both
version: 1
subject: person
states:
  ask:
    parallel:
      own:
        task: {to: subject, title: Yours, due: 2 hours}
        after: {2 hours: done}
      other:
        task: {to: subject.manager, title: The other, due: 2 days}
  closed: {end: done}
"""
ONE = """
process: one
version: 1
subject: person
states:
  ask:
    task: {to: subject, title: Yours, due: 2 hours}
    after: {2 hours: missed}
  closed: {end: done}
  missed: {end: missed}
"""


def with_grace(
    world: World, grace: timedelta = GRACE, pause: Callable[[float], None] | None = None
) -> World:
    more = {} if pause is None else {"pause": pause}
    tools = replace(world.service.tools, grace=grace, **more)
    return replace(world, service=replace(world.service, tools=tools))


@pytest.fixture
def patient(world: World) -> World:
    world.publish(ONE)
    world.publish(BOTH)
    return with_grace(world)


def answer_at(world: World, when: datetime, task: str, by: str):
    return replace(world, now=when).answer(task, by)


def test_an_answer_that_was_held_up_on_its_way_still_beats_the_deadline(patient: World):
    """The page's thread has read its clock and stands still while the timer's round comes by."""
    case = patient.start("one")
    task = patient.task("ask")
    received, go_on, said = threading.Event(), threading.Event(), []

    def page() -> None:
        now = DEADLINE - timedelta(milliseconds=5)
        received.set()
        go_on.wait(60)
        said.append(answer_at(patient, now, task, "ann"))

    thread = threading.Thread(target=page)
    thread.start()
    received.wait(60)
    round_meanwhile = patient.service.advance(10, DEADLINE + timedelta(milliseconds=900))
    go_on.set()
    thread.join(60)

    assert round_meanwhile.events == 0
    assert isinstance(said[0], Accepted)
    assert patient.service.advance(10, DEADLINE + GRACE).events == 0
    assert patient.case(case).outcome == "done"
    check_everything(patient.database)


def test_the_same_answer_beats_the_round_of_another_process(world: World, database_url: str):
    world.publish(ONE)
    world.start("one")
    task = world.task("ask")
    other = Database.open(database_url)
    elsewhere = with_grace(World(database=other, service=found(other, seed=5)))

    assert elsewhere.service.advance(10, DEADLINE + GRACE - TICK).events == 0
    assert isinstance(answer_at(with_grace(world), DEADLINE - TICK, task, "ann"), Accepted)
    assert elsewhere.service.advance(10, DEADLINE + GRACE).events == 0
    other.close()


def test_after_the_grace_the_deadline_counts_and_a_late_answer_is_told_so(patient: World):
    case = patient.start("one")
    task = patient.task("ask")

    assert patient.service.due(DEADLINE + GRACE - TICK).events == 0
    assert patient.service.due(DEADLINE + GRACE).events == 1
    assert patient.service.next_timer() == DEADLINE + GRACE
    assert patient.service.advance(10, DEADLINE + GRACE).events == 1

    late = answer_at(patient, DEADLINE + GRACE, task, "ann")
    assert isinstance(late, AlreadyRecorded)
    assert patient.case(case).outcome == "missed"


def test_an_answer_after_the_deadline_loses_though_no_round_came_by(patient: World):
    case = patient.start("one")

    late = answer_at(patient, DEADLINE + timedelta(seconds=5), patient.task("ask"), "ann")

    assert isinstance(late, AlreadyRecorded)
    assert patient.case(case).outcome == "missed"


def test_a_colleague_s_answer_right_after_a_deadline_lets_one_from_before_it_go_first(
    world: World,
):
    """The colleague's would fire the timer; it waits until nothing from before can be missing."""
    world.publish(BOTH)
    case = world.start("both")
    own, other = world.task("ask.own"), world.task("ask.other")
    pauses, first = [], []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        first.append(answer_at(patient, DEADLINE - timedelta(milliseconds=5), own, "ann"))

    patient = with_grace(world, pause=pause)
    second = answer_at(patient, DEADLINE + timedelta(milliseconds=200), other, "bob")

    assert pauses == [pytest.approx(0.8)]
    assert isinstance(first[0], Accepted)
    assert isinstance(second, Accepted)
    assert world.case(case).outcome == "done"
    check_everything(world.database)


def test_a_colleague_s_answer_after_the_pause_finds_the_deadline_passed(world: World):
    world.publish(BOTH)
    world.start("both")
    own = world.task("ask.own")
    patient = with_grace(world, pause=lambda _: None)
    when = DEADLINE + timedelta(milliseconds=200)

    assert isinstance(answer_at(patient, when, world.task("ask.other"), "bob"), Accepted)
    late = answer_at(patient, when, own, "ann")
    assert late == AlreadyRecorded(outcome="withdrawn", by=None, at=late.at)


def test_what_comes_after_a_deadline_waits_for_its_grace(patient: World):
    patient.publish(
        ONE.replace("process: one", "process: stopped") + "on: {stop.now: {end: stopped}}\n"
    )
    case = patient.start("stopped")
    patient.service.signal("stop.now", {}, None, None, DEADLINE + timedelta(milliseconds=100))

    early = patient.service.advance(10, DEADLINE + timedelta(milliseconds=500))
    assert (early.cases, early.events, early.more) == (0, 0, False)
    patient.service.advance(10, DEADLINE + GRACE)

    assert patient.case(case).outcome == "missed"
