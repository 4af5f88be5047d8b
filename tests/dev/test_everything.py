"""Files, anonymous answers, analytics, several tasks of one name, and starts by a rule: in play."""

import re
from html import unescape

import pytest
from dev_files import EVERYTHING

from engine.loader import load_text
from engine.scenarios import PlayStep, play_all

GATHER = "/task/bob?key=gather%231"
PDF = ("letter.pdf", b"%PDF-1.4 a letter", "application/pdf")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "everything.yaml"
    path.write_text(EVERYTHING, "utf-8")
    return path


def gathered(client, letter=PDF, **more):
    typed = {".do": "continue", "team": ["quinn", "rosa", "sam"], "buddy": "tess", **more}
    return client.post(GATHER, data=typed, files={"letter": letter} if letter else None)


def everybody_marks(workshop):
    for person, mark in (("quinn", 2), ("rosa", 4), ("sam", 3)):
        workshop.add(PlayStep(name=f"{person} ask", value={"mark": mark}))


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def written(client):
    found = re.search(
        r'<textarea id="scenario-text"[^>]*>(.*?)</textarea>', client.get("/").text, re.DOTALL
    )
    return unescape(found[1])


def passes(client):
    loaded = load_text(f"{EVERYTHING}tests:\n{written(client)}", "everything.yaml")
    assert loaded.diagnostics == ()
    report = play_all(loaded)
    assert [result.failure for result in report.results] == [None]
    return True


def test_people_are_invented_once_for_each_part(workshop):
    assert workshop.bench.script.people == {
        "subject": "ann",
        "manager": "bob",
        "hr": "cy",
        "it-desk": "dan",
    }


def test_a_file_is_taken_by_the_products_rules_and_named_in_the_test(client, workshop):
    refused = gathered(client, letter=("letter.exe", b"MZ", "application/pdf"))
    assert refused.status_code == 422
    assert "is not of a kind that is taken" in refused.text
    assert workshop.bench.script.steps == ()

    assert gathered(client).status_code == 303
    assert workshop.bench.script.steps[0].value["letter"] == "letter.pdf"
    assert passes(client)


def test_a_file_stays_while_the_rest_is_put_right(client, workshop):
    faulty = gathered(client, buddy="")
    assert faulty.status_code == 422
    href = re.search(r'href="(/task/bob/files/[0-9a-f]+)"', faulty.text)[1]
    assert client.get(href).content == PDF[1]

    assert gathered(client, letter=None).status_code == 303
    assert workshop.bench.script.steps[0].value["letter"] == "letter.pdf"


def test_a_file_can_be_taken_back(client):
    gathered(client, buddy="")
    client.post(GATHER, data={".do": "drop letter"})

    assert "Handed in" not in client.get(GATHER).text


def test_what_is_typed_is_gone_with_the_questions_it_was_typed_for(client, workshop, file):
    gathered(client, buddy="")
    file.write_text(EVERYTHING.replace("letter: {type: file", "letter: {type: text"), "utf-8")
    workshop.look()

    page = client.get(GATHER)
    assert page.status_code == 200
    assert "letter.pdf" not in page.text


def test_anonymous_answers_are_read_together_and_by_nobody_alone(client, workshop):
    gathered(client)
    page = text_of(client.get("/task/quinn?key=ask%5Bquinn%5D.task%231"))
    everybody_marks(workshop)

    assert "Nobody with your name." in page
    assert workshop.bench.show.stage.standing.data["mean"] == 3
    assert "kept apart from your name" in client.get("/mail/2").text
    assert passes(client)


def test_the_task_that_is_open_on_the_page_is_the_one_that_is_answered(client, workshop):
    gathered(client)
    everybody_marks(workshop)
    client.post("/task/bob?key=note%5Bsam%5D.task%231", data={".do": "continue", "text": "well"})

    assert workshop.bench.script.steps[-1].name == "bob note[sam]"
    left = {task.place for task in workshop.bench.show.stage.standing.tasks.values()}
    assert left == {"note[quinn].task", "note[rosa].task"}
    assert "Bob answers “About Sam”" in text_of(client.get("/"))
    assert passes(client)


def test_an_analytic_is_named_and_its_reader_decides(client, workshop):
    gathered(client)
    everybody_marks(workshop)
    for _ in range(3):
        workshop.add(PlayStep(name="bob note", value={"text": "well"}))
    page = client.get("/task/cy?key=weigh%231")
    client.post(
        "/task/cy?key=weigh%231",
        data={".do": "continue", ".decision": "dismiss", "reason": "The team is new."},
    )

    assert "what the analytic rating_distribution finds" in text_of(page)
    assert workshop.bench.show.stage.where() == ["desk", "talk"]
    assert passes(client)


def test_everybody_sees_what_their_part_in_the_case_lets_them_see(client, workshop):
    gathered(client)
    everybody_marks(workshop)

    assert "The signed letter letter.pdf" in text_of(client.get("/as/tess"))
    assert "The signed letter hidden only manager and buddy" in text_of(client.get("/as/ann"))
    assert "Double hidden" in text_of(client.get("/as/ann"))
    assert "Double hidden" not in text_of(client.get("/as/cy"))


def test_who_has_answered_can_still_be_looked_at(client, workshop):
    gathered(client)
    workshop.add(PlayStep(name="quinn ask", value={"mark": 2}))

    assert '<a href="/as/quinn"' in client.get("/").text


BY_SIGNAL = {
    ".do": "own",
    "name": "from an offer",
    "people": "{subject: ann, manager: bob, hr: cy, it-desk: [dan]}",
    "start": "{}",
    "at": "2027-01-04",
}
OFFER = "{signal: {offer.accepted: {person: ann, country: DE, day: 2027-02-01}}}"


def test_a_case_can_begin_by_a_rule_and_the_test_says_so(client, workshop):
    client.post("/begin", data={**BY_SIGNAL, "starts_by": OFFER})

    assert workshop.bench.show.stage.standing.data["day"] == "2027-02-01"
    assert "starts_by: {signal: {offer.accepted: {person: ann" in written(client)
    assert "offer.accepted" in client.get("/begin").text
    assert passes(client)


def test_a_case_that_its_rule_does_not_want_says_why(client):
    client.post("/begin", data={**BY_SIGNAL, "starts_by": OFFER.replace("DE", "FR")})
    page = text_of(client.get("/"))

    assert "The case cannot start" in page
    assert "No case was started: `event.country` is 'FR'" in page


def test_all_forms_say_whose_they_are(client):
    page = text_of(client.get("/forms"))

    assert "Asked at Gather, of manager, due 5 workdays" in page
    assert "Asked at Ask, of one, anonymous, from 3 people on" in page
    assert "Asked at Weigh, of hr; buttons: Accept, Dismiss, Other" in page
    assert "The signed letter" in page
