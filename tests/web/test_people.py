"""People's pages, and giving their tasks to somebody else."""

import re
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect
from sqlmodel import col, select
from support.looking import page_of, sound
from support.office import client_of

from engine.directory import Absence
from engine.store.tables import AssignmentRow, TaskRow
from web.app import create_app

LOCAL = "http://localhost:8700"
NOTICE = """
process: notice
version: 1
subject: person
data: {last_day: {type: date, from: start}}
states:
  given: {do: [{emit: notice.given, with: {person: subject.id, last_day: data.last_day}}]}
  wait:  {task: {to: subject.manager, due: 9 workdays}}
  closed: {end: done}
"""
EYES = """
process: eyes
version: 1
subject: person
states:
  look: {task: {to: subject.manager, not: [subject, subject.manager.manager], title: Look at it, due: 3 workdays}}
  closed: {end: done}
"""


@pytest.fixture
def local(office, review):
    site = replace(office.site, base_url=LOCAL)
    return client_of(create_app(site), base_url=LOCAL, peer="127.0.0.1")


def holder(office, task):
    with office.world.database.read() as session:
        return session.exec(
            select(AssignmentRow.person)
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .where(TaskRow.public_id == task, col(AssignmentRow.ended_at).is_(None))
        ).all()


def given(local, **more):
    plain = {"person": "p_bob", "to": "p_dan", "reason": "Bob leaves", ".do": "some"}
    return local.post("/hand-over", data={**plain, **more})


def test_people_are_found_by_name_number_and_address(local):
    assert local.get("/people").text.count('<a href="/people/p_') == 6
    for who in ("fay", "n-fay", "fay@example.org"):
        text = local.get(f"/people?who={who}").text
        assert re.findall(r'<a href="/people/(p_\w+)">', text) == ["p_fay"], who
    assert "Nobody is found by “zzz”" in local.get("/people?who=zzz").text
    assert "nobody on this page" in local.get("/people?page=2").text


def test_more_people_than_a_page_holds_are_paged(local, monkeypatch):
    monkeypatch.setattr("web.routes_people._A_PAGE", 4)
    first, second = local.get("/people").text, local.get("/people?page=2").text

    assert first.count('<a href="/people/p_') == 4
    assert 'href="/people?who=&amp;page=2">More people' in first
    assert re.findall(r'<a href="/people/(p_\w+)">', second) == ["p_eve", "p_fay"]
    assert "More people" not in second


def test_the_page_of_a_person_has_what_is_theirs_and_about_them(local, office):
    office.world.start("review", "p_dan")
    office.world.service.note_absence(
        Absence(person="p_bob", since=date(2027, 3, 8), back=None, stand_in="p_cy"),
        None,
        office.world.now,
    )
    bob, ann = local.get("/people/p_bob").text, local.get("/people/n-ann").text

    for said in (
        "bob@example.org",
        "Will be away",
        "Cy acts",
        "Goals of Ann",
        "Goals of Dan",
        "As if today were their last day",
        "would be with nobody",
        '<a href="/people/p_ann">Ann</a>, <a href="/people/p_dan">Dan</a>',
    ):
        assert said in bob, said
    assert "REV-0001" in ann
    assert 'About</dt><dd><a href="/people/p_ann">Ann</a>' in local.get("/cases/REV-0001").text
    assert "Nothing waits for them." in ann
    assert 'Reports to</dt><dd><a href="/people/p_bob">' in ann
    assert '<li><a href="/cases/REV-0001">REV-0001</a> Performance review: goes on' in ann
    assert local.get("/people/p_nobody").status_code == 404


def test_who_is_about_to_leave_stands_first_and_says_where_from(local, office):
    office.world.publish(NOTICE)
    office.world.start("notice", "p_dan", last_day="2027-03-31")
    listed, dan = local.get("/people").text, local.get("/people/p_dan").text

    assert "About to leave" in listed
    assert '<a href="/people/p_dan#leaving">Dan</a>' in listed
    assert "About to leave" not in local.get("/people?who=ann").text
    assert '31 March 2027, as <a href="/cases/NOT-0001">NOT-0001</a> says' in dan
    assert "As everything is planned for 1 April 2027, the first day without them." in dan


def test_a_task_goes_to_somebody_else_with_its_draft_and_its_reason(local, office, review):
    bob = office.seated(review, "bob")
    bob.post(f"/task/{review}", data={".do": "save", "why": "Half a page that is written"})
    page = given(local, task=review)

    assert page.status_code == 200
    assert '1 task is with <a href="/people/p_dan">Dan</a> now.' in page.text
    assert holder(office, review) == ["p_dan"]
    assert "Half a page that is written" in office.seated(review, "dan").get(f"/task/{review}").text
    assert bob.get(f"/task/{review}").status_code == 410
    told = local.get("/cases/REV-0001").text
    assert "Bob leaves" in told
    assert "Dan" in told


def test_all_are_given_at_once_and_what_four_eyes_refuse_is_told_with_its_reason(
    local, office, review
):
    office.world.publish(EYES)
    office.world.start("eyes", "p_ann")
    kept = office.world.task("look")
    page = given(local, to="p_cy", **{".do": "all"})

    assert holder(office, review) == ["p_cy"]
    assert holder(office, kept) == ["p_bob"]
    assert "1 task is with" in page.text
    assert "1 task was not given" in page.text
    assert "The process keeps Cy from this task of EYE-0001" in page.text
    assert office.world.incidents() == []


def test_only_what_is_on_the_page_is_given(local, office, review):
    page = local.post(
        "/hand-over",
        data={"person": "p_eve", "to": "p_dan", "reason": "Why not", "task": review},
    )
    assert page.status_code == 422
    assert holder(office, review) == ["p_bob"]


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"task": ""}, "Tick at least one"),
        ({"to": ""}, "To whom?"),
        ({"reason": " "}, "Why?"),
        ({"to": "p_nobody"}, "is nobody we know"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(local, office, review, missing, sentence):
    page = given(local, **{"task": review, **missing})

    assert page.status_code == 422
    assert sentence in page.text.partition('id="summary"')[2].partition("</ul>")[0]
    assert ("Bob leaves" in page.text) is ("reason" not in missing)
    assert holder(office, review) == ["p_bob"]


def test_people_are_searched_for_on_the_page_and_who_is_away_is_told(local, office, review):
    office.world.service.note_absence(
        Absence(person="p_dan", since=date(2027, 3, 1), back=None, stand_in="p_eve"),
        None,
        office.world.now,
    )
    page = given(local, task=review, to="", **{"to.find": "n-d", ".do": "find to"})

    assert 'value="p_dan"><span>Dan' in page.text
    assert "n-dan, Sales, away, Eve acts" in page.text
    assert f'value="{review}" checked' in page.text
    assert holder(office, review) == ["p_bob"]


def test_a_task_that_nobody_has_is_given_from_its_case(local, office):
    office.world.publish(
        EYES.replace("subject.manager, not:", "{role: nobody-has-it}, not:").replace("eyes", "lone")
    )
    office.world.start("lone", "p_ann")
    (task,) = office.world.open_tasks("LON-0001").values()
    assert 'href="/hand-over?case=LON-0001"' in local.get("/cases/LON-0001").text
    assert "with nobody" in local.get("/hand-over?case=LON-0001").text
    page = local.post(
        "/hand-over", data={"case": "LON-0001", "to": "p_dan", "reason": "For now", "task": task}
    )

    assert "1 task is with" in page.text
    assert holder(office, task) == ["p_dan"]
    assert office.world.incidents() == []


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_site_gives_nothing_away(local, office, review, headers):
    data = {"person": "p_bob", "to": "p_dan", "reason": "Mine now", "task": review}
    assert local.post("/hand-over", data=data, headers=headers).status_code == 403
    assert holder(office, review) == ["p_bob"]


def test_at_the_machine_the_console_works_by_its_own_address_too(office, review):
    """Where links begin with the public address, and the console is looked at on loopback."""
    client = client_of(office.app, base_url=LOCAL, peer="127.0.0.1")
    data = {"person": "p_bob", "to": "p_dan", "reason": "Bob leaves", "task": review}
    assert client.post("/hand-over", data=data, headers={"Origin": LOCAL}).status_code == 200
    assert holder(office, review) == ["p_dan"]
    other = {"Origin": "http://localhost:9999"}
    assert client.post("/hand-over", data=data, headers=other).status_code == 403


def test_the_pages_are_sound_in_a_browser(browser, served):
    served.world.publish(EYES)
    served.world.start("review")
    served.world.start("eyes", "p_dan")
    with page_of(browser, script=True) as page:
        for path in ("/people", "/people/p_bob", "/people/p_eve", "/hand-over?person=p_bob"):
            page.goto(f"{served.site.base_url}{path}")
            sound(page)
        page.get_by_label("Goals of Ann").check()
        page.get_by_label("Why?").fill("Bob leaves")
        page.get_by_role("button", name="Give the ticked ones").click()
        expect(page.get_by_role("alert")).to_be_focused()
        sound(page)
        page.get_by_label("Name to search for").fill("dan")
        page.get_by_label("Name to search for").press("Enter")
        page.get_by_label("Dan n-dan").check()
        page.get_by_role("button", name="Give the ticked ones").click()
        expect(page.get_by_text("1 task is with Dan now.")).to_be_visible()
        sound(page)
