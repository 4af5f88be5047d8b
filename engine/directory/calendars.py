"""Working days by country, counted through sorted years instead of day by day."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

_FARTHEST = 200  # years; a span that reaches farther is a slip of the author's


class PlaceUnknown(ValueError):  # noqa: N818 - reads as a sentence where it is raised
    """A country or zone that nobody knows; the message says which and how it is written."""


class _HolidayYear(Protocol):
    """What is read of the `holidays` library, whose classes are typed loosely."""

    def is_working_day(self, key: date) -> bool: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingYears:
    """The working days of one country, a year at a time and each year once."""

    country: str  # ISO 3166, with a subdivision if wanted: `DE`, `DE-BE`; empty: no holidays
    _years: dict[int, tuple[int, ...]] = field(default_factory=dict)  # ordinals, sorted

    def of(self, year: int) -> tuple[int, ...]:
        """Ordinals (`date.toordinal`) of the year's working days, sorted."""
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = self._reckon(year)
        return known

    def _reckon(self, year: int) -> tuple[int, ...]:
        country, _, subdivision = self.country.partition("-")
        rules: _HolidayYear = (
            holidays.country_holidays(country, subdiv=subdivision or None, years=year, expand=False)
            if country
            else holidays.HolidayBase(years=year, expand=False)  # weekends only
        )
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        return tuple(
            ordinal
            for ordinal in range(first, last + 1)
            if rules.is_working_day(date.fromordinal(ordinal))
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkCalendar:
    """Working days and the zone of one location."""

    years: WorkingYears
    zone: tzinfo

    def add_workdays(self, day: date, count: int) -> date:
        """The working day `count` working days after (before, if negative) `day`.

        From a day that is no working day counting starts at the next (last) one. Raises
        OverflowError beyond 200 years.
        """
        year = day.year
        working = self.years.of(year)
        index = bisect_left(working, day.toordinal())  # the day itself, or the next working day
        if count < 0 and not (index < len(working) and working[index] == day.toordinal()):
            index -= 1  # the last one before it
        index += count
        while index >= len(working):
            index -= len(working)
            year += 1
            working = self._year(year, day)
        while index < 0:
            year -= 1
            working = self._year(year, day)
            index += len(working)
        return date.fromordinal(working[index])

    def workdays_between(self, start: date, end: date) -> int:
        """Working days from `start` up to, not including, `end`; negative if `end` is earlier."""
        if end < start:
            return -self.workdays_between(end, start)
        before = bisect_left(self.years.of(start.year), start.toordinal())
        within = bisect_left(self.years.of(end.year), end.toordinal())
        between = sum(len(self.years.of(year)) for year in range(start.year, end.year))
        return between - before + within

    def _year(self, year: int, start: date) -> tuple[int, ...]:
        if abs(year - start.year) > _FARTHEST:
            raise OverflowError(f"more than {_FARTHEST} years from {start.isoformat()}")
        return self.years.of(year)


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendars:
    """Every calendar that was asked for, so that a year is reckoned once in a process."""

    _countries: dict[str, WorkingYears] = field(default_factory=dict)
    _calendars: dict[tuple[str, str], WorkCalendar] = field(default_factory=dict)

    def of(self, country: str, zone: str) -> WorkCalendar:
        """Raises PlaceUnknown."""
        known = self._calendars.get((country, zone))
        if known is None:
            years = self._countries.get(country)
            if years is None:
                if country:
                    check_country(country)
                years = self._countries.setdefault(country, WorkingYears(country=country))
            made = WorkCalendar(years=years, zone=zone_of(zone))
            known = self._calendars.setdefault((country, zone), made)
        return known


def check_country(country: str) -> None:
    """Raises PlaceUnknown with what would be right."""
    known = _countries()
    code, dash, subdivision = country.partition("-")
    if code not in known:
        raise PlaceUnknown(
            f"no country is written {code!r}; use two capital letters as in `DE`, `GB` or `US`"
        )
    if dash and subdivision not in known[code]:
        some = ", ".join(f"{code}-{name}" for name in sorted(known[code])[:6])
        way = f"use one such as {some}, or {code} alone" if some else f"use {code} alone"
        raise PlaceUnknown(
            f"{code} has no subdivision {subdivision!r} with holidays of its own; {way}"
        )


def zone_of(name: str) -> ZoneInfo:
    """Raises PlaceUnknown with what would be right."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # OSError: a folder of the zone database, such as `Europe`
        raise PlaceUnknown(
            f"no time zone is called {name!r}; use an IANA name such as `Europe/Berlin`, "
            "`America/Chicago` or `UTC`"
        ) from error


def _countries() -> Mapping[str, Any]:
    return holidays.list_supported_countries(include_aliases=True)
