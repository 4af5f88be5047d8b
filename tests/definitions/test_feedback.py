"""What people read who are asked for feedback, and who may read what they write."""

import html
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from support.office import Office, office_of
from support.world import World, world_of

from engine.store import Database

MORNING = datetime(2027, 3, 1, 9, tzinfo=UTC)
SAID = {
    "answer": "yes, and I can say what",
    "situation": "On Monday",
    "did": "She let everybody finish.",
    "effect": "I said what I had kept back.",
}


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    world = world_of(sqlite_database)
    world.publish(files("definitions").joinpath("feedback-request.yaml").read_text("utf-8"))
    return office_of(world)


def asked(world: World, shared_with: str, by: str) -> None:
    world.start("feedback-request", "p_ann", asked_by=f"p_{by}")
    world.answer(
        "ask",
        by,
        givers=["p_dan"],
        question="How did the meeting on Monday go?",
        shared_with=shared_with,
    )


def page(office: Office, state: str, person: str) -> str:
    task = office.world.task(state)
    return html.unescape(office.seated(task, person).get(f"/task/{task}").text)


def test_who_is_asked_reads_the_question_and_who_will_read_the_answer(office: Office):
    asked(office.world, "only the person", "ann")

    read = page(office, "give[p_dan]", "dan")

    assert "How did the meeting on Monday go? Read by: only the person." in read
    assert "Ann" in read
    assert "Bob" not in read  # her manager, who will not read it


def test_the_person_reads_what_was_seen_without_a_name(office: Office):
    asked(office.world, "only the person", "ann")
    office.world.answer("give[p_dan]", "dan", **SAID)

    read = page(office, "read", "ann")

    assert "On Monday: She let everybody finish. - I said what I had kept back." in read
    assert "Dan" not in read


def test_what_is_only_for_the_manager_is_read_by_the_manager(office: Office):
    asked(office.world, "only their manager", "bob")
    office.world.answer("give[p_dan]", "dan", **SAID)

    assert "She let everybody finish." in page(office, "read", "bob")
