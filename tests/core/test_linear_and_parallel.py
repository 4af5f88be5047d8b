"""The way of an ordinary case: one task after the other, branches side by side, timers."""

from core_charts import Charts, S, button, done, final, lowered
from core_story import Story

from engine.core.chart import Shape
from engine.core.effects import CancelTimer, ClosedTask, Finish, OpenedTask, Remind, SetTimer
from engine.core.form import FieldType


def onboarding() -> tuple[Charts, Story]:
    charts = Charts({"seat": FieldType.TEXT, "rating": FieldType.SCALE})
    definition = charts.define(
        S(
            name="prepare",
            task=charts.task("subject.manager", due="3 workdays", shared=["seat"]),
            timers=(charts.rule("remind", "1 workdays before due"),),
            on=[done("set_up")],
        ),
        S(
            name="set_up",
            shape=Shape.PARALLEL,
            on=[done("checkin")],
            children=[
                lowered("it", S(name="task", task=charts.task("queue:it", due="5 days"))),
                lowered("desk", S(name="task", task=charts.task("case.opened_by", due="7 days"))),
                lowered("pay", S(name="task", task=charts.task("role:hr", due="7 days"))),
            ],
        ),
        S(
            name="checkin",
            task=charts.task("subject.manager", due="30 days", shared=["rating"]),
            on=[button("submit", "closed", when="data.rating > 1"), button("submit", "prepare")],
        ),
        final("closed", "done"),
    )
    return charts, Story(definition=definition)


def test_a_linear_and_parallel_process_runs_to_its_end() -> None:
    _, story = onboarding()

    story.start()
    assert story.at == ("prepare",)
    assert story.task("prepare").owners == ("bob",)
    story.answer("prepare", seat="B1")
    assert story.case.data == {"seat": "B1"}
    assert story.at == ("set_up.it.task", "set_up.desk.task", "set_up.pay.task")
    story.claim("set_up.it", "eve").answer("set_up.it")
    story.answer("set_up.pay")
    assert story.at == ("set_up.it.$done", "set_up.desk.task", "set_up.pay.$done")
    story.answer("set_up.desk")
    assert story.at == ("checkin",)
    story.answer("checkin", rating=1)
    assert story.at == ("prepare",)
    assert story.task("prepare").key == "prepare#2"
    story.answer("prepare")
    for branch in ("desk", "pay"):
        story.answer(f"set_up.{branch}")
    story.claim("set_up.it", "dan").answer("set_up.it")
    story.answer("checkin", rating=4)
    assert story.ended == "done"
    assert story.case.configuration == ("closed",)
    assert story.case.tasks == {}
    assert story.asked(Finish) == [Finish(outcome="done")]


def test_timers_are_set_with_the_task_and_cancelled_with_its_answer() -> None:
    _, story = onboarding()

    story.start()
    assert [e.timer.key for e in story.asked(SetTimer)] == ["prepare#1/remind.0"]
    assert [e.task.key for e in story.asked(OpenedTask)] == ["prepare#1"]
    story.later(days=2, hours=9)
    assert story.asked(Remind) == [Remind(task="prepare#1", number=1, overdue=False)]
    assert story.case.timers == {}
    story.answer("prepare")
    assert story.asked(ClosedTask)[0] == ClosedTask(task="prepare#1", outcome="submit", by="bob")
    assert story.asked(CancelTimer) == []
