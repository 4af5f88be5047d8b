import pytest
from support.processes import LAPTOP
from support.world import World

from engine.service import NotYours, Stale
from engine.store.tables import DraftRow


@pytest.fixture
def asked(world: World) -> World:
    world.publish(LAPTOP)
    world.start("laptop-return")
    return world


def save(world: World, revision: int, by: str = "p_ann", **answers: str):
    return world.service.save_draft(world.task("ask"), answers, revision, by, world.now)


def test_a_draft_counts_its_revisions(asked: World):
    assert [save(asked, 0, a="1"), save(asked, 1, a="2"), save(asked, 2, a="3")] == [1, 2, 3]
    assert [row.answers for row in asked.rows(DraftRow)] == ['{"a":"3"}']


def test_two_tabs_never_overwrite_each_other(asked: World):
    save(asked, 0, a="1")
    save(asked, 1, a="2")

    assert save(asked, 1, a="other tab") == Stale(current=2)
    assert save(asked, 0, a="third tab") == Stale(current=2)
    assert [row.answers for row in asked.rows(DraftRow)] == ['{"a":"2"}']


def test_a_draft_of_a_task_that_one_does_not_hold_is_not_kept(asked: World):
    assert save(asked, 0, by="p_bob", a="1") == NotYours()
    task = asked.task("ask")
    asked.answer(task, "ann", sent_on="2027-03-02")
    assert asked.service.save_draft(task, {}, 0, "p_ann", asked.now) == NotYours()


def test_a_draft_is_handed_over_with_its_task(asked: World):
    save(asked, 0, a="1")
    asked.service.reassign(asked.task("ask"), "p_dan", None, "ill", asked.now)

    assert save(asked, 1, by="p_dan", a="2") == 2
