"""Answers: who may give them, where they are kept, and what a button does."""

import pytest
from core_charts import Charts, S, button, done, final, lowered
from core_story import Story

from engine.core.chart import Assign, Shape
from engine.core.effects import ClosedTask, Finish, OpenedTask, OpenIncident
from engine.core.events import TaskAnswered
from engine.core.form import FieldType
from engine.core.step import Assigned, Entered, Exited, Transitioned


def rating() -> Story:
    charts = Charts({"rating": FieldType.SCALE, "marks": FieldType.INTEGER})
    task = charts.task(
        "subject.manager",
        shared=["rating"],
        own={"why": FieldType.TEXT},
        buttons=["submit", "skip"],
    )
    return Story(
        definition=charts.define(
            S(
                name="rate",
                task=task,
                completion=(Assign(field="marks", value=charts.expr("data.rating * 10")),),
                on=[
                    button("submit", "second", when="data.rating >= 4", label="high"),
                    button("submit", "closed", label="otherwise"),
                    done("closed"),
                ],
            ),
            S(name="second", task=charts.task("subject.manager"), on=[done("closed")]),
            final("closed", "rated"),
        )
    ).start()


def test_an_answer_goes_to_the_case_file_and_to_the_ending_of_its_state() -> None:
    story = rating().answer("rate", rating=5, why="Shipped it")

    assert story.case.data == {"rating": 5, "marks": 50}
    ending = story.case.endings["rate"]
    assert (ending.outcome, ending.by, ending.answers) == ("submit", "bob", {"why": "Shipped it"})


def test_completion_runs_before_the_rows_and_the_first_row_that_holds_is_taken() -> None:
    story = rating().answer("rate", rating=5)

    assert [type(each).__name__ for each in story.last.taken] == [
        "Assigned", "Assigned", "Transitioned", "Exited", "Entered",
    ]  # fmt: skip
    moved = story.told(Transitioned)[0]
    assert moved == Transitioned(
        place="rate", trigger="submit", label="high", targets=("second",),
        because=(("data.rating", 5),),
    )  # fmt: skip
    assert story.told(Assigned)[0] == Assigned(field="rating", old=None, new=5)
    assert story.told(Exited) == [Exited(place="rate")]
    assert story.told(Entered) == [Entered(place="second")]


def test_effects_come_in_order_closing_before_opening() -> None:
    story = rating().answer("rate", rating=5)

    assert [type(effect) for effect in story.last.effects] == [ClosedTask, OpenedTask]


def test_a_button_without_a_row_completes_its_state() -> None:
    story = rating()
    story.case.data["rating"] = 1
    story.answer("rate", "skip")

    assert story.ended == "rated"
    assert story.asked(Finish) == [Finish(outcome="rated")]


@pytest.mark.parametrize(
    ("task", "pressed", "by"),
    [("rate#9", "submit", "bob"), ("rate#1", "submit", "dan"), ("rate#1", "approve", "bob")],
    ids=["a task that is not open", "somebody who does not own it", "a button it does not have"],
)
def test_an_answer_that_does_not_fit_changes_nothing(task: str, pressed: str, by: str) -> None:
    story = rating()
    before = story.case
    story.play(TaskAnswered(task=task, button=pressed, answers={}, by=by, at=story.now))

    assert story.snapshot is before
    assert (story.last.taken, story.last.effects) == ((), ())


def test_a_second_answer_to_the_same_task_changes_nothing() -> None:
    story = rating()
    event = TaskAnswered(
        task="rate#1", button="submit", answers={"rating": 5}, by="bob", at=story.now
    )
    after = story.play(event).case
    story.play(event)

    assert story.case is after


def test_a_condition_that_fails_undoes_everything_and_names_state_and_row() -> None:
    story = rating()
    before = story.case
    story.answer("rate")

    assert story.snapshot is before
    (incident,) = story.last.effects
    assert isinstance(incident, OpenIncident)
    assert (incident.code, incident.place, incident.blocking) == ("condition-failed", "rate", True)
    assert "rate" in incident.message
    assert "data.rating" in incident.message


def test_a_side_task_is_answered_without_moving_anything() -> None:
    charts = Charts()
    story = Story(
        definition=charts.define(
            S(
                name="coach",
                task=charts.task("subject"),
                side_tasks=(charts.task("subject.manager", own={"note": FieldType.TEXT}),),
                timers=(charts.rule("every", "1 months", repeat="1 months"),),
                on=[done("closed")],
            ),
            final("closed"),
        )
    ).start()
    story.later(days=32)
    assert list(story.case.tasks) == ["coach#1", "coach/every.0#1"]
    story.play(
        TaskAnswered(
            task="coach/every.0#1",
            button="submit",
            answers={"note": "well"},
            by="bob",
            at=story.now,
        )
    )

    assert story.at == ("coach",)
    assert list(story.case.tasks) == ["coach#1"]
    assert story.case.endings["coach/every.0"].answers == {"note": "well"}
    story.later(days=31)
    assert "coach/every.0#2" in story.case.tasks


def test_rows_read_the_answers_by_their_bare_names() -> None:
    charts = Charts(
        {"rating": FieldType.SCALE},
        names={"rating": Charts().expr("1 + 1").type, "why": Charts().expr("'a'").type},
    )
    task = charts.task("subject", shared=["rating"], own={"why": FieldType.TEXT})
    story = Story(
        definition=charts.define(
            S(
                name="rate",
                task=task,
                on=[
                    button("submit", "good", when="rating > 3 && why == 'x'"),
                    button("submit", "bad"),
                ],
            ),
            final("good"),
            final("bad"),
        )
    ).start()

    assert story.answer("rate", rating=5, why="x").ended == "good"


def test_an_answer_in_a_branch_is_kept_under_the_name_of_the_branch() -> None:
    charts = Charts()
    branch = lowered("self", S(name="task", task=charts.task("subject", buttons=["yes", "no"])))
    other = lowered("boss", S(name="task", task=charts.task("subject.manager")))
    story = Story(
        definition=charts.define(
            S(name="both", shape=Shape.PARALLEL, children=[branch, other], on=[done("closed")]),
            final("closed"),
        )
    ).start()
    story.answer("both.self", "no")

    assert story.case.endings["both.self"].outcome == "no"
    assert story.case.endings["both.self"].by == "ann"
