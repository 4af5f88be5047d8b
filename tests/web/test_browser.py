"""The pages in a real browser: without JavaScript and with it, small and large, light and dark."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from support.imports import import_people, without
from support.looking import open_task, page_of, sound
from support.office import Office

from engine.store.tables import DraftRow
from notifications.maildir import store

MAIL = b"To: Ann <ann@example.org>\r\nSubject: Goals\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>"


def fill(page: Page) -> None:
    page.get_by_label("Goal", exact=True).first.fill("Win two large customers")
    page.get_by_label("Day").first.fill("30")
    page.get_by_label("Month").first.fill("June")
    page.get_by_label("Year").first.fill("2027")
    page.get_by_label("3 as expected").check()
    page.get_by_label("What did you see?").fill("She shipped it in spite of it all.")
    page.get_by_label("No", exact=True).check()
    page.get_by_label("Accept").check()


@pytest.fixture
def task(served: Office) -> str:
    served.world.start("review")
    return served.world.task("rate")


@pytest.mark.parametrize("script", [False, True], ids=["without", "with"])
def test_the_whole_path_works_with_and_without_javascript(browser, served, task, script):
    with page_of(browser, script=script) as page:
        open_task(page, served, task, "bob")
        assert "tk_" not in page.url

        page.get_by_role("button", name="Continue").last.click()
        expect(page.get_by_role("alert")).to_be_focused()
        assert page.title().startswith("Error: ")
        page.get_by_role("link", name="Choose an answer to “How was the year?”").click()
        assert page.url.endswith("#q-rating")

        page.get_by_label("Name to search for").fill("dan")
        page.get_by_role("button", name=re.compile("^Search")).click()
        page.get_by_label("Dan").check()
        page.get_by_role("button", name="Add another goal").click()
        expect(page.get_by_role("group", name="Goal 2")).to_be_visible()
        page.get_by_role("button", name="Remove goal 2").click()
        fill(page)
        page.get_by_role("button", name="Save and go on later").click()
        expect(page.get_by_role("status").first).to_contain_text("Saved.")

        page.get_by_label("What did you see?").press("Tab")
        page.get_by_label("Day").first.press("Enter")  # Enter means continue, not remove or search
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
        page.get_by_role("link", name="Change How was the year?").click()
        page.get_by_label("5 well above").check()
        page.get_by_role("button", name="Continue").last.click()
        page.get_by_role("button", name="Send: Accept").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, it is recorded")
        assert "REV-0001." in page.content()
        assert "5 - well above" in page.content()

        page.go_back()
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("This is already recorded")


def test_no_page_for_participants_has_a_barrier(browser, served, task):
    base = served.site.base_url
    with page_of(browser, script=True) as page:
        page.goto(f"{base}/t/{served.token(task, 'bob')}")
        sound(page)
        page.get_by_role("button", name="Open my task").click()
        sound(page)
        page.get_by_role("button", name="Continue").last.click()
        expect(page.get_by_role("alert")).to_be_visible()
        sound(page)
        fill(page)
        page.get_by_role("button", name="Continue").last.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
        sound(page)
        page.get_by_role("button", name="Send: Accept").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, it is recorded")
        sound(page)
        for path in (f"/task/{task}", "/tasks", "/task/x", "/nope"):
            page.goto(base + path)
            sound(page)
        page.goto(f"{base}/t/tk_dead")
        page.get_by_role("button", name="Open my task").click()
        sound(page)
        page.get_by_role("button", name="Send me a new link").click()
        sound(page)


def test_a_hand_over_note_is_written_and_read_without_a_barrier(browser, served, task):
    world, base = served.world, served.site.base_url
    import_people(world, without(ann=("eve", "Sales")))
    world.advance()
    (row,) = [
        row
        for row in world.service.claim_outbox(9, timedelta(minutes=1), "w", world.now)
        if row.person == "p_bob" and row.kind == "no_longer_needed"
    ]
    link = world.service.brief(row.id, world.now).link
    with page_of(browser, script=True) as page:
        page.goto(f"{base}/t/{link}")
        page.get_by_role("button", name="Open my task").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Hand-over note")
        sound(page)
        page.get_by_role("button", name="Leave this note").click()
        expect(page.get_by_role("alert")).to_contain_text("The note is empty.")
        sound(page)
        page.get_by_label("What should they know?").fill("Call her first.\nThen write.")
        page.get_by_role("button", name="Leave this note").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Thank you, your note is recorded"
        )
        sound(page)
        open_task(page, served, task, "eve")
        note = page.get_by_role("region", name="Hand-over note from Bob")
        expect(note).to_contain_text("Call her first.")
        sound(page)


def test_no_page_of_the_console_has_a_barrier(browser, served, task):
    assert served.site.mail is not None
    key = store(served.site.mail, MAIL)
    with page_of(browser, script=True) as page:
        for path in (
            "/", "/cases", "/cases?who=sales", "/cases/REV-0001", "/processes/review",
            "/dev/mail", f"/dev/mail/{key}",
        ):  # fmt: skip
            page.goto(served.site.base_url + path)
            sound(page)


def test_the_button_of_a_mail_opens_the_task_in_a_window_of_its_own(browser, served, task):
    assert served.site.mail is not None
    url = f"{served.site.base_url}/t/{served.token(task, 'bob')}"
    body = f'<a href="{url}" target="_blank">Answer</a>'.encode()
    key = store(served.site.mail, MAIL.replace(b"<p>Hello</p>", body))
    with page_of(browser) as page:
        page.goto(f"{served.site.base_url}/dev/mail/{key}")
        with page.expect_popup() as opened:
            page.frame_locator("iframe").get_by_role("link", name="Answer").click()
        opened.value.get_by_role("button", name="Open my task").click()
        expect(opened.value.get_by_role("heading", level=1)).to_have_text("Goals of Ann")


def test_what_is_typed_is_saved_two_seconds_later_and_the_other_tab_is_told(browser, served, task):
    with page_of(browser, script=True) as page:
        open_task(page, served, task, "bob")
        other = page.context.new_page()
        other.goto(page.url)
        area = page.get_by_label("What did you see?")
        area.fill("She shipped it.")
        expect(page.locator("#q-why-count")).to_have_text("15 characters, at least 20")
        expect(page.locator("#saved")).to_have_text("Saved.")
        (kept,) = served.world.rows(DraftRow)
        assert "She shipped it." in kept.answers

        other.get_by_label("What did you see?").fill("From the other window.")
        expect(other.locator("#saved")).to_contain_text("another window")
        assert served.world.rows(DraftRow) == [kept]

        area.fill("She shipped it in the end.")
        page.get_by_role("button", name="Save and go on later").click()
        expect(page.get_by_role("status").first).to_contain_text("Saved.")


def test_what_is_typed_is_kept_when_the_page_is_left_at_once(browser, served, task):
    with page_of(browser, script=True) as page:
        open_task(page, served, task, "bob")
        page.get_by_label("What did you see?").fill("She shipped it, and I had to go.")
        page.goto(f"{served.site.base_url}/tasks")
        page.go_back()
        page.reload()
        area = page.get_by_label("What did you see?")
        expect(area).to_have_value("She shipped it, and I had to go.")


def test_a_session_that_is_over_says_what_to_do_and_gives_back_what_was_typed(
    browser, served, task
):
    with page_of(browser, script=True) as page:
        open_task(page, served, task, "bob")
        page.context.clear_cookies()
        page.get_by_label("What did you see?").fill("Written too late.")
        page.get_by_label("Name to search for").fill("dan")
        expect(page.locator("#saved")).to_contain_text("Press Continue to see why.")
        page.get_by_role("button", name="Continue").last.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("This page is not open here")
        expect(page.locator("dl.answers")).to_contain_text("Written too late.")
        expect(page.locator("dl.answers")).not_to_contain_text("dan")


def test_everything_can_be_reached_by_keyboard_and_is_large_enough(browser, served, task):
    with page_of(browser, script=True) as page:
        open_task(page, served, task, "bob")
        page.bring_to_front()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                 'main button:not(.enter), main input:not([type=hidden]):not([type=radio])'
               + ':not([type=checkbox]), main textarea, main .choice')]
               .filter(one => one.getBoundingClientRect().height < 43.5)
               .map(one => one.outerHTML.slice(0, 80))"""
        )
        assert small == []


def test_from_right_to_left_nothing_runs_over(browser, served, task):
    with page_of(browser, width=320, script=True) as page:
        open_task(page, served, task, "bob")
        page.evaluate("document.documentElement.dir = 'rtl'")
        sound(page)
        start = page.evaluate("getComputedStyle(document.querySelector('.facts dt')).textAlign")
        assert start == "start"


def test_the_script_that_looks_for_a_browser_finds_this_one_and_says_nothing():
    done = subprocess.run(
        [sys.executable, "tests/support/browser.py"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ},
    )
    assert (done.returncode, done.stdout) == (0, "")
