"""A hand-over note: the old owner's mail leads to its page, and the new owner reads it."""

import pytest
from support.imports import ADDRESSES, import_people, without
from support.invariants import check_everything

from engine.queries import history
from engine.service import Brief
from flows.letters import letter_of
from notifications import Occasion

NOTE = "She was promised a new role in March.\nPlease call her first."


@pytest.fixture
def handed(office, review):
    """Bob, who has begun to rate Ann, is her manager no more: Eve is."""
    world = office.world
    assert world.service.save_draft(review, {"why": ["begun"]}, 0, "p_bob", world.now) == 1
    import_people(world, without(ann=("eve", "Sales")))
    world.advance()
    return review


def mailed(office, person: str) -> Brief:
    """The newest letter to somebody, about to leave."""
    world = office.world
    (row,) = [
        row
        for row in world.service.claim_outbox(99, world.service.tools.grace * 60, "w", world.now)
        if row.person == f"p_{person}" and row.kind in ("no_longer_needed", "handed_over")
    ]
    brief = world.service.brief(row.id, world.now)
    assert isinstance(brief, Brief)
    return brief


def test_the_old_owner_is_told_and_asked_and_the_new_one_reads_it_on_the_page(office, handed):
    brief = mailed(office, "bob")
    letter = letter_of(brief, "https://hr.example.org", None)
    assert letter.occasion is Occasion.HANDED_ON
    assert letter.lead == (
        "“Goals of Ann” is with Eve now. What you wrote so far is kept and went along. If the next "
        "one should know something, please leave a note; if not, nothing is left to do."
    )
    (item,) = letter.items
    assert (item.verb, item.url) == (
        "Write a hand-over note",
        f"https://hr.example.org/t/{brief.link}",
    )

    client = office.client()
    asked = client.post(f"/t/{brief.link}")
    assert asked.status_code == 200
    assert "Eve, and whoever has this task later" in asked.text
    assert "set-cookie" not in asked.headers
    kept = client.post(f"/t/{brief.link}", data={".do": "note", "note": NOTE})
    again = client.post(f"/t/{brief.link}", data={".do": "note", "note": NOTE})

    assert (kept.status_code, again.status_code) == (200, 200)
    assert "Eve sees it on the page" in kept.text
    page = office.seated(handed, "eve").get(f"/task/{handed}")
    assert page.text.count("She was promised a new role in March.") == 1
    assert "Bob</strong> had this task before you" in page.text
    assert "Bob has already written something here" in page.text  # the draft came along
    with office.world.database.read() as session:
        lines = history(session, office.site.reader, "REV-0001")
    (line,) = [line for line in lines if line.kind == "task.note"]
    assert line.words.endswith(" left a hand-over note for “Goals of Ann”.")
    assert NOTE not in str(line.public)
    check_everything(office.world.database)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  ", "The note is empty. Write what the next one should know."),
        ("x" * 4001, "The note has 4,001 characters and there is room for 4,000."),
    ],
)
def test_a_note_that_cannot_be_is_shown_again_with_what_was_written(office, handed, text, sentence):
    link = mailed(office, "bob").link
    answer = office.client().post(f"/t/{link}", data={".do": "note", "note": text})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "task.note" not in office.world.history("REV-0001")
    if text.strip():
        assert text in answer.text


def test_more_than_five_notes_about_one_task_are_not_taken(office, handed):
    link = mailed(office, "bob").link
    for number in range(5):
        assert (
            office.client()
            .post(f"/t/{link}", data={".do": "note", "note": f"Note {number}"})
            .status_code
            == 200
        )

    answer = office.client().post(f"/t/{link}", data={".do": "note", "note": "One more"})
    assert answer.status_code == 422
    assert "You have left 5 notes already." in answer.text


@pytest.mark.parametrize("why", ["closed", "back", "left", "moved away", "expired", "unknown"])
def test_the_link_is_over_when_there_is_nothing_to_hand_over_any_more(
    office, handed, why, monkeypatch
):
    world = office.world
    link = mailed(office, "bob").link
    match why:
        case "closed":
            world.service.cancel("REV-0001", None, "not needed", world.now)
        case "back":
            world.service.reassign(handed, "p_bob", None, "after all", world.now)
        case "left":
            import_people(world, without("bob", ann=("eve", "Sales"), dan=("eve", "Sales")))
        case "moved away":
            monkeypatch.setitem(ADDRESSES, "bob", "bob.ray@example.org")
            import_people(world, without(ann=("eve", "Sales")))
        case "expired":
            world.later(days=61)
        case "unknown":
            link = "tk_unknown"

    answer = office.client().post(f"/t/{link}", data={".do": "note", "note": NOTE})

    assert answer.status_code == 410
    assert "This link no longer works" in answer.text
    assert "task.note" not in world.history("REV-0001")


def test_the_link_of_a_note_opens_no_task_and_mails_no_new_link(office, handed):
    world = office.world
    link = mailed(office, "bob").link
    client = office.client()
    client.post(f"/t/{link}")

    assert client.get(f"/task/{handed}").status_code == 410
    before = world.letters()
    client.post(f"/t/{link}", data={".do": "new link"})
    assert world.letters() == before


def test_a_letter_that_leaves_after_the_answer_asks_for_no_note(office, handed):
    office.world.answer(handed, "eve", "accept")
    brief = mailed(office, "bob")

    assert brief.link is None
    assert letter_of(brief, "https://hr.example.org", None).occasion is Occasion.NO_LONGER_NEEDED
