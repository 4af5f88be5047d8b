"""Starting a case by hand, from the console."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect
from support.looking import page_of, sound
from support.office import client_of
from support.processes import RATING

from engine.service import Service
from engine.store import StoreError
from web.app import create_app

LOCAL = "http://localhost:8700"
TRIP = """
process: trip
version: 1
title: A trip
description: Somebody travels for us.
subject: person
starts: [{by_hand: subject.manager}]
data:
  town:   {type: text, from: start, label: Where to?}
  leaves: {type: date, from: start, label: First day}
  cost:   {type: money, from: start, label: What it may cost, required: false}
  with:   {type: people, from: start, label: Who comes along?, required: false}
  stops:  {type: table, from: start, label: Stops, columns: {place: {type: text}, nights: {type: integer}}, required: false}
states:
  agree: {task: {to: subject, title: "To {{ data.town }}", due: 2 workdays}}
  closed: {end: done}
"""
ROOM = """
process: room
version: 1
subject: meeting_room
starts: {by_hand: nobody}
states:
  tidy: {task: {to: {role: it-desk}, title: "Tidy {{ subject.id }}", due: 2 workdays}}
  closed: {end: done}
"""
SALES = """
process: round
version: 1
subject: none
starts: [{every: month, at: "07:00"}]
states:
  look: {task: {to: {role: it-desk}, due: 2 workdays}}
  closed: {end: done}
"""
TYPED = {
    "-about": "p_ann",
    "town": "Oslo",
    "leaves.day": "1",
    "leaves.month": "6",
    "leaves.year": "2027",
}


@pytest.fixture
def local(office):
    office.world.publish(TRIP)
    site = replace(office.site, base_url=LOCAL)
    return client_of(create_app(site), base_url=LOCAL, peer="127.0.0.1")


def start(local, process="trip", **more):
    return local.post(f"/start/{process}", data={**TYPED, ".do": "start", **more})


def test_every_process_is_offered_also_from_a_persons_page(local):
    assert 'href="/start/trip">A trip' in local.get("/start").text
    about = local.get("/people/p_ann").text
    assert 'href="/start?about=p_ann"' in about
    listed = local.get("/start?about=p_ann").text
    assert 'href="/start/trip?about=p_ann"' in listed
    filled = local.get("/start/trip?about=p_ann&town=Oslo").text
    assert 'value="p_ann" checked' in filled
    assert 'value="Oslo"' in filled
    assert local.get("/start/nothing").status_code == 404


def test_a_case_is_started_with_what_it_asks(local, office):
    page = start(
        local,
        **{
            "cost.amount": "1,200.50",
            "cost.currency": "eur",
            "with": "p_dan",
            "stops.0.-": "",
            "stops.0.place": "Bergen",
            "stops.0.nights": "2",
        },
    )

    assert (page.status_code, page.headers["location"]) == (303, "/cases/TRI-0001")
    told = local.get("/cases/TRI-0001").text
    for said in ("Ann: A trip", "Oslo", "1 June 2027", "1,200.50 EUR", "Dan", "Bergen", "To Oslo"):
        assert said in told, said
    assert office.world.letters() == [("task", "p_ann")]
    assert office.nudges


def test_what_is_missing_is_said_in_words_and_nothing_typed_is_lost(local, office):
    page = start(local, **{"-about": "", "town": "Oslo", "leaves.year": "27"})

    assert page.status_code == 422
    summary = page.text.partition('id="summary"')[2].partition("</ul>")[0]
    assert 'href="#q--about"' in summary
    assert "four digits" in summary
    assert 'value="Oslo"' in page.text
    assert local.get("/cases?status=any").text.count('"/cases/TRI-') == 0


def test_people_and_rows_are_added_without_a_script(local):
    found = start(local, **{"-about": "", "-about.find": "n-fay", ".do": "find -about"}).text
    assert 'name="-about" value="p_fay"><span>Fay' in found
    assert "n-fay, IT" in found
    rows = start(local, **{"stops.0.place": "Bergen", ".do": "add stops"}).text
    assert "Stop 2" in rows
    assert 'value="Bergen"' in rows


def test_whoever_has_left_can_be_found_as_whom_it_is_about(local, office):
    office.world.database.write(
        lambda tx: tx.cursor.execute("UPDATE person_version SET active = 0 WHERE person = 'p_fay'")
    )
    found = start(local, **{"-about.find": "n-fay", ".do": "find"}).text
    assert "has left" in found


def test_a_second_case_of_one_key_is_refused_in_words(local, office):
    office.world.publish(RATING)
    typed = {"-about": "p_ann", "cycle": "2027", ".do": "start"}
    assert local.post("/start/rating", data=typed).status_code == 303
    again = local.post("/start/rating", data=typed)

    assert again.status_code == 422
    assert "The case RAT-0001 of rating is still open for the same cycle and subject" in again.text
    assert 'value="2027"' in again.text


def test_somebody_may_be_named_as_who_starts_it_and_must_be_allowed_to(local, office):
    refused = start(local, **{"-by": "p_fay"})
    assert refused.status_code == 422
    assert "is started by “subject.manager”, and Fay is not among them" in refused.text
    assert start(local, **{"-by": "p_bob"}).status_code == 303
    assert "by Bob" in local.get("/cases/TRI-0001").text


def test_what_is_no_person_is_named_by_its_id_and_what_nobody_may_start_says_so(local, office):
    office.world.publish(ROOM)
    page = local.get("/start/room?about=p_ann").text
    assert "p_ann" not in page
    assert "About which meeting room?" in page
    assert "People cannot start this by hand: another case starts it." in page
    assert local.post("/start/room", data={"-about": "Blue", ".do": "start"}).status_code == 303
    assert "Tidy Blue" in local.get("/cases/ROO-0001").text

    office.world.publish(SALES)
    page = local.get("/start/round").text
    assert "About which" not in page
    assert "About whom" not in page
    assert "by hand: it is started by “every month" in page
    assert local.post("/start/round", data={".do": "start"}).status_code == 303


def test_when_nothing_can_be_recorded_the_page_keeps_what_was_typed(local, monkeypatch):
    def full(self, *_):
        raise StoreError("the disk is full")

    monkeypatch.setattr(Service, "start", full)
    page = start(local)
    assert page.status_code == 503
    assert "Nothing can be recorded on our side" in page.text
    assert 'value="Oslo"' in page.text


def test_the_pages_are_sound_in_a_browser(browser, served):
    served.world.publish(TRIP)
    with page_of(browser, script=True) as page:
        page.goto(f"{served.site.base_url}/start")
        sound(page)
        page.get_by_role("link", name="A trip").click()
        page.get_by_label("Where to?").fill("Oslo")
        page.get_by_role("button", name="Start the case").click()
        expect(page.get_by_role("alert")).to_be_focused()
        sound(page)
        page.locator("#q--about").fill("ann")
        page.locator("#q--about").press("Enter")
        page.get_by_label("Ann n-ann").check()
        page.get_by_label("Day").fill("1")
        page.get_by_label("Month").fill("6")
        page.get_by_label("Year").fill("2027")
        page.get_by_role("button", name="Start the case").click()
        expect(page.get_by_role("heading", name="Ann: A trip")).to_be_visible()
