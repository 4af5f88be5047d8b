"""Who is away: their open tasks go to who acts for them and come back, and processes hear of leave."""

from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from support.imports import import_people, owners, without
from support.invariants import check_everything
from support.processes import LAPTOP, RATING
from support.world import MONDAY, World

from engine.directory import Absence, AbsenceRefused
from engine.store.tables import AbsenceRow, SignalRow

TODAY = MONDAY.date()
LEAVE = """
process: leave
version: 1
subject: person
data:
  from:  {type: date, from: start}
  until: {type: date, from: start, required: false}
  cover: {type: person, from: start, required: false}
states:
  begin:
    do:
      - emit: person.paused
        to: subject.id
        with: {person: subject.id, from: data.from, until: 'has(data.until) ? string(data.until) : ""', deputy: 'has(data.cover) ? data.cover.id : ""'}
  away:  {task: {to: subject.manager, title: Are they back?, buttons: [back, longer]}, on: {back: end, longer: again}}
  again:
    do: [{emit: person.paused, to: subject.id, with: {person: subject.id, from: data.from, until: '"2027-04-30"', deputy: data.cover.id}}]
    then: away
  end:
    do: [{emit: person.resumed, to: subject.id, with: {person: subject.id, on: today}}]
  closed: {end: done}
"""
PAUSES = """
process: pauses
version: 1
subject: person
data: {until: {type: date, required: false}}
states:
  work:  {task: {to: subject, title: Work}, on: {person.paused: {go: rest, set: {until: event.until}}}}
  rest:  {wait: {for: person.resumed}, then: again}
  again: {task: {to: subject, title: Work again}}
  closed: {end: done}
"""

DESK = """
process: desk
version: 1
subject: person
states:
  prepare: {task: {to: {queue: it}, title: Prepare the laptop, fields: {note: text}}}
  closed: {end: done}
"""
TOGETHER = """
process: together
version: 1
subject: person
states:
  rate: {task: {to: subject.manager, title: Rate, on_owner_change: co_own}}
  closed: {end: done}
"""


def away(world: World, who: str, stand_in: str | None, days: int = 1, **more: Any) -> None:
    """From today on."""
    today = world.now.date()
    absence = Absence(
        person=f"p_{who}",
        stand_in=None if stand_in is None else f"p_{stand_in}",
        since=more.pop("since", today),
        back=today + timedelta(days=days),
        **more,
    )
    world.service.note_absence(absence, "p_cy", world.now)


def said(world: World) -> list[tuple[str, dict[str, Any]]]:
    return [(row.name, orjson.loads(row.body)) for row in world.rows(SignalRow)]


def test_an_absence_of_today_moves_open_tasks_at_once_and_the_return_gives_them_back(world: World):
    world.publish(LAPTOP)
    case = world.start("laptop-return")
    assert world.service.save_draft(world.task("ask"), {"tracking": "T1"}, 0, "p_ann", world.now)

    away(world, "ann", "dan", days=5)
    world.advance()
    assert owners(world) == {"ask": ["p_dan"]}
    assert world.service.save_draft(world.task("ask"), {"tracking": "T2"}, 1, "p_dan", world.now)

    assert world.service.call_back("p_ann", TODAY, "p_cy", world.now)
    world.advance()
    assert owners(world) == {"ask": ["p_ann"]}
    assert not world.service.call_back("p_ann", TODAY, "p_cy", world.now)
    assert world.history(case).count("task.handed_over") == 2
    check_everything(world.database)


def test_a_task_that_somebody_was_given_by_hand_goes_to_their_stand_in_and_comes_back(
    world: World,
):
    world.publish(LAPTOP)
    world.start("laptop-return")
    world.service.reassign(world.task("ask"), "p_fay", None, "she has the laptop", world.now)

    away(world, "fay", "dan", days=5)
    world.advance()
    assert owners(world) == {"ask": ["p_dan"]}
    world.service.call_back("p_fay", TODAY, None, world.now)
    world.advance()
    assert owners(world) == {"ask": ["p_fay"]}
    check_everything(world.database)


def test_an_absence_that_was_entered_ahead_comes_and_goes_by_itself(world: World):
    world.publish(LAPTOP)
    world.start("laptop-return")
    world.service.day_begun(world.now)
    away(world, "ann", "dan", days=3, since=TODAY + timedelta(days=2))

    held = []
    for _ in range(4):
        world.advance()
        held.append(owners(world)["ask"])
        world.later(days=1)

    assert held == [["p_ann"], ["p_ann"], ["p_dan"], ["p_ann"]]


def test_three_may_stand_in_one_for_the_other_and_a_fourth_is_refused(world: World):
    world.publish(LAPTOP)
    world.start("laptop-return")
    for who, stand_in in (("ann", "bob"), ("bob", "cy"), ("cy", "dan")):
        away(world, who, stand_in)
    world.advance()
    assert owners(world) == {"ask": ["p_dan"]}

    with pytest.raises(AbsenceRefused, match=r"more than 3 people .* Ann → Bob → Cy → Dan → Eve"):
        away(world, "dan", "eve")


def test_a_stand_in_is_never_whom_the_case_is_about(world: World):
    world.publish(RATING)
    world.start("rating", cycle="2027")
    world.start("rating", "p_dan", cycle="2027")

    away(world, "bob", "ann")
    world.advance()

    assert owners(world)["rate"] == ["p_bob", "p_ann"]  # Ann rates Dan, and nobody herself


def test_a_leave_is_said_on_its_first_and_last_day_and_an_absence_is_not(world: World):
    world.publish(PAUSES)
    case = world.start("pauses")
    world.service.day_begun(world.now)
    away(world, "dan", "bob", days=2)
    away(world, "ann", "bob", days=4, since=TODAY + timedelta(days=1), leave=True)
    assert said(world) == []

    world.later(days=1).advance()
    assert said(world) == [
        (
            "person.paused",
            {"person": "p_ann", "from": "2027-03-02", "until": "2027-03-04", "deputy": "p_bob"},
        )
    ]
    assert owners(world) == {}

    world.later(days=3).advance()
    assert said(world)[1:] == [("person.resumed", {"person": "p_ann", "on": "2027-03-05"})]
    assert owners(world) == {"again": ["p_ann"]}
    assert orjson.loads(world.case(case).snapshot)["data"] == {"until": "2027-03-04"}
    check_everything(world.database)


def test_a_case_that_says_somebody_is_on_leave_is_believed_and_not_repeated(world: World):
    world.publish(LEAVE)
    world.publish(LAPTOP)
    world.start("laptop-return")
    world.service.day_begun(world.now)

    world.start("leave", **{"from": "2027-03-01", "until": "2027-03-09", "cover": "p_dan"})
    world.advance()
    assert owners(world)["ask"] == ["p_dan"]
    assert [name for name, _ in said(world)] == ["person.paused"]  # the case's own

    world.answer("away", "bob", "longer")
    world.later(days=20).advance()
    assert owners(world)["ask"] == ["p_dan"]
    (absence,) = world.rows(AbsenceRow)
    assert (absence.valid_until, absence.leave, absence.told_by) == (
        date(2027, 5, 1),
        True,
        "LEA-0001",
    )

    world.answer("away", "bob", "back")
    world.advance()
    assert owners(world)["ask"] == ["p_ann"]
    assert [name for name, _ in said(world)] == ["person.paused"] * 2 + ["person.resumed"]
    assert world.incidents() == []
    check_everything(world.database)


def test_the_end_of_a_leave_whose_case_is_gone_is_said_by_the_directory(world: World):
    world.publish(LEAVE)
    world.service.day_begun(world.now)
    case = world.start("leave", **{"from": "2027-03-01", "until": "2027-03-09"})
    world.service.cancel(case, None, "a mistake", world.now)

    world.later(days=8).advance()
    assert [name for name, _ in said(world)] == ["person.paused"]
    world.later(days=1).advance()

    assert said(world)[1:] == [("person.resumed", {"person": "p_ann", "on": "2027-03-10"})]


def test_what_the_directory_cannot_take_from_a_case_is_an_incident_that_says_why(world: World):
    world.publish(LEAVE)
    import_people(world, without("dan"))

    world.start("leave", **{"from": "2027-03-01", "cover": "p_dan"})

    (incident,) = world.incidents()
    assert (incident.code, incident.blocking) == ("absence-refused", False)
    assert incident.message == (
        "The case said `person.paused`, and the directory could not take it: the stand-in, Dan, "
        "does not work here on 2027-03-01. Enter it by hand with `tenure people away` or `tenure "
        "people back`."
    )
    assert world.rows(AbsenceRow) == []
    check_everything(world.database)


def test_the_history_of_a_case_says_what_became_of_whom_it_is_about(world: World):
    world.publish(LAPTOP)
    case = world.start("laptop-return", "p_dan")
    world.answer("ask", "dan", sent_on="2027-03-02")  # now the desk has it: no task will move

    import_people(world, without(dan=("eve", "Law")))
    world.advance()
    import_people(world, without(dan=("cy", "Law")))
    world.advance()

    assert world.history(case)[-3:] == ["subject.changed"] * 3
    assert owners(world) == {"check": ["p_eve"]}
    check_everything(world.database)


def test_a_task_taken_from_a_queue_waits_for_everybody_again_once_its_holder_is_on_leave(
    world: World,
):
    world.publish(DESK)
    world.start("desk")
    task = world.task("prepare")
    world.service.claim(task, "p_fay", world.now)
    assert world.service.save_draft(task, {"note": "Half done"}, 0, "p_fay", world.now)

    away(world, "fay", None, days=2)
    world.advance()
    assert owners(world) == {"prepare": ["p_fay"]}  # a day off is no reason to take it away

    world.service.call_back("p_fay", TODAY, None, world.now)
    away(world, "fay", None, days=90, leave=True)
    world.advance()
    assert owners(world) == {"prepare": ["p_fay", "p_eve"]}  # whoever of the queue takes it

    world.service.claim(task, "p_eve", world.now)
    assert world.service.save_draft(task, {"note": "All done"}, 1, "p_eve", world.now) == 2
    world.service.call_back("p_fay", TODAY, None, world.now)
    world.advance()
    assert owners(world) == {"prepare": ["p_eve"]}
    check_everything(world.database)


@pytest.mark.parametrize(
    ("stand_in", "meanwhile", "afterwards"),
    [
        ("eve", ["p_eve"], ["p_fay"]),
        ("dan", ["p_fay", "p_eve"], ["p_fay", "p_eve"]),
    ],
    ids=["a colleague of the queue", "somebody else"],
)
def test_a_task_taken_from_a_queue_goes_to_a_stand_in_only_of_the_same_queue(
    world: World, stand_in: str, meanwhile: list[str], afterwards: list[str]
):
    world.publish(DESK)
    world.start("desk")
    world.service.claim(world.task("prepare"), "p_fay", world.now)

    away(world, "fay", stand_in, days=5)
    world.advance()
    assert owners(world) == {"prepare": meanwhile}

    world.service.call_back("p_fay", TODAY, None, world.now)
    world.advance()
    assert owners(world) == {"prepare": afterwards}
    check_everything(world.database)


def test_who_stood_in_for_a_co_owner_has_the_task_no_more_and_a_former_owner_still_has(
    world: World,
):
    world.publish(TOGETHER)
    world.start("together", "p_ann")
    assert owners(world) == {"rate": ["p_bob"]}
    import_people(world, without(ann=("cy", "Sales")))
    world.advance()
    assert owners(world) == {"rate": ["p_bob", "p_cy"]}

    away(world, "cy", "dan", days=5)
    world.advance()
    assert owners(world) == {"rate": ["p_bob", "p_cy", "p_dan"]}

    world.service.call_back("p_cy", TODAY, None, world.now)
    world.advance()
    assert owners(world) == {"rate": ["p_bob", "p_cy"]}
    check_everything(world.database)
