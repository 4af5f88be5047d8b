import pytest
from support.processes import LAPTOP
from support.world import World

from engine.service import CohortLine, Launched, Refused, Unknown
from engine.store.tables import CohortMemberRow


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
    assert world.service.launches() == (cohort,)

    rounds = [world.service.launch(cohort, 3, world.now) for _ in range(2)]

    assert rounds == [
        Launched(done=3, total=4, refused=1, more=True),
        Launched(done=4, total=4, refused=1, more=False),
    ]
    members = world.rows(CohortMemberRow)
    assert [row.status for row in members] == ["started", "refused", "started", "started"]
    assert "no person 'p_ghost'" in members[1].note
    assert len(world.open_tasks("LAP-0002")) == 1
    assert world.service.launch(cohort, 3, world.now).more is False
    assert world.service.due(world.now).launches == 0
    assert world.service.launches() == ()


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
