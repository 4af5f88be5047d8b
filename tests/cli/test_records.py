"""Shared records at a terminal."""

import pytest

RATE = """\
process: rate
version: 1
subject: person
data: {mark: {type: integer, from: start}}
states: {closed: {end: done}}
records: {rating: {of: subject, value: data.mark, valid: 12 months, calibrated: true}}
"""

STAYING = (
    "number,name,email,manager,department,location,country,zone,roles,queues\n"
    "1,Cy Boss,cy@example.com,,Board,Berlin,DE-BE,Europe/Berlin,head-of-hr,\n"
    "2,Bob Ray,bob@example.com,1,Sales,Berlin,,,hr-partner@Sales,it-desk\n"
    "3,Ann Lee,ann@example.com,2,Sales,Berlin,,,,it-desk\n"
)
JUDGED = """\
process: judged
version: 1
subject: person
data: {rater: {type: person, from: start}}
states: {closed: {end: done}}
records: {judgement: {of: subject, value: 3, rated_by: data.rater.id}}
"""


@pytest.fixture
def rated(run, home, tmp_path):
    file = tmp_path / "rate.yaml"
    file.write_text(RATE)
    assert run("publish", file, "--home", home).code == 0
    for person, mark in (("3", 2), ("4", 4), ("3", 5)):
        assert run("start", "rate", person, "--set", f"mark={mark}", "--home", home).code == 0
    return home


def test_what_is_valid_now_is_listed_and_with_all_what_ever_was(run, rated):
    now = run("records", "--home", rated).out
    ever = run("records", "Ann Lee", "--all", "--format", "json", "--home", rated).data

    assert "Ann Lee  rating  5, calibrated: true" in now
    assert "Dan Fox  rating  4, calibrated: true" in now
    assert "rating  2" not in now
    assert [each["value"] for each in ever] == [5, 2]
    assert ever[0]["case"] == "RAT-0003"


def test_a_day_before_there_was_one_has_none(run, rated):
    ran = run("records", "--as-of", "2020-01-01", "--home", rated)

    assert (ran.code, ran.out) == (0, "There is no such record.\n")


def test_what_has_expired_is_stale_with_its_age_and_its_case(run, rated):
    """Dan's is renewed, Ann's is not, and whoever has left is nobody's concern."""
    ran = run("records", "--stale", "--as-of", "2040-01-01", "--home", rated)
    told = run(
        "records", "ann", "--stale", "--as-of", "2040-01-01", "--format", "json", "--home", rated
    ).data

    assert "rating  0      2 " in ran.out
    assert "Dan Fox  rating  4, calibrated: true" in ran.out
    assert ", stale" in ran.out
    assert " months " in ran.out
    assert "RAT-0002" in ran.out
    assert [(each["value"], each["standing"], each["case"]) for each in told] == [
        (5, "stale", "RAT-0003")
    ]
    assert "Nothing is stale." in run("records", "--stale", "--home", rated).out
    assert "a newer one counts" in run("records", "--all", "--home", rated).out
    assert "exclude each other" in run("records", "--all", "--stale", "--home", rated).err


def test_what_is_about_somebody_who_has_left_is_not_stale(run, rated, tmp_path):
    file = tmp_path / "staying.csv"
    file.write_text(STAYING)
    assert run("people", "import", file, "--full", "--yes", "--home", rated).code == 0
    ran = run("records", "--stale", "--as-of", "2040-01-01", "--home", rated)

    assert "rating  0      1 " in ran.out
    assert "Dan Fox" not in ran.out


def test_people_in_a_record_are_named_and_who_has_left_is_said_so(run, rated, tmp_path):
    file = tmp_path / "judged.yaml"
    file.write_text(JUDGED)
    assert run("publish", file, "--home", rated).code == 0
    assert run("start", "judged", "3", "--set", "rater=4", "--home", rated).code == 0
    people = tmp_path / "staying.csv"
    people.write_text(STAYING)
    assert run("people", "import", people, "--full", "--yes", "--home", rated).code == 0

    assert "rated_by: Dan Fox (has left)" in run("records", "--home", rated).out


def test_an_unknown_person_is_told(run, rated):
    assert "knows nobody called “zoe”" in run("records", "zoe", "--home", rated).err
