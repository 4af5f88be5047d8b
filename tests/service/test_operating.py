"""Claim, hand over, cancel, and what a change of the directory does."""

from datetime import date

import pytest
from support.processes import LAPTOP, QUEUE, RATING
from support.world import World, entropy

from engine.directory.directory import raise_revision
from engine.service import AlreadyRecorded, Claimed, NotYours, Refused, Unknown
from engine.service.handing import hand_over
from engine.store.tables import AssignmentRow, InboxRow, PersonVersionRow


@pytest.fixture
def queued(world: World) -> World:
    world.publish(QUEUE)
    world.start("equipment")
    return world


def holders(world: World) -> list[tuple[str, bool]]:
    return [
        (row.person, bool(row.candidate))
        for row in world.rows(AssignmentRow)
        if row.ended_at is None
    ]


def test_a_queues_task_is_seen_by_its_members_and_answered_by_none_of_them_yet(queued: World):
    assert holders(queued) == [("p_eve", True), ("p_fay", True)]
    assert queued.letters() == [("task", "p_eve"), ("task", "p_fay")]
    assert queued.answer("prepare", "fay") == NotYours()


def test_who_claims_first_has_the_task(queued: World):
    task = queued.task("prepare")

    assert queued.service.claim(task, "p_fay", queued.now) == Claimed(case="EQU-0001")
    assert queued.service.claim(task, "p_eve", queued.now) == NotYours()
    assert queued.service.claim(task, "p_fay", queued.now) == Claimed(case="EQU-0001")

    assert holders(queued) == [("p_fay", False)]
    assert queued.letters() == [("task", "p_eve"), ("task", "p_fay")]
    queued.answer(task, "fay")
    assert queued.case("EQU-0001").outcome == "done"
    assert isinstance(queued.service.claim(task, "p_eve", queued.now), AlreadyRecorded)


def test_a_stranger_cannot_claim(queued: World):
    assert queued.service.claim(queued.task("prepare"), "p_ann", queued.now) == NotYours()
    assert queued.service.claim("0" * 30, "p_fay", queued.now) == NotYours()


@pytest.fixture
def asked(world: World) -> World:
    world.publish(LAPTOP)
    world.start("laptop-return")
    return world


def test_a_task_that_is_given_to_somebody_else_is_theirs_alone(asked: World):
    task = asked.task("ask")

    case = asked.service.reassign(task, "p_dan", "p_bob", "Ann is ill", asked.now)

    assert case == "LAP-0001"
    assert holders(asked) == [("p_dan", False)]
    assert asked.letters()[1:] == [("handed_over", "p_dan"), ("no_longer_needed", "p_ann")]
    assert asked.answer(task, "ann", sent_on="2027-03-02") == NotYours()
    assert asked.answer(task, "dan", sent_on="2027-03-02").outcome == "submit"
    assert "task.handed_over" in asked.history(case)


def test_a_handover_that_makes_no_sense_is_refused(asked: World):
    task = asked.task("ask")
    reassign = asked.service.reassign

    with pytest.raises(Refused, match="no person 'p_nobody'"):
        reassign(task, "p_nobody", None, "x", asked.now)
    with pytest.raises(Refused, match="Ann has this task of LAP-0001 already"):
        reassign(task, "p_ann", None, "x", asked.now)
    with pytest.raises(Unknown, match="no task"):
        reassign("0" * 30, "p_ann", None, "x", asked.now)
    asked.service.cancel("LAP-0001", None, "x", asked.now)
    with pytest.raises(Refused, match="is closed"):
        reassign(task, "p_dan", None, "x", asked.now)


EYES = """
process: eyes
version: 1
subject: person
states:
  look: {task: {to: {queue: it}, not: subject, due: 3 workdays}}
  closed: {end: done}
"""


def test_four_eyes_refuse_a_handover_and_a_claim_and_leave_no_trace(world: World):
    world.publish(EYES)
    world.start("eyes", "p_fay")
    task = world.task("look")
    before = world.history("EYE-0001")

    with pytest.raises(Refused, match="The process keeps Fay from this task of EYE-0001"):
        world.service.reassign(task, "p_fay", None, "x", world.now)
    assert holders(world) == [("p_eve", True), ("p_fay", True)]
    assert world.incidents() == []
    assert world.history("EYE-0001") == before

    assert world.service.claim(task, "p_fay", world.now) == NotYours()
    assert holders(world) == [("p_eve", True), ("p_fay", True)]


def test_several_are_given_at_once_and_a_refusal_stops_no_other(asked: World):
    asked.start("laptop-return", "p_eve")
    first, second = asked.open_tasks("LAP-0001")["ask#1"], asked.open_tasks("LAP-0002")["ask#1"]
    given = hand_over(
        asked.service, [second, "0" * 30, first], "p_eve", None, "Ann is ill", asked.now
    )

    assert [(one.task, one.case) for one in given] == [
        (second, None),
        ("0" * 30, None),
        (first, "LAP-0001"),
    ]
    assert given[0].refused == "Eve has this task of LAP-0002 already."
    assert "no task" in str(given[1].refused)
    assert given[2].refused is None


def test_a_cancelled_case_asks_nobody_for_anything(asked: World):
    (letter,) = asked.service.claim_outbox(9, _minute(), "w", asked.now)
    asked.service.sent(letter.id, asked.now)

    asked.service.cancel("LAP-0001", "p_eve", "a mistake", asked.now)

    assert asked.open_tasks() == {}
    assert holders(asked) == []
    assert asked.letters(status="pending") == [("no_longer_needed", "p_ann")]
    with pytest.raises(Refused, match="closed already"):
        asked.service.cancel("LAP-0001", "p_eve", "again", asked.now)
    with pytest.raises(Unknown, match="no case LAP-9"):
        asked.service.cancel("LAP-9", None, "x", asked.now)


def test_a_letter_that_has_not_left_never_does_after_a_cancellation(asked: World):
    asked.service.cancel("LAP-0001", "p_eve", "a mistake", asked.now)

    assert asked.letters(status="pending") == []
    assert asked.letters(status="cancelled") == [("task", "p_ann")]


def _minute():
    from datetime import timedelta

    return timedelta(minutes=1)


def new_manager(world: World, person: str, manager: str) -> None:
    def job(tx) -> None:
        tx.session().add(
            PersonVersionRow(
                person=person,
                valid_from=date(2027, 3, 1),
                name=person[2:].title(),
                email=f"{person[2:]}@example.org",
                location="Berlin",
                department="Sales",
                manager=manager,
            )
        )
        tx.session().flush()
        raise_revision(tx.connection, entropy(7))

    world.database.write(job)


@pytest.fixture
def rated(world: World) -> World:
    world.publish(RATING)
    world.start("rating", cycle="2027")
    world.start("rating", subject="p_fay", cycle="2027")
    return world


def test_an_open_task_follows_its_owner_when_the_directory_changes(rated: World):
    new_manager(rated, "p_ann", "p_eve")

    assert rated.service.directory_changed(["p_ann"], rated.now) == 1
    rated.advance()

    assert holders(rated) == [("p_eve", False), ("p_eve", False)]
    assert ("handed_over", "p_eve") in rated.letters()
    assert ("no_longer_needed", "p_bob") in rated.letters()
    assert "directory.changed" in rated.history("RAT-0001")
    assert "directory.changed" not in rated.history("RAT-0002")


def test_a_change_reaches_the_cases_of_everybody_below_and_of_who_holds_a_task(rated: World):
    assert rated.service.directory_changed(["p_cy"], rated.now) == 2
    assert rated.service.directory_changed(["p_dan"], rated.now) == 0


def test_one_look_at_the_directory_waits_at_a_time(rated: World):
    assert rated.service.directory_changed(None, rated.now) == 2
    assert rated.service.directory_changed(None, rated.now) == 0
    assert len(rated.rows(InboxRow)) == 2
    rated.advance()
    assert rated.rows(InboxRow) == []


def test_a_case_that_nothing_changed_for_has_no_new_line(rated: World):
    before = rated.history("RAT-0001")
    rated.service.directory_changed(None, rated.now)
    rated.advance()

    assert rated.history("RAT-0001") == before


def test_nobody_to_ask_is_an_incident_that_a_retry_puts_right(world: World):
    world.publish(LAPTOP.replace("role: it-desk", "role: no-such-role"))
    world.start("laptop-return")
    world.answer("ask", "ann", sent_on="2027-03-02")
    (incident,) = world.incidents()
    assert (incident.code, incident.blocking) == ("no-owner", False)

    def job(tx) -> None:
        from engine.store.tables import HolderRow

        tx.session().add(
            HolderRow(role="no-such-role", person="p_fay", valid_from=date(2020, 1, 1))
        )
        tx.session().flush()
        raise_revision(tx.connection, entropy(8))

    world.database.write(job)
    assert world.service.retry(incident.id, "p_eve", world.now) is None

    assert holders(world) == [("p_fay", False)]
    assert world.incidents() == []
    with pytest.raises(Unknown, match="no incident 99"):
        world.service.retry(99, None, world.now)
