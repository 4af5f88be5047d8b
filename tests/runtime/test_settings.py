"""Settings: refused in sentences before anything is opened, and carried to where they count."""

from datetime import date, timedelta

import pytest

from engine.directory import Place
from tenure.house import offers_console
from tenure.runtime import base_url_of, open_runtime
from tenure.settings import SettingsWrong, read_settings


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("country", "Germany", r"TENURE_COUNTRY: .*no country is written 'Germany'"),
        ("country", "DE-XX", r"TENURE_COUNTRY: .*DE has no subdivision 'XX'"),
        ("timezone", "Berlin", r"TENURE_TIMEZONE: .*must be an IANA name such as `Europe/Berlin`"),
        ("base_url", "hr.example.com", "TENURE_BASE_URL: .*must be a whole address such as"),
        ("base_url", "https://me@hr.example.com", "TENURE_BASE_URL: .*must be a whole address"),
        ("base_url", "https://example.com/hr", "TENURE_BASE_URL: .*must end after the host"),
        ("base_url", "https://example.com:x", "TENURE_BASE_URL: .*Port could not be cast"),
        ("timer_grace", -1, "TENURE_TIMER_GRACE: .*greater than or equal to 0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_its_name(tmp_path, name, value, sentence):
    with pytest.raises(SettingsWrong, match=sentence):
        read_settings(home=tmp_path, **{name: value})


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://HR.Example.com/", "https://hr.example.com"),
        ("https://hr.example.com:443", "https://hr.example.com"),
        ("http://hr.example.com:8080/", "http://hr.example.com:8080"),
        ("https://büro.example.com", "https://xn--bro-hoa.example.com"),
        ("http://[::1]:8700", "http://[::1]:8700"),
    ],
)
def test_the_address_is_kept_as_browsers_send_it_with_every_post(tmp_path, written, origin):
    assert read_settings(home=tmp_path, base_url=written).base_url == origin


@pytest.mark.parametrize(
    ("base_url", "console", "offered"),
    [
        (None, None, True),
        ("http://localhost:8700", None, True),
        ("https://hr.example.com", None, False),
        ("https://hr.example.com", True, True),
        (None, False, False),
    ],
)
def test_behind_another_address_the_console_takes_a_yes(tmp_path, base_url, console, offered):
    settings = read_settings(home=tmp_path, base_url=base_url, console=console)
    assert offers_console(settings, base_url_of(settings)) is offered


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


def test_a_new_folder_is_for_its_account_alone(tmp_path):
    home = tmp_path / "tenure"
    with open_runtime(read_settings(home=home)):
        assert home.stat().st_mode & 0o777 == 0o700
