"""Instants: due dates, reminders, escalations and waits in the calendar of the case."""

from datetime import UTC, datetime

import pytest
from core_charts import Charts, S, done, final, lowered, timer
from core_story import Story, organisation

from engine.core.chart import Reassign, Shape, TellPeople
from engine.core.effects import CancelTimer, HandedOver, MovedDue, Remind, SetTimer, Tell
from engine.core.events import TimerCameDue
from engine.core.form import FieldType


def at(day: str, clock: str = "16:00") -> datetime:
    """UTC; 17:00 in Berlin is 16:00 in winter."""
    return datetime.fromisoformat(f"{day}T{clock}:00+00:00")


CHARTS = Charts({"start": FieldType.DATE, "meeting": FieldType.DATETIME})


def with_due(phrase: str, *rules: object, **data: object) -> Story:
    task = CHARTS.task("subject.manager", due=phrase)
    story = Story(
        definition=CHARTS.define(
            S(name="do_it", task=task, timers=tuple(rules), on=[done("closed")]), final("closed")
        )
    )
    return story.start(**data)


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("90 minutes", at("2027-03-01", "10:30")),
        ("36 hours", at("2027-03-02", "21:00")),
        ("3 days", at("2027-03-04")),
        ("5 workdays", at("2027-03-08")),
        ("4 weeks", at("2027-03-29", "15:00")),
        ("1 months", at("2027-04-01", "15:00")),
        ("1 years", at("2028-03-01")),
        ("data.start", at("2027-06-01", "15:00")),
        ("3 workdays before data.start", at("2027-05-27", "15:00")),
        ("2 days after data.start", at("2027-06-03", "15:00")),
        ("data.meeting", at("2027-06-01", "07:30")),
        ("2 hours before data.meeting", at("2027-06-01", "05:30")),
    ],
)
def test_a_phrase_is_an_instant(phrase: str, due: datetime) -> None:
    story = with_due(phrase, start="2027-06-01", meeting="2027-06-01T07:30:00+00:00")

    assert story.task("do_it").due == due


def test_the_last_day_of_a_month_stays_the_last() -> None:
    story = with_due("1 months")
    story = Story(definition=story.definition, now=datetime(2027, 1, 31, 9, tzinfo=UTC)).start()

    assert story.task("do_it").due == at("2027-02-28")


def test_the_zone_is_that_of_the_calendar_of_the_case() -> None:
    org = organisation()
    org.zones["berlin"] = "America/New_York"
    definition = CHARTS.define(
        S(name="do_it", task=CHARTS.task("subject", due="1 days"), on=[done("closed")]),
        final("closed"),
        calendar="subject.location",
    )

    assert Story(definition=definition, org=org).start().task("do_it").due == at(
        "2027-03-02", "22:00"
    )


def test_a_due_date_that_nobody_filled_is_an_incident() -> None:
    story = with_due("data.start")

    assert [each.code for each in story.last.effects] == ["condition-failed"]
    assert story.case.configuration == ()
    story.start(start="2027-06-01")
    assert story.at == ("do_it",)


def test_reminders_count_and_say_when_the_task_is_overdue() -> None:
    rules = (
        CHARTS.rule("remind", "3 days before due"),
        CHARTS.rule("remind", "at due", number=1),
        CHARTS.rule("remind", "2 days after due", number=2, repeat="2 days"),
    )
    story = with_due("5 days", *rules)
    story.later(days=10)

    assert [e for e in story.effects if isinstance(e, Remind)] == [
        Remind(task="do_it#1", number=1, overdue=False),
        Remind(task="do_it#1", number=2, overdue=False),
        Remind(task="do_it#1", number=3, overdue=True),
        Remind(task="do_it#1", number=4, overdue=True),
    ]


def test_a_reminder_whose_time_has_passed_on_entry_is_not_set() -> None:
    story = with_due("1 days", CHARTS.rule("remind", "3 days before due"))

    assert story.case.timers == {}


def test_an_optional_task_has_no_reminders() -> None:
    task = CHARTS.task("subject", due="5 days", optional=True)
    rule = CHARTS.rule("remind", "1 days before due")
    definition = CHARTS.define(S(name="do_it", task=task, timers=(rule,)), final("closed"))

    assert Story(definition=definition).start().case.timers == {}


def test_due_date_and_timers_move_with_the_date_they_hang_on() -> None:
    rules = (
        CHARTS.rule("remind", "2 days before due"),
        CHARTS.rule("late", "3 days"),
    )
    asked = CHARTS.task("subject.manager", due="data.start")
    definition = CHARTS.define(
        S(
            name="both",
            shape=Shape.PARALLEL,
            children=[
                lowered("work", S(name="task", task=asked, timers=rules)),
                lowered("plan", S(name="task", task=CHARTS.task("subject", shared=["start"]))),
            ],
            on=[done("closed")],
        ),
        final("closed"),
    )
    story = Story(definition=definition).start(start="2027-03-10")
    story.answer("both.plan", start="2027-03-20")

    assert story.asked(MovedDue) == [MovedDue(task="both.work.task#1", due=at("2027-03-20"))]
    assert {e.timer.rule: e.timer.at for e in story.asked(SetTimer)} == {
        "remind.0": at("2027-03-18"),
        "late.0": at("2027-03-23"),
    }
    assert story.task("both.work").due == at("2027-03-20")


def test_an_escalation_tells_and_another_one_hands_over() -> None:
    tell = TellPeople(
        to=CHARTS.owner("subject.manager.manager"), title=None, text=None, about_task=True
    )
    task = CHARTS.task("subject.manager", due="2 days", title="Rate {{ subject.name }}")
    definition = CHARTS.define(
        S(
            name="rate",
            task=task,
            timers=(CHARTS.rule("late", "1 days"), CHARTS.rule("late", "2 days", number=1)),
            on=[
                timer("late.0", do=(tell,)),
                timer("late.1", do=(Reassign(to=CHARTS.owner("role:hr")),)),
                done("closed"),
            ],
        ),
        final("closed"),
    )
    story = Story(definition=definition).start().later(days=3, hours=9)
    assert story.asked(Tell) == [
        Tell(place="rate", to=("cy",), title="Rate Ann", text=None, about_task="rate#1")
    ]
    assert story.asked(CancelTimer) == [CancelTimer(timer="rate#1/late.0")]
    story.later(days=1)
    assert story.asked(HandedOver)[0].before == ("bob",)
    assert story.task("rate").owners == ("fay",)
    assert story.case.timers == {}


def test_an_escalation_may_go_on_without_an_answer() -> None:
    definition = CHARTS.define(
        S(
            name="ask",
            task=CHARTS.task("subject", due="2 days"),
            timers=(CHARTS.rule("late", "1 days"),),
            on=[timer("late.0", "closed"), done("closed")],
        ),
        final("closed", "unanswered"),
    )

    assert Story(definition=definition).start().later(days=4).ended == "unanswered"


@pytest.mark.parametrize(
    ("phrase", "instant"),
    [
        ("data.start", at("2027-06-01", "00:00")),
        ("10 workdays before data.start", at("2027-05-18", "15:00")),
    ],
)
def test_a_wait_until_ends_at_the_start_of_a_day_or_at_its_close_with_a_span(
    phrase: str, instant: datetime
) -> None:
    definition = CHARTS.define(
        S(name="rest", timers=(CHARTS.rule("until", phrase),), on=[done("closed")]), final("closed")
    )
    story = Story(definition=definition).start(start="2027-06-01")
    (wait,) = story.case.timers.values()
    expected = at("2027-05-31", "22:00") if phrase == "data.start" else instant

    assert wait.at == expected
    assert story.later(days=200).ended == "closed"


def test_a_wait_until_a_day_that_has_passed_ends_at_once() -> None:
    definition = CHARTS.define(
        S(name="rest", timers=(CHARTS.rule("until", "data.start"),), on=[done("closed")]),
        final("closed"),
    )

    assert Story(definition=definition).start(start="2027-01-01").later().ended == "closed"


def test_a_timer_that_is_gone_or_was_moved_does_nothing() -> None:
    story = with_due("5 days", CHARTS.rule("remind", "1 days before due"))
    before = story.case
    story.play(TimerCameDue(timer="do_it#7/remind.0", at=story.now))
    assert story.snapshot is before
    story.play(TimerCameDue(timer="do_it#1/remind.0", at=story.now))
    assert story.snapshot is before
    assert story.last.taken == ()


def test_one_downtime_is_one_firing_of_a_timer_that_repeats() -> None:
    definition = CHARTS.define(
        S(
            name="coach",
            side_tasks=(CHARTS.task("subject"),),
            timers=(
                CHARTS.rule("until", "1 years"),
                CHARTS.rule("every", "1 months", repeat="1 months"),
            ),
            on=[done("closed")],
        ),
        final("closed"),
    )
    story = Story(definition=definition).start()
    (first,) = [t for t in story.case.timers.values() if t.rule == "every.0"]
    story.now = datetime(2027, 8, 15, tzinfo=UTC)
    story.fire(first.key)

    assert list(story.case.tasks) == ["coach/every.0#1"]
    assert story.case.timers[first.key].at == at("2027-09-01", "15:00")


def test_a_repeated_timer_keeps_its_day_over_short_months() -> None:
    definition = CHARTS.define(
        S(
            name="coach",
            side_tasks=(CHARTS.task("subject"),),
            timers=(CHARTS.rule("every", "1 months", repeat="1 months"),),
        ),
        final("closed"),
    )
    story = Story(definition=definition, now=datetime(2027, 1, 31, 9, tzinfo=UTC)).start()
    days = []
    for _ in range(4):
        (rule,) = story.case.timers.values()
        days.append(rule.at.date().isoformat())
        story.now = rule.at
        story.fire(rule.key)

    assert days == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


def test_relative_instants_count_from_the_due_instant_of_the_timer_before() -> None:
    definition = CHARTS.define(
        S(name="first", timers=(CHARTS.rule("until", "10 days"),), on=[done("second")]),
        S(name="second", timers=(CHARTS.rule("until", "10 days"),), on=[done("closed")]),
        final("closed"),
    )
    story = Story(definition=definition).start()
    story.now = datetime(2027, 3, 14, tzinfo=UTC)
    story.fire("first#1/until")

    assert story.case.timers["second#1/until"].at == at("2027-03-21")
