"""The starter's three checks as a page: from nothing to the plan of whoever is furthest."""

import re
from dataclasses import replace
from html import unescape
from importlib.resources import files

import pytest
from support.looking import page_of, sound
from support.office import client_of

from engine.service import CohortLine
from web.app import create_app

LOCAL = "http://localhost:8700"
# What the real processes write once they are through, in one step.
KNOWN = """
process: known
version: 1
subject: person
states: {closed: {end: done}}
records:
  skills: {of: subject, value: '[{"skill": "coaching", "level": 3}]', valid: 12 months}
"""
SEAT = """
process: seat
version: 1
subject: position
data: {who: {type: people, from: start}}
states: {closed: {end: done}}
records:
  succession: {of: subject, value: 'data.who.map(w, {"person": w.id, "band": "in a year"})'}
  critical: {of: subject, value: "4"}
"""


@pytest.fixture
def local(office):
    site = replace(office.site, base_url=LOCAL)
    return client_of(create_app(site), base_url=LOCAL, peer="127.0.0.1")


def begin(world):
    """As the command does it: skills of ann and dan, and who could follow as the it-desk."""
    for name in ("skills-inventory", "succession-planning", "development-plan"):
        world.publish_unproved(files("definitions").joinpath(f"{name}.yaml").read_text("utf-8"))
    for process, lines in (
        ("skills-inventory", [("p_ann", {}), ("p_dan", {})]),
        ("succession-planning", [("it-desk", {"holder": "p_eve"})]),
    ):
        members = [
            CohortLine(line=number, subject=subject, data=data)
            for number, (subject, data) in enumerate(lines, 1)
        ]
        number = world.service.start_cohort(
            f"starter: {process}", process, members, None, world.now
        )
        world.service.launch(number, 10, world.now)


def name_successors(world):
    world.publish(KNOWN)
    world.publish(SEAT)
    for who in ("p_ann", "p_dan"):
        world.start("known", who)
    world.start("seat", "it-desk", who=["p_fay", "p_dan"])


def test_what_is_not_begun_says_how_to_begin(local):
    text = local.get("/starter").text

    assert "0 of 3 are done." in text
    assert "tenure starter people.csv" in text
    assert "No position is marked yet" in text


def test_what_is_open_says_who_has_it_with_the_ways_there(local, office):
    begin(office.world)
    text = local.get("/starter").text

    assert "0 of 3 are done, on day 0." in text
    assert '<a href="/cases/SKI-0001">SKI-0001</a>' in text
    assert '“What can you do?” is with <a href="/people/p_ann">Ann</a>, due' in text
    assert '<th scope="row">it-desk</th>' in text
    assert "nobody yet" in text
    assert "Nobody is named yet, so nobody can be chosen." in text


def test_the_plan_of_whoever_is_furthest_is_begun_from_the_page(local, office):
    begin(office.world)
    name_successors(office.world)
    text = local.get("/starter").text
    assert "2 of 3 are done, on day 0." in text
    assert "You confirm whom." in text
    assert '<a href="/people/p_fay">Fay</a> <span class="tag">furthest</span>' in text
    assert "The choice stays the same" in text or "With the weights moved" in text

    (way,) = re.findall(r'href="(/start/[^"]+)">Begin it<span class="enter"> for Fay', text)
    form = local.get(unescape(way)).text
    assert 'value="p_fay" checked' in form
    assert 'value="90 days" checked' in form
    assert 'value="named as a successor" checked' in form
    gaps = re.search(r'name="gaps"[^>]*>([^<]+)<', form)[1]
    assert gaps.startswith("On the way to it-desk what is missing is: ")
    started = local.post(
        "/start/development-plan",
        data={
            "-about": "p_fay",
            "occasion": "named as a successor",
            "pace": "90 days",
            "gaps": unescape(gaps),
            ".do": "start",
        },
    )
    assert started.headers["location"] == "/cases/DEV-0001"
    after = local.get("/starter").text
    assert '<a href="/people/p_fay">Fay</a>, <a href="/cases/DEV-0001">DEV-0001</a>: “' in after
    assert "Begin it" not in after


def test_the_page_is_sound_in_a_browser(browser, served):
    begin(served.world)
    name_successors(served.world)
    with page_of(browser, script=True) as page:
        page.goto(f"{served.site.base_url}/starter")
        page.get_by_text("What the points rest on").click()
        sound(page)
