"""Schedules by the calendar: holidays of three countries, clocks that change, short months."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.core.schedule import next_after
from engine.directory.calendars import Calendars
from engine.loader import load_text

PROCESS = """
process: round
version: 1
subject: none
starts: {RULE}
states: {ask: {task: {to: {role: hr}}}, closed: {end: done}}
"""
BERLIN = ("DE", "Europe/Berlin")
LONDON = ("GB-ENG", "Europe/London")
CHICAGO = ("US", "America/Chicago")


def schedule_of(rule: str):
    found = load_text(PROCESS.replace("{RULE}", rule), "round.yaml")
    assert found.diagnostics == ()
    (start,) = found.definition.starts
    return start.schedule


def coming(rule: str, after: str, place: tuple[str, str], count: int = 3) -> list[str]:
    """The next instants on the organisation's own clock."""
    calendar = Calendars().of(*place)
    zone, schedule = ZoneInfo(place[1]), schedule_of(rule)
    at = datetime.fromisoformat(after).replace(tzinfo=zone).astimezone(UTC)
    found = []
    for _ in range(count):
        at = next_after(schedule, at, calendar)
        found.append(f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("rule", "after", "place", "expected"),
    [
        (
            "every: workday",
            "2027-03-24T10:00",
            BERLIN,  # Good Friday and Easter Monday
            ["Thu 2027-03-25 09:00", "Tue 2027-03-30 09:00", "Wed 2027-03-31 09:00"],
        ),
        (
            "every: workday",
            "2027-08-27T10:00",
            LONDON,  # the bank holiday of August
            ["Tue 2027-08-31 09:00", "Wed 2027-09-01 09:00", "Thu 2027-09-02 09:00"],
        ),
        (
            "every: month, on: last workday",
            "2027-05-01T00:00",
            CHICAGO,  # Memorial Day is the last Monday of May 2027, the 31st
            ["Fri 2027-05-28 09:00", "Wed 2027-06-30 09:00", "Fri 2027-07-30 09:00"],
        ),
        (
            "every: month, on: 31",
            "2027-01-31T09:00",
            BERLIN,
            ["Sun 2027-02-28 09:00", "Wed 2027-03-31 09:00", "Fri 2027-04-30 09:00"],
        ),
        (
            "every: 3 months, on: first Monday",
            "2027-01-04T09:00",
            BERLIN,
            ["Mon 2027-04-05 09:00", "Mon 2027-07-05 09:00", "Mon 2027-10-04 09:00"],
        ),
        (
            "every: 5 months, from: 2027-02-10",
            "2026-01-01T00:00",
            BERLIN,
            ["Wed 2027-02-10 09:00", "Sat 2027-07-10 09:00", "Fri 2027-12-10 09:00"],
        ),
        (
            "every: year, on: 29 February",
            "2027-01-01T00:00",
            BERLIN,
            ["Sun 2027-02-28 09:00", "Tue 2028-02-29 09:00", "Wed 2029-02-28 09:00"],
        ),
        (
            "every: 2 weeks, on: Friday, from: 2027-03-01",
            "2027-03-01T00:00",
            BERLIN,
            ["Fri 2027-03-05 09:00", "Fri 2027-03-19 09:00", "Fri 2027-04-02 09:00"],
        ),
        (
            'every: day, at: "02:30"',
            "2027-03-27T12:00",
            BERLIN,  # 02:30 does not exist on the 28th
            ["Sun 2027-03-28 03:30", "Mon 2027-03-29 02:30", "Tue 2027-03-30 02:30"],
        ),
        (
            'every: day, at: "02:30"',
            "2027-10-30T12:00",
            BERLIN,  # 02:30 is there twice on the 31st, and the schedule comes once
            ["Sun 2027-10-31 02:30", "Mon 2027-11-01 02:30", "Tue 2027-11-02 02:30"],
        ),
        (
            "every: year, on: January 11",
            "2027-01-11T09:00",
            LONDON,
            ["Tue 2028-01-11 09:00", "Thu 2029-01-11 09:00", "Fri 2030-01-11 09:00"],
        ),
        (
            "every: quarter, on: workday 5",
            "2026-12-31T00:00",
            BERLIN,
            ["Fri 2027-01-08 09:00", "Wed 2027-04-07 09:00", "Wed 2027-07-07 09:00"],
        ),
    ],
)
def test_a_schedule_comes_on_the_days_its_words_say(rule, after, place, expected):
    assert coming("{" + rule + "}", after, place) == expected


@pytest.mark.parametrize(
    ("rule", "code", "sentence"),
    [
        ("{every: fortnight}", "E220", "`fortnight` is nothing that comes round"),
        ("{every: 0 days}", "E220", "`0 days` cannot be counted"),
        ("{every: 2 workdays}", "E220", "`2 workdays` cannot be counted"),
        ("{every: week, on: Mnday}", "E220", "`Mnday` is no day of a week"),
        ("{every: month, on: 32}", "E220", "no month has a day 32 there"),
        ("{every: month, on: fifth Monday}", "E220", "`fifth Monday` is no day of a month"),
        ("{every: year, on: 30 February}", "E220", "no month has a day 30 there"),
        ("{every: year, on: 11 Jannuary}", "E220", "`11 Jannuary` is no day of a year"),
        ("{every: year}", "E203", "which day of the year?"),
        ("{every: day, on: Monday}", "E220", "`every: day` is every day"),
        ('{every: day, at: "9"}', "E220", "`9` is no time of the day"),
        ("{every: 5 months}", "E203", "every 5 months counted from when?"),
        ("{every: 2 weeks, from: soon}", "E220", "`soon` is no date"),
        ("{every: day, signal: a.b}", "E204", "a start wants exactly one of"),
        ("{on: Monday}", "E203", "a start wants exactly one of"),
        ("{signal: a.b, on: Monday}", "E208", "`on` does not go with `signal`"),
        ("{signal: a.b, for: event.who}", "E208", "a case of this process is about nobody"),
        ("{signal: ab}", "E215", "`ab` cannot be the name of an event"),
        ("{cohort: all}", "E208", "a cohort is of people"),
        ("[{by_hand: anybody}, {by_hand: anybody}]", "E229", "`by_hand` is there twice"),
        ("[{by_hand: nobody}, {by_hand: anybody}]", "E229", "`by_hand` is there twice"),
        ("[{every: day}, {every: day}]", "E229", "starts this process twice already"),
        ("{every: day, with: {cycle: '1'}}", "E211", "cycle"),
        ("{every: day, if: data.rating > 1}", "E302", "data"),
        ("{evry: day}", "E203", "a start wants exactly one of"),
        ("{every: day, untl: x}", "E202", "the key `untl` does not exist"),
    ],
)
def test_a_start_that_cannot_be_read_is_refused_with_its_reason(rule, code, sentence):
    found = load_text(PROCESS.replace("{RULE}", rule), "round.yaml")

    assert [(d.code, sentence in d.message) for d in found.diagnostics] == [(code, True)]


def test_a_start_gives_everything_that_its_case_wants():
    source = PROCESS.replace(
        "subject: none", "subject: person\ndata: {a: {type: date, from: start}}"
    )
    found = load_text(source.replace("{RULE}", "{signal: x.y, with: {a: event.n}}"), "round.yaml")
    assert [d.message for d in found.diagnostics] == [
        "a case is about a person, and nothing says about which"
    ]

    rule = "{signal: x.y, for: event.who}"
    found = load_text(source.replace("{RULE}", rule), "round.yaml")
    assert [d.message for d in found.diagnostics] == [
        "a case wants `a` at its start, and nothing gives it"
    ]

    rule = "{signal: x.y, for: event.who, with: {a: '12'}}"
    found = load_text(source.replace("{RULE}", rule), "round.yaml")
    assert [(d.code, d.message) for d in found.diagnostics] == [
        ("E304", "`a` is a date, and this gives a number")
    ]
