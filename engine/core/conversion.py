"""Values of expressions on their way back into the case: ids, texts and JSON."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

_OF_PEOPLE = frozenset({"manager", "records"})  # whoever has no manager has records at least


def text_of(value: Any) -> str | None:
    """A person's id, or a simple value as text; None for nothing and for what has no such text."""
    match value:
        case None | "":
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return text_of(value.get("id"))
        case _:
            return None


def plain(value: Any) -> Any:
    """A value as JSON keeps it: people by their id, dates and instants as text."""
    match value:
        case None | str() | bool() | int() | float():
            return value
        case datetime() | date():
            return text_of(value)
        case Mapping():
            if "id" in value and not _OF_PEOPLE.isdisjoint(value):
                return value["id"]
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case _:
            return str(value)
