"""The cells of one person's row as values, each checked on its own."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError

from engine.directory.calendars import PlaceUnknown, check_country, zone_of
from engine.directory.roster import position
from engine.directory.sheet import Problem, SheetRow
from engine.forms.address import normal_address

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A role, of a unit or of the whole organisation."""

    role: str
    unit: str | None

    def __str__(self) -> str:
        return position(self.role, self.unit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One person as the file has them; None where a cell is empty or its column is missing."""

    line: int
    number: str
    name: str
    email: str
    private_email: str | None  # where their tasks arrive after the last day
    manager: str | None  # a number
    title: str | None
    department: str | None
    location: str | None
    country: str | None
    zone: str | None
    grade: str | None
    employment: str | None
    start_date: date | None
    language: str | None
    roles: tuple[Held, ...]
    queues: tuple[str, ...]


def read_entry(row: SheetRow) -> tuple[Entry | None, tuple[Problem, ...]]:
    """The row's values, or everything that is wrong with its cells."""
    problems = tuple(_cell_problems(row))
    if problems:
        return None, problems
    cells = row.cells
    country = cells.get("country") or None
    return (
        Entry(
            line=row.line,
            number=cells["number"],
            name=" ".join(cells["name"].split()),
            email=normal_address(cells["email"]),
            private_email=_address(cells.get("private_email")),
            manager=cells.get("manager") or None,
            title=cells.get("title") or None,
            department=cells.get("department") or None,
            # Somebody with a country and no office works from that country.
            location=cells.get("location") or country,
            country=country,
            zone=cells.get("zone") or None,
            grade=cells.get("grade") or None,
            employment=cells.get("employment") or None,
            start_date=_day(cells["start_date"]) if cells.get("start_date") else None,
            language=cells.get("language") or None,
            roles=tuple(dict.fromkeys(_held(one) for one in _parts(cells.get("roles", "")))),
            queues=tuple(dict.fromkeys(_parts(cells.get("queues", "")))),
        ),
        (),
    )


def _cell_problems(row: SheetRow) -> Iterator[Problem]:
    for column, value in row.cells.items():
        message = _wrong(column, value, row.cells)
        if message is not None:
            yield Problem(line=row.line, column=column, value=value or None, message=message)


def _wrong(column: str, value: str, cells: Mapping[str, str]) -> str | None:
    if not value:
        needed = "everybody needs one" if column in {"number", "name", "email"} else None
        if column == "country" and cells.get("zone"):
            return "a time zone without a country; fill in both"
        return needed
    if len(value) > _LONGEST and column not in {"roles", "queues"}:
        return f"it has {len(value)} characters and {_LONGEST} are allowed"
    if _CONTROL.search(value):
        return "it holds a line break or another control character; remove it"
    check = _CHECKS.get(column)
    if check is None:
        return None
    try:
        check(value)
    except (ValueError, PlaceUnknown) as error:
        return str(error)
    return None


def _address(value: str | None) -> str | None:
    return normal_address(value) if value else None


def _day(value: str) -> date:
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"no such day ({error}); write year-month-day") from error
    raise ValueError("no date; write year-month-day, as in 2027-06-01")


def _language(value: str) -> None:
    try:
        Locale.parse(value, sep="-" if "-" in value else "_")
    except (ValueError, UnknownLocaleError) as error:
        raise ValueError("no language; write `en`, `de`, `pt-BR` or the like") from error


def _held(value: str) -> Held:
    role, at, unit = (part.strip() for part in value.partition("@"))
    if not role or "@" in unit or (at and not unit):
        raise ValueError(
            f"{value!r} is no role; write `role` or `role@unit`, several with `;` between, "
            "as in `hr-partner@Sales; head-of-hr`"
        )
    return Held(role=role, unit=unit or None)


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())


_CHECKS: Mapping[str, Callable[[str], object]] = {
    "email": normal_address,
    "private_email": normal_address,
    "country": check_country,
    "zone": zone_of,
    "start_date": _day,
    "language": _language,
    "roles": lambda value: [_held(one) for one in _parts(value)],
}
