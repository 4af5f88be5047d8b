"""Cases that start cases: in one transaction, and the news come back through the inbox."""

from support.processes import LAPTOP, PARENT
from support.world import World

from engine.service import Held
from engine.store.tables import SubcaseRow


def family(world: World) -> tuple[str, str]:
    world.publish(LAPTOP)
    world.publish(PARENT)
    parent = world.start("parent")
    world.answer("open", "ann")
    return parent, "LAP-0001"


def test_a_subcase_starts_in_the_transaction_of_its_parent(world: World):
    world.publish(LAPTOP)
    world.publish(PARENT)
    world.start("parent")
    before = world.database.commits

    world.answer("open", "ann")

    assert world.database.commits == before + 1
    assert list(world.open_tasks("LAP-0001")) == ["ask#1"]
    assert [(row.key) for row in world.rows(SubcaseRow)] == ["child#1"]
    assert "subcase.started" in world.history("PAR-0001")


def test_the_end_of_a_subcase_moves_its_parent(world: World):
    parent, child = family(world)

    world.answer("ask", "ann", sent_on="2027-03-02")
    world.answer("check", "eve", condition="good")
    assert world.case(child).outcome == "done"
    assert world.advance() == 1

    assert list(world.open_tasks(parent)) == ["thanks#1"]
    assert "subcase.closed" in world.history(parent)
    assert world.advance() == 0


def test_a_parent_that_goes_on_cancels_its_subcase(world: World):
    parent, child = family(world)

    world.service.signal("stop.it", {}, parent, None, world.now)
    world.advance()

    assert world.case(parent).outcome == "stopped"
    assert world.case(child).closed_at is not None
    assert world.open_tasks() == {}
    assert world.advance() == 0


def test_cancelling_the_subcase_is_told_to_the_parent(world: World):
    parent, child = family(world)

    world.service.cancel(child, "p_eve", "not needed", world.now)
    world.advance()

    assert list(world.open_tasks(parent)) == ["thanks#1"]


def test_a_subcase_that_cannot_start_holds_the_parent_until_it_can(world: World):
    world.publish(PARENT)
    parent = world.start("parent")

    held = world.answer("open", "ann")

    assert isinstance(held, Held)
    (incident,) = world.incidents()
    assert (incident.code, incident.blocking) == ("subcase-refused", True)
    assert "Publish it first" in incident.message
    assert list(world.open_tasks(parent)) == ["open#1"]

    world.publish(LAPTOP)
    assert world.service.retry(incident.id, "p_eve", world.now) is None
    assert list(world.open_tasks()) == ["ask#1"]
    assert world.history(parent).count("task.answered") == 1
