"""What a letter says to the person who gets it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.service import Brief, TaskBrief
from engine.service.briefs import Person
from flows.letters import letter_of

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
TASK = TaskBrief(
    public_id="t1",
    title="Ann Lee's year",
    text=None,
    buttons=("submit",),
    due=NOW + timedelta(days=7),
    overdue=False,
    minutes=20,
    readers="Your answer is read by: you, Ann Lee.",
    why="You are asked because you are Ann Lee's manager.",
    owners=("Bob Ray",),
    queue=None,
)
BRIEF = Brief(
    outbox=17,
    kind="task",
    attempt=1,
    to=Person(id="p_b", name="Bob Ray", email="b@example.org", language="en", zone="Europe/Berlin"),
    case="PCE-0001",
    process="Performance year",
    about="Ann Lee",
    task=TASK,
    link="tk_x",
    link_expires=NOW + timedelta(days=60),
    title=None,
    text=None,
    had_by=None,
    has_now=None,
    number=1,
    reason=None,
)


def letter(**more):
    return letter_of(replace(BRIEF, **more), "https://hr.example.org", None)


def test_a_task_of_ones_own_asks_for_an_answer():
    found = letter()

    assert found.subject == "Performance year: something for you, by 8 March"
    assert found.lead == "There is something for you to do."
    assert found.items[0].verb == "Answer now"


def test_a_task_in_a_queue_asks_to_take_it():
    found = letter(task=replace(TASK, queue="it", owners=()))

    assert found.lead == "Something waits in your queue. Take it if you are going to do it."
    assert found.items[0].verb == "Look at it and take it"


def test_a_reminder_that_is_late_says_since_when():
    late = replace(TASK, overdue=True, due=NOW - timedelta(days=3))

    assert letter(kind="reminder").subject == "Reminder: Performance year, by 8 March"
    assert letter(kind="reminder", task=late).subject == (
        "Overdue: Performance year, was due on 26 February"
    )


@pytest.mark.parametrize("language", ["ar", "de", "en-US"])
def test_a_subject_is_in_one_language(language):
    found = letter(to=replace(BRIEF.to, language=language))

    assert found.subject == "Performance year: something for you, by 8 March"


def test_a_task_handed_over_says_once_that_its_draft_is_kept():
    found = letter(kind="handed_over", had_by="Cy Boss")

    assert found.lead == "This is yours now."
    assert found.had_by == "Cy Boss"
