from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store import from_micros, to_micros


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_survives_its_number(instant: datetime):
    assert from_micros(to_micros(instant)) == instant


def test_the_number_does_not_depend_on_the_zone():
    there = datetime(2027, 3, 1, 9, tzinfo=timezone(timedelta(hours=9)))

    assert to_micros(there) == to_micros(there.astimezone(UTC)) == 1_803_859_200_000_000


def test_a_time_without_a_zone_is_no_instant():
    with pytest.raises(ValueError, match="no time zone"):
        to_micros(datetime(2027, 3, 1))
