"""The pages on which operators see how far a bulk start is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from support.looking import page_of, sound
from support.office import client_of
from support.world import loaded

from engine.service import CohortLine
from web.app import create_app

CHECKIN = """
process: checkin
version: 1
title: Check-in
subject: person
key: one per subject
starts:
  - {cohort: sales, if: subject.department == "Sales"}
  - {every: year, on: 11 January}
states:
  ask: {task: {to: subject, title: How is it going?, due: 2 workdays}}
  talk: {task: {to: subject.manager, title: Talk, due: 2 workdays}}
  closed: {end: done}
"""


@pytest.fixture
def begun(office):
    """Ann and Eve have a case, Eve though she is not in Sales; Dan comes in a week."""
    return begin(office)


def begin(office):
    world = office.world
    world.publish(CHECKIN)
    definition = loaded(CHECKIN, "checkin").definition
    assert definition is not None
    (sales,) = [rule for rule in definition.starts if rule.cohort]
    lines = [
        CohortLine(line=1, subject="p_ann", data={}),
        CohortLine(line=2, subject="p_eve", data={}),
        CohortLine(line=3, subject="p_ghost", data={}),
        CohortLine(line=4, subject="p_dan", data={}, not_before=world.now + timedelta(days=7)),
    ]
    number = world.service.start_cohort("Spring", "checkin", lines, None, world.now, rule=sales.id)
    world.service.launch(number, 10, world.now)
    return number


@pytest.fixture
def local(office, begun):
    site = replace(office.site, base_url="http://localhost:8700")
    return client_of(create_app(site), base_url="http://localhost:8700", peer="127.0.0.1")


def test_a_cohort_shows_how_far_it_is_and_who_is_apart(local, begun):
    text = local.get(f"/cohorts/{begun}").text

    assert "<b>0</b>of 4 closed" in text
    assert '<meter min="0" max="2" value="2" aria-label="Ask">' in text
    assert "no person &#39;p_ghost&#39;" in text
    assert "to come" in text
    assert "1 person is eligible and not in it: Bob." in text
    assert "1 is in it and not eligible any more" in text
    assert "<li>Eve (<code>subject.department</code>: IT; " in text


def test_its_cases_are_listed_by_themselves(local, begun, office):
    office.world.service.start("checkin", "p_bob", {}, None, office.world.now)
    assert local.get("/cases").text.count('<a href="/cases/CHE-') == 3
    assert local.get(f"/cases?cohort={begun}").text.count('<a href="/cases/CHE-') == 2


def test_the_list_and_the_process_lead_to_it(local, begun):
    assert f'<a href="/cohorts/{begun}">Spring</a>' in local.get("/cohorts").text
    page = local.get("/processes/checkin").text
    assert f'<a href="/cohorts/{begun}">Spring</a>' in page
    assert "every year on 11 January at 09:00: next" in page


@pytest.mark.parametrize("path", ["/cohorts/99", "/cohorts/x", f"/cohorts/{2**70}"])
def test_what_is_not_there_is_not_found(local, path):
    assert local.get(path).status_code in (404, 422)


def test_the_pages_are_sound_in_a_browser(browser, served):
    number = begin(served)
    with page_of(browser, script=True) as page:
        for path in ("/cohorts", f"/cohorts/{number}", f"/cases?cohort={number}"):
            page.goto(f"{served.site.base_url}{path}")
            sound(page)
        page.goto(f"{served.site.base_url}/cohorts/{number}")
        page.get_by_role("link", name="2 at Ask").click()
        expect(page.get_by_text("CHE-0001")).to_be_visible()
        expect(page.get_by_text("Only cases of one cohort")).to_be_visible()
