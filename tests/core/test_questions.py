"""What people ask about a case that stands still, and how it is kept."""

import json

from core_charts import Charts, S, done, each_task, final, lowered, timer
from core_story import Story

from engine.core.chart import Shape, StartSubcase, Wait
from engine.core.codec import decode, encode
from engine.core.expression import person
from engine.core.form import FieldType
from engine.core.questions import (
    Waiting,
    awaited_signals,
    buttons,
    comes_next,
    innermost,
    tasks_of,
    unowned,
    waits_for,
)

CHARTS = Charts({"peers": FieldType.PEOPLE}, names={"peer": person()})


def busy() -> Story:
    task = CHARTS.task("subject", due="5 days", buttons=["yes", "no"])
    late = CHARTS.rule("late", "2 days")
    start = StartSubcase(process="plan", subject=None, each=None, data={}, wait=None, pinned=True)
    parts = [
        lowered(
            "self",
            S(
                name="task",
                task=task,
                timers=(late,),
                on=[timer("late.0", "$done", label="go: done")],
            ),
        ),
        each_task("ask", "peer", CHARTS.expr("data.peers"), CHARTS.task("peer", due="3 days")),
        lowered("desk", S(name="task", task=CHARTS.task("queue:it"))),
        lowered("news", S(name="wait", wait=Wait(signal="published", match=None))),
        lowered("plan", S(name="start", start=start)),
        lowered("rest", S(name="wait", timers=(CHARTS.rule("until", "9 days"),))),
    ]
    return Story(
        definition=CHARTS.define(
            S(name="all", shape=Shape.PARALLEL, children=parts, on=[done("closed")]),
            final("closed"),
        )
    ).start(peers=["ann", "bob"])


def test_a_person_has_their_tasks_the_first_due_first() -> None:
    assert [task.key for task in tasks_of(busy().case, "ann")] == [
        "all.ask[ann].task#1", "all.self.task#1",
    ]  # fmt: skip
    assert [task.key for task in unowned(busy().case)] == ["all.desk.task#1"]


def test_a_case_says_what_it_waits_for() -> None:
    story = busy()
    waiting = waits_for(story.definition, story.case)

    assert [
        (w.place, w.task is not None, w.signal, w.until is not None, w.subcases) for w in waiting
    ] == [
        ("all.self", True, None, False, ()),
        ("all.ask[ann]", True, None, False, ()),
        ("all.ask[bob]", True, None, False, ()),
        ("all.desk", True, None, False, ()),
        ("all.news", False, "published", False, ()),
        ("all.plan", False, None, False, ("all.plan.start#1",)),
        ("all.rest", False, None, True, ()),
    ]
    assert isinstance(waiting[0], Waiting)


def test_a_case_says_what_happens_if_nobody_acts() -> None:
    story = busy()

    assert [(u.place, u.kind.value, u.rows) for u in comes_next(story.definition, story.case)] == [
        ("all.self", "late", ("go: done",)),
        ("all.rest", "until", ()),
    ]


def test_a_case_says_where_it_is_in_the_words_of_the_author() -> None:
    story = busy()

    assert innermost(story.definition, story.case) == (
        "all.self", "all.ask[ann]", "all.ask[bob]", "all.desk", "all.news", "all.plan", "all.rest",
    )  # fmt: skip
    assert awaited_signals(story.definition, story.case) == {"published"}


def test_an_open_task_has_its_buttons_and_a_closed_one_has_none() -> None:
    story = busy()

    assert buttons(story.definition, story.case, "all.self.task#1") == ("yes", "no")
    story.answer("all.self", "yes")
    assert buttons(story.definition, story.case, "all.self.task#1") == ()


def test_a_snapshot_survives_json() -> None:
    story = busy().answer("all.self", "yes").close("all.plan.start#1", "agreed", goal="Ship")

    assert decode(json.loads(json.dumps(encode(story.case)))) == story.case


def test_a_case_goes_on_from_what_was_stored() -> None:
    story = busy()
    story.snapshot = decode(json.loads(json.dumps(encode(story.case))))
    for place in ("all.self", "all.ask[ann]", "all.ask[bob]"):
        opened = story.task(place)
        button = "yes" if place == "all.self" else "submit"
        story.answer(place, button, by=opened.owners[0])
    story.claim("all.desk", "eve").answer("all.desk").send("published").close("all.plan.start#1")

    assert story.later(days=10).ended == "closed"
