"""Settings: refused in sentences before anything is opened, and carried to where they count."""

from datetime import date, timedelta

import pytest

from engine.directory import Place
from tenure.runtime import open_runtime
from tenure.settings import SettingsWrong, read_settings


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("country", "Germany", r"TENURE_COUNTRY: .*no country is written 'Germany'"),
        ("country", "DE-XX", r"TENURE_COUNTRY: .*DE has no subdivision 'XX'"),
        ("timezone", "Berlin", r"TENURE_TIMEZONE: .*must be an IANA name such as `Europe/Berlin`"),
        ("timer_grace", -1, "TENURE_TIMER_GRACE: .*greater than or equal to 0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_its_name(tmp_path, name, value, sentence):
    with pytest.raises(SettingsWrong, match=sentence):
        read_settings(home=tmp_path, **{name: value})


def test_the_organisation_s_own_calendar_and_grace_come_from_the_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("TENURE_COUNTRY", "DE")
    monkeypatch.setenv("TENURE_TIMEZONE", "Europe/Berlin")
    monkeypatch.setenv("TENURE_TIMER_GRACE", "2.5")
    with open_runtime(read_settings(home=tmp_path)) as runtime:
        tools = runtime.service.tools
        with runtime.database.read() as session:
            calendar = tools.directory.facts(session, runtime.clock.now()).calendar(None)

    assert tools.directory.home == Place(country="DE", zone="Europe/Berlin")
    assert str(calendar.zone) == "Europe/Berlin"
    # New Year's Day is free, and so is the weekend after it.
    assert calendar.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert calendar.workdays_between(date(2026, 12, 31), date(2027, 1, 2)) == 1
    assert tools.grace == timedelta(seconds=2.5)


def test_without_settings_weekdays_in_utc_count_and_answers_have_a_second(tmp_path):
    with open_runtime(read_settings(home=tmp_path)) as runtime:
        assert runtime.service.tools.directory.home == Place(country="", zone="UTC")
        assert runtime.service.tools.grace == timedelta(seconds=1)
