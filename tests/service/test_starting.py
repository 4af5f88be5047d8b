import pytest
from support.processes import LAPTOP, RATING
from support.world import World

from engine.service import StartRefused
from engine.store.tables import AssignmentRow, CaseRow, EventRow


def test_a_started_case_has_its_task_its_owner_and_their_letter(world: World):
    world.publish(LAPTOP)

    name = world.start("laptop-return")

    assert name == "LAP-0001"
    assert list(world.open_tasks(name)) == ["ask#1"]
    assert [(a.person, a.candidate) for a in world.rows(AssignmentRow)] == [("p_ann", False)]
    assert world.letters() == [("task", "p_ann")]
    assert world.history(name) == ["case.started", "task.opened"]


@pytest.mark.parametrize(
    ("process", "subject", "data", "sentence"),
    [
        ("no-such", "p_ann", {}, "No process 'no-such' is published"),
        ("rating", "p_nobody", {"cycle": "2027"}, "knows no person 'p_nobody'"),
        ("rating", None, {"cycle": "2027"}, "is about a person; say about whom"),
        ("rating", "p_ann", {}, "cycle must be given as well"),
        ("rating", "p_ann", {"cycle": "2027", "cyle": "x"}, "takes no cyle at its start"),
        ("rating", "p_ann", {"cycle": 2027}, "cycle: "),
    ],
)
def test_a_start_that_does_not_fit_is_refused_in_a_sentence(
    world: World, process: str, subject: str | None, data: dict, sentence: str
):
    world.publish(RATING)

    with pytest.raises(StartRefused, match=sentence):
        world.start(process, subject, **data)

    assert world.rows(CaseRow) == []
    assert world.rows(EventRow) == []


def test_a_second_open_case_of_the_same_key_is_refused_and_the_open_one_named(world: World):
    world.publish(RATING)
    first = world.start("rating", cycle="2027")

    with pytest.raises(StartRefused, match=f"The case {first} of rating is still open"):
        world.start("rating", cycle="2027")

    assert world.start("rating", cycle="2028") == "RAT-0002"
    assert world.start("rating", subject="p_dan", cycle="2027") == "RAT-0003"


def test_a_closed_case_leaves_its_key_to_the_next(world: World):
    world.publish(RATING)
    world.service.cancel(world.start("rating", cycle="2027"), "p_eve", "a mistake", world.now)

    assert world.start("rating", cycle="2027") == "RAT-0002"


def test_values_of_a_key_cannot_be_mistaken_for_one_another(world: World):
    world.publish(RATING.replace("one per cycle, subject", "one per cycle, goal, subject"))

    world.start("rating", cycle="a|b", goal="c")
    world.start("rating", cycle="a", goal="b|c")

    assert len(world.rows(CaseRow)) == 2
