"""The power goes in the middle of the demo; `tenure serve` in the same folder goes on from there.

It is started again at once: what the killed process held must be free by then, not some time later.
"""

from collections import Counter
from dataclasses import dataclass

import orjson
import pytest
from acceptance_house import MOMENTS, Demos, Folder, Process

from tenure.demo.cast import Habits, replies
from tenure.demo.visitor import visit

_MOST_TWICE = 64  # letters in flight when the power went


@dataclass(frozen=True, kw_only=True)
class Survivor:
    """A folder after its power cut, served again and at rest."""

    folder: Folder
    process: Process
    moment: int
    days_ahead: int


@pytest.fixture(scope="module", params=MOMENTS, ids=lambda moment: f"mail-{moment}")
def survivor(request, demos: Demos, machine):
    cut_off = demos.cut_off[request.param].result(900)
    folder = cut_off.folder
    assert cut_off.process.popen.returncode == -9
    days = folder.clock().ahead.days
    process = machine.serve(folder)
    folder.settle()
    yield Survivor(
        folder=folder,
        process=process,
        moment=request.param,
        days_ahead=days,
    )
    process.kill()


def test_the_clock_stays_as_far_ahead_as_it_was(survivor):
    assert survivor.folder.clock().ahead.days == survivor.days_ahead
    if survivor.days_ahead:
        assert f"{survivor.days_ahead} days ahead" in survivor.process.said()


def test_each_timer_fired_once(survivor):
    fired = survivor.folder.rows(
        "SELECT case_id, object, public, count(*) FROM event WHERE kind = 'timer.fired'"
        " GROUP BY case_id, object, public"
    )

    assert [row for row in fired if row[3] != 1] == []
    assert bool(fired) == (survivor.moment > MOMENTS[0])  # the first letters wait for no timer


def test_each_letter_is_told_once_and_delivered_at_least_once(survivor):
    folder = survivor.folder
    sent = {number for (number,) in folder.rows("SELECT id FROM outbox WHERE status = 'sent'")}
    told = Counter(
        orjson.loads(public)["outbox"]
        for (public,) in folder.rows("SELECT public FROM event WHERE kind = 'mail.sent'")
    )
    delivered = Counter(int(mail.id.strip("<>").partition(".")[0]) for mail in folder.mails())

    assert told == Counter(dict.fromkeys(sent, 1))
    assert sent <= set(delivered)
    assert delivered.total() - len(delivered) <= _MOST_TWICE


def test_a_letter_that_came_twice_is_the_same_to_a_mail_program(survivor):
    ids = {mail.id for mail in survivor.folder.mails()}
    numbers = {id_.strip("<>").partition(".")[0] for id_ in ids}

    assert len(ids) == len(numbers)


def test_each_letter_about_a_task_has_ended(survivor):
    statuses = survivor.folder.rows(
        "SELECT status, count(*) FROM outbox WHERE task_id IS NOT NULL GROUP BY status"
    )

    assert {status for status, _ in statuses} <= {"sent", "cancelled"}


def test_whoever_holds_an_open_task_was_asked(survivor):
    folder = survivor.folder
    holders = folder.rows(
        "SELECT task.id, assignment.person FROM task"
        " LEFT JOIN assignment ON assignment.task_id = task.id AND assignment.ended_at IS NULL"
        " WHERE task.status = 'open'"
    )
    asked = folder.rows(
        "SELECT task_id, person FROM outbox"
        " WHERE kind IN ('task', 'handed_over') AND status = 'sent'"
    )

    assert len(holders) > 0
    assert set(holders) - set(asked) == set()


def test_the_history_is_whole(survivor, machine):
    said = machine.run(survivor.folder.home, "verify")

    assert (said.returncode, said.stdout[:3]) == (0, "OK "), said.stdout


def test_nothing_in_the_logs_asks_for_help(survivor):
    assert survivor.folder.troubles() == []


def test_the_oldest_link_to_an_open_task_still_leads_to_an_answer(survivor):
    """It is from before the cut, unless all that was asked then is answered."""
    folder = survivor.folder
    links = {mail.token: mail for mail in folder.mails() if mail.token}
    token, mail = next(
        (token, mail) for token, mail in links.items() if folder.task_of(token)[3] == "open"
    )
    today = folder.clock().now().date()

    def said(title):
        return replies(mail.person, Habits(), title, today)

    outcome = visit(f"{folder.url}/t/{token}", said, timeout=60).outcome

    assert outcome == "recorded"
    assert folder.task_of(token)[3] == "answered"
    folder.settle()


def test_a_request_to_stop_is_met(survivor):
    code, seconds = survivor.process.stop()

    assert code == 0, survivor.process.said()
    assert seconds < 45  # and not when the machine loses patience
    assert "Stopping" in survivor.process.said()
