"""Reminders that are due together leave in one letter, and each is told in its own case."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from support.invariants import check_everything
from support.world import World

from engine.service import Brief, Cancelled
from engine.store.tables import LinkRow

LEASE = timedelta(minutes=2)

FEEDBACK = """
process: feedback
version: 1
title: Feedback
subject: person
states:
  ask:
    task: {to: subject.manager, title: "Feedback for {{ subject.name }}", due: 2 hours}
    remind: [1 hours before due, every 1 hours after due]
  closed: {end: given}
"""


@pytest.fixture
def reminded(world: World) -> World:
    """Bob is asked about Ann and Dan, Cy about Bob; the first mails left, reminders are due."""
    world.publish(FEEDBACK)
    for subject in ("p_ann", "p_dan", "p_bob"):
        world.start("feedback", subject=subject)
    for row in claim(world):
        world.service.sent(row.id, world.now)
    world.later(hours=1).advance()
    return world


def claim(world: World, worker: str = "w", limit: int = 10):
    return world.service.claim_outbox(limit, LEASE, worker, world.now)


def marks(world: World) -> list[tuple[str, str, str | None]]:
    """Case, status and note of every reminder."""
    with world.database.read() as session:
        rows = session.connection().execute(
            text(
                'SELECT "case".name, outbox.status, outbox.note FROM outbox JOIN "case"'
                " ON \"case\".id = outbox.case_id WHERE outbox.kind = 'reminder' ORDER BY outbox.id"
            )
        )
        return [(name, status, note) for name, status, note in rows]


def test_the_reminders_of_one_person_leave_together_with_a_fresh_link_each(reminded: World):
    first, second, other = claim(reminded)

    brief = reminded.service.brief(first.id, reminded.now)

    assert isinstance(brief, Brief)
    assert brief.to.name == "Bob"
    assert [each.task.title for each in (brief, *brief.others)] == [
        "Feedback for Ann",
        "Feedback for Dan",
    ]
    assert brief.link != brief.others[0].link
    assert reminded.service.brief(second.id, reminded.now) == Cancelled(
        reason=f"it travels in digest #{first.id}"
    )
    alone = reminded.service.brief(other.id, reminded.now)
    assert (alone.to.name, alone.others) == ("Cy", ())
    assert len(reminded.rows(LinkRow)) == 3


def test_what_travelled_along_is_marked_and_told_in_its_own_case(reminded: World):
    first, *_ = claim(reminded)
    reminded.service.brief(first.id, reminded.now)

    assert reminded.service.sent(first.id, reminded.now)

    assert marks(reminded) == [
        ("FEE-0001", "sent", None),
        ("FEE-0002", "sent", f"in digest #{first.id}"),
        ("FEE-0003", "pending", None),
    ]
    assert [reminded.history(f"FEE-000{n}").count("mail.sent") for n in (1, 2, 3)] == [2, 2, 1]
    assert claim(reminded) == ()
    check_everything(reminded.database)


def test_what_another_worker_holds_stays_with_that_one(reminded: World):
    (first,) = claim(reminded, "one", limit=1)
    second, _ = claim(reminded, "two")

    assert reminded.service.brief(first.id, reminded.now).others == ()
    assert reminded.service.brief(second.id, reminded.now).others == ()


def test_what_nobody_holds_comes_along(reminded: World):
    (first,) = claim(reminded, "one", limit=1)

    assert len(reminded.service.brief(first.id, reminded.now).others) == 1
    assert [row.person for row in claim(reminded, "two")] == ["p_cy"]


def test_a_reminder_that_has_begun_to_leave_is_not_taken_along(reminded: World):
    first, second, _ = claim(reminded)
    reminded.service.defer(second.id, "a pause", reminded.now + timedelta(minutes=1), reminded.now)
    assert reminded.service.brief(first.id, reminded.now).others == ()

    reminded.later(minutes=1)
    (again,) = claim(reminded)

    assert again.id == second.id
    assert reminded.service.brief(second.id, reminded.now).others == ()


def test_what_is_not_true_any_more_is_cancelled_and_not_taken_along(reminded: World):
    first, *_ = claim(reminded)
    dans = reminded.task("ask", "FEE-0002")
    reminded.service.reassign(dans, "p_cy", None, "x", reminded.now)

    assert reminded.service.brief(first.id, reminded.now).others == ()
    assert marks(reminded)[1] == ("FEE-0002", "cancelled", "somebody else has the task now")


def test_two_reminders_of_one_task_are_one_item(reminded: World):
    reminded.later(hours=2, minutes=1).advance()
    first, *rest = claim(reminded)
    assert len(rest) == 5

    brief = reminded.service.brief(first.id, reminded.now)
    reminded.service.sent(first.id, reminded.now)

    assert [each.case for each in (brief, *brief.others)] == ["FEE-0001", "FEE-0002"]
    sent = [name for name, status, _ in marks(reminded) if status == "sent"]
    assert sent == ["FEE-0001", "FEE-0002", "FEE-0001", "FEE-0002"]


def test_a_digest_that_is_deferred_meets_again(reminded: World):
    first, second, _ = claim(reminded)
    reminded.service.brief(first.id, reminded.now)
    until = reminded.now + timedelta(minutes=5)

    assert not reminded.service.defer(second.id, "not begun", until, reminded.now)
    assert reminded.service.defer(first.id, "451 later", until, reminded.now)

    assert claim(reminded.later(minutes=4)) != ()  # cy's
    again = claim(reminded.later(minutes=1))
    assert [row.id for row in again][:2] == [first.id, second.id]
    assert len(reminded.service.brief(first.id, reminded.now).others) == 1


def test_a_digest_whose_worker_died_is_gathered_anew_when_the_leases_end(reminded: World):
    first, second, _ = claim(reminded)
    reminded.service.brief(first.id, reminded.now)

    reminded.later(minutes=2)
    again = claim(reminded, "two")

    assert [row.id for row in again][:2] == [first.id, second.id]
    (other,) = reminded.service.brief(second.id, reminded.now).others
    assert other.outbox == first.id


def test_a_short_retry_says_the_same_again(reminded: World):
    first, *_ = claim(reminded)

    briefs = [reminded.service.brief(first.id, reminded.now) for _ in range(2)]

    assert [[each.outbox for each in brief.others] for brief in briefs] == [
        [other.outbox for other in briefs[0].others]
    ] * 2


def test_an_address_that_is_refused_is_an_incident_of_every_case(reminded: World):
    first, *_ = claim(reminded)
    reminded.service.brief(first.id, reminded.now)

    reminded.service.failed(first.id, "550 no such user", reminded.now)

    assert [status for _, status, _ in marks(reminded)] == ["failed", "failed", "pending"]
    assert [each.code for each in reminded.incidents()] == ["mail-failed"] * 2


def test_a_digest_that_is_taken_off_by_hand_frees_what_would_have_come_along(reminded: World):
    first, second, _ = claim(reminded)
    reminded.service.brief(first.id, reminded.now)

    reminded.service.cancel_letter(first.id, "told by phone", reminded.now)

    assert [row.id for row in claim(reminded)] == [second.id]


def test_first_letters_leave_alone(world: World):
    world.publish(FEEDBACK)
    for subject in ("p_ann", "p_dan"):
        world.start("feedback", subject=subject)

    assert [world.service.brief(row.id, world.now).others for row in claim(world)] == [(), ()]
