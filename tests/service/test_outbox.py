"""The queue of letters: leases, briefs, marks, and what is told of them."""

from datetime import timedelta

import pytest
from support.processes import LAPTOP, LATE
from support.world import World

from engine.links import look_up_note
from engine.service import Brief, Cancelled, Unknown
from engine.store.tables import LinkRow, OutboxRow

LEASE = timedelta(minutes=2)


@pytest.fixture
def asked(world: World) -> World:
    world.publish(LAPTOP)
    world.start("laptop-return")
    return world


def claim(world: World, worker: str = "w"):
    return world.service.claim_outbox(10, LEASE, worker, world.now)


def test_a_row_belongs_to_one_worker_until_its_lease_ends(asked: World):
    (first,) = claim(asked, "one")
    assert claim(asked, "two") == ()

    asked.later(minutes=2)
    (again,) = claim(asked, "two")

    assert (again.id, first.attempt, again.attempt) == (first.id, 1, 2)
    (row,) = asked.rows(OutboxRow)
    assert row.leased_by == "two"


def test_a_brief_says_everything_and_mints_the_link_now(asked: World):
    (row,) = claim(asked)
    assert asked.rows(LinkRow) == []

    brief = asked.service.brief(row.id, asked.now)

    assert isinstance(brief, Brief)
    assert (brief.kind, brief.to.email, brief.to.zone) == (
        "task",
        "ann@example.org",
        "Europe/Berlin",
    )
    assert (brief.case, brief.process, brief.about) == ("LAP-0001", "Laptop return", "Ann")
    assert (brief.task.title, brief.task.buttons) == ("Ask", ("submit",))
    assert brief.task.why == "You are asked because this is about you."
    assert brief.link.startswith("tk_")
    assert len(asked.rows(LinkRow)) == 1
    assert brief.link not in str([row.token_hash for row in asked.rows(LinkRow)])


def test_a_sent_row_is_told_once(asked: World):
    (row,) = claim(asked)

    assert asked.service.sent(row.id, asked.now)
    assert not asked.service.sent(row.id, asked.now)

    assert asked.history("LAP-0001")[-1] == "mail.sent"
    assert asked.history("LAP-0001").count("mail.sent") == 1
    assert asked.service.brief(row.id, asked.now) == Cancelled(reason="it was sent already")
    assert claim(asked.later(days=1)) == ()


def test_a_letter_about_a_closed_task_does_not_leave(asked: World):
    (row,) = claim(asked)
    asked.answer("ask", "ann", sent_on="2027-03-02")

    assert asked.service.brief(row.id, asked.now) == Cancelled(reason="the task is closed")

    assert asked.letters(status="cancelled") == [("task", "p_ann")]
    assert asked.history("LAP-0001")[-1] == "mail.cancelled"


def test_a_letter_to_who_gave_the_task_away_does_not_leave(asked: World):
    (row,) = claim(asked)
    asked.service.reassign(asked.task("ask"), "p_dan", None, "ill", asked.now)

    assert asked.service.brief(row.id, asked.now) == Cancelled(
        reason="somebody else has the task now"
    )
    handed, gone = claim(asked)
    brief = asked.service.brief(handed.id, asked.now)
    assert (brief.kind, brief.to.name, brief.had_by) == ("handed_over", "Dan", "Ann")
    brief = asked.service.brief(gone.id, asked.now)
    assert (brief.kind, brief.to.name, brief.has_now) == ("no_longer_needed", "Ann", "Dan")
    with asked.database.read() as session:
        assert look_up_note(session, brief.link, asked.now).person == "p_ann"


def test_a_reminder_and_an_escalation_know_how_late_it_is(world: World):
    world.publish(LATE)
    world.start("feedback")
    world.later(hours=3, minutes=1).advance()

    briefs = {row.kind: world.service.brief(row.id, world.now) for row in claim(world)}

    assert briefs["reminder"].number == 1
    assert briefs["escalation"].to.name == "Bob"
    assert briefs["escalation"].task.overdue
    assert briefs["escalation"].task.owners == ("Ann",)
    assert briefs["escalation"].link is None


def test_a_deferred_row_waits_until_its_time(asked: World):
    (row,) = claim(asked)

    asked.service.defer(row.id, "451 later please", asked.now + timedelta(hours=1), asked.now)

    assert claim(asked.later(minutes=59)) == ()
    assert [again.attempt for again in claim(asked.later(minutes=1))] == [2]


def test_a_failed_letter_is_an_incident_and_a_retry_sends_it_again(asked: World):
    (row,) = claim(asked)

    assert asked.service.failed(row.id, "550 no such user", asked.now)

    (incident,) = asked.incidents()
    assert (incident.code, incident.blocking) == ("mail-failed", False)
    assert "550 no such user" in incident.message
    assert asked.history("LAP-0001")[-2:] == ["mail.failed", "incident.opened"]
    asked.service.retry(incident.id, "p_eve", asked.now)
    assert [again.id for again in claim(asked)] == [row.id]


def test_a_letter_can_be_taken_off_by_hand(asked: World):
    (row,) = claim(asked)

    assert asked.service.cancel_letter(row.id, "told by phone", asked.now)

    assert asked.history("LAP-0001")[-1] == "mail.cancelled"
    assert asked.service.due(asked.now).letters == 0


def test_what_is_due_is_counted_without_what_others_hold(asked: World):
    assert asked.service.due(asked.now).letters == 1
    claim(asked)
    assert asked.service.due(asked.now).letters == 0
    assert asked.service.due(asked.now + LEASE).letters == 1


def test_what_workers_hold_is_in_flight_until_it_is_marked_or_the_lease_ends(asked: World):
    assert asked.service.in_flight(asked.now) == 0
    (row,) = claim(asked)
    assert asked.service.claimed(row.id) == row
    assert asked.service.in_flight(asked.now) == 1
    assert asked.service.in_flight(asked.now + LEASE) == 0
    asked.service.sent(row.id, asked.now)
    assert asked.service.in_flight(asked.now) == 0


def test_a_row_that_is_not_there_is_said_to_be_unknown(asked: World):
    with pytest.raises(Unknown, match="no outbox row 99"):
        asked.service.brief(99, asked.now)
    with pytest.raises(Unknown, match="no outbox row 99"):
        asked.service.claimed(99)
