"""Dates as the reader knows them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.colour import contrast, text_on
from notifications.dates import moment

INSTANT = datetime(2026, 12, 14, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "when", "named"),
    [
        ("en-GB", "Europe/London", "Monday, 14 December 2026, 16:00", "Greenwich Mean Time"),
        ("en-GB", "UTC", "Monday, 14 December 2026, 16:00", "Coordinated Universal Time"),
        ("de", "Europe/Berlin", "Montag, 14. Dezember 2026, 17:00", "Mitteleuropäische Normalzeit"),
        ("en-GB", "Asia/Kolkata", "Monday, 14 December 2026, 21:30", "GMT+05:30, Kolkata"),
        ("en", "Europe/London", "Monday, 14 December 2026, 16:00", "Greenwich Mean Time"),
        ("en-US", "UTC", "Monday, December 14, 2026, 4:00\u202fPM", "Coordinated Universal Time"),
        ("en-GB", "Mars/Olympus", "Monday, 14 December 2026, 16:00", "Coordinated Universal Time"),
    ],
)
def test_an_instant_is_written_on_the_readers_clock_which_is_named(language, zone, when, named):
    found = moment(INSTANT, language=language, zone=zone)
    assert (found.when, found.zone) == (when, named)


def test_summer_time_is_named_as_such():
    summer = datetime(2026, 7, 1, 15, tzinfo=UTC)
    found = moment(summer, language="en-GB", zone="Europe/Berlin")
    assert found.zone == "Central European Summer Time"
    assert found.when.endswith("17:00")


@given(language=st.text(max_size=12), zone=st.text(max_size=12))
def test_a_language_or_zone_that_nobody_knows_still_gives_a_date(language, zone):
    found = moment(INSTANT, language=language, zone=zone)
    assert found.when
    assert found.zone


@given(st.integers(0, 0xFFFFFF))
def test_text_is_readable_on_every_colour(colour):
    background = f"#{colour:06x}"
    assert contrast(text_on(background), background) >= 4.5
