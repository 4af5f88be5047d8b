"""Insight as pages: the same figures as at the terminal, for whoever sits at the machine."""

from dataclasses import replace

import pytest
from support.looking import page_of, sound
from support.office import client_of
from support.world import World

from web.app import create_app

LOCAL = "http://localhost:8700"
RATE = """
process: rate
version: 1
subject: person
people: {desk: {role: it-desk}}
data: {mark: {type: integer, from: start}}
states: {closed: {end: done}}
records: {rating: {of: subject, value: data.mark, valid: 12 months, rated_by: desk.id}}
"""
FILL = """
process: fill
version: 1
subject: position
data: {who: {type: person, from: start}}
states:
  told: {do: [{emit: role.filled, with: {position: subject.id, person: data.who.id, interim: false}}]}
  closed: {end: done}
"""
PATHS = (
    "/insight",
    "/insight?as_of=2027-03-01",
    "/insight?as_of=2020-01-01",
    "/insight/rating-distribution",
    "/insight/people-without-rating",
    "/insight/internal-fill-rate",
    "/insight/person-without-path",
    "/insight/time-to-fill",
)


def rate(world: World) -> None:
    world.publish(RATE)
    world.publish(FILL)
    for name, mark in (("ann", 3), ("bob", 4), ("cy", 5), ("dan", 3), ("eve", 4)):
        world.start("rate", f"p_{name}", mark=mark)
    world.start("fill", "cashier", who="p_fay")


@pytest.fixture
def local(office):
    rate(office.world)
    site = replace(office.site, base_url=LOCAL)
    return client_of(create_app(site), base_url=LOCAL, peer="127.0.0.1")


def test_the_page_shows_every_figure_with_its_number_or_what_is_missing(local):
    text = local.get("/insight").text

    for said in (
        "Three questions first",
        "17 % (1 of 6)",  # without a rating
        '<rect width="16.7" height="8"/>',
        "No review closed in the last 12 months is older than 30 days.",
        "An employee has no development plan",
        "Looked for and not found: 28",
        "What is not told, and why",
    ):
        assert said in text, said


def test_a_figure_has_its_definition_its_trap_and_the_cases_behind_it(local):
    text = local.get("/insight/rating-distribution").text

    assert '<span class="value">3.80</span> of 5 people with a valid rating' in text
    assert "cannot tell a lenient manager from a strong team" in text
    assert "40 % (2 of 5)" in text
    assert '<a href="/cases/RAT-0001">RAT-0001</a>' in text
    assert "Ann" in text
    assert "mean of those rated by Eve" in text


def test_names_that_stand_in_a_clause_are_names(local):
    text = local.get("/insight/internal-fill-rate").text

    assert '<th scope="row">cashier</th>' in text
    assert "<td>Fay</td>" in text


def test_a_detector_says_its_rule_and_the_way_out(local):
    text = local.get("/insight/person-without-path").text

    assert "no open development plan and no valid record <code>development</code>" in text
    assert "The way out" in text
    assert '<span class="value">6</span> found' in text


def test_the_day_that_is_asked_for_is_kept_from_page_to_page(local):
    text = local.get("/insight?as_of=2027-02-01").text

    assert 'href="/insight/action-rate?as_of=2027-02-01"' in text
    assert "No valid ratings yet: 0 of 6 people." in text
    assert "1 Feb 2027, 23:59" in text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/insight/nothing", 404), ("/insight?as_of=yesterday", 422), ("/insight?as_of=", 200)],
)
def test_what_is_no_figure_and_no_day_is_told(local, path, status):
    assert local.get(path).status_code == status


@pytest.mark.parametrize("path", PATHS)
def test_to_everybody_else_there_is_no_such_page(office, path):
    assert office.client().get(path).status_code == 404


def test_no_page_has_a_barrier(browser, served):
    rate(served.world)
    with page_of(browser, script=True) as page:
        for path in PATHS:
            page.goto(served.site.base_url + path)
            sound(page)


def test_the_pages_work_without_javascript(browser, served):
    rate(served.world)
    with page_of(browser, width=1280) as page:
        page.goto(served.site.base_url)
        page.get_by_role("link", name="Insight").click()
        page.get_by_label("As it was known at the end of").fill("2027-03-01")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name="How ratings are spread").click()
        assert page.url.endswith("/insight/rating-distribution?as_of=2027-03-01")
        page.get_by_role("link", name="RAT-0003").click()
        assert page.title().startswith("RAT-0003") or "RAT-0003" in page.content()
