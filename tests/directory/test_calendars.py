"""Calendars against a naive count, one day at a time."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.directory.calendars import Calendars, PlaceUnknown, check_country, zone_of

PLACES = ["DE", "DE-BE", "US-TX", "AE", "IL", "CN", "GB-SCT", "JP"]
DAYS = st.dates(date(2018, 1, 1), date(2032, 12, 31))
CALENDARS = Calendars()
NAIVE = {
    place: holidays.country_holidays(
        place.partition("-")[0], subdiv=place.partition("-")[2] or None, years=range(2010, 2042)
    )
    for place in PLACES
}


def works(place: str, day: date) -> bool:
    return NAIVE[place].is_working_day(day)


def one_by_one(place: str, day: date, count: int) -> date:
    step = timedelta(days=-1 if count < 0 else 1)
    while not works(place, day):
        day += step
    while count:
        day += step
        if works(place, day):
            count += 1 if count < 0 else -1
    return day


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), DAYS, st.integers(-300, 300))
def test_adding_workdays_lands_where_counting_day_by_day_does(
    place: str, day: date, count: int
) -> None:
    assert CALENDARS.of(place, "UTC").add_workdays(day, count) == one_by_one(place, day, count)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES), DAYS, st.integers(-800, 800))
def test_workdays_between_are_the_working_days_one_would_tick_off(
    place: str, day: date, span: int
) -> None:
    end = day + timedelta(days=span)
    first, last = min(day, end), max(day, end)
    ticked = sum(works(place, first + timedelta(days=n)) for n in range((last - first).days))
    expected = ticked if end >= day else -ticked
    assert CALENDARS.of(place, "UTC").workdays_between(day, end) == expected


@settings(deadline=None)
@given(st.sampled_from(PLACES), DAYS, st.integers(0, 300))
def test_adding_and_counting_agree_from_a_working_day_on(place: str, day: date, count: int) -> None:
    calendar = CALENDARS.of(place, "UTC")
    start = calendar.add_workdays(day, 0)
    assert calendar.workdays_between(start, calendar.add_workdays(start, count)) == count
    assert calendar.add_workdays(calendar.add_workdays(start, count), -count) == start


def test_a_holiday_of_one_subdivision_is_a_working_day_in_the_next() -> None:
    """Women's Day is a holiday in Berlin, not in Bavaria."""
    monday = date(2027, 3, 8)
    assert CALENDARS.of("DE-BE", "Europe/Berlin").add_workdays(monday, 0) == date(2027, 3, 9)
    assert CALENDARS.of("DE-BY", "Europe/Berlin").add_workdays(monday, 0) == monday


def test_the_weekend_is_the_countrys_own_and_the_one_of_that_year() -> None:
    """The Emirates moved theirs from Friday and Saturday to Saturday and Sunday in 2022."""
    emirates = CALENDARS.of("AE", "Asia/Dubai")
    assert emirates.add_workdays(date(2020, 6, 5), 0) == date(2020, 6, 7)
    assert emirates.add_workdays(date(2024, 6, 7), 0) == date(2024, 6, 7)


def test_a_year_is_reckoned_once_for_all_zones_of_a_country() -> None:
    calendars = Calendars()
    east = calendars.of("US", "America/New_York")
    west = calendars.of("US", "America/Los_Angeles")
    assert east.years.of(2027) is west.years.of(2027)
    assert calendars.of("US", "America/New_York") is east


@pytest.mark.parametrize(
    ("country", "sentence"),
    [
        ("XX", "no country is written 'XX'; use two capital letters"),
        ("Germany", "no country is written 'Germany'"),
        ("DE-ZZ", "DE has no subdivision 'ZZ' with holidays of its own; use one such as DE-"),
    ],
)
def test_an_unknown_country_is_refused_with_what_would_be_right(
    country: str, sentence: str
) -> None:
    with pytest.raises(PlaceUnknown, match=sentence):
        check_country(country)


@pytest.mark.parametrize("zone", ["Berlin", "Europe", "", "../etc/passwd", "Europe/Berlin\n"])
def test_an_unknown_zone_is_refused_with_what_would_be_right(zone: str) -> None:
    with pytest.raises(PlaceUnknown, match=r"no time zone is called .* such as `Europe/Berlin`"):
        zone_of(zone)


def test_a_span_of_centuries_is_refused_instead_of_reckoned() -> None:
    with pytest.raises(OverflowError, match="more than 200 years"):
        CALENDARS.of("DE", "UTC").add_workdays(date(2027, 1, 1), 10_000_000)


def test_without_a_country_a_week_has_five_working_days_and_no_holidays() -> None:
    nowhere = CALENDARS.of("", "UTC")
    assert nowhere.workdays_between(date(2027, 1, 1), date(2028, 1, 1)) == 261
    assert nowhere.add_workdays(date(2027, 12, 24), 1) == date(2027, 12, 27)
