"""What our functions compute, in plain Python; a ValueError holds the sentence of what is wrong."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

MAX_RESULT_TEXT: Final = 1_000_000


def whole_days(given: float) -> int:
    if given != int(given):
        raise ValueError(f"{given} is not a whole number of days")
    return int(given)


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def divided(left: float, right: float) -> float:
    if right == 0:
        raise ValueError("it divides by zero")
    return left / right


def remainder(left: float, right: float) -> float:
    if right == 0:
        raise ValueError("it divides by zero")
    return left % right


def number_text(given: float) -> str:
    """At most six decimals, no exponent, no trailing zeros: what a person would write."""
    if not math.isfinite(given):
        raise ValueError("the number is beyond all bounds")
    written = f"{given:.6f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def rounded(given: float, digits: float) -> float:
    """Half away from zero, as people round: 2.5 is 3."""
    scale = 10.0 ** min(max(whole_days(digits), 0), 9)
    return math.copysign(math.floor(abs(given) * scale + 0.5 + 1e-9), given) / scale


def number_from(given: str) -> float:
    """A number written with a decimal point; raises ValueError with a sentence."""
    try:
        value = float(given) if given.isascii() and "_" not in given else math.nan
    except ValueError:
        value = math.nan
    if not abs(value) <= 2**53:
        raise ValueError(f'"{given[:40]}" is not a number')
    return value


def date_from(given: str) -> dt.date:
    """A day written as 2027-01-31; raises ValueError with a sentence."""
    try:
        if len(given) == 10:
            return dt.date.fromisoformat(given)
    except ValueError:
        pass
    raise ValueError(f'"{given[:40]}" is not a date such as 2027-01-31')


def datetime_from(given: str) -> dt.datetime:
    """A moment in the time of the case, written without a zone; raises ValueError."""
    try:
        moment = dt.datetime.fromisoformat(given)
        if moment.tzinfo is None and len(given) >= 16:
            return moment.replace(tzinfo=dt.UTC)
    except ValueError:
        pass
    raise ValueError(f'"{given[:40]}" is not a time such as 2027-01-31T09:00 (without a zone)')


def instant_from(given: str, zone: str) -> dt.datetime:
    """A date or a time of unknown origin, as JSON carries it, on the clock of the case."""
    try:
        if len(given) == 10:
            return midnight(dt.date.fromisoformat(given))
        moment = dt.datetime.fromisoformat(given)
    except ValueError:
        raise ValueError(f'"{given[:40]}" is not a date such as 2027-01-31') from None
    if moment.tzinfo is not None and zone != "UTC":
        moment = moment.astimezone(ZoneInfo(zone))
    elif moment.tzinfo is not None:
        moment = moment.astimezone(dt.UTC)
    return moment.replace(tzinfo=dt.UTC)


def replaced(given: str, old: str, new: str) -> str:
    count = given.count(old)
    if len(given) + count * (len(new) - len(old)) > MAX_RESULT_TEXT:
        raise ValueError("the text would become too long")
    return given.replace(old, new)


def joined_texts(items: Sequence[Any], separator: str) -> str:
    if not all(isinstance(item, str) for item in items):
        raise ValueError("only texts can be joined")
    if sum(map(len, items)) + len(items) * len(separator) > MAX_RESULT_TEXT:
        raise ValueError("the text would become too long")
    return separator.join(items)


def _numbers(items: Iterable[Any], field: str | None) -> list[float]:
    """The numbers that are there: an item without the field gave no answer and does not count."""
    found: list[float] = []
    for item in items:
        value = item
        if field is not None:
            if not isinstance(item, Mapping):
                raise ValueError(f'an item of the list has no field "{field}"')
            value = item.get(field)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("an item of the list is not a number")  # noqa: TRY004
        if not abs(value) <= 2**53:
            raise ValueError("an item of the list is too large a number")
        found.append(float(value))
    return found


def mean(items: Sequence[Any], field: str | None = None) -> float:
    found = _numbers(items, field)
    if not found:
        raise ValueError("there is nothing to take the mean of")
    return math.fsum(found) / len(found)


def total(items: Sequence[Any], field: str | None = None) -> float:
    return math.fsum(_numbers(items, field))


def least(items: Sequence[Any], field: str | None = None) -> float:
    found = _numbers(items, field)
    if not found:
        raise ValueError("there is nothing to take the least of")
    return min(found)


def greatest(items: Sequence[Any], field: str | None = None) -> float:
    found = _numbers(items, field)
    if not found:
        raise ValueError("there is nothing to take the greatest of")
    return max(found)


def count_where(items: Sequence[Any], field: str, value: Any) -> float:
    """How many items say exactly this; one that does not say is not counted."""
    found_so_far = 0
    said = not items
    for item in items:
        if not isinstance(item, Mapping):
            raise ValueError(f'an item of the list has no field "{field}"')  # noqa: TRY004
        found = item.get(field)
        if found is None:
            continue
        said = True
        if isinstance(found, Mapping):  # a person is meant by their id
            found = found.get("id")
        # Python holds True for 1: yes and 1 are different answers.
        found_so_far += found == value and isinstance(found, bool) == isinstance(value, bool)
    if not said:
        raise ValueError(f'no item of the list has a field "{field}"')
    return float(found_so_far)


AGGREGATE_FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {
    "mean": mean,
    "sum": total,
    "least": least,
    "greatest": greatest,
}
