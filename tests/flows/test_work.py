"""The flows' verbs over a real service and a folder of mail, without Prefect."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import pytest
from support.world import World, world_of

from engine.store import Database
from flows.calls import Webhooks
from flows.ports import Delivered
from flows.work import Errands
from notifications import Letter, MaildirPost, Refused, Sender, list_mail, read_mail

BASE = "https://hr.example.org"
SENDER = Sender(
    name="People", address="hr@example.org", domain="example.org", base_url=BASE, organisation="X"
)
FEEDBACK = """
process: feedback
version: 1
title: Feedback
subject: person
states:
  ask:
    task: {to: subject.manager, title: "Feedback for {{ subject.name }}", due: 2 hours}
    remind: [1 hours before due]
  closed: {end: given}
"""


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return world_of(sqlite_database)


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def errands(world: World, mail: Path) -> Errands:
    return Errands(
        service=world.service,
        post=MaildirPost(folder=mail),
        sender=SENDER,
        webhooks=Webhooks(addresses={}),
        reply_to=None,
        clock=lambda: world.now,
        random=random.Random(1),
    )


def deliver_all(errands: Errands, now: datetime) -> list[Delivered]:
    claimed = errands.claim_letters(10, timedelta(minutes=2), "w", now)
    return [errands.deliver(each, now) for each in claimed]


def test_several_reminders_arrive_as_one_mail_with_a_link_for_each(
    world: World, errands: Errands, mail: Path
):
    world.publish(FEEDBACK)
    for subject in ("p_ann", "p_dan"):
        world.start("feedback", subject=subject)
    assert len(deliver_all(errands, world.now)) == 2
    before = {each.key for each in list_mail(mail)}
    world.later(hours=1).advance()

    delivered = deliver_all(errands, world.now)

    assert [each.state for each in delivered] == ["sent", "cancelled"]
    (summary,) = [each for each in list_mail(mail) if each.key not in before]
    arrived = read_mail(mail, summary.key)
    assert summary.subject == "Reminder: 2 tasks wait for you"
    assert summary.to == "Bob <bob@example.org>"
    assert len([link for link in arrived.links if link.startswith(f"{BASE}/t/tk_")]) == 2
    assert "Feedback for Ann" in arrived.text
    assert "Feedback for Dan" in arrived.text
    receiver = sha256(b"p_bob").hexdigest()[:16]
    assert dict(arrived.headers)["Message-ID"] == f"<3.{receiver}@example.org>"


def refuse(message: EmailMessage) -> None:
    raise AssertionError(f"nothing should leave, {message['Subject']} did")


class NoPost:
    send = staticmethod(refuse)


@pytest.fixture
def broken(errands: Errands, monkeypatch) -> Iterator[Errands]:
    """Every letter comes out wrong in the same way, whenever it is tried."""
    from dataclasses import replace

    from flows import work

    whole = work.letter_of

    def without_subject(*given) -> Letter:
        return replace(whole(*given), subject=" ")

    monkeypatch.setattr(work, "letter_of", without_subject)
    return replace(errands, post=NoPost())


def test_a_letter_that_cannot_be_written_is_an_incident_and_not_tried_for_ever(
    world: World, broken: Errands
):
    world.publish(FEEDBACK)
    world.start("feedback")

    (delivered,) = deliver_all(broken, world.now)

    assert delivered.state == "failed"
    assert "has no subject" in delivered.note
    (incident,) = world.incidents()
    assert incident.code == "mail-failed"
    assert "could not be written: Letter 1." in incident.message
    assert " has no subject. Correct the address" in incident.message
    assert deliver_all(broken, world.now + timedelta(days=1)) == []


def test_an_address_that_is_none_is_an_incident_too(world: World, errands: Errands, monkeypatch):
    from flows import work

    def no_address(*_given, **_named):
        raise Refused("`bob@` is no address")

    monkeypatch.setattr(work, "compose", no_address)
    world.publish(FEEDBACK)
    world.start("feedback")

    (delivered,) = deliver_all(errands, world.now)

    assert delivered == Delivered(
        state="failed", note="it could not be written: `bob@` is no address"
    )
    assert [each.code for each in world.incidents()] == ["mail-failed"]
