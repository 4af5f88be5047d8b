"""Values on their way into the case file: as a field's type is stored, or refused in a sentence.

Pages, proofs and expressions rely on it that a field holds what its author declared, whatever a
signal from outside brings.
"""

from collections.abc import Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any, assert_never

from engine.core.conversion import plain, text_of
from engine.core.form import Field, FieldType


class Misfit(Exception):  # noqa: N818 - it says what a value is, and not that we failed
    """The value is nothing the field can hold; the message says what it wants."""


def fitted(field: Field, value: Any) -> Any:
    """A value that is not None as the field stores it; raises Misfit."""
    value = plain(value)
    match field.type:
        case FieldType.TEXT | FieldType.LONGTEXT:
            return _text(value)
        case FieldType.INTEGER | FieldType.SCALE:
            return _whole(field, value)
        case FieldType.NUMBER | FieldType.PERCENT:
            return _number(field, value)
        case FieldType.MONEY:
            return _money(value)
        case FieldType.DATE:
            return _date(value)
        case FieldType.DATETIME:
            return _datetime(value)
        case FieldType.YES_NO:
            return _yes_no(value)
        case FieldType.CHOICE:
            return _choice(field, value)
        case FieldType.CHOICES:
            return list(dict.fromkeys(_choice(field, each) for each in _list(value)))
        case FieldType.PERSON | FieldType.GUEST:
            return _person(value)
        case FieldType.PEOPLE:
            return [_person(each) for each in _list(value) if each is not None]
        case FieldType.TABLE:
            return _table(field, value)
        case FieldType.ATTEST:
            return _attest(value)
        case FieldType.FILE | FieldType.COMPUTED:  # never written by `set:`
            return value
        case _:
            assert_never(field.type)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Misfit("wants text")
    return str(value)


def _whole(field: Field, value: Any) -> int:
    number = _number(field, value)
    if number != int(number):
        raise Misfit(f"wants a whole number{_between(field)}")
    return int(number)


def _number(field: Field, value: Any) -> int | float:
    known = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    low = field.min is not None and known and value < field.min
    high = field.max is not None and known and value > field.max
    if not known or low or high:
        raise Misfit(f"wants a number{_between(field)}")
    number: int | float = value
    return number


def _between(field: Field) -> str:
    low = "" if field.min is None else f" from {field.min:g}"
    return low + ("" if field.max is None else f" to {field.max:g}")


def _money(value: Any) -> Any:
    parts = ("amount", "currency")
    if not isinstance(value, Mapping) or not all(isinstance(value.get(p), str) for p in parts):
        raise Misfit("wants an amount and a currency, both as text")
    return value


def _date(value: Any) -> str:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise Misfit("wants a date such as 2027-06-01")


def _datetime(value: Any) -> str:
    try:
        if isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None:
            return value
    except ValueError:
        pass
    raise Misfit("wants an instant such as 2027-06-01T09:00:00+02:00")


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Misfit("wants true or false")
    return value


def _choice(field: Field, value: Any) -> str:
    if isinstance(value, bool) or str(value) not in field.options:
        raise Misfit(f"wants one of {', '.join(field.options)}")
    return str(value)


def _person(value: Any) -> str:
    person = value if isinstance(value, str) else text_of(value)
    if not person or not isinstance(value, str | Mapping):
        raise Misfit("wants a person")
    return person


def _table(field: Field, value: Any) -> list[Any]:
    rows = _list(value)
    if not all(isinstance(row, Mapping) for row in rows):
        raise Misfit("wants rows with names for their values")
    columns = {column.name: column for column in field.columns}
    return [
        {n: v if v is None or n not in columns else fitted(columns[n], v) for n, v in row.items()}
        for row in rows
    ]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Misfit("wants a list")
    return list(value)


def _attest(value: Any) -> Any:
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        raise Misfit("wants somebody's name and when they signed")
    return value
