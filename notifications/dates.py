"""Instants as a person reads them: in their words, on their clock, with the clock's name."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_time,
    get_datetime_format,
    get_timezone_location,
    get_timezone_name,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """An instant, written out."""

    when: str  # "Monday, 14 December 2026, 17:00"
    zone: str  # "Central European Standard Time"
    language: str  # BCP 47, of these two texts
    direction: str  # "ltr" or "rtl"


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """The nearest locale that is known; English for a language that nobody has heard of.

    English without a country is British, as our sentences and the pages are: the same due date
    reads the same in the mail and on the page that it leads to.
    """
    try:
        found = Locale.parse(language.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en", "GB")
    return Locale("en", "GB") if str(found) == "en" else found


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The named zone; UTC for one that is not known, which the written date then says."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return ZoneInfo("UTC")


def moment(instant: datetime, *, language: str, zone: str) -> Moment:
    locale = locale_of(language)
    local = instant.astimezone(zone_of(zone))
    pattern = str(get_datetime_format("full", locale)).replace("'", "")
    when = pattern.replace("{1}", format_date(local, "full", locale)).replace(
        "{0}", format_time(local, "short", locale=locale)
    )
    return Moment(
        when=when,
        zone=_zone_name(local, locale),
        language=str(locale).replace("_", "-"),
        direction=locale.text_direction,
    )


def _zone_name(local: datetime, locale: Locale) -> str:
    name = get_timezone_name(local, locale=locale)
    key = str(local.tzinfo)
    if any(digit in name for digit in "0123456789") and "/" in key and not key.startswith("Etc/"):
        # Some zones have no name of their own, only "GMT+05:30": the city tells whose clock it is.
        return f"{name}, {get_timezone_location(key, locale=locale, return_city=True)}"
    return name
