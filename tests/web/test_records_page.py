"""The page of the shared records: what holds, what is stale, and which case it comes from."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.office import client_of

from web.app import create_app

RATE = """
process: rate
version: 1
subject: person
data: {mark: {type: integer, from: start}, rater: {type: person, from: start}}
states: {closed: {end: done}}
records: {rating: {of: subject, value: data.mark, valid: 12 months, rated_by: data.rater.id}}
"""
LOCAL = "http://localhost:8700"


@pytest.fixture
def page(office):
    """Ann was rated 13 months ago and never again; Dan then, and last month."""
    office.world.publish(RATE)
    office.world.start("rate", "p_ann", mark=2, rater="p_bob")
    office.world.start("rate", "p_dan", mark=3, rater="p_bob")
    later = office.world.now + timedelta(days=396)
    office.world.now = later - timedelta(days=30)
    office.world.start("rate", "p_dan", mark=4, rater="p_bob")
    site = replace(office.site, base_url=LOCAL, clock=lambda: later)
    client = client_of(create_app(site), base_url=LOCAL, peer="127.0.0.1")
    return lambda query="": client.get(f"/records{query}").text


def test_a_stale_record_is_marked_with_its_age_and_its_case(page):
    text = page("?show=stale")

    assert "1 stale" in text
    assert "<td>13 months</td>" in text
    assert '<span class="tag late">stale</span>' in text
    assert '<a href="/cases/RAT-0001">' in text
    assert "2, rated_by: Bob" in text
    assert "RAT-0003" not in text


def test_what_holds_is_shown_first_and_everything_when_asked(page):
    assert "RAT-0003" in page()
    assert "RAT-0001" not in page()
    assert "a newer one counts" in page("?show=any")
    assert "RAT-0002" in page("?show=any&who=dan")
    assert "RAT-0001" not in page("?show=any&who=dan")
    assert "There is no such record." in page("?kind=skills")
    assert "Nobody is called so" in page("?who=zzz")
    assert "Which one?" in page("?who=sales")
