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


def test_an_unknown_person_is_told(run, rated):
    assert "knows nobody called “zoe”" in run("records", "zoe", "--home", rated).err
