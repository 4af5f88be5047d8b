"""Waits, decisions, effects, sub-cases, histories, cancelling, and what cannot be decided."""

import pytest
from core_charts import Charts, On, S, always, button, done, final, lowered, signal
from core_story import Story

from engine.core.chart import (
    AskForHelp,
    Assign,
    CallWebhook,
    Each,
    EmitSignal,
    Raise,
    RecordRule,
    Refuse,
    SaveRecord,
    Shape,
    StartSubcase,
    TriggerKind,
    Wait,
)
from engine.core.effects import (
    Call,
    ClosedTask,
    Emit,
    Finish,
    OpenIncident,
    StartCase,
    StopCase,
    WriteRecord,
)
from engine.core.form import FieldType
from engine.core.step import Entered, Exited, Preempted, Skipped, Transitioned
from engine.core.time import Span, Unit

CHARTS = Charts(
    {"rating": FieldType.SCALE, "bonus": FieldType.PERCENT, "peers": FieldType.PEOPLE,
     "buddy": FieldType.PERSON, "day": FieldType.DATE, "quick": FieldType.YES_NO},
    names={name: Charts().environment.scope["event"] for name in ("peer", "plan")},
)  # fmt: skip


def play(
    *states: S,
    on: tuple[On, ...] = (),
    records: tuple[RecordRule, ...] = (),
    cancel: bool = False,
    **data: object,
) -> Story:
    return Story(definition=CHARTS.define(*states, on=on, records=records, cancel=cancel)).start(
        **data
    )


def calibrating() -> Story:
    wait = Wait(
        signal="calibration.published", match=CHARTS.expr("event.department == subject.department")
    )
    return play(
        S(
            name="calibrate",
            wait=wait,
            on=[done("closed")],
            completion=(Assign(field="rating", value=CHARTS.expr("event.ratings[subject.id]")),),
        ),
        final("closed"),
    )


def test_a_wait_ends_with_the_event_that_matches_and_reads_it() -> None:
    story = calibrating().send("calibration.published", department="sales", ratings={"ann": 4})

    assert story.case.data == {"rating": 4}
    assert story.ended == "closed"


def test_an_event_that_does_not_match_changes_nothing() -> None:
    story = calibrating()
    before = story.case
    story.send("calibration.published", department="legal", ratings={})

    assert story.snapshot is before
    assert (story.last.taken, story.last.effects) == ((), ())


def test_an_event_that_lacks_what_the_match_reads_is_an_incident() -> None:
    story = calibrating().send("calibration.published")

    assert [each.code for each in story.last.effects] == ["condition-failed"]


def test_a_signal_nobody_waits_for_changes_nothing() -> None:
    story = calibrating()
    before = story.case

    assert story.send("something.else").snapshot is before
    assert story.last.taken == ()


def test_a_decision_takes_the_first_row_and_sets_its_values() -> None:
    rows = [
        done(
            "closed",
            when="data.rating >= 4",
            do=(Assign(field="bonus", value=CHARTS.expr("0.12")),),
        ),
        done(
            "closed",
            when="data.rating == 3",
            do=(Assign(field="bonus", value=CHARTS.expr("0.08")),),
        ),
    ]
    refuse = On(kind=TriggerKind.DONE, do=(Refuse(text="no row fits rating 1"),))
    reward = S(name="reward", on=[*rows, refuse])

    assert play(reward, final("closed"), rating=3).case.data["bonus"] == 0.08
    assert play(reward, final("closed"), rating=5).case.data["bonus"] == 0.12


def test_a_decision_without_a_row_that_fits_undoes_the_answer() -> None:
    refuse = On(kind=TriggerKind.DONE, do=(Refuse(text="no row of the decision fits"),))
    story = play(
        S(name="rate", task=CHARTS.task("subject", shared=["rating"]), on=[done("reward")]),
        S(name="reward", on=[done("closed", when="data.rating > 3"), refuse]),
        final("closed"),
    )
    before = story.case
    story.answer("rate", rating=1)

    assert story.snapshot is before
    (incident,) = story.last.effects
    assert (incident.code, incident.place, incident.blocking) == ("no-row", "reward", True)
    assert story.answer("rate", rating=4).ended == "closed"


def test_effects_of_a_do_are_resolved_when_it_runs() -> None:
    entry = (
        CallWebhook(name="payroll", body={"id": CHARTS.expr("subject.id"), "day": CHARTS.expr("data.day")},
                    tries=5, within=Span(amount=1, unit=Unit.DAYS)),
        EmitSignal(event="rated", to=CHARTS.expr("subject.manager"), body={"r": CHARTS.expr("data.rating + 1")}),
        SaveRecord(kind="rating", of=CHARTS.expr("subject"), value=CHARTS.expr("data.rating"),
                   attributes={"buddy": CHARTS.expr("data.buddy")}, valid=Span(amount=12, unit=Unit.MONTHS)),
        Assign(field="buddy", value=CHARTS.expr("subject.manager")),
        Assign(field="day", value=CHARTS.expr("today")),
        AskForHelp(text=CHARTS.text("Look at {{ subject.name }}")),
    )  # fmt: skip
    story = play(
        S(name="act", entry=entry, on=[done("closed")]),
        final("closed"),
        rating=4,
        buddy="eve",
        day="2027-06-01",
    )

    assert story.asked(Call) == [
        Call(
            place="act",
            name="payroll",
            body={"id": "ann", "day": "2027-06-01"},
            tries=5,
            within_seconds=86_400,
        )
    ]
    assert story.asked(Emit) == [Emit(event="rated", to="bob", body={"r": 5})]
    (record,) = story.asked(WriteRecord)
    assert (record.of, record.value, record.attributes) == ("ann", 4, {"buddy": "eve"})
    assert record.valid_until.date().isoformat() == "2028-03-01"
    assert story.case.data == {"rating": 4, "buddy": "bob", "day": "2027-03-01"}
    assert [(e.code, e.message) for e in story.asked(OpenIncident)] == [("asked", "Look at Ann")]


def test_a_raised_event_is_handled_before_anything_external() -> None:
    story = play(
        S(name="first", entry=(Raise(event="go"),), on=[signal("go", "second")]),
        S(name="second", wait=Wait(signal="go", match=None), on=[done("closed")]),
        final("closed"),
    )

    assert story.at == ("second",)


def test_a_state_is_passed_over_when_its_condition_holds() -> None:
    task = CHARTS.task("subject")
    story = play(
        S(
            name="check",
            task=task,
            skip="data.quick",
            on=[done("closed")],
            entry=(Assign(field="rating", value=CHARTS.expr("1")),),
        ),
        final("closed"),
        quick=True,
    )

    assert story.ended == "closed"
    assert story.case.data == {"quick": True}
    assert [each.place for each in story.told(Skipped)] == ["check"]
    assert story.case.visits["check"] == 1


@pytest.mark.parametrize(
    ("deep", "back"), [(False, "office.desk.order"), (True, "office.desk.build")]
)
def test_a_compound_is_re_entered_where_it_was_left(deep: bool, back: str) -> None:
    wait = S(name="order", wait=Wait(signal="x", match=None), on=[done("build")])
    build = S(name="build", wait=Wait(signal="y", match=None), on=[done("end")])
    desk = S(name="desk", children=[wait, build, final("end")], on=[done("closed")])
    start = S(name="plan", wait=Wait(signal="p", match=None), on=[done("desk")])
    office = S(
        name="office",
        children=[S(name="last", shape=Shape.HISTORY, initial=["plan"], deep=deep), start, desk],
        initial="last",
        on=[signal("away", "paused")],
    )
    story = play(
        office,
        S(name="paused", wait=Wait(signal="back", match=None), on=[done("office")]),
        final("closed"),
    )
    assert story.at == ("office.plan",)
    story.send("p").send("x")
    assert story.at == ("office.desk.build",)
    story.send("away").send("back")

    assert story.at == (back,)


def test_an_inner_row_wins_and_the_loser_between_branches_is_told() -> None:
    parts = [
        S(
            name=name,
            children=[
                S(name="a", on=[signal("go", "b" if name == "one" else "closed")]),
                S(name="b"),
            ],
        )
        for name in ("one", "two")
    ]
    parts[0].children[0].on = [signal("go", "closed", label="out")]
    story = play(
        S(name="all", shape=Shape.PARALLEL, children=parts, on=[signal("go", "lost")]),
        final("closed"),
        final("lost"),
    )
    story.send("go")

    assert story.ended == "closed"
    assert story.told(Preempted) == [Preempted(place="all.two.a", trigger="go")]
    assert [each.label for each in story.told(Transitioned)] == ["out"]


def test_going_back_to_a_branch_from_inside_leaves_the_others_alone() -> None:
    review = S(name="x", children=[
        S(name="task", task=CHARTS.task("subject", buttons=["again", "ok"]),
          on=[button("again", "one"), done("$done")], hidden=True),
        S(name="$done", shape=Shape.FINAL, hidden=True)])  # fmt: skip
    review.name = "one"
    other = lowered("two", S(name="task", task=CHARTS.task("subject.manager")))
    story = play(
        S(name="all", shape=Shape.PARALLEL, children=[review, other], on=[done("closed")]),
        final("closed"),
    )
    story.answer("all.one", "again")

    assert sorted(story.case.tasks) == ["all.one.task#2", "all.two.task#1"]


def starting(**more: object) -> Story:
    given = {"process": "plan", "subject": None, "each": None, "data": {"x": CHARTS.expr("data.rating")},
             "wait": None, "pinned": True} | more  # fmt: skip
    return play(
        S(name="plan", start=StartSubcase(**given), on=[done("closed"), signal("stop", "closed")]),  # type: ignore[arg-type]
        final("closed"),
        rating=3, peers=["bob", "cy", "dan"],
    )  # fmt: skip


def test_a_sub_case_is_started_and_waited_for() -> None:
    story = starting()
    assert story.asked(StartCase) == [
        StartCase(subcase="plan#1", process="plan", subject="ann", data={"x": 3}, pinned=True)
    ]
    before = story.case
    assert story.close("other#1").snapshot is before
    story.close("plan#1", "agreed", goal="Ship")
    assert story.ended == "closed"
    assert story.case.endings["plan"].outcome == "agreed"
    assert story.case.endings["plan"].answers["data"] == {"goal": "Ship"}


def test_several_sub_cases_are_waited_for_as_many_as_it_says_and_the_rest_is_stopped() -> None:
    loop = Each(item="peer", items=CHARTS.expr("data.peers"))
    story = starting(each=loop, subject=CHARTS.expr("peer"), wait=2)
    assert [(e.subcase, e.subject) for e in story.asked(StartCase)] == [
        ("plan[bob]#1", "bob"), ("plan[cy]#1", "cy"), ("plan[dan]#1", "dan"),
    ]  # fmt: skip
    story.close("plan[cy]#1")
    assert story.ended is None
    assert story.last.taken != ()
    story.close("plan[cy]#1")
    assert story.last.taken == ()
    story.close("plan[dan]#1")
    assert story.ended == "closed"
    assert story.asked(StopCase) == [StopCase(subcase="plan[bob]#1")]
    assert story.case.endings["plan"].answers["done"] == 2


def test_a_sub_case_nobody_waits_for_is_let_go() -> None:
    story = starting(wait=0)

    assert story.ended == "closed"
    assert story.asked(StopCase) == []


def test_a_closed_case_writes_its_records_once_and_then_stands_still() -> None:
    rule = RecordRule(
        save=SaveRecord(kind="rating", of=CHARTS.expr("subject"), value=CHARTS.expr("data.rating"),
                        attributes={}, valid=None),
        condition=CHARTS.expr("data.rating > 2"),
    )  # fmt: skip
    story = play(
        S(name="do_it", task=CHARTS.task("subject"), on=[done("closed")]),
        final("closed"),
        records=(rule,),
        rating=3,
    )
    story.answer("do_it")
    assert [type(each) for each in story.last.effects] == [ClosedTask, WriteRecord, Finish]
    before = story.case
    for event in (story.cancel, story.directory_changes, lambda: story.send("x")):
        assert event().snapshot is before
        assert (story.last.taken, story.last.effects) == ((), ())


@pytest.mark.parametrize("final_state", [True, False])
def test_cancelling_always_closes_the_case_and_withdraws_everything(final_state: bool) -> None:
    rule = CHARTS.rule("late", "1 days")
    broken = (Assign(field="rating", value=CHARTS.expr("data.bonus")),)
    parts = [lowered("one", S(name="task", task=CHARTS.task("subject", due="2 days"), timers=(rule,))),
             lowered("two", S(name="task", task=CHARTS.task("subject.manager"), exit=broken))]  # fmt: skip
    story = play(
        S(name="all", shape=Shape.PARALLEL, children=parts, on=[done("closed")]),
        final("closed"),
        cancel=final_state,
    )
    story.cancel()

    assert story.ended == "cancelled"
    assert (story.case.tasks, story.case.timers) == ({}, {})
    assert story.case.configuration == (("$cancelled",) if final_state else ())
    assert story.told(Transitioned)[0].label == "opened twice"
    assert story.last.effects[-1] == Finish(outcome="cancelled")


def test_an_event_that_counts_in_every_state_ends_the_case() -> None:
    story = play(
        S(name="do_it", task=CHARTS.task("subject"), on=[done("closed")]),
        final("closed"),
        final("withdrawn"),
        on=(signal("person.left", "withdrawn"),),
    )

    assert story.send("person.left").ended == "withdrawn"
    assert [each.outcome for each in story.asked(ClosedTask)] == ["withdrawn"]


def test_an_endless_circle_is_undone_and_named() -> None:
    story = play(
        S(name="rest", wait=Wait(signal="go", match=None), on=[done("ping")]),
        S(name="ping", on=[always("pong")]),
        S(name="pong", on=[always("ping")]),
    )
    before = story.case
    story.send("go")

    assert story.snapshot is before
    (incident,) = story.last.effects
    assert (incident.code, incident.blocking) == ("endless", True)
    assert (
        "`ping` -> `pong` -> `ping`" in incident.message
        or "`pong` -> `ping` -> `pong`" in incident.message
    )


def test_a_circle_of_raised_events_is_bounded_too() -> None:
    story = play(
        S(name="echo", entry=(Raise(event="x"),), on=[signal("x", do=(Raise(event="x"),))])
    )

    assert [each.code for each in story.last.effects] == ["endless"]


def test_a_condition_that_is_not_yes_or_no_is_an_incident() -> None:
    story = play(
        S(name="check", on=[done("closed", when="data.rating")]), final("closed"), rating=3
    )

    (incident,) = story.last.effects
    assert incident.code == "condition-failed"
    assert "neither yes nor no" in incident.message


def test_a_case_that_could_not_start_starts_after_the_repair() -> None:
    story = play(S(name="check", on=[done("closed", when="data.rating > 2")]), final("closed"))
    assert story.case.configuration == ()
    assert story.start(rating=3).ended == "closed"


@pytest.mark.parametrize("final_state", [True, False])
def test_a_case_that_could_not_start_can_be_cancelled(final_state: bool) -> None:
    story = play(
        S(name="check", on=[done("closed", when="data.rating > 2")]),
        final("closed"),
        cancel=final_state,
    )

    assert story.send("x").last.taken == ()
    assert story.cancel().ended == "cancelled"


def test_states_are_left_inner_first_in_reverse_order_and_entered_outer_first() -> None:
    def part(name: str) -> S:
        return S(name=name, children=[S(name="x", wait=Wait(signal="never", match=None))])

    both = [part("one"), part("two")]
    story = play(
        S(name="rest", wait=Wait(signal="go", match=None), on=[done("all")]),
        S(name="all", shape=Shape.PARALLEL, children=both, on=[signal("stop", "closed")]),
        final("closed"),
    )
    story.send("go")
    down = ["all", "all.one", "all.one.x", "all.two", "all.two.x"]
    assert [each.place for each in story.told(Entered)] == down
    story.send("stop")
    assert [each.place for each in story.told(Exited)] == down[::-1]


def test_the_completion_of_an_earlier_visit_says_nothing_to_a_later_one() -> None:
    one, two = (Assign(field="rating", value=CHARTS.expr(number)) for number in ("1", "2"))
    story = play(
        S(
            name="ask",
            wait=Wait(signal="go", match=None),
            completion=(one,),
            on=[always("aside", when="data.rating == 1"), done("closed")],
        ),
        S(name="aside", entry=(two,), on=[always("ask")]),
        final("closed"),
        rating=0,
    )
    story.send("go")

    assert story.at == ("ask",)
    assert story.case.visits["ask"] == 2


def test_the_telling_never_names_the_root() -> None:
    story = play(S(name="rest", wait=Wait(signal="go", match=None)), final("closed"))

    assert story.tellings == [Entered(place="rest")]


def test_starting_a_running_case_again_changes_nothing() -> None:
    story = calibrating()
    before = story.case

    assert story.start().snapshot is before
