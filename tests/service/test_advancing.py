"""Rounds over the cases that have something to take."""

import threading
from datetime import timedelta

import pytest
from support.invariants import check_everything
from support.processes import LAPTOP, LATE
from support.world import World, found

from engine.core.step import step
from engine.service import Accepted, AlreadyRecorded, macrostep
from engine.store import Database


def test_a_round_takes_as_many_cases_as_it_may_and_says_whether_there_are_more(world: World):
    world.publish(LATE)
    for who in ("ann", "bob", "dan"):
        world.start("feedback", subject=f"p_{who}")
    world.later(hours=1)

    rounds = [world.service.advance(2, world.now) for _ in range(3)]

    assert [(r.cases, r.events, r.more) for r in rounds] == [
        (2, 2, True),
        (1, 1, False),
        (0, 0, False),
    ]
    assert world.letters(kind="reminder") == [
        ("reminder", "p_ann"),
        ("reminder", "p_bob"),
        ("reminder", "p_dan"),
    ]


def test_a_round_is_one_commit(world: World):
    world.publish(LATE)
    for who in ("ann", "bob", "dan"):
        world.start("feedback", subject=f"p_{who}")
    before = world.database.commits

    world.service.advance(10, world.now + timedelta(hours=1))

    assert world.database.commits == before + 1


def test_a_timer_is_due_at_its_instant_and_not_before(world: World):
    world.publish(LATE)
    world.start("feedback")

    assert world.service.next_timer() == world.now + timedelta(hours=1)
    early = world.service.advance(10, world.now + timedelta(minutes=59, seconds=59))
    due = world.service.due(world.now + timedelta(hours=1))

    assert early.events == 0
    assert due.events == 1
    assert world.service.advance(10, world.now + timedelta(hours=1)).events == 1


def test_a_fault_of_the_program_holds_one_case_and_no_other(world: World, monkeypatch):
    world.publish(LATE)
    broken, sound = world.start("feedback"), world.start("feedback", subject="p_bob")

    def fail_for_one(definition, snapshot, event, now, facts):
        if snapshot is not None and snapshot.case.id == broken:
            raise RuntimeError("a bug")
        return step(definition, snapshot, event, now, facts)

    monkeypatch.setattr(macrostep, "step", fail_for_one)
    world.later(hours=3, minutes=1)
    done = world.service.advance(10, world.now)

    assert (done.cases, done.held) == (2, 1)
    (incident,) = world.incidents()
    assert (incident.code, incident.blocking) == ("fault", True)
    assert "RuntimeError: a bug" in incident.message
    assert "timer.fired" in world.history(sound)
    assert "timer.fired" not in world.history(broken)

    monkeypatch.undo()
    world.service.retry(incident.id, "p_eve", world.now)
    assert world.history(broken).count("timer.fired") == 2
    check_everything(world.database)


@pytest.mark.parametrize("sides", [2, 3])
def test_answers_and_rounds_of_several_processes_never_lose_one_another(
    world: World, database_url: str, sides: int
):
    """As many databases as processes would hold, each with a writer of its own."""
    world.publish(LAPTOP)
    cases = [world.start("laptop-return", subject=f"p_{w}") for w in ("ann", "bob", "dan", "eve")]
    who = dict(zip(cases, ("ann", "bob", "dan", "eve"), strict=True))
    tasks = {case: world.task("ask", case) for case in cases}
    opened = [Database.open(database_url) for _ in range(sides)]
    worlds = [
        World(database=each, service=found(each, seed=seed), now=world.now)
        for seed, each in enumerate(opened, start=7)
    ]
    answers: dict[str, list[object]] = {case: [] for case in cases}

    def press(side: World, order: list[str]) -> None:
        for case in order:
            answer = side.answer(tasks[case], who[case], sent_on="2027-03-02")
            answers[case].append(answer)
            side.service.advance(10, side.now)

    threads = [
        threading.Thread(target=press, args=(side, cases if n % 2 else cases[::-1]))
        for n, side in enumerate(worlds * 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for each in opened:
        each.close()

    for case in cases:
        kinds = answers[case]
        assert sum(isinstance(each, Accepted) for each in kinds) == 1, case
        assert sum(isinstance(each, AlreadyRecorded) for each in kinds) == 2 * sides - 1, case
    check_everything(world.database)
