"""The author sees what each person sees, plays as them, and takes the play along as a test."""

import re

import pytest
from dev_files import REVIEW, TESTS

from engine.loader import load_text
from engine.scenarios import PlayStep, play_all

TASK = "/task/ann?key=self%231"


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def scenario(client):
    from html import unescape

    found = re.search(
        r'<textarea id="scenario-text"[^>]*>(.*?)</textarea>', client.get("/").text, re.DOTALL
    )
    return unescape(found[1])


def test_the_whole_is_on_one_page(client):
    page = client.get("/")

    assert page.status_code == 200
    said = text_of(page)
    assert "Nothing is wrong in the file." in said
    assert "18 Jan 2027, 17:00 Self: a reminder goes to Ann (at due)" in said
    assert "The signal" not in said
    assert 'class="box here"' in page.text


def test_findings_are_shown_as_frames(client, workshop, file):
    file.write_text((REVIEW + TESTS).replace("form: self", "form: slef"), "utf-8")
    workshop.look()
    page = client.get("/")

    assert "1 error in the file" in text_of(page)
    assert "What is played below is the last good version." in page.text
    assert "^^^^ did you mean `self`?" in page.text
    assert "this is its last good version" in client.get("/as/ann").text


def test_a_file_without_a_good_version_shows_its_findings_alone(client, file):
    from support.office import client_of

    from tenure.dev.app import create_app
    from tenure.dev.shop import Shop
    from tenure.dev.workshop import Workshop

    file.write_text("process: Review\n", "utf-8")
    app = create_app(
        Shop(workshop=Workshop(file), base_url="http://localhost:8750"), stopping=lambda: True
    )
    broken = client_of(app, base_url="http://localhost:8750", peer="127.0.0.1")

    assert "error[" in broken.get("/").text
    assert broken.get("/as/ann").status_code == 404
    assert broken.get("/forms").status_code == 404


def test_a_person_sees_tasks_mails_and_only_their_fields(client, workshop):
    workshop.add(PlayStep(name="ann self", value={"peers": ["dan"]}))
    workshop.add(
        PlayStep(
            name="bob rate", value={"rating": 4, "bonus": {"amount": "10.00", "currency": "EUR"}}
        )
    )

    ann, bob = text_of(client.get("/as/ann")), text_of(client.get("/as/bob"))

    assert "Rating hidden only manager and boss may see it until talk" in ann
    assert "Bonus hidden only manager may see it" in ann
    assert "Rating 4 Bonus 10.00 EUR" in bob
    assert "Take the laptop back from the queue it-desk" in text_of(client.get("/as/ida"))


def test_the_form_is_the_products_own(client):
    page = client.get(TASK)

    assert "<h1>Self</h1>" in page.text or "Your year 2026" in page.text
    assert "Who reads it" in page.text
    assert 'name="goals.0.goal"' in page.text
    assert '<script src="/static/tenure.js"' not in page.text


def test_faults_are_shown_on_the_form_and_nothing_happens(client, workshop):
    posted = {".do": "continue", "goals.0.goal": "Ship it", "goals.0.by.day": "45"}
    page = client.post(TASK, data=posted)

    assert page.status_code == 422
    assert "Ship it" in page.text
    assert workshop.bench.script.steps == ()


def test_rows_are_added_and_people_found_without_losing_what_is_typed(client):
    added = client.post(TASK, data={".do": "add goals", "goals.0.goal": "Ship it"})
    page = client.get(TASK)
    found = client.post(
        TASK, data={".do": "find peers", "peers.find": "quinn", "goals.0.goal": "Ship it"}
    )

    assert added.headers["location"] == f"{TASK}#q-goals-1-goal"
    assert 'name="goals.1.goal"' in page.text
    assert 'value="Ship it"' in page.text
    assert found.headers["location"] == f"{TASK}#q-peers"
    assert 'value="quinn"' in client.get(TASK).text


def test_an_answer_is_a_step_and_the_play_is_a_test_that_passes(client):
    client.post(
        TASK,
        data={
            ".do": "continue",
            "goals.0.goal": "NO: ship it # now",
            "goals.0.by.day": "1",
            "goals.0.by.month": "6",
            "goals.0.by.year": "2027",
            "peers": "quinn",
        },
    )
    client.post("/clock", data={".do": "+1 workday"})
    client.post(
        "/task/bob?key=rate%231", data={".do": "continue", ".decision": "return", "rating": "2"}
    )
    client.post("/task/ann?key=self%232", data={".do": "continue"})
    client.post(
        "/task/bob?key=rate%232", data={".do": "continue", ".decision": "submit", "rating": "5"}
    )
    client.post("/task/ivo?key=kit%231", data={".do": "continue"})
    client.post("/step", data={"step": "signal: {calibration.published: {}}"})

    written = scenario(client)
    loaded = load_text(f"{REVIEW}{TESTS}{written}", "review.yaml")

    assert "bob talk" in written
    assert loaded.diagnostics == ()
    report = play_all(loaded)
    assert [result.failure for result in report.results] == [None, None]
    assert report.results[1].steps == 8


def test_signals_that_are_waited_for_are_one_button(client, workshop):
    for step in (
        PlayStep(name="ann self", value=None),
        PlayStep(name="bob rate", value={"rating": 4}),
        PlayStep(name="ida kit", value=None),
    ):
        workshop.add(step)
    button = re.search(r'value="(signal: [^"]+)"', client.get("/").text)[1]

    assert client.post("/step", data={".do": button}).status_code == 303
    assert workshop.bench.show.stage.where() == ["talk"]


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("/clock", {"to": "yesterday"}, "The clock cannot go to `yesterday`"),
        ("/clock", {"to": "2026-01-01"}, "never goes back"),
        ("/step", {"step": "signal: ["}, "This step cannot be taken"),
        ("/step", {"step": "a: 1\nb: 2"}, "Write one step on one line"),
        ("/step", {"step": "clok: +1 day"}, "did you mean `clock`"),
        ("/begin", {".do": "own", "people": "ann", "at": "2027-01-04"}, "Write `people:` as"),
        ("/begin", {".do": "own", "people": "{}", "at": "soon"}, "`soon` is no date"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(client, workshop, path, data, said):
    before = workshop.bench
    page = client.post(path, data=data)

    assert page.status_code == 422
    assert said in page.text.replace("&#39;", "'")
    assert workshop.bench == before


def test_a_case_that_cannot_start_says_why(client):
    client.post(
        "/begin", data={".do": "own", "people": "{manager: bob}", "start": "{}", "at": "2027-01-04"}
    )
    page = client.get("/")

    assert page.status_code == 200
    assert "The case cannot start" in page.text
    assert client.get("/as/ann").status_code == 404


def test_every_mail_can_be_read_and_its_button_leads_to_the_task(client):
    mail = client.get("/mail/1")
    body = client.get("/mail/1/html")
    pressed = client.get("/t/1")

    assert "Press its button" in mail.text
    assert "sandbox" in body.headers["content-security-policy"]
    assert "Hello Ann," in body.text
    assert pressed.headers["location"] == TASK
    assert client.get("/mail/99").status_code == 404


def test_all_forms_are_shown_empty(client):
    page = client.get("/forms")

    assert page.text.count('<section class="sheet-of"') == 2
    assert "Rating" in page.text
    assert 'name="self.goals.0.goal"' in page.text


def test_tests_of_the_file_can_be_played_whole_or_from_their_beginning(client, workshop):
    client.post("/begin", data={".do": "play 0"})
    assert workshop.bench.show.stage.where() == ["kit"]
    client.post("/begin", data={".do": "start 0"})
    assert workshop.bench.show.stage.where() == ["self"]
    assert client.post("/begin", data={".do": "play 7"}).status_code == 303


def test_the_slider_goes_back(client, workshop):
    client.post("/begin", data={".do": "play 0"})
    client.post("/go", data={"at": "1"})

    assert workshop.bench.show.stage.where() == ["rate"]


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example:8750"}, {"X-Forwarded-For": "203.0.113.7"}]
)
def test_only_this_machine_gets_pages(client, headers):
    assert client.get("/", headers=headers).status_code == 404


def test_another_site_cannot_post(client, workshop):
    answer = client.post(
        "/step", data={"step": "cancel: x"}, headers={"Origin": "http://evil.example"}
    )

    assert answer.status_code == 403
    assert workshop.bench.script.steps == ()


def test_every_page_is_under_a_strict_policy(client):
    policy = client.get("/").headers["content-security-policy"]

    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "<style" not in client.get("/").text
