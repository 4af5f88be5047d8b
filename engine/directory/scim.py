"""People as an identity system tells of them by SCIM 2.0, as the sheet that an import reads.

Needs the extra `scim`. Fetching is the entrance's matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from pydantic import ValidationError
from scim2_models import Context, EnterpriseUser, User

from engine.directory.sheet import COLUMNS, Sheet, SheetRow, SheetUnreadable

Person = User[EnterpriseUser]

_ALWAYS: Final = ("number", "name", "email")


def page_of(data: bytes) -> tuple[list[Mapping[str, Any]], int]:
    """The resources of a list response, or of a plain list, and how many there are in all.

    Raises SheetUnreadable.
    """
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise SheetUnreadable(f"this is no JSON: {error}") from error
    if isinstance(found, Mapping):
        people = found.get("Resources", [])
        total = found.get("totalResults", len(people) if isinstance(people, list) else 0)
    else:
        people, total = found, len(found) if isinstance(found, list) else 0
    if not isinstance(people, list) or not isinstance(total, int):
        raise SheetUnreadable(
            "this is no list of people: a SCIM list response has `Resources`, a list of users"
        )
    return people, total


def sheet_of(resources: Sequence[Mapping[str, Any]]) -> Sheet:
    """Who is active as rows, each with its place in the list for a line.

    A number is the `employeeNumber`, else the `externalId`, else the `userName`. A manager who is
    not active is nobody. Columns that nobody has a value for are left out: they stay as they are.
    Raises SheetUnreadable for what is no user.
    """
    people = [_person(resource, place) for place, resource in enumerate(resources, start=1)]
    numbers = {one.id: _number(one) for one in people if one.id and one.active is not False}
    away = {one.id for one in people if one.active is False}
    rows = [
        SheetRow(line=place, cells=_cells(one, numbers, away))
        for place, one in enumerate(people, start=1)
        if one.active is not False
    ]
    told = {name for row in rows for name in row.cells}
    columns = tuple(name for name in COLUMNS if name in told or name in _ALWAYS)
    return Sheet(
        columns=columns,
        rows=tuple(
            SheetRow(line=row.line, cells={name: row.cells.get(name, "") for name in columns})
            for row in rows
        ),
        problems=(),
        ignored=(),
    )


def _person(resource: Mapping[str, Any], place: int) -> Person:
    try:
        return Person.model_validate(resource, scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise SheetUnreadable(
            f"person {place} of the list is no SCIM user: {where}: {first['msg']}"
        ) from error


def _cells(one: Person, numbers: Mapping[str, str], away: set[str | None]) -> dict[str, str]:
    work = one[EnterpriseUser]
    cells = {
        "number": _number(one),
        "name": _name(one),
        "email": _email(one),
        "title": one.title,
        "language": one.preferred_language,
        "employment": one.user_type,
        "roles": "; ".join(role.value for role in one.roles or () if role.value) or None,
    }
    if work is not None:
        manager = None if work.manager is None else work.manager.value
        cells |= {
            "department": work.department,
            "manager": "" if manager and manager in away else numbers.get(manager or "", manager),
        }
    return {name: _clean(value) for name, value in cells.items() if value is not None}


def _number(one: Person) -> str:
    work = one[EnterpriseUser]
    number = None if work is None else work.employee_number
    return str(number or one.external_id or one.user_name or "")


def _name(one: Person) -> str | None:
    if one.display_name:
        return str(one.display_name)
    if one.name is None:
        return one.user_name
    return one.name.formatted or _joined((one.name.given_name, one.name.family_name))


def _email(one: Person) -> str | None:
    mails = [mail for mail in one.emails or () if mail.value]
    chosen = next((mail for mail in mails if mail.primary), mails[0] if mails else None)
    return None if chosen is None else str(chosen.value)


def _joined(parts: Iterable[str | None]) -> str:
    return " ".join(part for part in parts if part)


def _clean(value: Any) -> str:
    return " ".join(str(value).split())
