"""Signals are kept; a case gets each of them once, now or when it comes to wait for it."""

from support.processes import EMITTER, LAPTOP, RATING, WAITING
from support.world import World

from engine.store.tables import InboxRow, SignalRow, TakenRow, WaitRow

SALES = {"department": "Sales", "grade": "L5"}


def signal(world: World, body=SALES, to=None, name="calibration.published") -> int:
    return world.service.signal(name, body, to, "p_cy", world.now)


def test_a_waiting_case_takes_a_signal_that_matches(world: World):
    world.publish(WAITING)
    case = world.start("calibration")
    world.answer("begin", "ann")

    assert signal(world) == 1
    assert world.advance() == 1

    assert world.case(case).outcome == "done"
    assert world.rows(WaitRow) == []
    assert world.rows(InboxRow) == []


def test_a_signal_that_does_not_match_is_no_news(world: World):
    world.publish(WAITING)
    case = world.start("calibration")
    world.answer("begin", "ann")
    before = world.history(case)

    signal(world, {"department": "IT", "grade": "L5"})
    world.advance()

    assert world.case(case).outcome is None
    assert world.history(case) == before
    assert world.rows(TakenRow) == []


def test_a_signal_is_kept_for_a_case_that_waits_for_it_later(world: World):
    world.publish(WAITING)
    case = world.start("calibration")
    world.later(hours=1)

    assert signal(world) == 0
    world.later(hours=1).answer("begin", "ann")
    world.advance()

    assert world.case(case).outcome == "done"
    assert [(row.source) for row in world.rows(TakenRow)] == ["signal:1"]


def test_a_signal_to_all_from_before_a_case_is_not_for_it(world: World):
    world.publish(WAITING)
    signal(world)
    case = world.later(days=1).start("calibration")
    world.answer("begin", "ann")
    world.advance()

    assert world.case(case).outcome is None


def test_a_signal_for_a_key_may_come_before_its_case_and_is_taken_by_one(world: World):
    world.publish(WAITING)
    signal(world, to="p_ann")
    first = world.later(days=1).start("calibration")
    world.answer("begin", "ann")
    world.advance()
    second = world.later(days=1).start("calibration")
    world.answer("begin", "ann")
    world.advance()

    assert (world.case(first).outcome, world.case(second).outcome) == ("done", None)


def test_an_addressed_signal_reaches_its_case_alone(world: World):
    world.publish(WAITING)
    cases = [world.start("calibration", subject=f"p_{who}") for who in ("ann", "dan")]
    for case, who in zip(cases, ("ann", "dan"), strict=True):
        world.answer(world.task("begin", case), who)

    assert signal(world, to=cases[1]) == 1
    world.advance()

    assert [world.case(case).outcome for case in cases] == [None, "done"]


def test_a_signal_from_a_case_reaches_all_that_wait(world: World):
    world.publish(WAITING)
    world.publish(EMITTER)
    cases = [world.start("calibration", subject=f"p_{who}") for who in ("ann", "dan", "eve")]
    for case, who in zip(cases, ("ann", "dan", "eve"), strict=True):
        world.answer(world.task("begin", case), who)

    emitter = world.start("announcement", department="Sales")
    world.advance()

    assert [world.case(case).outcome for case in cases] == ["done", "done", None]
    assert "signal.emitted" in world.history(emitter)
    assert [row.raised_by for row in world.rows(SignalRow)] == [emitter]


def test_who_left_ends_the_cases_about_them_wherever_they_stand(world: World):
    world.publish(RATING)
    mine = world.start("rating", cycle="2027")
    other = world.start("rating", subject="p_dan", cycle="2027")

    signal(world, {"person": "p_ann"}, to="p_ann", name="person.left")
    world.advance()

    assert (world.case(mine).outcome, world.case(other).outcome) == ("withdrawn", None)
    assert list(world.open_tasks()) == ["rate#1"]


def test_nobody_waits_for_an_unknown_signal_and_it_is_kept(world: World):
    world.publish(LAPTOP)
    world.start("laptop-return")

    assert signal(world, name="nothing.waits") == 0
    assert [row.name for row in world.rows(SignalRow)] == ["nothing.waits"]
