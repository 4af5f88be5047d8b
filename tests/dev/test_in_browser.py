"""The workshop in a real browser, as an author meets it: `tenure dev` as a process of its own."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from dev_files import REVIEW, TESTS
from playwright.sync_api import expect

from tenure.cli import main

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "import sys; from tenure.cli import main; sys.exit(main())"
LOOKS = [(width, scheme) for width in (320, 1280) for scheme in ("light", "dark")]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "review.yaml"
    path.write_text(REVIEW + TESTS, "utf-8")
    return path


@pytest.fixture
def dev(file):
    """The address, and what the terminal has shown up to now."""
    log = file.with_suffix(".log")
    with log.open("w") as out:
        running = subprocess.Popen(
            [sys.executable, "-c", RUN, "dev", str(file), "--port", "0"],
            stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip

    def terminal():
        return log.read_text("utf-8")

    def address():
        found = re.search(r"Open (\S+) in a browser", terminal())
        return found and found[1]

    assert soon(address), terminal()
    yield address(), terminal
    running.send_signal(signal.SIGINT)
    assert running.wait(120) == 0
    assert "Traceback" not in terminal()


def soon(what, seconds=120):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def page(browser):
    context = browser.new_context()
    complaints = []
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    yield opened
    context.close()
    assert complaints == []


def test_an_author_breaks_mends_plays_and_takes_a_test_along(dev, file, page):
    url, terminal = dev
    page.goto(url)
    expect(page.get_by_text("Nothing is wrong in the file.")).to_be_visible()

    # Broken: both say so, and what was there goes on.
    file.write_text((REVIEW + TESTS).replace("form: rating", "form: raiting"), "utf-8")
    expect(page.locator(".frame")).to_contain_text("did you mean `rating`?")
    expect(page.get_by_text("What is played below is the last good version.")).to_be_visible()
    assert soon(lambda: "error[E212]" in terminal())

    # Mended, with another title.
    file.write_text((REVIEW + TESTS).replace("title: Review", "title: Year's end"), "utf-8")
    expect(page.get_by_role("heading", level=1)).to_have_text("Year's end")
    assert soon(lambda: terminal().rstrip().endswith("0 errors, 0 warnings"))

    # As Ann, from her mail.
    page.get_by_role("link", name="Year's end: something for you, by 18 January").click()
    page.get_by_role("link", name="Press its button").click()
    page.get_by_label("Goal", exact=True).fill("Ship it")
    page.get_by_label("Day").fill("1")
    page.get_by_label("Month").fill("6")
    page.get_by_label("Year", exact=True).fill("2027")
    page.get_by_role("button", name="Answer as Ann").click()
    expect(page.get_by_text("Nothing waits for Ann.")).to_be_visible()

    # Time passes until Bob is late, and Cy hears of it.
    page.get_by_role("link", name="the author").click()
    page.get_by_label("To a day, a date field or by a span").fill("+12 workdays")
    page.get_by_role("button", name="Move the clock").click()
    page.get_by_role("link", name="Cy boss").click()
    expect(page.get_by_role("link", name="Year's end: somebody is late")).to_be_visible()

    # Back, and as Bob.
    page.get_by_role("link", name="the author").click()
    page.get_by_label("Step 2 of 2").fill("1")
    expect(page.get_by_text("Step 1 of 2")).to_be_visible()
    page.get_by_role("link", name="answer as bob").click()
    page.get_by_label("4").check()
    page.get_by_label("Submit").check()
    page.get_by_role("button", name="Answer as Bob").click()

    # What was played is a test that passes.
    page.get_by_role("link", name="the author").click()
    written = page.get_by_label("The test").input_value()
    file.write_text(REVIEW + TESTS + written, "utf-8")

    assert "- bob rate: {rating: 4}" in written
    assert "clock" not in written
    assert main(["test", str(file)]) == 0


def test_a_form_that_is_being_filled_in_is_not_thrown_away(dev, file, page):
    url, _ = dev
    page.goto(url)
    page.get_by_role("link", name="answer as ann").click()
    page.get_by_label("Goal", exact=True).fill("Ship it")
    file.write_text((REVIEW + TESTS).replace("title: Review", "title: Year's end"), "utf-8")

    expect(page.get_by_text("The file has changed.")).to_be_visible()
    expect(page.get_by_label("Goal", exact=True)).to_have_value("Ship it")


def test_it_works_without_a_script(dev, browser):
    url, _ = dev
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    page.get_by_role("link", name="answer as ann").click()
    page.get_by_label("Goal", exact=True).fill("Ship it")
    page.get_by_role("button", name="Answer as Ann").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Goal", exact=True).fill("")
    page.get_by_role("button", name="Answer as Ann").click()
    page.get_by_role("link", name="the author").click()
    page.get_by_label("Step 1 of 1").fill("0")
    page.get_by_role("button", name="Go there").click()

    expect(page.get_by_text("Step 0 of 1")).to_be_visible()
    context.close()


def test_every_page_is_sound_small_and_large_in_light_and_dark(dev, file, page):
    url, _ = dev
    page.goto(f"{url}/begin")
    page.get_by_role("button", name=re.compile("Play it all.*a good year")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
    pages = ["/", "/begin", "/forms", "/mail/1", "/as/ann", "/as/bob", "/as/ida"]
    pages.append("/task/ida?key=kit%231")
    for path in pages:
        looked_at(page, url, path)
    file.write_text((REVIEW + TESTS).replace("form: rating", "form: raiting"), "utf-8")
    page.goto(url)
    expect(page.locator(".frame")).to_be_visible()
    looked_at(page, url, "/")


def looked_at(page, url, path):
    page.goto(f"{url}{path}")
    page.evaluate(Axe().axe_script)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(
            """tags => axe.run({runOnly: tags, resultTypes: ['violations']}).then(
                result => result.violations.map(one => one.id + ' ' + one.nodes[0].html))""",
            TAGS,
        )
        assert found == [], (path, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.yaml"], "There is no file nowhere.yaml."),
        (["FILE", "--port", "TAKEN"], "Stop what uses it, or choose another one with --port"),
    ],
)
def test_what_keeps_it_from_starting_is_a_sentence(file, capsys, words, said):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        swap = {"FILE": str(file), "TAKEN": str(taken.getsockname()[1])}
        assert main(["dev", *(swap.get(word, word) for word in words)]) == 1

    assert said in capsys.readouterr().err
