"""What starts cases by itself, from the command line to a real database."""

import re

import pytest

STARTS = """\
process: checkin
version: 1
subject: person
key: one per subject
data: {note: {type: text, from: start, required: false}}
starts:
  - {by_hand: subject.manager}
  - {cohort: sales, if: subject.department == "Sales" && subject.manager.name != "Cy Boss"}
  - {signal: offer.accepted, for: event.person}
  - {every: year, on: 11 January}
states: {ask: {task: {to: subject, title: How is it going?}}, closed: {end: done}}
"""


@pytest.fixture
def checkin(run, home, tmp_path):
    file = tmp_path / "checkin.yaml"
    file.write_text(STARTS)
    assert run("publish", file, "--home", home).code == 0
    return home


def test_a_preview_tells_who_is_in_and_of_the_others_why_not(run, checkin):
    ran = run("start", "checkin", "--eligible", "sales", "--preview", "--home", checkin)

    assert ran.code == 0
    assert "2 cases would be started." in ran.out
    assert "in       Ann Lee (3)" in ran.out
    assert "not in   Bob Ray (2) (subject.department: Sales;" in ran.out
    assert "unclear  Cy Boss" not in ran.out
    assert run("cases", "--process", "checkin", "--home", checkin).out == "No case fits.\n"


def test_everybody_who_is_in_gets_a_case_and_twice_is_refused(run, checkin):
    first = run("start", "checkin", "--eligible", "sales", "--set", "note=hi", "--home", checkin)
    second = run("start", "checkin", "--eligible", "sales", "--name", "again", "--home", checkin)

    assert (first.code, first.out) == (0, "2 cases of checkin started, 0 people refused.\n")
    assert second.code == 1
    assert re.search(r"Ann Lee \(3\): The case CHE-000[12] of checkin is still open", second.err)


def test_who_may_not_start_is_told_who_may(run, checkin):
    refused = run("start", "checkin", "3", "--by", "4", "--home", checkin)
    done = run("start", "checkin", "3", "--by", "2", "--home", checkin)

    assert refused.code == 1
    assert "is started by “subject.manager”" in refused.err
    assert (done.code, done.out) == (0, "CHE-0001 is started.\n")


def test_an_unknown_cohort_is_answered_with_those_there_are(run, checkin):
    ran = run("start", "checkin", "--eligible", "all", "--home", checkin)

    assert ran.code == 1
    assert "knows no cohort `all`. Its cohorts are: sales." in ran.err


def test_what_waits_and_what_came_of_it_are_listed(run, checkin):
    run("start", "checkin", "--eligible", "sales", "--home", checkin)
    ran = run("starts", "checkin", "--home", checkin)

    assert "signal offer.accepted" in ran.out
    assert "every year on 11 January at 09:00" in ran.out
    assert "-01-11 09:00" in ran.out
    assert "checkin, cohort sales: 2 started" in ran.out
    history = run("history", "CHE-0001", "--home", checkin).out
    assert "by the rule “cohort sales”" in history


def test_a_preview_without_people_to_choose_is_refused(run, checkin):
    ran = run("start", "checkin", "3", "--preview", "--home", checkin)

    assert ran.code == 1
    assert "--preview goes with --eligible" in ran.err
