from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.processes import LAPTOP
from support.world import World

from engine.service import CohortLine, Launched, Refused, Unknown
from engine.service.turns import in_turns
from engine.store.tables import CaseRow, CohortMemberRow

MONDAY = datetime(2027, 3, 8, 8, tzinfo=UTC)  # nine in Berlin


def lines(*subjects: str) -> list[CohortLine]:
    return [
        CohortLine(line=number, subject=subject, data={})
        for number, subject in enumerate(subjects, start=2)
    ]


def test_a_bulk_start_goes_in_portions_and_a_refusal_stops_nobody(world: World):
    world.publish(LAPTOP)
    cohort = world.service.start_cohort(
        "spring", "laptop-return", lines("p_ann", "p_ghost", "p_dan", "p_eve"), "p_cy", world.now
    )
    assert world.service.due(world.now).launches == 4
    assert world.service.launches(world.now) == (cohort,)

    rounds = [world.service.launch(cohort, 3, world.now) for _ in range(2)]

    assert rounds == [
        Launched(done=3, total=4, refused=1, later=0, more=True),
        Launched(done=4, total=4, refused=1, later=0, more=False),
    ]
    members = world.rows(CohortMemberRow)
    assert [row.status for row in members] == ["started", "refused", "started", "started"]
    assert "no person 'p_ghost'" in members[1].note
    assert len(world.open_tasks("LAP-0002")) == 1
    assert world.service.launch(cohort, 3, world.now).more is False
    assert world.service.due(world.now).launches == 0
    assert world.service.launches(world.now) == ()


def test_a_cohort_that_cannot_be_launched_is_refused_at_once(world: World):
    start = world.service.start_cohort
    with pytest.raises(Refused, match="No process 'laptop-return'"):
        start("spring", "laptop-return", lines("p_ann"), None, world.now)
    world.publish(LAPTOP)
    with pytest.raises(Refused, match="is empty"):
        start("spring", "laptop-return", [], None, world.now)
    start("spring", "laptop-return", lines("p_ann"), None, world.now)
    with pytest.raises(Refused, match="already"):
        start("spring", "laptop-return", lines("p_ann"), None, world.now)
    with pytest.raises(Refused, match="Line 2 of the cohort 'summer' is there twice"):
        start("summer", "laptop-return", [*lines("p_ann"), *lines("p_dan")], None, world.now)
    with pytest.raises(Unknown, match="no cohort 99"):
        world.service.launch(99, 10, world.now)


def test_a_staggered_start_takes_so_many_a_day_and_no_weekend(world: World):
    world.publish(LAPTOP)
    friday = datetime(2027, 3, 5, 10, tzinfo=UTC)
    with world.database.read() as session:
        calendar = world.service.tools.directory.facts(session, friday).calendar(None)
    turns = in_turns(lines("p_ann", "p_bob", "p_dan", "p_eve", "p_fay"), 2, calendar, friday)
    assert [line.not_before for line in turns] == [
        None,
        None,
        MONDAY,
        MONDAY,
        MONDAY + timedelta(days=1),
    ]

    cohort = world.service.start_cohort("spring", "laptop-return", turns, "p_cy", friday)
    today = world.service.launch(cohort, 10, friday)
    assert (today.done, today.later, today.more) == (2, 3, False)
    assert world.service.launches(friday) == ()
    assert world.service.due(friday).launches == 0
    due = world.service.next_timer()
    assert due is not None
    assert due <= MONDAY

    assert world.service.launches(MONDAY) == (cohort,)
    assert world.service.due(MONDAY).launches == 2
    assert world.service.launch(cohort, 10, MONDAY).later == 1
    assert world.service.launch(cohort, 10, MONDAY + timedelta(days=1)).done == 5


@pytest.mark.parametrize("weekend", [6, 7])
def test_a_staggered_start_at_the_weekend_begins_on_monday(world: World, weekend: int):
    then = datetime(2027, 3, weekend, 10, tzinfo=UTC)
    with world.database.read() as session:
        calendar = world.service.tools.directory.facts(session, then).calendar(None)
    (turn,) = in_turns(lines("p_ann"), 1, calendar, then)
    assert turn.not_before == MONDAY


def test_late_joiners_come_to_a_cohort_and_nobody_twice(world: World):
    world.publish(LAPTOP)
    cohort = world.service.start_cohort(
        "spring", "laptop-return", lines("p_ann"), "p_cy", world.now
    )
    world.service.launch(cohort, 10, world.now)

    number, known = world.service.add_to_cohort("spring", lines("p_ann", "p_dan"), "p_eve")

    assert (number, known) == (cohort, ("p_ann",))
    assert world.service.launch(cohort, 10, world.now).done == 2
    members = world.rows(CohortMemberRow)
    assert [(row.line, row.subject, row.asked_by) for row in members] == [
        (2, "p_ann", "p_cy"),
        (3, "p_dan", "p_eve"),
    ]
    with pytest.raises(Unknown, match="no cohort 'autumn'"):
        world.service.add_to_cohort("autumn", lines("p_dan"), None)


def test_who_is_taken_out_has_their_case_cancelled_or_never_gets_one(world: World):
    world.publish(LAPTOP)
    later = [replace(line, not_before=world.now + timedelta(days=1)) for line in lines("p_dan")]
    cohort = world.service.start_cohort(
        "spring", "laptop-return", lines("p_ann"), "p_cy", world.now
    )
    world.service.add_to_cohort("spring", later, "p_cy")
    world.service.launch(cohort, 10, world.now)
    remove = world.service.remove_from_cohort

    assert remove("spring", "p_ann", "p_cy", "long leave", world.now) == "LAP-0001"
    assert remove("spring", "p_dan", "p_cy", "left the team", world.now) is None

    (case,) = world.rows(CaseRow)
    assert case.outcome == "cancelled"
    assert [(row.status, row.note) for row in world.rows(CohortMemberRow)] == [
        ("removed", "long leave"),
        ("removed", "left the team"),
    ]
    tomorrow = world.service.launch(cohort, 10, world.now + timedelta(days=1))
    assert (tomorrow.done, tomorrow.total) == (0, 0)
    with pytest.raises(Refused, match="not in the cohort 'spring'"):
        remove("spring", "p_ann", "p_cy", "again", world.now)
    world.service.add_to_cohort("spring", lines("p_ann"), "p_cy")
    assert world.service.launch(cohort, 10, world.now).done == 1
