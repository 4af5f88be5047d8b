"""One page with every type of question, on a phone: legible, reachable, and answered once."""

import re

import pytest
from playwright.sync_api import Page, expect
from support.looking import open_task, page_of, sound
from support.office import Office

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
MANY = ", ".join(f"place_{number:03d}" for number in range(300))
EVERY = f"""
process: every
version: 1
title: Every question
subject: person
people: {{manager: subject.manager}}
forms:
  every:
    title: "All about {{{{ subject.name }}}}"
    intro: A word without an end, {WORD}.
    fields:
      line:   {{type: text, label: One line, help: A sentence below it.}}
      para:   {{type: longtext, label: A longer text, min: 20}}
      whole:  {{type: integer, label: Whole number}}
      any:    {{type: number, label: Any number}}
      share:  {{type: percent, label: Share}}
      pay:    {{type: money, label: New pay}}
      day:    {{type: date, label: First day}}
      meet:   {{type: datetime, label: Meeting}}
      abroad: {{type: yes_no, label: Was it abroad?}}
      where:  {{type: longtext, label: Where was it?, required_if: abroad}}
      mark:   {{type: scale, label: How was it?, anchors: [poor, below, as agreed, above, great]}}
      why:    {{type: text, label: Why so?, required_if: "mark == 1 || mark == 5"}}
      both:   {{type: text, label: What do both say?, required_if: "abroad && mark == 5"}}
      fruit:  {{type: choice, label: One fruit, options: [apple, {WORD}]}}
      place:  {{type: choice, label: One of many, options: [{MANY}]}}
      tints:  {{type: choices, label: Colours, options: [red, green]}}
      places: {{type: choices, label: Some of many, required: false, options: [{MANY}]}}
      buddy:  {{type: person, label: Your buddy}}
      crowd:  {{type: people, label: Whom shall we ask?, required: false}}
      client: {{type: guest, label: A customer}}
      goals:
        type: table
        label: Goals
        columns: {{goal: {{type: text, label: Goal}}, due: {{type: date, label: Due}}, kind: {{type: choice, label: Kind, options: [big, small]}}, with: {{type: guest, label: Together with, required: false}}}}
      twice:  {{type: computed, label: Twice the number, compute: whole * 2}}
      sure:   {{type: attest, label: I have read the rules}}
states:
  fill:
    task: {{to: manager, form: every, due: 5 workdays, buttons: [accept, send_back], sign: true}}
    on: {{accept: closed, send_back: closed}}
  closed: {{end: done}}
"""


@pytest.fixture
def every(served: Office) -> str:
    served.world.publish(EVERY)
    served.world.start("every")
    return served.world.task("fill")


def fill(page: Page) -> None:
    texts = {
        "line": "A line", "para": "Long enough to count as a text.", "whole": "1,234",
        "any": "1.234,5", "share": "12 %", "pay-amount": "50,000", "pay-currency": "eur",
        "day-day": "1", "day-month": "March", "day-year": "2027",
        "meet-day": "2", "meet-month": "4", "meet-year": "2027", "meet-time": "9.30",
        "client-name": "Cleo Custom", "client-email": "cleo@example.net",
        "goals-0-with-name": "Wim", "goals-0-with-email": "wim@example.net",
        "goals-0-goal": "Win two customers",
        "goals-0-due-day": "1", "goals-0-due-month": "4", "goals-0-due-year": "2027",
        "sure-name": "Bob",
    }  # fmt: skip
    for name, text in texts.items():
        page.locator(f"#q-{name}").fill(text)
    page.locator("#q-place").select_option("place_299")
    page.locator("#q-buddy").fill("dan")
    page.get_by_role("button", name="Search for Your buddy").click()
    page.get_by_label("Dan").first.check()
    for name in ("abroad-2", "mark-3", "fruit-2", "tints", "tints-2", "goals-0-kind"):
        page.locator(f"#q-{name}").check()
    page.get_by_label("Send back").check()


def dangling(page: Page) -> list[str]:
    """Links to a place in a page that the page does not have."""
    return page.evaluate(
        """() => [...document.querySelectorAll('main a[href^="#"]')].map(one => one.hash)
            .filter(hash => !document.getElementById(decodeURIComponent(hash.slice(1))))"""
    )


@pytest.mark.parametrize("script", [False, True], ids=["without", "with"])
def test_every_type_of_question_can_be_answered_and_changed(browser, served, every, script):
    with page_of(browser, width=320, script=script) as page:
        open_task(page, served, every, "bob")
        page.get_by_role("button", name="Continue").last.click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert dangling(page) == []

        fill(page)
        page.get_by_role("button", name="Continue").last.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
        answers = page.locator("dl.answers").inner_text()
        for said in (
            "1234",
            "1234.5",
            "12 %",
            "50,000.00 EUR",
            "2468",
            "Place 299",
            "Dan",
            "Cleo Custom (cleo@example.net)",
            "Wim (wim@example.net)",
        ):
            assert said in answers, said
        assert "Where was it?" not in answers

        changes = page.locator("dd.change a")
        hrefs = [link.get_attribute("href") for link in changes.all()]
        assert len(hrefs) == 20
        page.goto(f"{served.site.base_url}/task/{every}")
        for href in hrefs:
            place = href.partition("#")[2]
            assert page.locator(f"[id='{place}']").count() == 1, href


def test_a_page_with_every_type_of_question_has_no_barrier(browser, served, every):
    with page_of(browser, script=True) as page:
        open_task(page, served, every, "bob")
        sound(page)
        page.get_by_role("button", name="Continue").last.click()
        expect(page.get_by_role("alert")).to_be_visible()
        sound(page)
        fill(page)
        page.get_by_role("button", name="Add another goal").click()
        sound(page)
        page.get_by_role("button", name="Remove goal 2").click()
        page.get_by_role("button", name="Continue").last.click()
        page.get_by_role("button", name="Send: Send back").click()
        expect(page.get_by_role("alert")).to_be_focused()  # the signature is missing
        sound(page)


def test_a_question_that_hangs_on_another_answer_shows_by_style_sheet_alone(browser, served, every):
    with page_of(browser) as page:  # without JavaScript
        open_task(page, served, every, "bob")
        where, why = page.get_by_label("Where was it?"), page.get_by_label("Why so?")
        expect(where).to_be_hidden()
        expect(why).to_be_hidden()
        expect(page.get_by_label("What do both say?")).to_be_visible()  # it hangs on two

        page.locator("#q-abroad").check()
        page.get_by_label("5 great").check()
        expect(where).to_be_visible()
        expect(why).to_be_visible()
        where.fill("Paris")
        page.locator("#q-abroad-2").check()
        page.get_by_label("3 as agreed").check()
        expect(why).to_be_hidden()
        expect(where).to_be_visible()  # what somebody wrote is never hidden from them


def test_what_hangs_on_another_answer_is_wanted_only_after_that_answer(office):
    office.world.publish(EVERY)
    office.world.start("every")
    task = office.world.task("fill")
    client = office.seated(task, "bob")

    def wanted(**more: str) -> bool:
        page = client.get(f"/task/{task}").text
        number = re.search(r'name="\.revision" value="(\d+)"', page)[1]
        data = {".revision": number, ".do": "continue", **more}
        return "Answer “Where was it?”" in client.post(f"/task/{task}", data=data).text

    assert not wanted()
    assert not wanted(abroad="no")
    assert wanted(abroad="yes")


def test_fifty_rows_and_a_very_long_text_are_kept(browser, served, every):
    rows = {f"goals.{number}.goal": f"Goal number {number}" for number in range(50)}
    client = served.client(base_url=served.site.base_url)
    client.post(f"/t/{served.token(every, 'bob')}")
    client.post(
        f"/task/{every}",
        data={".revision": "0", ".do": "save", "para": "Wörter 🎉 שלום " * 1200, **rows},
    )
    with page_of(browser, width=320, script=True) as page:
        open_task(page, served, every, "bob")
        assert page.get_by_role("group", name=re.compile(r"^Goal \d+$")).count() == 50
        assert page.locator("#q-goals-49-goal").input_value() == "Goal number 49"
        assert len(page.locator("#q-para").input_value()) == len("Wörter 🎉 שלום " * 1200)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
