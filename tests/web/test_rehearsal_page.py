"""The report of a rehearsal as a page: whole in one file, and fit for everybody to read."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from support.rehearsals import EARLY, PEOPLE, seen, setup_of

from engine.rehearsal import Report, rehearse
from tenure.cli.rehearsal.mails import write_mails
from tenure.cli.rehearsal.page import bar, report_page

LOOKS = [(width, scheme) for width in (320, 1280) for scheme in ("light", "dark")]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIGN = """\
process: sign
version: 1
title: <Sign> & return
subject: person
data:
  free: {type: integer, required: false}
states:
  ask:    {task: {to: subject, title: Ask, due: 2 workdays, fields: [free]}, remind: [at due]}
  sign:   {task: {to: subject.manager, title: Sign, due: 9 workdays, buttons: [fine, no]}, on: {no: ask, fine: wait}}
  wait:   {wait: {for: budget.free}}
  decide: {decide: [{if: data.free > 9, go: closed}, {otherwise: closed}]}
  closed: {end: done}
"""
ROUND = """\
process: round
version: 1
title: Round
subject: person
states:
  write: {task: {to: subject, title: Write, due: 2 workdays}}
  read:  {task: {to: subject, title: Read, due: 2 workdays, buttons: [again, fine]}, on: {again: write, fine: closed}}
  closed: {end: done}
"""
CHANGES = "number,from,leaves,manager\n2,2027-02-01,yes,\n3,2027-02-01,,1\n4,2027-02-01,,\n"


@pytest.fixture(scope="module")
def report() -> Report:
    """Everything that a page can show: rounds, incidents, stuck cases, changes, made up events."""
    return seen(
        SIGN, ROUND, subjects=("1", "2", "3", "4"), changes=CHANGES, behaviour=(*EARLY, "first=100")
    ).report


def looked_at(browser: Browser, path, width: int, scheme: str) -> list:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert asked == [path.as_uri()]  # one file, and no other host
    page.evaluate(Axe().axe_script)
    found = page.evaluate(
        """tags => axe.run({runOnly: tags, resultTypes: ['violations']}).then(
             all => all.violations.map(one => [one.id, one.nodes.map(node => node.html)]))""",
        TAGS,
    )
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    context.close()
    return [*found, *(["wider than the window"] if wide > 0 else [])]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_report_can_be_read_by_everybody(browser, tmp_path, report, width, scheme):
    path = tmp_path / "report.html"
    path.write_text(report_page(report), "utf-8")

    assert report.rounds
    assert report.stuck
    assert report.incidents
    assert report.changes
    assert report.made_up
    assert looked_at(browser, path, width, scheme) == []


def test_the_list_of_mails_can_be_read_by_everybody(browser, tmp_path):
    tally = rehearse(setup_of(SIGN, people=PEOPLE, letters=5))
    write_mails(tally, tmp_path / "mails", 100)

    for width, scheme in LOOKS:
        assert looked_at(browser, tmp_path / "mails" / "index.html", width, scheme) == []


def test_what_an_author_writes_is_text_and_never_markup(report):
    page = report_page(report)

    assert "<h1>Rehearsal: &lt;Sign&gt; &amp; return, Round</h1>" in page
    assert "<Sign>" not in page


def test_every_table_ends_with_a_picture_that_only_repeats_a_number(report):
    page = report_page(report)

    rows = page.count('<tr><th scope="row"')
    assert rows > 20
    assert page.count('<td class="picture" aria-hidden="true">') == rows


def test_what_is_there_at_all_is_seen_in_the_picture():
    assert (bar(0, 10), bar(1, 1_000), bar(5, 10), bar(10, 10), bar(3, 0)) == (0, 1, 50, 100, 0)
