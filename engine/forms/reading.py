"""From what was typed to answers: forgiving about spelling, exact about meaning."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.core.expression import ExpressionFailed
from engine.core.form import Field, FieldType, Form
from engine.forms.address import NoAddress, normal_address
from engine.forms.check import check
from engine.forms.faults import Fault
from engine.forms.typed import Typed, one, rows

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE_PARTS = ("day", "month", "year")
_GUEST = {
    "name": "Enter their name too.",
    "email": "Enter their e-mail address too, so that they can be asked.",
}
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
# Of these currencies a thousandth is paid; of all others 50,000 can only be fifty thousand.
_IN_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a page says: answers to keep if there are no faults, else the faults to show."""

    answers: Mapping[str, Any]
    faults: tuple[Fault, ...]  # in the order of the page, one for each input


@dataclass(frozen=True, kw_only=True, slots=True)
class _Unreadable(Exception):  # noqa: N818 - never leaves this module
    sentence: str
    part: str = ""  # the part of a composite input to put right


def read(
    form: Form,
    values: Typed,
    *,
    known: Mapping[str, Any],
    exists: Callable[[str], bool],
    zone: tzinfo,
    now: datetime,
) -> Reading:
    """Read a page.

    `known` are the values that `required_if` and computed fields may read besides the answers;
    `exists` tells whether a person id is somebody; `zone` is the answerer's.
    """
    reader = _Reader(values=values, zone=zone, now=now)
    answers: dict[str, Any] = {}
    faults: list[Fault] = []
    for field in form.fields:
        found, wrong = reader.field(field, field.name)
        faults.extend(wrong)
        if found is not None:
            answers[field.name] = found
    unreadable = {fault.at.split(".", 1)[0] for fault in faults}
    answers.update(_computed(form, answers, known))
    faults.extend(
        fault
        for fault in check(form, answers, known=known, exists=exists)
        if fault.at.split(".", 1)[0] not in unreadable
    )
    order = {field.name: number for number, field in enumerate(form.fields)}
    faults.sort(key=lambda fault: order.get(fault.at.split(".", 1)[0], len(order)))
    return Reading(answers=answers, faults=tuple(faults))


def _computed(form: Form, answers: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Computed fields whose expression has all it reads; others stay unfilled."""
    found = {}
    for field in form.fields:
        if field.type is FieldType.COMPUTED and field.compute is not None:
            data = {**known.get("data", {}), **answers}
            try:
                found[field.name] = field.compute.eval({**known, **answers, "data": data})
            except ExpressionFailed:
                continue
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    values: Typed
    zone: tzinfo
    now: datetime

    def field(self, field: Field, name: str) -> tuple[Any, list[Fault]]:
        """The JSON value of a field, None if nothing was given, and what could not be read."""
        if field.type is FieldType.TABLE:
            return self._table(field, name)
        try:
            return self._value(field, name), []
        except _Unreadable as wrong:
            at = f"{name}.{wrong.part}" if wrong.part else name
            return None, [Fault(at=at, sentence=wrong.sentence)]

    def _table(self, field: Field, name: str) -> tuple[Any, list[Fault]]:
        found: list[dict[str, Any]] = []
        faults: list[Fault] = []
        for number in rows(self.values, name):
            prefix = f"{name}.{number}."
            filled = any(
                any(value.strip() for value in values)
                for key, values in self.values.items()
                if key.startswith(prefix)
            )
            if not filled:  # an empty row is a row not used, not a mistake
                continue
            row = {}
            for column in field.columns:
                value, wrong = self.field(column, f"{prefix}{column.name}")
                faults.extend(wrong)
                if value is not None:
                    row[column.name] = value
                elif column.required and not wrong:
                    sentence = f"Row {number + 1}: enter {_lower(column.label)}."
                    faults.append(Fault(at=_first_input(column, prefix), sentence=sentence))
            found.append(row)
        return found or None, faults

    def _value(self, field: Field, name: str) -> Any:
        text = one(self.values, name)
        match field.type:
            case FieldType.TEXT | FieldType.CHOICE | FieldType.PERSON:
                return text or None
            case FieldType.LONGTEXT:
                return text.replace("\r\n", "\n") or None
            case FieldType.INTEGER | FieldType.SCALE:
                return _integer(text) if text else None
            case FieldType.NUMBER:
                return _plain(_decimal(text)) if text else None
            case FieldType.PERCENT:
                return _plain(_decimal(text.rstrip("% ")) / 100) if text else None
            case FieldType.MONEY:
                return self._money(name)
            case FieldType.DATE:
                day = self._date(name)
                return day.isoformat() if day else None
            case FieldType.DATETIME:
                return self._datetime(name)
            case FieldType.YES_NO:
                return {"yes": True, "no": False}.get(text)
            case FieldType.CHOICES | FieldType.PEOPLE:
                picked = [value.strip() for value in self.values.get(name, ()) if value.strip()]
                return list(dict.fromkeys(picked)) or None
            case FieldType.GUEST:
                return self._guest(name)
            case FieldType.ATTEST:
                signed = one(self.values, f"{name}.name")
                at = self.now.isoformat(timespec="seconds")
                return {"name": signed, "at": at} if signed else None
            case FieldType.FILE:
                return json.loads(text) if text else None
            case FieldType.TABLE | FieldType.COMPUTED:
                return None

    def _money(self, name: str) -> dict[str, str] | None:
        text = one(self.values, f"{name}.amount")
        if not text:
            return None
        currency = one(self.values, f"{name}.currency").upper()
        amount = _decimal(text, part="amount", whole=currency not in _IN_THOUSANDTHS)
        if not re.fullmatch("[A-Z]{3}", currency):
            raise _Unreadable(
                sentence="Enter the currency as three letters, such as EUR.", part="currency"
            )
        return {"amount": f"{amount:f}", "currency": currency}

    def _guest(self, name: str) -> dict[str, str] | None:
        given = {part: " ".join(one(self.values, f"{name}.{part}").split()) for part in _GUEST}
        if not any(given.values()):
            return None
        for part, sentence in _GUEST.items():
            if not given[part]:
                raise _Unreadable(sentence=sentence, part=part)
        try:
            return {"name": given["name"], "email": normal_address(given["email"])}
        except NoAddress as wrong:
            raise _Unreadable(sentence=f"This is {wrong}.", part="email") from wrong

    def _date(self, name: str) -> date | None:
        day, month, year = (one(self.values, f"{name}.{part}") for part in _DATE_PARTS)
        if not (day or month or year):
            return None
        for part, text in zip(_DATE_PARTS, (day, month, year), strict=True):
            if not text:
                raise _Unreadable(sentence=f"Enter the {part} too.", part=part)
        if month[:3].lower() in _MONTHS:
            month = str(_MONTHS.index(month[:3].lower()) + 1)
        try:
            if len(year) != 4:
                raise _Unreadable(
                    sentence="Enter the year with four digits, such as 2027.", part="year"
                )
            return date(int(year), int(month), int(day))
        except ValueError:
            raise _Unreadable(
                sentence="This day is in no calendar. Enter a date such as 24 12 2027.", part="day"
            ) from None

    def _datetime(self, name: str) -> str | None:
        day = self._date(name)
        text = one(self.values, f"{name}.time")
        if day is None:
            if text:
                raise _Unreadable(sentence="Enter the date too.", part="day")
            return None
        clock = re.fullmatch(r"(\d{1,2})(?:[:.h ](\d{2}))?", text)
        if not clock or int(clock[1]) > 23 or int(clock[2] or 0) > 59:
            raise _Unreadable(sentence="Enter the time such as 9:30 or 14:00.", part="time")
        at = datetime.combine(day, time(int(clock[1]), int(clock[2] or 0)), self.zone)
        return at.isoformat()


def _integer(text: str) -> int:
    number = _decimal(text, whole=True)
    if number != number.to_integral_value():
        raise _Unreadable(sentence=f"Enter a whole number; {text} has a fraction.")
    return int(number)


def _decimal(text: str, part: str = "", *, whole: bool = False) -> Decimal:
    """A number as people write them: 1,234.50 and 1.234,50 and 1 234,50 alike.

    A single mark before three digits, as in 50,000, parts thousands in one country and a fraction
    in another. `whole` says that nobody means a fraction there; else it is asked for again.
    """
    bare = re.sub(r"[\s\u00a0\u202f']", "", text)
    marks = re.findall("[.,]", bare)
    thousands = ""
    if len(set(marks)) == 2:
        thousands = "," if bare.rfind(".") > bare.rfind(",") else "."
    elif len(marks) > 1 or (whole and _EITHER.fullmatch(bare)):
        thousands = marks[0]
    elif _EITHER.fullmatch(bare):
        large, small = re.sub("[.,]", "", bare), bare.replace(",", ".")
        raise _Unreadable(
            sentence=f"“{text}” could be {large} or {small}0. Write it as one of these two.",
            part=part,
        )
    plain = bare.replace(thousands, "") if thousands else bare
    plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(plain) > 20 or "e" in plain.lower() or "_" in plain:
        raise _Unreadable(sentence=f"Enter a number; “{text[:40]}” is none.", part=part)
    return number


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _first_input(column: Field, prefix: str) -> str:
    part = {FieldType.DATE: ".day", FieldType.DATETIME: ".day", FieldType.MONEY: ".amount"}
    return f"{prefix}{column.name}{part.get(column.type, '')}"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
