"""Bulk starts from the command line: how far they are, who joins late, who is taken out."""

import json
import re

import pytest

CHECKIN = """\
process: checkin
version: 1
title: Check-in
subject: person
key: one per subject
data: {note: {type: text, from: start, required: false}}
starts:
  - {by_hand: anybody}
  - {cohort: sales, if: subject.department == "Sales" && subject.manager.name != "Cy Boss"}
states:
  ask: {task: {to: subject, title: How is it going?}}
  talk: {task: {to: subject.manager, title: Talk}}
  closed: {end: done}
"""


@pytest.fixture
def begun(run, home, tmp_path):
    file = tmp_path / "checkin.yaml"
    file.write_text(CHECKIN)
    assert run("publish", file, "--home", home).code == 0
    started = run("start", "checkin", "--eligible", "sales", "--name", "spring", "--home", home)
    assert started.code == 0
    return home


def test_a_cohort_tells_how_far_it_is(run, begun):
    first = run("tasks", "--format", "json", "--home", begun)
    task = json.loads(first.out)[0]
    by = task["owners"][0]["name"]
    assert run("answer", task["public_id"], "--by", by, "--home", begun).code == 0

    listed = run("cohort", "list", "--home", begun)
    shown = run("cohort", "show", "spring", "--home", begun)

    assert "0 of 2 cases closed, 2 open" in listed.out
    assert re.search(r"Ask\s+2\s+1\s+#{20}", shown.out)
    assert re.search(r"Talk\s+1\s+1\s+#{10}\n", shown.out)
    assert run("cohort", "show", "1", "--home", begun).out == shown.out
    page = json.loads(run("cohort", "show", "1", "--format", "json", "--home", begun).out)
    assert [step["reached"] for step in page["steps"]][:2] == [2, 1]


def test_somebody_joins_late_once_and_is_taken_out_with_a_reason(run, begun):
    joined = run("cohort", "add", "spring", "2", "--set", "note=late", "--home", begun)
    again = run("cohort", "add", "spring", "2", "--home", begun)
    out = run("cohort", "remove", "spring", "2", "--reason", "on leave", "--home", begun)

    assert (joined.code, joined.out) == (0, "1 case of checkin added to spring.\n")
    assert again.code == 1
    assert "Bob Ray (2) is in spring already." in again.err
    assert out.out == "Bob Ray (2) is taken out of spring; CHE-0003 is cancelled.\n"
    assert "removed  Bob Ray: on leave" in run("cohort", "show", "spring", "--home", begun).out
    assert "on leave" in run("history", "CHE-0003", "--home", begun).out


def test_who_has_become_eligible_is_told_and_joins(run, begun, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(
        "number,name,email,manager,department,location\n5,Eve Sun,eve@example.com,2,Sales,Berlin\n"
        "4,Dan Fox,dan@example.com,2,IT,Berlin\n"
    )
    assert run("people", "import", people, "--yes", "--home", begun).code == 0

    told = run("cohort", "add", "spring", "--eligible", "--preview", "--home", begun)
    joined = run("cohort", "add", "spring", "--eligible", "--home", begun)
    then = run("cohort", "add", "spring", "--eligible", "--home", begun)

    assert "1 case would be added to spring.\n  joins    Eve Sun (5)" in told.out
    assert "not in   Dan Fox (4) (subject.department: IT" in told.out
    assert joined.out == "1 case of checkin added to spring.\n"
    assert then.out.startswith("0 cases would be added to spring.")


def test_a_staggered_start_waits_for_its_days(run, begun):
    ran = run(
        "start", "checkin", "--eligible", "sales", "--name", "slow", "--a-day", "1", "--home", begun
    )
    assert "to come while `tenure serve` runs" in ran.out
    shown = run("cohort", "show", "slow", "--home", begun).out
    assert re.search(r"waiting  (Ann Lee|Dan Fox) until ", shown)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cohort", "show", "autumn"), "There is no cohort “autumn”"),
        (("cohort", "add", "spring"), "Name who joins, or say --eligible"),
        (("cohort", "add", "spring", "3", "--eligible"), "one of them"),
        (("cohort", "add", "spring", "3", "--preview"), "goes with --eligible"),
        (("cohort", "remove", "spring", "3", "--reason", " "), "Say why"),
        (("cohort", "remove", "spring", "1", "--reason", "x"), "not in the cohort 'spring'"),
        (("start", "checkin", "3", "--a-day", "2"), "--a-day goes with"),
        (("start", "checkin", "--eligible", "sales", "--a-day", "0"), "--a-day goes with"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(run, begun, words, said):
    ran = run(*words, "--home", begun)
    assert ran.code == 1
    assert said in ran.err


def test_nothing_in_bulk_yet_names_the_way(run, home):
    assert "--eligible NAME" in run("cohort", "list", "--home", home).out
