"""People as expressions see them: with what the directory knows, wherever an id stands for one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.core.chart import Each
from engine.core.draft import Draft
from engine.core.expression import ByName, Kind
from engine.core.form import Field, FieldType
from engine.core.instants import from_micros


class Records(ByName):
    """The shared records about somebody or something, each looked up when it is read.

    They are read by name only: as a whole there are none, so that nothing is looked up unasked.
    With `last` one that has expired is read as well, where none is valid.
    """

    __slots__ = ("_about", "_draft", "_last")

    def __init__(self, draft: Draft, about: str, *, last: bool) -> None:
        self._draft = draft
        self._about = about
        self._last = last

    def __getitem__(self, kind: str) -> Mapping[str, Any]:
        key = f"record {kind} {self._about}"
        if key not in self._draft.known:
            self._draft.known[key] = _record(self._draft.facts.record(kind, self._about))
        found: Mapping[str, Any] | None = self._draft.known[key]
        if found is None or not (self._last or self._holds(found)):
            raise KeyError(kind)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def _holds(self, found: Mapping[str, Any]) -> bool:
        until: datetime | None = found.get("valid_until")
        return until is None or until > self._draft.now


def _record(kept: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if kept is None:
        return None
    found = {**kept["attributes"], "value": kept["value"], "valid_from": from_micros(kept["from"])}
    if kept["until"] is not None:
        found["valid_until"] = from_micros(kept["until"])
    return found


def person_bound(draft: Draft, person: str) -> Mapping[str, Any]:
    """A person as expressions see them, managers nested as deep as the definition reads."""
    return _person(draft, person, draft.chart.definition.person_depth)


def _person(draft: Draft, person: str, depth: int) -> Mapping[str, Any]:
    key = f"{depth} {person}"
    found: Mapping[str, Any] | None = draft.known.get(key)
    if found is None:
        flat = draft.facts.person(person)
        known = {
            "records": Records(draft, person, last=False),
            "last_records": Records(draft, person, last=True),
        }
        if flat is None:
            found = {"id": person, **known}
        else:
            manager = flat.get("manager")
            above = None if manager is None or depth < 1 else _person(draft, manager, depth - 1)
            found = {**flat, "manager": above, **known}
        draft.known[key] = found
    return found


def item_bound(draft: Draft, each: Each, value: Any) -> Any:
    """An item as expressions see it: a person if the list is one of people, else a text."""
    kind = each.items.type.item.kind if each.items.type.item is not None else Kind.ANY
    if kind is Kind.PERSON:
        return person_bound(draft, value)
    if kind is Kind.ANY and draft.facts.person(value) is not None:
        return person_bound(draft, value)
    return value


def field_bound(draft: Draft, field: Field, value: Any) -> Any:
    """A stored answer as expressions see it: people with what the directory knows of them."""
    if value.__class__ is str and field.type not in (FieldType.PERSON, FieldType.GUEST):
        return value
    match field.type:
        case FieldType.PERSON | FieldType.GUEST if isinstance(value, str):
            return person_bound(draft, value)
        case FieldType.PEOPLE if isinstance(value, (list, tuple)):
            return [person_bound(draft, each) for each in value]
        case FieldType.TABLE if isinstance(value, (list, tuple)):
            return [_row_bound(draft, field, row) for row in value]
        case _:
            return value


def _row_bound(draft: Draft, table: Field, row: Any) -> Any:
    if not isinstance(row, Mapping):
        return row
    columns = {column.name: column for column in table.columns}
    return {
        name: field_bound(draft, columns[name], value) if name in columns else value
        for name, value in row.items()
    }
