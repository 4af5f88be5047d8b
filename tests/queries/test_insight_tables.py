"""What figures are computed from: the same on every database, as of a moment, under our names."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.queries import Reader, insight_tables

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
FIELDS = {"pcer-year": ("rating", "secret", "share")}
CALLED = {"pcer-year": "review", "review.closed": "appraisal.over", "rating": "mark"}


def tables(house, at=LATER, events=("review.closed",), records=("rating",), called=CALLED):
    with house.database.read() as session:
        return insight_tables(
            session,
            Reader(directory=house.directory),
            events=events,
            records=records,
            fields=FIELDS,
            called=called,
            at=at,
        )


@pytest.fixture
def played(either_house):
    """One case to its end, one in its middle."""
    house = either_house
    first, second = house.start("ann"), house.start("dan")
    house.answer(first, "self", "ann", words="A fine year")
    house.answer(first, "rate", "bob", rating=3, share=0.5, secret="nobody reads this")
    task = house.task(first, "kit", "bob")
    house.service.claim(task, house.ids["bob"], NOW)
    house.answer(first, "kit", "bob")
    house.answer(first, "talk", "bob", told_on="2026-11-24")
    house.answer(second, "self", "dan", words="Not so fine")
    house.answer(second, "rate", "bob", rating=2, share=0.1, secret="nor this")
    house.service.signal(
        "appraisal.over", {"person": house.ids["ann"]}, house.ids["ann"], None, NOW
    )
    house.service.signal("else", {}, None, None, NOW)
    return house


def test_cases_come_under_our_names_with_the_plain_fields_of_closed_ones(played):
    first, second = tables(played)["cases"]

    assert (first["process"], first["outcome"], first["parent"]) == ("pcer-year", "done", None)
    assert first["data"] == {"rating": 3, "share": 0.5}
    assert (second["closed_at"], second["data"]) == (None, {})


def test_before_it_was_closed_nothing_of_a_case_file_is_known(played):
    before = tables(played, at=NOW - timedelta(seconds=1))

    assert before["cases"] == []
    assert before["assignments"] == []


def test_only_the_events_that_are_asked_for_come_and_under_our_name(played):
    (event,) = tables(played)["events"]

    assert (event["event"], event["by"]) == ("review.closed", None)
    assert event["body"] == {"person": played.ids["ann"]}
    assert tables(played, called={})["events"] == []


def test_tasks_have_their_steps_and_who_is_overdue_is_known(played):
    found = tables(played)

    assert {(task["process"], task["state"]) for task in found["tasks"]} == {
        ("pcer-year", state) for state in ("self", "rate", "kit", "talk")
    }
    assert {(row["task"], row["person"], row["candidate"]) for row in found["assignments"]} == {
        ("kit#1", played.ids["ann"], True),
        ("kit#1", played.ids["bob"], True),
    }


def test_handovers_of_the_last_year_are_counted(played):
    case = played.start("bob", year="2027")
    task = played.task(case, "self", "bob")
    played.service.reassign(task, played.ids["cy"], None, "on leave", NOW)

    assert tables(played)["handovers"] == [{"process": "pcer-year", "handovers": 1}]
    assert tables(played, at=NOW + timedelta(days=366))["handovers"] == []


def test_the_directory_says_since_when(played):
    found = tables(played)

    assert {row["number"] for row in found["people"]} == {"1", "2", "3", "4"}
    assert all(row["valid_from"].isoformat() == "2026-01-01" for row in found["people"])
    assert {row["position"] for row in found["positions"]} == {"head-of-hr", "hr-partner of Sales"}
