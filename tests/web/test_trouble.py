"""When nothing can be recorded: a calm sentence, and what was typed is still there."""

import re

import pytest
from structlog.testing import capture_logs

from engine.store import Database, Transaction

TYPED = "She shipped it in spite of it all."


def fill_the_disk(database: Database) -> None:
    """From now on SQLite finds no room for another page: as on a full disk."""

    def no_more(tx: Transaction) -> None:
        tx.cursor.execute("PRAGMA page_count")
        (count,) = tx.cursor.fetchone()
        tx.cursor.execute(f"PRAGMA max_page_count={count}")
        tx.cursor.fetchall()

    database.write(no_more)


def forbid_writing(database: Database) -> None:
    """As where somebody took away the right to write the file."""
    database.write(lambda tx: tx.cursor.execute("PRAGMA query_only=ON"))


@pytest.fixture(params=[fill_the_disk, forbid_writing], ids=["full", "read only"])
def trouble(request):
    return request.param


def revision(text: str) -> str:
    return re.search(r'name="\.revision" value="(\d+)"', text)[1]


def test_what_cannot_be_saved_stays_on_the_page(office, review, trouble):
    client = office.seated(review, "bob")
    text = TYPED * 500
    trouble(office.world.database)

    with capture_logs() as logs:
        page = client.post(f"/task/{review}", data={"why": text, ".revision": "0", ".do": "save"})

    assert page.status_code == 503
    assert "This could not be saved" in page.text
    assert text in page.text
    assert "sqlite" not in page.text.lower()
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["not recorded"]


def test_the_script_is_told_too(office, review, trouble):
    client = office.seated(review, "bob")
    trouble(office.world.database)

    answer = client.post(f"/task/{review}/draft", data={"why": TYPED * 500, ".revision": "0"})

    assert answer.status_code == 503
    assert answer.json()["message"].startswith("Not saved: nothing can be recorded just now.")


def test_an_answer_that_cannot_be_recorded_can_be_sent_again(office, review):
    client = office.seated(review, "bob")
    good = {
        "goals.0.goal": "Win two customers",
        "goals.0.due.day": "30",
        "goals.0.due.month": "6",
        "goals.0.due.year": "2027",
        "rating": "4",
        "why": TYPED,
        "abroad": "no",
        ".decision": "accept",
    }
    client.post(f"/task/{review}", data={**good, ".revision": "0", ".do": "continue"})
    check = client.get(f"/task/{review}/check").text
    forbid_writing(office.world.database)
    refused = client.post(f"/task/{review}", data={".revision": revision(check), ".do": "submit"})
    # What failed once lets go of its connection, so the next try begins afresh.
    office.world.database.write(lambda tx: tx.cursor.execute("PRAGMA query_only=OFF"))
    sent = client.post(
        f"/task/{review}", data={".revision": revision(refused.text), ".do": "submit"}
    )

    assert refused.status_code == 503
    assert "This was not sent" in refused.text
    assert TYPED in refused.text
    assert sent.headers["location"] == f"/task/{review}/done"


def test_a_link_that_cannot_be_opened_says_to_try_again(office, review):
    token = office.token(review, "bob")
    client = office.client()
    forbid_writing(office.world.database)

    page = client.post(f"/t/{token}")

    assert page.status_code == 503
    assert "Nothing can be recorded just now" in page.text
    assert "Please try again" in page.text
