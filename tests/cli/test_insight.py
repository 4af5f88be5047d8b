"""Figures at a terminal: all of them, one with what stands behind it, as of a day, renamed."""

import pytest

RATE = """\
process: rate
version: 1
subject: person
people: {hr: {role: head-of-hr}}
data: {mark: {type: integer, from: start}}
states: {closed: {end: done}}
records: {mark: {of: subject, value: data.mark, valid: 12 months, rated_by: hr.id}}
"""
PEOPLE = "number,name,email,department\n" + "".join(
    f"1{n},Person {n},p{n}@example.com,Sales\n" for n in range(3)
)
NAMES = '{"rating": "mark"}'


@pytest.fixture
def rated(run, home, tmp_path):
    """Five people whose ratings are called marks here; two have none."""
    (tmp_path / "more.csv").write_text(PEOPLE)
    (tmp_path / "rate.yaml").write_text(RATE)
    assert run("people", "import", tmp_path / "more.csv", "--yes", "--home", home).code == 0
    assert run("publish", tmp_path / "rate.yaml", "--home", home).code == 0
    for person, mark in (("2", 3), ("3", 4), ("4", 5), ("10", 2), ("11", 4)):
        assert run("start", "rate", person, "--set", f"mark={mark}", "--home", home).code == 0
    return home


def test_all_figures_are_told_each_with_a_number_or_why_there_is_none(run, rated, monkeypatch):
    monkeypatch.setenv("TENURE_INSIGHT_NAMES", NAMES)

    out = run("insight", "--home", rated).out

    assert "people-without-rating         29 % (2 of 7)" in out
    assert "No review closed in the last 12 months is older than 30 days." in out
    assert "person-without-path" not in out.partition("Nothing found by")[0]  # here for a day
    assert "Whether other systems are connected: A signal or an import" in out


def test_one_figure_tells_its_definition_its_parts_and_whom_it_counts(run, rated, monkeypatch):
    monkeypatch.setenv("TENURE_INSIGHT_NAMES", NAMES)

    spread = run("insight", "rating-distribution", "--home", rated)
    without = run("insight", "people-without-rating", "--limit", "3", "--home", rated).out

    assert spread.out.startswith("How ratings are spread: 3.60 of 5 people with a valid rating\n")
    assert "cannot tell a lenient manager from a strong team" in spread.out
    lines = [" ".join(line.split()) for line in spread.out.splitlines()]
    assert {"rated 4 40 % (2 of 5) 5", "mean of Sales 3.60 5"} <= {*lines}
    assert "mean of those rated by Cy Boss 3.60 5" in lines
    assert "Ann Lee" in spread.out
    assert "4 more; raise --limit." in without


def test_without_the_names_of_the_company_nothing_is_found_and_it_says_so(run, rated):
    assert "No valid ratings yet: 0 of 7 people." in run("insight", "--home", rated).out


def test_as_of_a_day_before_there_is_nothing(run, rated, monkeypatch):
    monkeypatch.setenv("TENURE_INSIGHT_NAMES", NAMES)

    told = run(
        "insight", "people-without-rating", "--as-of", "2020-01-01", "--json", "--home", rated
    ).data

    assert told["at"] == "2020-01-01T23:59:59.999999+00:00"
    assert (told["number"], told["missing"]) == (None, "Nobody is employed on that day.")


def test_json_and_format_json_are_the_same(run, rated):
    day = ("--as-of", "2040-01-01", "--home", rated)
    told = run("insight", "--json", *day).data

    assert told == run("insight", "--format", "json", *day).data
    assert {one["name"] for one in told["detectors"]} >= {"person-without-path", "two-plans"}
    assert all(one["number"] is not None or one["missing"] for one in told["figures"])


def test_a_detector_tells_its_rule_and_the_way_out(run, rated):
    ran = run("insight", "person-without-path", "--as-of", "2040-01-01", "--home", rated)

    assert ran.out.startswith("An employee has no development plan: 7\n")
    assert "The way out: Ask them what they would like to be doing in two years" in ran.out
    assert "Ann Lee" in ran.out


def test_an_unknown_name_is_told_with_those_that_are_near(run, home):
    ran = run("insight", "action-rates", "--home", home)

    assert ran.code == 1
    assert ran.err == (
        "There is no figure or detector `action-rates`; did you mean `action-rate` "
        "or `activation-rate`? `tenure insight` lists them all.\n"
    )


def test_a_name_that_no_figure_reads_is_refused(run, home, monkeypatch):
    monkeypatch.setenv("TENURE_INSIGHT_NAMES", '{"ratings": "mark"}')

    ran = run("insight", "--home", home)

    assert ran.code == 1
    assert ran.err.startswith("TENURE_INSIGHT_NAMES: Value error, no figure reads `ratings`")
    assert "goal_attainment, potential, rating, recognition, skills" in ran.err


@pytest.mark.parametrize("what", ["events", "records", "people", "positions"])
def test_what_belongs_to_no_process_is_exported_whole(run, rated, tmp_path, what):
    ran = run("export", what, "--process", "rate", "--home", rated)
    assert ran.err == f"The {what} are those of all processes together: leave --process out.\n"

    assert run("export", what, "--home", rated, "--out", tmp_path / "file.csv").code == 0


def test_the_directory_leaves_without_addresses_and_with_the_days_from_which_it_holds(run, rated):
    out = run("export", "people", "--home", rated).out
    seats = run("export", "positions", "--home", rated).out

    assert "person,number,valid_from,active,name,title,department" in out
    assert "Ann Lee" in out
    assert "@example.com" not in out
    assert "head-of-hr," in seats
    assert "hr-partner of Sales," in seats


def test_tasks_leave_with_the_steps_of_the_author_and_without_answers(run, home):
    run("start", "review", "3", "--set", "year=2026", "--home", home)

    out = run("export", "tasks", "--process", "review", "--home", home).out
    held = run("export", "assignments", "--home", home).out

    assert out.splitlines()[0].endswith(
        "case,task,process,state,opened_at,due_at,closed_at,outcome"
    )
    assert "REV-0001,rate#1,review,rate," in out
    assert held.splitlines()[1].startswith("REV-0001,rate#1,p_")
