"""What an import of people does to open cases: leavers, new managers, and days that come."""

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import text
from support.imports import ROLES, import_people, owners, without
from support.invariants import check_everything
from support.processes import LAPTOP, QUEUE, RATING, SHARED
from support.world import PEOPLE, World

from engine.directory import Absence
from engine.queries import incidents
from engine.service import NotYours, Refused, StartRefused
from engine.store.tables import AssignmentRow, SignalRow, TaskRow


def test_an_open_task_leaves_with_its_owner_for_whom_the_rule_gives_now(world: World):
    world.publish(RATING)
    world.start("rating", cycle="2027")
    assert owners(world) == {"rate": ["p_bob"]}

    import_people(world, without("bob", ann=("cy", "Sales"), dan=("cy", "Sales")))
    world.advance()

    assert owners(world) == {"rate": ["p_cy"]}
    assert ("handed_over", "p_cy") in world.letters()
    assert world.incidents() == []
    check_everything(world.database)


def test_a_task_whose_owner_left_without_a_successor_has_nobody_and_operations_hear_it(
    world: World,
):
    world.publish(LAPTOP)
    world.start("laptop-return")

    import_people(world, without("ann"))
    world.advance()

    assert owners(world) == {"ask": []}
    (incident,) = world.incidents()
    assert (incident.code, incident.blocking) == ("no-owner", False)
    assert world.answer("ask", "ann", sent_on="2027-03-02") == NotYours()
    check_everything(world.database)


def test_a_task_that_nobody_has_finds_its_owner_when_somebody_returns(world: World):
    world.publish(LAPTOP)
    world.start("laptop-return")
    import_people(world, without("ann"))
    world.advance()

    (incident,) = world.incidents()
    with world.database.read() as session:
        (line,) = incidents(session).items
    assert (line.case, line.id) == ("LAP-0001", incident.id)
    assert line.message.startswith("An open task at `ask` of Ann has nobody:")

    import_people(world.later(days=1), PEOPLE)
    world.advance()

    assert owners(world) == {"ask": ["p_ann"]}
    assert world.incidents() == []
    assert "incident.closed" in world.history("LAP-0001")
    check_everything(world.database)


def test_nobody_gives_a_task_to_somebody_who_has_left(world: World):
    world.publish(LAPTOP)
    world.start("laptop-return")
    import_people(world, without("dan"))

    with pytest.raises(Refused, match="Dan has left"):
        world.service.reassign(world.task("ask"), "p_dan", None, "x", world.now)


def test_who_has_left_claims_nothing_and_gives_back_what_they_had_claimed(world: World):
    world.publish(QUEUE)
    world.publish(SHARED)
    world.start("equipment")
    world.start("shared")
    world.service.claim(world.task("prepare"), "p_fay", world.now)

    import_people(world, without("fay"))
    assert world.service.claim(world.task("decide"), "p_fay", world.now) == NotYours()
    world.advance()

    assert owners(world) == {"prepare": ["p_eve"], "decide": ["p_eve"]}
    assert world.service.claim(world.task("prepare"), "p_fay", world.now) == NotYours()


def test_who_joins_a_queue_sees_its_unclaimed_tasks_and_hears_of_them(world: World, monkeypatch):
    world.publish(SHARED)
    world.start("shared")

    monkeypatch.setitem(ROLES, "dan", ("", "it"))
    monkeypatch.setitem(ROLES, "fay", ("", ""))
    import_people(world, PEOPLE)
    world.advance()

    assert owners(world) == {"decide": ["p_eve", "p_dan"]}
    assert world.letters() == [("task", "p_eve"), ("task", "p_fay"), ("task", "p_dan")]
    check_everything(world.database)


def test_a_queue_that_lost_all_its_members_is_an_incident_until_somebody_works_there(
    world: World, monkeypatch
):
    world.publish(SHARED)
    world.start("shared")

    monkeypatch.setitem(ROLES, "eve", ("it-desk", ""))
    monkeypatch.setitem(ROLES, "fay", ("", ""))
    import_people(world, PEOPLE)
    world.advance()
    assert owners(world) == {"decide": []}
    assert [each.code for each in world.incidents()] == ["no-owner"]

    monkeypatch.setitem(ROLES, "dan", ("", "it"))
    import_people(world.later(days=1), PEOPLE)
    world.advance()
    assert owners(world) == {"decide": ["p_dan"]}
    assert world.incidents() == []
    check_everything(world.database)


def test_a_case_may_be_about_somebody_who_has_left_and_they_own_nothing_in_it(world: World):
    world.publish(LAPTOP)
    import_people(world, without("ann"))

    assert world.start("laptop-return") == "LAP-0001"

    assert owners(world) == {"ask": []}
    assert [each.code for each in world.incidents()] == ["no-owner"]
    with pytest.raises(StartRefused, match="knows no person 'p_nobody'"):
        world.start("laptop-return", subject="p_nobody")


def test_a_departure_is_told_to_the_cases_of_who_left_and_to_no_other(world: World):
    world.publish(RATING)
    ann = world.start("rating", cycle="2027")
    dan = world.start("rating", subject="p_dan", cycle="2027")

    import_people(world, without("ann"))
    world.advance()

    assert world.case(ann).outcome == "withdrawn"
    assert world.case(dan).outcome is None
    assert "directory.changed" not in world.history(ann)
    check_everything(world.database)


def test_who_came_back_has_not_left_for_cases_that_begin_later(world: World):
    world.publish(RATING.replace("key: one per cycle, subject", "key: one per subject"))
    import_people(world, without("ann"))
    world.advance()
    import_people(world.later(days=30), PEOPLE)

    case = world.start("rating", cycle="2027")
    world.advance()

    assert world.case(case).outcome is None
    assert [row.name for row in world.rows(SignalRow)] == ["person.left", "person.joined"]


def test_a_new_manager_gets_the_open_task_with_its_draft_and_both_get_mail(world: World):
    world.publish(RATING)
    case = world.start("rating", cycle="2027")
    task = world.task("rate")
    assert world.service.save_draft(task, {"mark": "4"}, 0, "p_bob", world.now) == 1
    (asked,) = world.service.claim_outbox(9, timedelta(minutes=2), "w", world.now)
    world.service.sent(asked.id, world.now)

    import_people(world, without(ann=("eve", "Sales")))
    world.advance()

    assert owners(world) == {"rate": ["p_eve"]}
    assert world.letters(status="pending") == [
        ("handed_over", "p_eve"),
        ("no_longer_needed", "p_bob"),
    ]
    assert world.service.save_draft(task, {"mark": "5"}, 1, "p_bob", world.now) == NotYours()
    assert world.service.save_draft(task, {"mark": "5"}, 1, "p_eve", world.now) == 2
    assert {"directory.changed", "task.handed_over"} <= set(world.history(case))
    with world.database.read() as session:
        (told,) = session.connection().execute(
            text(
                "SELECT event_private.payload FROM event JOIN event_private"
                " ON event_private.event_id = event.id WHERE event.kind = 'task.handed_over'"
            )
        )
    assert orjson.loads(told[0])["reason"] == "the directory changed"
    check_everything(world.database)


def test_new_roles_are_looked_for_in_every_case(world: World, monkeypatch):
    world.publish(LAPTOP)
    world.start("laptop-return", subject="p_dan")
    world.answer("ask", "dan", sent_on="2027-03-02")
    assert owners(world) == {"check": ["p_eve"]}

    monkeypatch.setitem(ROLES, "eve", ("", "it"))
    monkeypatch.setitem(ROLES, "fay", ("it-desk", "it"))
    import_people(world, PEOPLE)
    world.advance()

    assert owners(world) == {"check": ["p_fay"]}


def test_an_import_for_a_later_day_is_told_when_that_day_has_come(world: World):
    world.publish(RATING)
    case = world.start("rating", cycle="2027")
    dans = world.start("rating", subject="p_dan", cycle="2027")
    assert world.service.day_begun(world.now) == 0
    import_people(
        world, without("ann", dan=("eve", "Sales")), as_of=world.now.date() + timedelta(days=2)
    )

    for _ in range(2):
        assert world.advance() == 0
        assert world.case(case).outcome is None
        world.later(days=1)
        world.service.day_begun(world.now)
    world.advance()

    assert world.case(case).outcome == "withdrawn"
    assert owners(world) == {"rate": ["p_eve"]}
    assert world.case(dans).outcome is None
    assert world.service.day_begun(world.now) == 0


def test_the_first_day_of_an_absence_and_of_the_return_move_open_tasks(world: World):
    world.publish(LAPTOP)
    world.start("laptop-return")
    world.service.day_begun(world.now)
    away = world.now.date() + timedelta(days=1)
    world.service.note_absence(
        Absence(person="p_ann", stand_in="p_dan", since=away, back=away + timedelta(days=1)),
        None,
        world.now,
    )

    held = []
    for _ in range(3):
        world.service.day_begun(world.now)
        world.advance()
        held.append(owners(world)["ask"])
        world.later(days=1)

    assert held == [["p_ann"], ["p_dan"], ["p_ann"]]


def test_an_import_that_changes_nothing_asks_no_case(world: World):
    world.publish(LAPTOP)
    world.start("laptop-return")
    import_people(world, PEOPLE)
    world.advance()
    before = world.history("LAP-0001")

    assert import_people(world, PEOPLE).plan.empty
    assert world.advance() == 0
    assert world.history("LAP-0001") == before
    assert len(world.rows(TaskRow)) == len(world.rows(AssignmentRow)) == 1
