"""People from outside are named on a page, are asked by mail, and answer on a page of their own."""

import pytest
from playwright.sync_api import Page, expect
from support.looking import open_task, page_of, sound
from support.office import Office

from engine.links import mint
from engine.store.tables import AssignmentRow, GuestRow

PANEL = """
process: panel
version: 1
title: Interview panel
subject: person
people: {manager: subject.manager}
data:
  lead: {type: guest, label: Who speaks for the candidates?, help: The agency's contact.}
  candidates:
    type: table
    label: Candidates
    columns: {who: {type: guest, label: Candidate}, note: {type: text, label: Note, required: false}}
states:
  collect: {task: {to: manager, fields: [lead, candidates], title: Who applies?, due: 2 workdays}}
  ask:
    each: one in data.candidates.map(row, row.who)
    task: {to: one, title: "A question, {{ one.name }}", fields: {yes: {type: yes_no, label: Can you come?}}, due: 5 workdays}
  again: {task: {to: manager, fields: [lead, candidates], title: Is this right?, due: 2 workdays}}
  closed: {end: done}
"""


@pytest.fixture
def task(served: Office) -> str:
    served.world.publish(PANEL)
    served.world.start("panel")
    return served.world.task("collect")


def named(page: Page, part: str, name: str, email: str) -> None:
    page.locator(f"#q-{part}-name").fill(name)
    page.locator(f"#q-{part}-email").fill(email)


@pytest.mark.parametrize("script", [False, True], ids=["without", "with"])
def test_a_guest_is_named_asked_and_shown_again(browser, served, task, script):
    with page_of(browser, script=script) as page:
        open_task(page, served, task, "bob")
        named(page, "lead", "Dan", "dan at example.org")
        page.get_by_role("button", name="Continue").last.click()
        expect(page.get_by_role("alert")).to_contain_text("This is no e-mail address")
        expect(page.locator("#q-lead-email")).to_have_value("dan at example.org")
        page.get_by_role("link", name="This is no e-mail address").click()
        assert page.url.endswith("#q-lead-email")
        named(page, "lead", "Daniel", "DAN@example.org")
        named(page, "candidates-0-who", "Cara Doe", "cara@example.net")
        page.get_by_role("button", name="Add another candidate").click()
        named(page, "candidates-1-who", "Eli Roe", "eli@example.net")
        page.get_by_role("button", name="Continue").last.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
        expect(page.locator("dl.answers")).to_contain_text("Cara Doe (cara@example.net)")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, it is recorded")
        expect(page.locator("main")).to_contain_text("Eli Roe")
        expect(page.locator("main")).to_contain_text("Dan")

    cara, eli = sorted(served.world.rows(GuestRow), key=lambda row: str(row.name))
    assert (cara.name, eli.name) == ("Cara Doe", "Eli Roe")
    for guest in (cara, eli):
        answer_as(browser, served, guest.id)
    with page_of(browser, script=script) as page:
        open_task(page, served, served.world.task("again"), "bob")
        assert page.locator("#q-lead-name").input_value() == "Dan"
        assert page.locator("#q-candidates-1-who-email").input_value() == "eli@example.net"
        page.get_by_role("button", name="Continue").last.click()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, it is recorded")
    assert len(served.world.rows(GuestRow)) == 2
    assert served.world.case("PAN-0001").outcome == "done"


def answer_as(browser, served: Office, guest: str) -> None:
    world = served.world
    (hold,) = [row for row in world.rows(AssignmentRow) if row.person == guest]
    token = world.database.write(
        lambda tx: mint(tx, hold.id, "task", world.now, served.site.entropy)
    )
    with page_of(browser, script=True) as page:
        page.goto(f"{served.site.base_url}/t/{token}")
        sound(page)
        page.get_by_role("button", name="Open my task").click()
        sound(page)
        page.get_by_label("Yes").check()
        page.get_by_role("button", name="Continue").last.click()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, it is recorded")
