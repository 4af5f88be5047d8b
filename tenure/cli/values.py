"""Values typed after `--set` or into a CSV file, read as their field wants them."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from email.utils import parseaddr
from typing import Any

from engine.core.form import Field, FieldType
from engine.directory import Roster
from tenure.cli.lookup import find_person
from tenure.cli.stopped import Stopped

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def pairs_of(given: Iterable[str]) -> dict[str, str]:
    """`field=value` texts as a mapping. Raises Stopped."""
    pairs: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise Stopped(f"Write a value as field=value; `{text}` is none.")
        if name.strip() in pairs:
            raise Stopped(f"`{name.strip()}` is set twice; keep one.")
        pairs[name.strip()] = value
    return pairs


def values_of(
    given: Mapping[str, str], fields: Iterable[Field], roster: Roster, now: datetime
) -> dict[str, Any]:
    """Stored JSON values by field; an empty text is no value. Raises Stopped."""
    known = {field.name: field for field in fields}
    values: dict[str, Any] = {}
    for name, text in given.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            listed = ", ".join(known) or "none"
            raise Stopped(f"There is no field `{name}` here.{hint} The fields are: {listed}.")
        if text.strip():
            values[name] = _value(known[name], text, roster, now)
    return values


def loose_value(text: str) -> Any:
    """A number, yes or no, list or mapping where it reads as JSON, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _value(field: Field, text: str, roster: Roster, now: datetime) -> Any:
    plain = text.strip()
    match field.type:
        case FieldType.TEXT | FieldType.CHOICE | FieldType.DATE | FieldType.DATETIME:
            return plain
        case FieldType.LONGTEXT:
            return text
        case FieldType.INTEGER | FieldType.SCALE | FieldType.NUMBER:
            return _number(field, plain)
        case FieldType.PERCENT:
            if plain.endswith("%"):
                return round(_number(field, plain.rstrip("% ")) / 100, 8)
            return _number(field, plain)
        case FieldType.YES_NO:
            if plain.lower() not in _YES_NO:
                raise Stopped(f"`{field.name}` wants yes or no; “{plain}” is neither.")
            return _YES_NO[plain.lower()]
        case FieldType.PERSON:
            return find_person(roster, plain)
        case FieldType.GUEST:
            return _guest(field, plain)
        case FieldType.PEOPLE:
            return [find_person(roster, one) for one in _listed(plain)]
        case FieldType.CHOICES:
            return _listed(plain)
        case FieldType.MONEY:
            return _money(field, plain)
        case FieldType.ATTEST:
            return {"name": plain, "at": now.isoformat(timespec="seconds")}
        case FieldType.TABLE:
            return _table(field, plain, roster, now)
        case FieldType.FILE:
            raise Stopped(f"`{field.name}` is a file: hand it in on the task's page.")
        case FieldType.COMPUTED:
            raise Stopped(f"`{field.name}` cannot be set by hand.")


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _number(field: Field, text: str) -> int | float:
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text):
        raise Stopped(f"`{field.name}` wants a number such as 4 or 0.5; “{text}” is none.")
    return float(text) if "." in text else int(text)


def _money(field: Field, text: str) -> dict[str, str]:
    found = re.fullmatch(r"(\d{1,15}(?:\.\d{1,4})?) ?([A-Za-z]{3})", text)
    if found is None:
        raise Stopped(
            f"`{field.name}` wants an amount and a currency such as 1200.50 EUR; “{text}” is none."
        )
    return {"amount": found[1], "currency": found[2].upper()}


def _guest(field: Field, text: str) -> dict[str, str]:
    name, email = parseaddr(text)
    if not name or not email:
        raise Stopped(
            f"`{field.name}` wants a name and an e-mail address such as "
            f"Ada Guest <ada@example.com>; “{text}” is none."
        )
    return {"name": name, "email": email}


def _table(field: Field, text: str, roster: Roster, now: datetime) -> list[dict[str, Any]]:
    columns = {column.name: column for column in field.columns}
    rows = loose_value(text)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        example = json.dumps([dict.fromkeys(columns, "…")], ensure_ascii=False)
        raise Stopped(f"`{field.name}` is a table; write it as JSON, such as {example}.")
    return [
        {
            name: _value(columns[name], cell, roster, now)
            if isinstance(cell, str) and name in columns
            else cell
            for name, cell in row.items()
        }
        for row in rows
    ]
