"""A task over HTTP: nothing typed is lost, one decision counts, nobody sees what is not theirs."""

import html
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select
from support.office import client_of
from support.processes import STUCK

from engine.store.tables import DraftRow, EventPrivateRow, EventRow, SessionRow, TaskRow
from web.app import create_app

GOOD = {
    "goals.0.goal": "Win two customers",
    "goals.0.due.day": "30",
    "goals.0.due.month": "6",
    "goals.0.due.year": "2027",
    "rating": "4",
    "why": "She shipped it in spite of it all.",
    "abroad": "no",
    ".decision": "accept",
}


def revision(page) -> str:
    return re.search(r'name="\.revision" value="(\d+)"', page.text)[1]


def answered(office, task, person="bob", **more):
    """A client whose answers are complete and not sent."""
    client = office.seated(task, person)
    page = client.get(f"/task/{task}")
    done = client.post(
        f"/task/{task}", data={**GOOD, ".revision": revision(page), ".do": "continue", **more}
    )
    assert done.headers.get("location") == f"/task/{task}/check", done.text
    return client


def test_the_page_says_what_about_whom_by_when_how_long_who_reads_it_and_why_me(office, review):
    text = office.seated(review, "bob").get(f"/task/{review}").text

    for said in (
        "Goals of Ann",
        "about <strong>Ann</strong>",
        "Monday, 8 March 2027, 17:00 (Central European Standard Time)",
        "in 7 days",
        "about 20 minutes",
        "you and Ann",
        "You are asked because you are Ann&#39;s manager.",
        "Ask People Operations, people@example.org",
        "Three goals that matter",
    ):
        assert said in text, said


def test_nothing_is_preselected(office, review):
    assert "checked" not in office.seated(review, "bob").get(f"/task/{review}").text


def test_errors_keep_everything_and_lead_to_their_fields(office, review):
    client = office.seated(review, "bob")
    answer = client.post(
        f"/task/{review}",
        data={
            "why": "too short",
            "goals.0.goal": "Win",
            "goals.0.due.month": "13",
            ".decision": "",
        },
    )

    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'value="Win"' in answer.text
    assert ">too short</textarea>" in answer.text
    targets = re.findall(r'<li><a href="#([^"]+)">', answer.text)
    assert targets == ["q-goals-0-due-day", "q-rating", "q-why", "q-abroad", "q--decision"]
    for target in targets:
        assert f'id="{target}"' in answer.text, target
    assert client.get(f"/task/{review}").text.count("too short") == 1  # it is a draft by now


def test_the_whole_path_ends_with_a_receipt_that_names_the_line(office, review):
    client = answered(office, review)
    check = client.get(f"/task/{review}/check")
    sent = client.post(f"/task/{review}", data={".do": "submit", ".revision": revision(check)})
    done = client.get(sent.headers["location"])

    (line,) = [row for row in office.world.rows(EventRow) if row.kind == "task.answered"]
    assert "30 June 2027" in check.text
    assert sent.headers["location"] == f"/task/{review}/done"
    assert f"REV-0001.{line.seq}.{line.hash.hex()[:16]}" in done.text
    assert "Accept" in done.text
    assert (line.actor, line.assurance) == ("p_bob", "link")
    assert line.request.startswith("r_")
    assert list(office.world.open_tasks()) == ["confirm#1"]
    assert office.nudges


def test_of_twenty_who_submit_at_once_one_decides_and_the_others_are_told_calmly(office, review):
    client = answered(office, review)
    number = revision(client.get(f"/task/{review}/check"))

    def submit(_):
        return client.post(f"/task/{review}", data={".do": "submit", ".revision": number})

    with ThreadPoolExecutor(20) as many:
        answers = list(many.map(submit, range(20)))

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 19
    assert all("already recorded" in one.text for one in answers if one.status_code == 409)
    assert [row.kind for row in office.world.rows(EventRow)].count("task.answered") == 1


def test_an_answered_task_says_what_was_recorded_and_takes_nothing(office, review):
    client = answered(office, review)
    office.world.answer(
        review, "bob", "return", rating=2, goals=[{"goal": "g", "due": "2027-06-30"}],
        why="Something else, by another way.", abroad=True,
    )  # fmt: skip
    late = client.post(f"/task/{review}", data={".do": "submit", ".revision": "1"})
    look = client.get(f"/task/{review}")

    assert late.status_code == 409
    assert "You have answered this task: <strong>Return</strong>" in late.text
    assert look.status_code == 200
    assert "already recorded" in look.text


def test_a_tab_that_is_behind_never_overwrites_the_other(office, review):
    first, second = office.seated(review, "bob"), office.seated(review, "bob")
    first.post(f"/task/{review}", data={"why": "from the first", ".revision": "0", ".do": "save"})
    behind = second.post(
        f"/task/{review}", data={"why": "from the second", ".revision": "0", ".do": "save"}
    )

    assert behind.status_code == 409
    assert "from the second" in behind.text
    assert "changed in another window" in behind.text
    assert "from the first" in first.get(f"/task/{review}").text

    again = second.post(
        f"/task/{review}",
        data={"why": "from the second", ".revision": revision(behind), ".do": "save"},
    )
    assert again.status_code == 303
    assert "from the second" in first.get(f"/task/{review}").text


def test_a_page_that_is_sent_twice_is_no_other_window(office, review):
    client = office.seated(review, "bob")
    data = {"why": "the same", ".revision": "0", ".do": "continue"}

    pages = [client.post(f"/task/{review}", data=data) for _ in range(2)]

    assert [page.status_code for page in pages] == [422, 422]
    assert [revision(page) for page in pages] == ["1", "1"]


def test_the_script_saves_with_a_revision_and_hears_of_the_other_tab(office, review):
    client = office.seated(review, "bob")
    address = f"/task/{review}/draft"
    first = client.post(address, data={"why": "a", ".revision": "0"})
    same = client.post(address, data={"why": "a", ".decision": "", ".revision": "1"})
    behind = client.post(address, data={"why": "b", ".revision": "0"})

    assert (first.status_code, first.json()["revision"]) == (200, 1)
    assert (same.status_code, same.json()["revision"]) == (200, 1)
    assert behind.status_code == 409
    assert "another window" in behind.json()["message"]
    assert office.client().post(address, data={"why": "c"}).status_code == 410


def test_answers_that_changed_after_the_check_are_checked_again(office, review):
    client = answered(office, review)
    seen = revision(client.get(f"/task/{review}/check"))
    client.post(
        f"/task/{review}",
        data={**GOOD, "rating": "5", ".revision": seen, ".do": "save"},
    )
    answer = client.post(f"/task/{review}", data={".do": "submit", ".revision": seen})

    assert answer.status_code == 409
    assert "5 - well above" in answer.text
    assert "checked" not in {row.status for row in office.world.rows(TaskRow)}
    assert list(office.world.open_tasks()) == ["rate#1"]


def test_rows_are_added_and_removed_and_nothing_else_is_lost(office, review):
    client = office.seated(review, "bob")
    base = {"why": "kept", "goals.0.goal": "first", ".revision": "0"}
    added = client.post(f"/task/{review}", data={**base, ".do": "add goals"})
    page = client.get(f"/task/{review}")
    removed = client.post(
        f"/task/{review}",
        data={**base, "goals.1.goal": "second", ".revision": "1", ".do": "remove goals 0"},
    )
    after = client.get(f"/task/{review}").text

    assert added.headers["location"] == f"/task/{review}#q-goals-1-goal"  # the new row
    assert page.text.count('class="row"') == 2
    assert removed.headers["location"] == f"/task/{review}#q-goals-0-goal"
    assert after.count('class="row"') == 1
    assert 'name="goals.0.goal" type="text" value="second"' in after
    assert "kept" in after


def test_people_are_found_by_name_and_only_by_a_button(office, review):
    client = office.seated(review, "bob")
    client.post(f"/task/{review}", data={"peers.find": "da", ".do": "find peers"})
    page = client.get(f"/task/{review}").text

    assert 'value="p_dan"' in page
    assert 'value="p_eve"' not in page


def test_somebody_who_is_nobody_is_refused(office, review):
    client = office.seated(review, "bob")
    answer = client.post(f"/task/{review}", data={**GOOD, "peers": "p_nobody"})

    assert answer.status_code == 422
    assert "nobody we know" in answer.text


@pytest.mark.parametrize("way", ["reassigned", "cancelled", "revoked", "expired", "never"])
def test_without_a_good_session_the_page_is_gone_and_says_nothing(office, review, way):
    client = office.client() if way == "never" else office.seated(review, "bob")
    world = office.world
    if way == "reassigned":
        world.service.reassign(review, "p_cy", None, "away", world.now)
    if way == "cancelled":
        world.service.cancel("REV-0001", None, "no need", world.now)
    if way == "expired":
        world.later(hours=13)
    if way == "revoked":

        def revoke(tx):
            for row in tx.session().exec(select(SessionRow)):
                row.revoked_at = 1

        world.database.write(revoke)
    answers = [
        client.get(f"/task/{review}"),
        client.get(f"/task/{review}/check"),
        client.get(f"/task/{review}/done"),
        client.post(f"/task/{review}", data={"why": "what I typed", ".do": "save"}),
    ]

    assert [answer.status_code for answer in answers] == [410] * 4
    assert "Ann" not in answers[0].text
    assert "what I typed" in answers[3].text
    assert world.rows(DraftRow) == []


def test_a_session_is_good_for_its_own_task_only(office, review):
    office.world.start("review", "p_dan")
    other = office.world.task("rate", "REV-0002")
    client = office.seated(review, "bob")
    (name,) = list(client.cookies)
    client.cookies.set(name.replace(review[:16], other[:16]), client.cookies[name])

    assert client.get(f"/task/{other}").status_code == 410
    listed = client.get("/tasks").text
    assert f'href="/task/{review}"' in listed
    assert other not in listed
    assert "Goals of Dan" in listed
    assert "Open it from its own mail" in listed


def test_two_tasks_are_open_in_one_browser_side_by_side(office, review):
    office.world.start("review", "p_dan")
    other = office.world.task("rate", "REV-0002")
    client = office.seated(review, "bob")
    client.post(f"/t/{office.token(other, 'bob')}")

    assert client.get(f"/task/{review}").status_code == 200
    assert client.get(f"/task/{other}").status_code == 200


def test_the_list_of_tasks_is_nobodys_without_a_session(office, review):
    assert "Goals of" not in office.client().get("/tasks").text


def test_a_task_from_a_queue_is_taken_first_and_the_link_stays_good(office):
    office.world.start("laptop")
    task = office.world.task("check")
    link = office.token(task, "fay")
    fay, eve = office.client(), office.seated(task, "eve")
    fay.post(f"/t/{link}")
    before = fay.get(f"/task/{task}")
    claimed = fay.post(f"/task/{task}", data={".do": "claim"})
    after = fay.get(f"/task/{task}")

    assert "Take this task" in before.text
    assert 'name="condition"' not in before.text
    assert claimed.status_code == 303
    assert 'name="condition"' in after.text
    assert eve.get(f"/task/{task}").status_code == 410
    assert fay.post(f"/t/{link}").status_code == 303


def test_a_task_of_one_button_and_no_question_is_confirmed_on_the_second_page(office, review):
    client = answered(office, review)
    client.post(f"/task/{review}", data={".do": "submit", ".revision": "1"})
    task = office.world.task("confirm")
    ann = office.seated(task, "ann")
    page = ann.get(f"/task/{task}")
    onward = ann.post(f"/task/{task}", data={".do": "continue", ".revision": "0"})
    check = ann.get(onward.headers["location"])
    done = ann.post(f"/task/{task}", data={".do": "submit", ".revision": revision(check)})

    assert "There is nothing to fill in" in page.text
    assert onward.headers["location"] == f"/task/{task}/check"
    assert done.status_code == 303
    assert "the process is complete" in ann.get(done.headers["location"]).text


def test_what_an_incident_holds_is_kept_and_the_page_says_so(office):
    office.world.publish(STUCK)
    office.world.start("stuck")
    task = office.world.task("both.ask")
    client = office.seated(task, "ann")
    client.post(f"/task/{task}", data={"amount": "3", ".revision": "0"})
    answer = client.post(f"/task/{task}", data={".do": "submit", ".revision": "1"})

    assert answer.status_code == 202
    assert "Your answer is kept" in answer.text
    assert len(office.world.incidents()) == 1


def test_a_signature_is_asked_for_and_recorded_beside_the_answers(office):
    office.world.publish(SIGNED)
    office.world.start("signed")
    task = office.world.task("read")
    client = office.seated(task, "ann")
    unsigned = client.post(f"/task/{task}", data={".do": "submit", ".revision": "0"})
    client.post(
        f"/task/{task}", data={".do": "submit", ".revision": "0", ".signature": "Ann Smith"}
    )
    (line,) = [row for row in office.world.rows(EventRow) if row.kind == "task.answered"]
    (private,) = [row for row in office.world.rows(EventPrivateRow) if row.event_id == line.id]

    assert unsigned.status_code == 422
    assert "Type your full name to sign." in unsigned.text
    answers = json.loads(private.payload)["event"]["answers"]
    assert answers["$signature"]["name"] == "Ann Smith"


SIGNED = """
process: signed
version: 1
subject: person
states:
  read:   {task: {to: subject, title: Read the rules, due: 1 workday, sign: true}}
  closed: {end: done}
"""


def test_an_earlier_answer_is_shown_only_to_those_who_may_see_it(office):
    office.world.publish_unproved(SECRET)
    office.world.start("secret")
    office.world.answer("first", "bob", mark=4, note="plain")
    task = office.world.task("second")
    text = office.seated(task, "ann").get(f"/task/{task}").text

    assert "checked" not in text  # the manager's mark
    assert "plain" in text


SECRET = """
process: secret
version: 1
subject: person
people: {manager: subject.manager}
data:
  mark: {type: scale, min: 1, max: 5, seen_by: [manager]}
  note: {type: text}
states:
  first:  {task: {to: manager, form: both, due: 1 workday}}
  second: {task: {to: subject, form: both, due: 1 workday}}
  closed: {end: done}
forms:
  both: {title: Both, fields: [mark, note]}
"""


def test_a_wrong_colour_is_refused_before_anything_is_served(office):
    from web.brand import BrandUnusable

    with pytest.raises(BrandUnusable, match="#rrggbb"):
        create_app(replace(office.site, brand_colour="blue"))


@pytest.mark.parametrize("colour", ["#ffff00", "#000000", "#ffffff", "#1f5f8b", "#ff0000"])
def test_every_colour_is_made_legible(colour):
    from notifications.colour import contrast
    from web.brand import stylesheet

    text = stylesheet(colour)
    accents = re.findall(r"--accent: (#[0-9a-f]{6})", text)
    on_brand = re.search(r"--on-brand: (#[0-9a-f]{6})", text)[1]
    assert contrast(colour, on_brand) >= 4.5
    assert contrast(accents[0], "#ffffff") >= 4.5
    assert contrast(accents[1], "#12171c") >= 4.5


def test_development_pages_work_over_plain_http(office, review):
    site = replace(office.site, base_url="http://localhost:8700")
    client = client_of(create_app(site), base_url=site.base_url)
    client.post(f"/t/{office.token(review, 'bob')}", headers={"Origin": "http://localhost:8700"})

    assert client.get(f"/task/{review}").status_code == 200


LOOKED_UP = """
process: looked-up
version: 1
subject: person
data: {team: {type: people, from: start}}
states:
  look:
    task:
      to: {role: it-desk}
      title: Look at the levels
      fields:
        own:    {type: computed, label: Theirs, compute: 'has(subject.records.level) ? "level " + string(subject.records.level.value) : "none"'}
        others: {type: computed, label: The others', compute: 'data.team.map(p, p.name + " " + (has(p.records.level) ? string(p.records.level.value) : "none")).join(", ")'}
        note:   {type: text}
  closed: {end: done}
"""
LEVEL = """
process: level
version: 1
subject: person
data: {level: {type: integer, from: start}}
states: {closed: {end: done}}
records: {level: {of: subject, value: data.level}}
"""


def test_a_page_shows_what_stands_in_the_records_of_somebody_and_of_a_list(office):
    """A page works its answers out after its look at the database is over."""
    world = office.world
    for source in (LEVEL, LOOKED_UP):
        world.publish(source)
    world.start("level", "p_ann", level=4)
    world.start("level", "p_bob", level=2)
    world.start("looked-up", "p_ann", team=["p_bob", "p_cy"])
    task = world.task("look")
    client = office.seated(task, "eve")
    page = client.get(f"/task/{task}")
    sent = client.post(f"/task/{task}", data={"note": "Seen", ".revision": "0", ".do": "continue"})

    assert "level 4" in page.text
    assert "Bob 2, Cy none" in page.text
    assert sent.headers.get("location") == f"/task/{task}/check"
    assert "Bob 2, Cy none" in client.get(f"/task/{task}/check").text


SPANS = """
process: spans
version: 1
subject: none
states:
  look: {advise: {run: span_of_control, to: {role: it-desk}, title: Look at the spans}}
  closed: {end: done}
"""


def test_what_an_analytic_found_stands_above_the_form(office):
    office.world.publish(SPANS)
    office.world.start("spans", None)
    task = office.world.task("look")
    page = office.seated(task, "eve").get(f"/task/{task}").text

    assert "What the figures say" in page
    assert "An analytic looked at 6 entries. It decides nothing" in page
    assert "3 managers have a median of 2 reports" in page
    assert "Cy has 2 direct reports, which is few." in page
    assert page.index("What the figures say") < page.index("Why do you decide so?")


def test_the_mail_and_the_page_name_the_same_readers_and_the_same_reason(office, review):
    world = office.world
    (row,) = world.service.claim_outbox(10, timedelta(minutes=2), "w", world.now)
    letter = world.service.brief(row.id, world.now).task
    page = html.unescape(office.seated(review, "bob").get(f"/task/{review}").text)

    said = letter.readers.removeprefix("Who reads your answer: ")
    assert "you and Ann" in said
    assert said[1:] in page
    assert letter.why == "You are asked because you are Ann's manager."
    assert letter.why in page
