"""The mails of a play are those that the product would send."""

import pytest

from engine.scenarios import PlayStep
from notifications import Sender
from tenure.dev.letters import mails

SENDER = Sender(
    name="HR",
    address="hr@example.com",
    domain="example.com",
    base_url="http://localhost:8750",
    organisation="Example",
)


@pytest.fixture
def sent(workshop):
    def after(*steps):
        for name, value in steps:
            workshop.add(PlayStep(name=name, value=value))
        return [(one.to, one.subject) for one in mails(workshop.bench.show.stage, SENDER)]

    return after


def test_the_first_task_is_asked_for_by_mail(sent, workshop):
    assert sent() == [("ann", "Review: something for you, by 18 January")]
    mail = mails(workshop.bench.show.stage, SENDER)[0]
    assert "You are asked because this is about you." in mail.text
    assert "http://localhost:8750/t/1" in mail.html


def test_reminders_and_escalations_leave_when_they_are_due(sent):
    found = sent(("clock", "2027-01-14"), ("ann self", {"peers": ["dan"]}), ("clock", "2027-01-29"))

    assert found[1] == ("ann", "Reminder: Review, by 18 January")
    assert found[2] == ("bob", "Review: something for you, by 21 January")
    assert found[3] == ("cy", "Review: somebody is late")


def test_a_queue_is_asked_whole_and_who_takes_a_task_from_it_is_not_told_again(sent):
    answered = (("ann self", {"peers": ["dan"]}), ("bob rate", {"rating": 4}))
    found = sent(*answered)

    assert [to for to, _ in found] == ["ann", "bob", "ida", "ivo"]
    assert [to for to, _ in sent(("ida kit", None))] == ["ann", "bob", "ida", "ivo"]


def test_who_loses_a_task_is_told_so_and_who_gets_it_too(sent):
    found = sent(("ann self", {"peers": ["dan"]}), ("change", {"subject.manager": "eve"}))

    assert found[2:] == [
        ("eve", "Review: something for you, by 11 January"),
        ("bob", "Review: nothing to do any more"),
    ]


def test_a_cancelled_case_tells_who_had_been_asked(sent):
    assert sent(("cancel", "a mistake"))[1:] == [("ann", "Review: nothing to do any more")]
