"""The smallest talent management: set up from a people file, and shown until three checks are done."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tenure.cli import main

HEAD = "number,name,email,manager,title,department,employment,roles,top,critical,risk,successor,needs\n"
PEOPLE = (
    HEAD
    + "1,Cy Boss,cy@example.com,,CEO,Board,,executive-sponsor,,,,,\n"
    + "2,Hal Orr,hal@example.com,1,Head of HR,HR,,head-of-hr,,,,,\n"
    + "3,Bob Ray,bob@example.com,1,Head of Sales,Sales,,head-of-sales,,head-of-sales,9,4,coaching 2\n"
    + "4,Ann Lee,ann@example.com,3,Seller,Sales,,,yes,,,,\n"
    + "5,Eve Sun,eve@example.com,3,Seller,Sales,,,yes,,,,\n"
    + "6,Dan Fox,dan@example.com,3,Seller,Sales,,,,,,,\n"
)
RATE = """\
process: rate
version: 1
data: {mark: {type: integer, from: start}, calibrated: {type: yes_no, from: start}}
states: {closed: {end: done}}
records: {rating: {of: subject, value: data.mark, valid: 12 months, calibrated: data.calibrated}}
"""


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "staff.csv"
    file.write_text(PEOPLE)
    return file


@pytest.fixture
def new(tmp_path):
    return tmp_path / "starter-home"


@pytest.fixture(scope="module")
def once_begun(tmp_path_factory):
    folder = tmp_path_factory.mktemp("starter")
    (folder / "staff.csv").write_text(PEOPLE)
    home = folder / "home"
    assert main(["starter", str(folder / "staff.csv"), "--yes", "--home", str(home)]) == 0
    return home


@pytest.fixture
def begun(once_begun, new):
    """A home in which the starter was begun with the people of the file."""
    return Path(shutil.copytree(once_begun, new))


def answer(run, home, title, by, *values, press=None):
    tasks = run("tasks", "--format", "json", "--home", home).data
    (task,) = (each["public_id"] for each in tasks if each["title"] == title)
    words = [word for value in values for word in ("--set", value)]
    pressed = ("--press", press) if press else ()
    ran = run("answer", task, "--by", by, *pressed, *words, "--home", home)
    assert ran.code == 0, ran.err


def skill(level):
    return json.dumps([{"skill": "coaching", "level": level, "last_used": "2026-01-01"}])


def test_nothing_is_started_until_somebody_says_yes(run, people, new):
    ran = run("starter", people, "--home", new)

    assert ran.code == 1
    assert "Skills would be asked of Ann Lee (4), Eve Sun (5): HR says so" in ran.out
    assert "head-of-sales of Bob Ray (3)" in ran.out
    assert "Nothing was started" in ran.err
    assert run("cases", "--format", "json", "--home", new).data == []


def test_from_a_people_file_to_three_checks_with_their_days(run, people, new):
    begun = run("starter", people, "--yes", "--home", new).out

    assert "2 cases of skills-inventory started." in begun
    assert "1 case of succession-planning started." in begun
    assert "0 of 3 are done, on day 0." in begun
    assert "[ ] Skills of the best: 0 of 2" in begun
    assert "“What can you do?” is with Ann Lee until" in begun
    assert "“How much hangs on head-of-sales?” is with Hal Orr until" in begun
    assert "→ Ann Lee (4) for head-of-sales (risk 9): 0 of 100" in begun
    assert f"To begin it: tenure starter {people} --confirm 4" in begun

    for person, name in (("4", "Ann Lee"), ("5", "Eve Sun")):
        task = {"4": 2, "5": 3}[person]
        run_claim(run, new, person, name, task)
    half = run("starter", "--home", new).out
    assert "[x] Skills of the best: done on " in half
    assert "1 of 3 are done" in half

    answer(
        run, new, "How much hangs on head-of-sales?", "2", "impact=4", "scarcity=3", "risk=perhaps"
    )
    answer(run, new, "What head-of-sales will take", "3", "must_have=Win and keep large customers.")
    rows = [{"person": "4", "band": "in a year", "covers": 60, "shown": "Led the fair alone"}]
    answer(
        run,
        new,
        "Who could follow as head-of-sales?",
        "1",
        f"successors={json.dumps(rows)}",
        "cover=6",
        "committee=5,6",
    )
    answer(run, new, "May we think of you as head-of-sales, one day?", "4")
    for _ in range(2):
        tasks = run("tasks", "--format", "json", "--home", new).data
        vote = next(t for t in tasks if t["title"] == "Who could follow as head-of-sales?")
        by = vote["owners"][0]["name"]
        assert run("answer", vote["public_id"], "--by", by, "--home", new).code == 0
    named = run("starter", people, "--yes", "--home", new).out
    assert "[x] Somebody who could follow, for each critical position: done on " in named
    assert "head-of-sales: Ann Lee (4) (SUC-0001" in named
    assert "(risk 12)" in named  # of the record now, impact times scarcity
    assert "has done such a thing: Led the fair alone, 0 days old, SUC-0001" in named
    assert "ed, SKI-0001" not in named
    assert "of 1 needed, 0 days old, SKI-0001" in named

    plan = run("starter", people, "--confirm", "ann", "--yes", "--home", new).out
    assert "DEV-0001 is started: 90 days for Ann Lee (4)." in plan
    actions = [
        {
            "serves": "a next role",
            "skill": "Lead",
            "how": "a stretch task",
            "what": "The fair",
            "by": "2030-01-01",
            "seen": "The team says so",
        }
    ]
    given = f"actions={json.dumps(actions)}"
    answer(run, new, "Your development plan", "4", given)
    answer(run, new, "Agree on the plan of Ann Lee", "3", given, "help=Half a day every week.")

    done = run("starter", "--home", new)
    assert "3 of 3 are done, after 0 days." in done.out
    assert "[x] A plan of 90 days for whoever is furthest from ready: Ann Lee (4)" in done.out
    told = run("starter", "--format", "json", "--home", new).data
    assert [check["done"] is not None for check in told["checks"]] == [True, True, True]
    assert told["readiness"][0]["furthest"] is True
    assert [part["name"] for part in told["readiness"][0]["parts"]] == [
        "performance",
        "potential",
        "skills",
        "proof",
        "plan",
    ]


def run_claim(run, home, person, name, level):
    tasks = run("tasks", "--format", "json", "--home", home).data
    (claim,) = (
        each["public_id"]
        for each in tasks
        if each["title"] == "What can you do?" and each["owners"][0]["name"] == name
    )
    said = f"claimed={skill(level)}"
    assert run("answer", claim, "--by", person, "--set", said, "--home", home).code == 0
    answer(run, home, f"What can {name} do?", "3", f"confirmed={skill(level)}")
    answer(run, home, "Your skills as they will be kept", person, press="agree")


def test_the_file_on_the_page_for_beginners_works(run, new, tmp_path):
    page = Path(__file__).parents[2] / "docs" / "starter.md"
    (example,) = re.findall(r"```csv\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)
    file = tmp_path / "people.csv"
    file.write_text(example)
    ran = run("starter", file, "--yes", "--home", new)

    assert "1 case of skills-inventory started." in ran.out
    assert "→ Ann Lee (4) for head-of-sales (risk 9): 0 of 100" in ran.out
    assert "missing: their skills: leading people, negotiating" in ran.out


def test_with_enough_calibrated_ratings_these_say_who_is_asked(run, people, new, tmp_path):
    people.write_text(PEOPLE.replace(",yes,", ",,"))
    assert run("people", "import", people, "--yes", "--home", new).code == 0
    rate = tmp_path / "rate.yaml"
    rate.write_text(RATE)
    assert run("publish", rate, "--home", new).code == 0
    for person, mark, calibrated in (("4", 5, "yes"), ("5", 4, "yes"), ("6", 5, "no")):
        words = ("--set", f"mark={mark}", "--set", f"calibrated={calibrated}")
        assert run("start", "rate", person, *words, "--home", new).code == 0
    ran = run("starter", people, "--yes", "--home", new)

    assert "Skills would be asked of Ann Lee (4), Eve Sun (5): the best 2 of 6 have 4 or more" in (
        ran.out
    )
    assert "rated 5, calibrated, 0 days old, RAT-0001" in ran.out


def test_running_it_again_starts_nothing_twice_and_what_is_new(run, people, begun):
    again = run("starter", people, "--yes", "--home", begun)
    people.write_text(PEOPLE.replace("Seller,Sales,,,,,,,\n", "Seller,Sales,,,yes,,,,\n"))
    more = run("starter", people, "--yes", "--home", begun)

    assert "started" not in again.out
    assert "1 case of skills-inventory started." in more.out
    assert "[ ] Skills of the best: 0 of 3" in more.out


def test_a_larger_company_begins_with_five_positions_and_the_riskiest_first(run, new, tmp_path):
    rows = [
        f"{n},P{n},p{n}@example.com,1,,Sales,,lead@U{n},,{f'lead@U{n},{n}' if n < 9 else ','},,\n"
        for n in range(2, 60)
    ]
    file = tmp_path / "large.csv"
    file.write_text(
        HEAD + "1,Cy,cy@example.com,,,Board,,head-of-hr; executive-sponsor,,,,,\n" + "".join(rows)
    )
    ran = run("starter", file, "--yes", "--home", new)

    assert "More positions are marked, 2 of them; a company of this size begins with 5" in ran.out
    assert "5 cases of succession-planning started." in ran.out
    assert "lead@U8 of P8 (8), lead@U7 of P7 (7)" in ran.out
    assert "lead@U3 of" not in ran.out
    assert "nobody is chosen yet: calibrate ratings, or write yes" in ran.out


WRONG = [
    ("top", {",yes,,,,\n": ",maybe,,,,\n"}, "top: write yes or nothing, not “maybe”."),
    (
        "critical",
        {",head-of-sales,9,": ",head-of-shop,9,"},
        "critical: “head-of-shop” must stand in their column `roles` as well. Their roles are: ",
    ),
    ("risk", {",9,4,": ",often,4,"}, "risk: write a number from 1 to 16, not “often”."),
    ("successor", {",9,4,": ",9,44,"}, "successor: nobody with the number “44” works here."),
    ("themselves", {",9,4,": ",9,3,"}, "successor: nobody follows themselves."),
    ("needs", {"coaching 2": "coaching"}, "needs: write skills with their levels"),
    ("alone", {"Seller,Sales,,,,,,,\n": "Seller,Sales,,,,,7,,\n"}, "risk: goes with a position"),
]


@pytest.mark.parametrize(
    ("changed", "said"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG]
)
def test_a_cell_that_cannot_be_meant_is_told_with_its_line(run, people, new, changed, said):
    text = PEOPLE
    for old, by in changed.items():
        assert old in text
        text = text.replace(old, by, 1)
    people.write_text(text)
    ran = run("starter", people, "--yes", "--home", new)

    assert ran.code == 1
    assert said in ran.err
    assert "staff.csv:" in ran.err


def test_nobody_but_a_named_successor_is_confirmed(run, people, begun):
    ran = run("starter", people, "--confirm", "6", "--home", begun)

    assert ran.code == 1
    assert "Dan Fox (6) is not named as a successor. Named are: Ann Lee (4)." in ran.err
