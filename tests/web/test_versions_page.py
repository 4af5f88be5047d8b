"""Versions: which run, what is new, and what would become of running cases."""

from dataclasses import replace

import pytest
from support.looking import page_of, sound
from support.office import client_of

from web.app import create_app

LOCAL = "http://localhost:8700"
ONE = """
process: mid-year
version: 1
title: Mid-year talk
subject: person
data:
  note:  {type: longtext, required: false}
  extra: {type: text, from: start, required: false}
states:
  write:
    task: {to: subject, fields: [note], due: 10 workdays, buttons: [submit, skip]}
    on: {submit: signoff, skip: talk}
  signoff: {task: {to: subject.manager, title: Sign it, due: 5 workdays}, then: closed}
  talk: {task: {to: {role: it-desk}, due: 8 workdays}}
  closed: {end: done}
"""
TWO = (
    ONE.replace("version: 1", "version: 2")
    .replace("  extra: {type: text, from: start, required: false}\n", "")
    .replace("submit: signoff", "submit: hr_signoff")
    .replace("  signoff:", "  hr_signoff:")
    .replace("due: 8 workdays", "due: 3 workdays")
)
RULE = "migrate:\n  from {number}: {{states: {{signoff: hr_signoff}}, timers: recompute}}\n"


@pytest.fixture
def running(office):
    return begin(office)


def begin(office):
    """One case at `signoff`, one at `talk`, one at `write`."""
    world = office.world
    world.publish(ONE)
    for who in ("ann", "dan", "eve"):
        world.start("mid-year", f"p_{who}", **({"extra": "x"} if who == "eve" else {}))
    world.answer(world.task("write", "MID-0001"), "ann")
    world.answer(world.task("write", "MID-0002"), "dan", "skip")
    return world


@pytest.fixture
def local(office):
    site = replace(office.site, base_url=LOCAL)
    return client_of(create_app(site), base_url=LOCAL, peer="127.0.0.1")


def test_while_all_run_under_the_newest_there_is_nothing_to_move(local, running):
    listed, page = local.get("/versions").text, local.get("/versions/mid-year").text

    assert '<a href="/versions/mid-year">Mid-year talk</a></th><td>1</td>' in listed
    assert "under older versions of" not in listed
    assert "Every open case runs under version 1, the newest." in page
    assert local.get("/versions/nothing").status_code == 404
    assert 'href="/versions/mid-year"' in local.get("/processes/mid-year").text


def test_what_is_new_and_who_has_no_place_is_told_with_the_way_out(local, running):
    running.publish(TWO)
    assert '3<span class="enter"> under older versions of Mid-year talk' in (
        local.get("/versions").text
    )
    before = running.case("MID-0001").snapshot
    page = local.get("/versions/mid-year").text

    for said in (
        "What is new from version 1 to 2",
        "3 open cases run under version 1.",
        "Gone: state signoff",
        '<span class="tag late">1 in it</span>',
        "New: state hr_signoff",
        "Changed: state talk: due 8 → 3 workdays",
        '✗ no place to go</th><td>1</td><td><a href="/cases/MID-0001">',
        "1 case at <code>signoff</code> cannot move from version 1",
        "migrate: {from 1: {states: {signoff: hr_signoff}}}",
        "1 case has an answer to <code>extra</code>",
        "is not carried out",
    ):
        assert said in page, said
    assert "tenure migrate" not in page
    assert running.case("MID-0001").snapshot == before
    assert running.incidents() == []


def test_with_the_authors_rule_the_page_says_how_to_move_them(local, running):
    running.publish(TWO + RULE.format(number=1))
    page = local.get("/versions/mid-year").text

    assert '✓ state renamed</th><td>1</td><td><a href="/cases/MID-0001">' in page
    assert '! deadline comes closer</th><td>1</td><td><a href="/cases/MID-0002">' in page
    assert "no place to go" not in page
    assert "tenure plan mid-year.yaml --save plan.json" in page
    assert "reminders that would move: 0." in page


def test_only_so_many_cases_are_looked_at(local, running, monkeypatch):
    monkeypatch.setattr("web.routes_versions._MOST", 2)
    running.publish(TWO + RULE.format(number=1))
    page = local.get("/versions/mid-year").text

    assert "The oldest 2 of 3 were looked at" in page
    assert "MID-0003" not in page


def test_a_rule_that_does_not_fit_the_older_version_is_told(local, running):
    running.publish(TWO + RULE.format(number=1).replace("signoff: hr", "sign: hr"))
    assert "Version 1 had no state `sign`" in local.get("/versions/mid-year").text


def test_the_pages_are_sound_in_a_browser(browser, served):
    begin(served).publish(TWO)
    with page_of(browser, script=True) as page:
        for path in ("/versions", "/versions/mid-year"):
            page.goto(f"{served.site.base_url}{path}")
            sound(page)
