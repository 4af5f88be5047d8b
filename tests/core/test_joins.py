"""Branches and instances: when a `parallel` or an `each` has completed, and with what outcome."""

import pytest
from core_charts import Charts, S, done, each_task, final, lowered
from core_story import Story

from engine.core.chart import Assign, Enough, Shape
from engine.core.effects import ClosedTask, OpenedTask
from engine.core.expression import TEXT, person
from engine.core.form import FieldType
from engine.core.step import Skipped

CHARTS = Charts(
    {"peers": FieldType.PEOPLE, "words": FieldType.CHOICES, "quick": FieldType.YES_NO,
     "n": FieldType.INTEGER},
    names={"peer": person(), "word": TEXT},
)  # fmt: skip


def enough(**given: object) -> Enough:
    known = {"count": None, "share": None, "condition": None, "quorum": {}, "veto": {}}
    return Enough(**(known | given))  # type: ignore[arg-type]


def votes(rule: Enough | None, *, buttons: tuple[str, ...] = ("submit",), peers: int = 4) -> Story:
    task = CHARTS.task("peer", buttons=buttons, own={"mark": FieldType.INTEGER})
    each = each_task("ask", "peer", CHARTS.expr("data.peers"), task, enough=rule, on=[])
    each.on = [done("closed")]
    definition = CHARTS.define(each, final("closed"))
    people = ["bob", "cy", "dan", "eve", "fay"][:peers]
    return Story(definition=definition).start(peers=people)


def test_an_each_opens_one_task_for_each_person_in_the_order_of_the_list() -> None:
    story = votes(None)

    assert story.at == tuple(f"ask[{who}].task" for who in ("bob", "cy", "dan", "eve"))
    assert [e.task.owners for e in story.asked(OpenedTask)] == [
        ("bob",),
        ("cy",),
        ("dan",),
        ("eve",),
    ]


def test_an_each_completes_when_all_have_ended() -> None:
    story = votes(None)
    for who in ("eve", "bob", "dan"):
        story.answer(f"ask[{who}]")
    assert story.ended is None
    assert story.answer("ask[cy]").ended == "closed"
    assert story.case.endings["ask"].answers["total"] == 4
    assert story.case.endings["ask[eve]"].by == "eve"


def test_an_each_over_nothing_completes_at_once() -> None:
    assert votes(None, peers=0).ended == "closed"


@pytest.mark.parametrize(
    ("rule", "answers"),
    [
        (enough(count=2), 2),
        (enough(share=0.5), 2),
        (enough(share=0.6), 3),
        (enough(count=3, share=0.5), 2),
        (enough(count=9), 4),
        (enough(condition=CHARTS.expr("done >= 3")), 3),
        (enough(condition=CHARTS.expr("count_where(answers, 'outcome', 'submit') == 2")), 2),
        (enough(condition=CHARTS.expr("done * 2 > total")), 3),
    ],
    ids=["2", "50 %", "60 %", "3 or 50 %", "more than there are", "done", "answers", "half"],
)
def test_enough_is_enough_and_the_rest_is_withdrawn(rule: Enough, answers: int) -> None:
    story = votes(rule)
    for number, who in enumerate(("bob", "cy", "dan", "eve")[:answers]):
        assert story.ended is None, number
        story.answer(f"ask[{who}]", mark=1)

    assert story.ended == "closed"
    assert [e.outcome for e in story.asked(ClosedTask)] == ["submit"] + ["withdrawn"] * (
        4 - answers
    )


@pytest.mark.parametrize(
    ("pressed", "outcome"),
    [
        (["yes", "yes"], "yes"),
        (["no"], "no"),
        (["yes", "maybe", "maybe", "maybe"], "undecided"),
        (["maybe", "yes", "yes"], "yes"),
        (["maybe", "maybe", "maybe"], "undecided"),
    ],
)
def test_a_vote_ends_with_its_quorum_its_veto_or_undecided(
    pressed: list[str], outcome: str
) -> None:
    story = votes(enough(quorum={"yes": 2}, veto={"no": 1}), buttons=("yes", "no", "maybe"))
    for who, name in zip(("bob", "cy", "dan", "eve"), pressed, strict=False):
        if story.ended is None:
            story.answer(f"ask[{who}]", name)

    assert story.ended == "closed"
    assert story.case.endings["ask"].outcome == outcome


def growing() -> Story:
    task = CHARTS.task("peer")
    each = each_task("ask", "peer", CHARTS.expr("data.peers"), task)
    plan = lowered("plan", S(name="task", task=CHARTS.task("subject", shared=["peers"])))
    return Story(
        definition=CHARTS.define(
            S(name="both", shape=Shape.PARALLEL, children=[each, plan], on=[done("closed")]),
            final("closed"),
        )
    ).start(peers=["bob"])


def test_an_item_added_later_gets_an_instance_and_a_removed_one_stays() -> None:
    story = growing().answer("both.plan", peers=["cy", "dan"])

    assert story.at == (
        "both.ask[bob].task", "both.ask[cy].task", "both.ask[dan].task", "both.plan.$done",
    )  # fmt: skip
    for who in ("bob", "cy", "dan"):
        story.answer(f"both.ask[{who}]")
    assert story.ended == "closed"


def test_a_removed_person_whom_the_directory_no_longer_knows_is_let_go() -> None:
    story = growing()
    story.case.data["peers"] = ["cy"]
    del story.org.managers["bob"]
    story.directory_changes()

    assert story.at == ("both.ask[cy].task", "both.plan.task")
    assert [item.key for item in story.case.items["both.ask"]] == ["cy"]


def test_texts_of_any_kind_can_be_items() -> None:
    task = CHARTS.task("subject", title="About {{ word }}")
    each = each_task("ask", "word", CHARTS.expr("data.words"), task)
    each.on = [done("closed")]
    story = Story(definition=CHARTS.define(each, final("closed"))).start(
        words=["a.b", "x[1]", "100%", "a.b"]
    )

    assert story.at == ("ask[a.b].task", "ask[x%5B1%5D].task", "ask[100%25].task")
    assert [e.title for e in story.asked(OpenedTask)] == ["About a.b", "About x[1]", "About 100%"]
    for place in story.at:
        story.answer(place)
    assert story.ended == "closed"


def test_one_each_inside_another_keeps_its_instances_apart() -> None:
    inner = each_task(
        "ask", "word", CHARTS.expr("data.words"), CHARTS.task("peer", title="{{ word }}")
    )
    inner.on = [done("$done")]
    body = S(
        name="item",
        shape=Shape.COMPOUND,
        hidden=True,
        children=[inner, S(name="$done", shape=Shape.FINAL, hidden=True)],
    )
    outer = S(name="all", shape=Shape.EACH, children=[body], on=[done("closed")])
    outer.each = each_task("x", "peer", CHARTS.expr("data.peers"), CHARTS.task("peer")).each
    story = Story(definition=CHARTS.define(outer, final("closed"))).start(
        peers=["bob", "cy"], words=["a", "b"]
    )

    assert story.at == tuple(
        f"all[{who}].ask[{word}].task" for who in ("bob", "cy") for word in "ab"
    )
    for place in story.at:
        story.answer(place)
    assert story.ended == "closed"


def branches(rule: Enough | None = None, *, skip: str | None = None) -> Story:
    parts = [
        lowered("one", S(name="task", task=CHARTS.task("subject", buttons=["yes", "no"]))),
        lowered("two", S(name="task", task=CHARTS.task("subject.manager", buttons=["yes", "no"]))),
        lowered(
            "three", S(name="task", task=CHARTS.task("role:hr", buttons=["yes", "no"])), skip=skip
        ),
    ]
    definition = CHARTS.define(
        S(name="all", shape=Shape.PARALLEL, children=parts, enough=rule, on=[done("closed")]),
        final("closed"),
    )
    return Story(definition=definition).start(quick=True)


def test_a_branch_that_is_passed_over_counts_as_ended_but_not_in_the_total() -> None:
    story = branches(enough(share=1.0), skip="data.quick")

    assert [each.place for each in story.told(Skipped)] == ["all.three"]
    assert story.told(Skipped)[0].because == (("data.quick", True),)
    assert story.at == ("all.one.task", "all.two.task", "all.three")
    story.answer("all.one", "yes").answer("all.two", "yes")
    assert story.ended == "closed"


def test_a_parallel_of_branches_that_are_all_passed_over_completes() -> None:
    parts = [
        lowered(name, S(name="task", task=CHARTS.task("subject")), skip="data.quick")
        for name in "ab"
    ]
    definition = CHARTS.define(
        S(name="all", shape=Shape.PARALLEL, children=parts, on=[done("closed")]), final("closed")
    )

    assert Story(definition=definition).start(quick=True).ended == "closed"


def test_branches_can_vote() -> None:
    story = branches(enough(quorum={"yes": 2}, veto={"no": 2}))
    story.answer("all.one", "no").answer("all.three", "no")

    assert story.case.endings["all"].outcome == "no"


def test_enough_of_the_branches_withdraws_the_others() -> None:
    story = branches(enough(count=1)).answer("all.two", "yes")

    assert story.ended == "closed"
    assert [each.outcome for each in story.asked(ClosedTask)] == ["yes", "withdrawn", "withdrawn"]


def test_what_an_instance_sets_another_one_reads() -> None:
    task = CHARTS.task("peer")
    each = each_task("ask", "peer", CHARTS.expr("data.peers"), task)
    each.children[0].children[0].completion = (Assign(field="n", value=CHARTS.expr("data.n + 1")),)
    each.on = [done("closed")]
    story = Story(definition=CHARTS.define(each, final("closed"))).start(peers=["bob", "cy"], n=0)
    story.answer("ask[cy]").answer("ask[bob]")

    assert story.case.data["n"] == 2
