"""The values of a case on their way into CEL and out of it.

Inside an expression every number is a decimal one, and every date and time stands on the clock of
the case (`values["$zone"]`, UTC when there is none): so days are 24 hours long, and midnight is
midnight, also where summer time begins.
"""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.core.expression.by_name import Asked, ByName, found_by_name
from engine.core.expression.kinds import ANY, Kind, Type, field_type

MAX_DEPTH: Final = 20
MAX_NODES: Final = 50_000
MAX_TEXT: Final = 1_000_000
MAX_TEXT_IN_LOOP: Final = 10_000
_LARGEST: Final = 2.0**53

Convert = Callable[[Any, dt.tzinfo], Any]
Read = Callable[[Mapping[str, Any], dt.tzinfo], Any]


class Unfit(Exception):  # noqa: N818
    """A value is absent or not what its type says; the message follows the name of the field."""


ABSENT: Final = "is not filled in"


def convert_for(wanted: Type, limit: int, longest: int, asked: Asked) -> Convert:
    """How a value of this type enters CEL; no list in it over `limit`, no text over `longest`."""
    match wanted.kind:
        case Kind.NUMBER:
            return _number
        case Kind.BOOL:
            return _flag
        case Kind.TEXT:
            return lambda value, zone: _within(_text(value, zone), longest)
        case Kind.DATE | Kind.DATETIME:
            return _instant_of(wanted.kind)
        case Kind.DURATION:
            return _duration
        case _:
            return _tree_of(wanted, limit, longest, asked)


def _number(value: Any, _zone: dt.tzinfo) -> float:
    if value.__class__ is int or value.__class__ is float:
        # Not a number fails this comparison, too.
        if -_LARGEST <= value <= _LARGEST:
            return float(value)
        raise Unfit("is a number beyond what can be calculated with exactly")
    raise _not_a("number", value)


def _flag(value: Any, _zone: dt.tzinfo) -> bool:
    if value is True or value is False:
        return bool(value)
    raise _not_a("yes or no", value)


def _text(value: Any, _zone: dt.tzinfo) -> str:
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Unfit("contains half a character")
        return value
    raise _not_a("text", value)


def _within(value: str, longest: int) -> str:
    if len(value) > longest:
        raise Unfit(f"is a text of more than {longest} characters")
    return value


def _duration(value: Any, _zone: dt.tzinfo) -> dt.timedelta:
    if isinstance(value, dt.timedelta):
        return value
    raise _not_a("duration", value)


def _instant_of(kind: Kind) -> Convert:
    conform = _day if kind is Kind.DATE else _moment
    return lambda value, zone: on_the_clock(conform(value), zone)


def _not_a(kind: str, value: Any) -> Unfit:
    return Unfit(ABSENT if value is None else f"is not a {kind}".replace("a yes", "yes"))


def _day(value: Any) -> dt.date:
    """A date, also as the text JSON made of it."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and len(value) == 10:
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise _not_a("date", value)


def _moment(value: Any) -> dt.datetime:
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            raise _not_a("date and time", value) from None
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise Unfit("is a time without a zone")
        return value
    raise _not_a("date and time", value)


def on_the_clock(value: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """A day as its midnight, a moment as the clock of the case shows it; both labelled UTC."""
    if not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    try:
        return value.astimezone(zone).replace(tzinfo=dt.UTC)
    except (OverflowError, ValueError):
        raise Unfit("is a time before year 1 or after year 9999") from None


def _tree_of(wanted: Type, limit: int, longest: int, asked: Asked) -> Convert:
    def convert(value: Any, zone: dt.tzinfo) -> Any:
        if value is None:
            raise Unfit(ABSENT)
        if wanted.kind is Kind.LIST and not isinstance(value, list | tuple):
            raise _not_a("list", value)
        if wanted.kind in (Kind.RECORD, Kind.PERSON) and not isinstance(value, Mapping):
            raise _not_a(str(wanted.kind), value)
        tree = _Tree(zone=zone, limit=limit, longest=longest, asked=asked)
        return tree.entered(value, wanted, 0)

    return convert


class _Tree:
    """One list or record on its way into CEL, with a budget."""

    __slots__ = ("asked", "left", "limit", "longest", "zone")

    def __init__(self, *, zone: dt.tzinfo, limit: int, longest: int, asked: Asked) -> None:
        self.zone = zone
        self.limit = limit
        self.longest = longest
        self.asked = asked
        self.left = MAX_NODES

    def entered(self, value: Any, wanted: Type, depth: int) -> Any:
        if isinstance(value, str):
            return _within(self._worded(value, wanted), self.longest)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return _number(value, self.zone)
        if isinstance(value, dt.date):
            return self._dated(value, wanted)
        if depth > MAX_DEPTH:
            raise Unfit(f"is nested more than {MAX_DEPTH} deep")
        if isinstance(value, list | tuple):
            self._spend(len(value))
            if len(value) > self.limit:
                raise Unfit(f"has {len(value)} items, more than the {self.limit} allowed here")
            item = wanted.item if wanted.kind is Kind.LIST else None
            return [self.entered(one, item or ANY, depth + 1) for one in value]
        if isinstance(value, Mapping):
            self._spend(len(value))
            # A key without a value is a field that nobody filled in.
            return {
                _text(key, self.zone): self.entered(
                    self._found(key, one), field_type(wanted, key) or ANY, depth + 1
                )
                for key, one in value.items()
                if one is not None
            }
        raise Unfit("holds something that an expression cannot read")

    def _found(self, key: str, value: Any) -> Any:
        if isinstance(value, ByName):
            return found_by_name(value, self.asked.get(key, frozenset()))
        return value

    def _spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise Unfit(f"has more than {MAX_NODES} values in it")

    def _worded(self, value: str, wanted: Type) -> str:
        """Dates travel inside lists and records as text: CEL takes them nowhere else."""
        match wanted.kind:
            case Kind.DATE:
                return self._dated(_day(value), wanted)
            case Kind.DATETIME:
                return self._dated(_moment(value), wanted)
            case _:
                return _text(value, self.zone)

    def _dated(self, value: dt.date, wanted: Type) -> str:
        if wanted.kind in (Kind.DATE, Kind.DATETIME):
            return on_the_clock(value, self.zone).isoformat().replace("+00:00", "Z")
        return value.isoformat()


def reading(path: tuple[str, ...], convert: Convert) -> Read:
    """Reads one path; raises KeyError, TypeError or IndexError when nobody filled it, or Unfit."""
    if len(path) == 2:
        first, second = path
        return lambda values, zone: convert(values[first][second], zone)

    def read(values: Mapping[str, Any], zone: dt.tzinfo) -> Any:
        value: Any = values
        for step in path:
            value = value[step]
        return convert(value, zone)

    return read


def presence(path: tuple[str, ...], required: int) -> Read:
    """Whether a path is filled in; its first `required` steps must be, or it raises as reading."""

    def read(values: Mapping[str, Any], _zone: dt.tzinfo) -> bool:
        value: Any = values
        for step in path[:required]:
            value = value[step]
        for step in path[required:]:
            if not isinstance(value, Mapping):
                return False
            value = value.get(step)
        return value is not None

    return read


def sized(value: Any, _zone: dt.tzinfo) -> float:
    if isinstance(value, str | list | tuple | Mapping):
        return float(len(value))
    raise _not_a("list", value)


def identity(value: Any, zone: dt.tzinfo) -> str:
    """Whom a value means: two snapshots of one person are the same person."""
    return _text(value.get("id") if isinstance(value, Mapping) else value, zone)


def identities(value: Any, zone: dt.tzinfo) -> list[str]:
    if not isinstance(value, list | tuple):
        raise _not_a("list", value)
    return [identity(one, zone) for one in value]


def conformed(value: Any, wanted: Type, zone: dt.tzinfo) -> Any:
    """A value as its type promises it to the caller, or Unfit."""
    if value is None:
        raise Unfit(ABSENT)
    match wanted.kind:
        case Kind.BOOL:
            return _flag(value, zone)
        case Kind.NUMBER:
            _number(value, zone)
            return value
        case Kind.TEXT:
            return _text(value, zone)
        case Kind.DATE:
            return _day(value)
        case Kind.DATETIME:
            return _moment(value)
        case Kind.DURATION:
            return _duration(value, zone)
        case Kind.LIST:
            if not isinstance(value, list | tuple):
                raise _not_a("list", value)
            return value
        case Kind.RECORD | Kind.PERSON:
            if not isinstance(value, Mapping):
                raise _not_a(str(wanted.kind), value)
            return value
        case _:
            return value


def left(result: Any, wanted: Type, zone: dt.tzinfo) -> Any:
    """A result of CEL as JSON and Python know it: whole numbers as such, a day as a date."""
    if isinstance(result, bool):
        return result
    if isinstance(result, float):
        if not math.isfinite(result):
            raise Unfit("is a number beyond all bounds")
        return int(result) if result.is_integer() and abs(result) <= _LARGEST else result
    if isinstance(result, dt.datetime):
        return _moved_back(result, wanted, zone)
    if isinstance(result, str) and wanted.kind in (Kind.DATE, Kind.DATETIME):
        return _moved_back(dt.datetime.fromisoformat(result), wanted, zone)
    if isinstance(result, list):
        item = wanted.item if wanted.kind is Kind.LIST else None
        return [left(one, item or ANY, zone) for one in result]
    if isinstance(result, dict):
        return {key: left(one, field_type(wanted, key) or ANY, zone) for key, one in result.items()}
    return result


def _moved_back(result: dt.datetime, wanted: Type, zone: dt.tzinfo) -> dt.date:
    midnight = result.time() == dt.time(0)
    if wanted.kind is Kind.DATE or (wanted.kind is Kind.ANY and midnight):
        return result.date()
    return result.replace(tzinfo=zone).astimezone(dt.UTC)


def zone_of(values: Mapping[str, Any]) -> dt.tzinfo:
    """The clock of the case; UTC unless `values["$zone"]` names another."""
    zone = values.get("$zone", dt.UTC)
    if isinstance(zone, str):
        try:
            return ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise Unfit("is not a time zone") from None
    if isinstance(zone, dt.tzinfo):
        return zone
    raise Unfit("is not a time zone")
