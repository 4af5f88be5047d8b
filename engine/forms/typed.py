"""What somebody typed, exactly as typed: kept in drafts, shown again after an error.

Inputs are named after fields: `rating`; `sent_on.day`, `.month`, `.year` (and `.time`);
`salary.amount`, `.currency`; `candidate.name`, `.email`; `goals.0.measure` for a table's row;
`signed.name`. Lists (`choices`, `people`) repeat their name.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from engine.core.form import Field, FieldType, Form

Typed = Mapping[str, tuple[str, ...]]  # by input name, in the order posted

PAIR_LIMIT = 3_000


def typed(pairs: Iterable[tuple[str, str]], form: Form) -> dict[str, tuple[str, ...]]:
    """The posted pairs that belong to fields of the form; everything else is left out.

    A file is no pair: which one was handed in is what the server says, never the browser.
    """
    left_out = (FieldType.COMPUTED, FieldType.FILE)
    names = {field.name for field in form.fields if field.type not in left_out}
    kept: dict[str, tuple[str, ...]] = {}
    for number, (name, value) in enumerate(pairs):
        if number >= PAIR_LIMIT:
            break
        if name.split(".", 1)[0] in names:
            kept[name] = (*kept.get(name, ()), value)
    return kept


def file_fields(form: Form) -> tuple[Field, ...]:
    return tuple(field for field in form.fields if field.type is FieldType.FILE)


def file_typed(reference: Mapping[str, Any]) -> str:
    """How a draft holds a file that was handed in."""
    return json.dumps(dict(reference), sort_keys=True)


def one(values: Typed, name: str) -> str:
    """The last value of an input, without surrounding space; `` where nothing was posted."""
    return values[name][-1].strip() if values.get(name) else ""


def rows(values: Typed, field: str) -> tuple[int, ...]:
    """The row numbers posted for a table, in order."""
    found = set()
    for name in values:
        parts = name.split(".")
        if parts[0] == field and len(parts) > 2 and parts[1].isdecimal() and len(parts[1]) < 5:
            found.add(int(parts[1]))
    return tuple(sorted(found))


def renumbered(values: Typed, form: Form, *, keep_empty: bool = True) -> dict[str, tuple[str, ...]]:
    """The same with the rows of every table counted from 0 without gaps.

    Without `keep_empty` rows in which nothing was typed are left out.
    """
    result = dict(values)
    for field in form.fields:
        if field.type is not FieldType.TABLE:
            continue
        old = {name: value for name, value in result.items() if name.startswith(f"{field.name}.")}
        for name in old:
            del result[name]
        number = 0
        for row in rows(old, field.name):
            prefix = f"{field.name}.{row}."
            inputs = {name: value for name, value in old.items() if name.startswith(prefix)}
            if not keep_empty and not any(one.strip() for each in inputs.values() for one in each):
                continue
            for name, value in inputs.items():
                result[f"{field.name}.{number}.{name.removeprefix(prefix)}"] = value
            number += 1
    return result


def written(form: Form, answers: Mapping[str, Any], zone: tzinfo) -> dict[str, tuple[str, ...]]:
    """Answers as somebody would have typed them: to begin a page with what is known."""
    result: dict[str, tuple[str, ...]] = {}
    for field in form.fields:
        if field.name in answers:
            result.update(_field(field, field.name, answers[field.name], zone))
    return result


def _field(
    field: Field, name: str, value: Any, zone: tzinfo
) -> Iterator[tuple[str, tuple[str, ...]]]:
    if value is None:
        return
    match field.type:
        case FieldType.DATE:
            yield from _date(name, str(value))
        case FieldType.DATETIME:
            at = datetime.fromisoformat(str(value)).astimezone(zone)
            yield from _date(name, at.date().isoformat())
            yield f"{name}.time", (at.strftime("%H:%M"),)
        case FieldType.MONEY:
            yield f"{name}.amount", (_number(value["amount"]),)
            yield f"{name}.currency", (str(value["currency"]),)
        case FieldType.PERCENT:
            yield name, (_number(f"{round(float(value) * 100, 6):g}"),)
        case FieldType.NUMBER:
            yield name, (_number(value),)
        case FieldType.YES_NO:
            yield name, ("yes" if value else "no",)
        case FieldType.CHOICES | FieldType.PEOPLE:
            yield name, tuple(str(item) for item in value)
        case FieldType.TABLE:
            for number, row in enumerate(value):
                for column in field.columns:
                    place = f"{name}.{number}.{column.name}"
                    yield from _field(column, place, row.get(column.name), zone)
        case FieldType.GUEST if isinstance(value, Mapping):
            yield f"{name}.name", (str(value["name"]),)
            yield f"{name}.email", (str(value["email"]),)
        case FieldType.ATTEST:
            yield f"{name}.name", (str(value["name"]),)
        case FieldType.FILE:
            yield name, (file_typed(value),)
        case FieldType.COMPUTED:
            return
        case (
            FieldType.TEXT
            | FieldType.LONGTEXT
            | FieldType.INTEGER
            | FieldType.SCALE
            | FieldType.CHOICE
            | FieldType.PERSON
            | FieldType.GUEST
        ):
            yield name, (str(value),)


def _number(value: Any) -> str:
    """In digits, so that nobody can take the fraction for thousands: 1.2340 for 1.234."""
    text = f"{Decimal(str(value)):f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def _date(name: str, iso: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    year, month, day = iso.split("-")
    yield f"{name}.day", (str(int(day)),)
    yield f"{name}.month", (str(int(month)),)
    yield f"{name}.year", (year,)
