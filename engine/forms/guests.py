"""Guests in answers: a name and an address as they were typed, then the id of who that is."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.core.form import Field, FieldType

# From `{"name", "email"}` to a person id: of who is known by that address, or somebody new.
Enlist = Callable[[Mapping[str, Any]], str]


def with_guests(
    fields: Iterable[Field], answers: Mapping[str, Any], enlist: Enlist
) -> dict[str, Any]:
    """Answers that were checked, as they are kept: every guest by their id.

    Who stands there by an id already stays; `enlist` is asked once for each who does not.
    """
    asked = {field.name: field for field in fields}
    return {
        name: _kept(asked[name], value, enlist) if name in asked else value
        for name, value in answers.items()
    }


def asks_for_guests(fields: Iterable[Field]) -> bool:
    return any(field.type is FieldType.GUEST or asks_for_guests(field.columns) for field in fields)


def _kept(field: Field, value: Any, enlist: Enlist) -> Any:
    match field.type:
        case FieldType.GUEST if isinstance(value, Mapping):
            return enlist(value)
        case FieldType.TABLE if isinstance(value, list) and asks_for_guests(field.columns):
            return [
                with_guests(field.columns, row, enlist) if isinstance(row, Mapping) else row
                for row in value
            ]
        case _:
            return value
