"""A paused case: nothing comes due, and afterwards everything has as long to go as it had."""

from datetime import UTC, datetime

import pytest
from core_story import Story

from engine.core import codec
from engine.core.effects import CancelTimer, MovedDue, Remind, SetTimer, Tell
from engine.core.events import TimerCameDue
from engine.core.telling import Paused, Resumed
from engine.loader import load_text

HEAD = """
process: plan
version: 1
subject: person
people:
  manager: subject.manager
data:
  day: {type: date, from: start, required: false}
  note: {type: text, required: false}
"""
PAUSES = """
on:
  person.paused: {if: event.person == subject.id, pause: {until: person.resumed, match: event.person == subject.id}}
  grievance.opened: {pause: grievance.closed}
"""


def story(states: str, *, pauses: str = PAUSES, **data: object) -> Story:
    loaded = load_text(
        HEAD + "states:\n" + states + "  closed: {end: done}\n" + pauses, "plan.yaml"
    )
    assert loaded.definition is not None, loaded.diagnostics
    return Story(definition=loaded.definition).start(**data)


def at(day: str, clock: str = "16:00") -> datetime:
    """UTC; 17:00 in Berlin is 16:00 in winter."""
    return datetime.fromisoformat(f"{day}T{clock}:00+00:00")


def pause(play: Story, who: str = "ann") -> Story:
    return play.send("person.paused", person=who)


def resume(play: Story, who: str = "ann") -> Story:
    return play.send("person.resumed", person=who)


TASK = """
  do_it:
    task: {to: subject, title: Do it, due: 5 workdays}
    remind: [2 workdays before due, every 2 workdays after due]
    late: [{after: 3 workdays, tell: manager}]
"""


def test_nothing_of_a_case_on_pause_comes_due() -> None:
    play = pause(story(TASK).later(days=1))

    assert {each.timer for each in play.asked(CancelTimer)} == {
        "do_it#1/remind.0",
        "do_it#1/remind.1",
        "do_it#1/late.0",
    }
    assert play.asked(MovedDue) == [MovedDue(task="do_it#1", due=None)]
    assert play.told(Paused) == [Paused(reason="person.paused", until="person.resumed")]
    assert play.case.timers == {}
    assert play.case.paused_since == play.now
    before = play.case
    assert play.play(TimerCameDue(timer="do_it#1/late.0", at=play.now)).case is before
    assert play.later(days=300).case is before


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        # Begun on Monday the 1st at 9, paused from Tuesday at 9 for 14 days.
        ("5 workdays", at("2027-03-22")),
        ("10 days", at("2027-03-25")),
        ("2 weeks", at("2027-03-29", "15:00")),
        ("1 months", at("2027-04-15", "15:00")),
        ("36 hours", at("2027-03-16", "21:00")),
        ("20 hours", at("2027-03-02", "05:00")),  # it had passed
    ],
)
def test_what_was_left_is_left_afterwards_in_the_unit_of_the_rule(
    phrase: str, due: datetime
) -> None:
    play = pause(story(TASK.replace("5 workdays", phrase)).later(days=1)).later(days=14)

    resume(play)

    assert play.task("do_it").due == due
    assert play.asked(MovedDue) == [MovedDue(task="do_it#1", due=due)]
    assert play.told(Resumed) == [Resumed(reason="person.paused", since=at("2027-03-02", "09:00"))]
    assert play.case.paused_since is None


def test_a_weekend_in_a_pause_costs_no_working_days() -> None:
    play = pause(story(TASK).later(days=4)).later(days=3)  # Friday to Monday

    assert resume(play).task("do_it").due == at("2027-03-09")  # one day later, the Friday


def test_reminders_and_stages_that_were_ahead_come_as_far_ahead_as_they_were() -> None:
    play = resume(pause(story(TASK).later(days=1)).later(days=14))

    assert {each.timer.key: each.timer.at for each in play.asked(SetTimer)} == {
        "do_it#1/remind.0": at("2027-03-18"),
        "do_it#1/remind.1": at("2027-03-24"),
        "do_it#1/late.0": at("2027-03-25"),
    }


def test_what_has_fired_stays_fired_and_what_is_overdue_stays_so_by_as_much() -> None:
    play = story(TASK).later(days=10)  # due on the 8th, reminded on the 4th and on the 10th
    assert sum(isinstance(each, Remind) for each in play.effects) == 2
    pause(play).later(days=14)

    resume(play)

    assert play.task("do_it").due == at("2027-03-08")
    assert {each.timer.key: each.timer.at for each in play.asked(SetTimer)} == {
        "do_it#1/remind.1": at("2027-03-26"),  # the 12th, and ten working days
        "do_it#1/late.0": at("2027-03-25"),
    }
    play.later(days=3)
    assert sum(isinstance(each, Tell) for each in play.effects) == 1


def test_what_hangs_on_a_date_keeps_it_and_is_due_at_once_if_it_passed() -> None:
    states = """
  do_it:
    task: {to: subject, title: Do it, due: 2 workdays before data.day}
"""
    ahead = resume(pause(story(states, day="2027-06-01").later(days=1)).later(days=14))
    assert ahead.task("do_it").due == at("2027-05-28", "15:00")

    passed = resume(pause(story(states, day="2027-03-08").later(days=1)).later(days=14))
    assert passed.task("do_it").due == passed.now


def test_a_wait_for_a_date_that_passed_is_over_when_the_clock_goes_on() -> None:
    states = "  coach: {wait: {until: data.day}}\n"
    play = pause(story(states, day="2027-03-08").later(days=1)).later(days=14)
    assert play.at == ("coach",)

    resume(play).later(minutes=1)

    assert play.ended == "done"


def test_what_begins_during_a_pause_has_its_whole_time_afterwards() -> None:
    states = """
  first: {task: {to: manager, title: First, due: 1 workdays}}
  second:
    task: {to: manager, title: Second, due: 2 workdays}
    late: [{after: 1 workdays, tell: manager}]
"""
    play = pause(story(states).later(days=1)).later(days=6)
    play.answer("first")
    assert play.task("second").due is None
    assert not play.asked(SetTimer)
    play.later(days=8)

    resume(play)

    assert play.now == at("2027-03-16", "09:00")
    assert play.task("second").due == at("2027-03-18")
    assert play.case.timers["second#1/late.0"].at == at("2027-03-19")


def test_people_may_answer_meanwhile_and_what_is_left_has_no_timers() -> None:
    play = pause(story(TASK).later(days=1))

    play.answer("do_it")

    assert play.ended == "done"
    assert play.case.shelf == {}
    assert play.case.paused_since is None


def test_only_the_event_that_matches_ends_a_hold() -> None:
    play = pause(story(TASK))
    resume(play, "bob")
    assert play.case.paused_since is not None

    assert pause(story(TASK), "bob").case.paused_since is None


def test_a_case_paused_for_two_reasons_waits_for_both() -> None:
    play = pause(story(TASK).later(days=1)).later(days=7)
    play.send("grievance.opened").later(days=7)

    resume(play)
    assert play.case.paused_since == at("2027-03-09", "09:00")  # the grievance's
    assert not play.case.timers
    play.later(days=7).send("grievance.closed")

    assert play.task("do_it").due == at("2027-03-29", "15:00")  # 15 working days of 21 days


def test_the_same_reason_again_changes_nothing() -> None:
    play = pause(story(TASK).later(days=1)).later(days=3)
    since = play.case.paused_since

    pause(play)

    assert play.case.paused_since == since
    assert play.told(Paused) == []


def test_a_second_pause_later_counts_besides_the_first() -> None:
    play = resume(pause(story(TASK).later(days=1)).later(days=7))
    assert play.task("do_it").due == at("2027-03-15")

    play = resume(pause(play.later(days=1)).later(days=7))

    assert play.task("do_it").due == at("2027-03-22")


def test_a_date_that_changes_during_a_pause_counts_afterwards() -> None:
    states = """
  both:
    parallel:
      ask: {task: {to: manager, title: When, fields: [day]}}
      do_it: {task: {to: subject, title: Do it, due: data.day}}
"""
    play = pause(story(states, day="2027-06-01").later(days=1))
    play.answer("both.ask", day="2027-07-01")
    assert play.task("both.do_it").due is None

    assert resume(play).task("both.do_it").due == at("2027-07-01", "15:00")


def test_a_case_on_pause_survives_its_storage() -> None:
    play = pause(story(TASK).later(days=1))

    assert codec.decode(codec.encode(play.case)) == play.case
    ended = resume(play.later(days=14)).case
    assert codec.decode(codec.encode(ended)) == ended


def test_what_repeats_goes_on_in_its_own_rhythm() -> None:
    states = """
  coach:
    wait: {until: 1 years}
    every: {period: 1 months, task: {to: manager, title: Note, optional: true}}
"""
    play = story(states).later(days=40)  # once, on the 1st of April
    assert play.case.timers["coach#1/every.0"].at == datetime(2027, 5, 1, 15, tzinfo=UTC)

    resume(pause(play).later(days=10))

    assert play.case.timers["coach#1/every.0"].at == datetime(2027, 5, 11, 15, tzinfo=UTC)
    assert play.case.timers["coach#1/until"].at == datetime(2028, 3, 11, 16, tzinfo=UTC)
