"""What an expression can hold: the few kinds an author knows, and lists and records of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """The word is the one an author reads in a message."""

    BOOL = "yes/no"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    DATETIME = "date and time"
    DURATION = "duration"
    PERSON = "person"
    RECORD = "record"
    LIST = "list"
    OPTIONAL = "optional value"
    ANY = "anything"


@dataclass(frozen=True, kw_only=True, slots=True)
class Type:
    # what kind of value it is
    kind: Kind
    # RECORD and PERSON: the known fields; None is open, any field may be read
    fields: "Mapping[str, Type] | None" = None
    # LIST and OPTIONAL: what is inside, None in `[]`; RECORD: the value under any unknown key
    item: "Type | None" = None
    # TEXT: the only values it can have; empty when any text will do
    options: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.kind is Kind.LIST and self.item is not None and self.item.kind is not Kind.ANY:
            return f"list of {self.item}"
        return str(self.kind)


BOOL: Final = Type(kind=Kind.BOOL)
NUMBER: Final = Type(kind=Kind.NUMBER)
TEXT: Final = Type(kind=Kind.TEXT)
DATE: Final = Type(kind=Kind.DATE)
DATETIME: Final = Type(kind=Kind.DATETIME)
DURATION: Final = Type(kind=Kind.DURATION)
ANY: Final = Type(kind=Kind.ANY)
EMPTY: Final = Type(kind=Kind.LIST)  # `[]`: beside another list it is one of the same
PERSON_FIELDS: Final[Mapping[str, Type]] = MappingProxyType(
    dict.fromkeys(("id", "name", "email", "department", "location", "country", "title"), TEXT)
)


def choice(*options: str) -> Type:
    return Type(kind=Kind.TEXT, options=options)


def list_of(item: Type) -> Type:
    return Type(kind=Kind.LIST, item=item)


def optional_of(item: Type) -> Type:
    return Type(kind=Kind.OPTIONAL, item=item)


def record(fields: Mapping[str, Type] | None = None, *, item: Type | None = None) -> Type:
    """A record with exactly these fields; without `fields` an open one; `item` types all others."""
    return Type(kind=Kind.RECORD, fields=fields, item=item)


def person(fields: Mapping[str, Type] | None = None) -> Type:
    """A person: the usual fields are known; with `fields` these come on top and no others exist."""
    if fields is None:
        return Type(kind=Kind.PERSON)
    return Type(kind=Kind.PERSON, fields={**PERSON_FIELDS, **fields})


def field_type(owner: Type, name: str) -> Type | None:
    """The type of one field; None when the owner is known not to have it."""
    match owner.kind:
        case Kind.ANY:
            return ANY
        case Kind.PERSON:
            if name == "manager" and "manager" not in (owner.fields or {}):
                return owner
            known = PERSON_FIELDS if owner.fields is None else owner.fields
            return known.get(name, ANY if owner.fields is None else None)
        case Kind.RECORD:
            if owner.fields is not None and name in owner.fields:
                return owner.fields[name]
            return owner.item or (ANY if owner.fields is None else None)
        case _:
            return None


def field_names(owner: Type) -> tuple[str, ...]:
    """The fields worth suggesting."""
    if owner.kind is Kind.PERSON:
        return (*(PERSON_FIELDS if owner.fields is None else owner.fields), "manager")
    return tuple(owner.fields or ())


def fits(actual: Type, wanted: Type) -> bool:
    """Whether a value of one type may stand where the other is wanted; ANY fits everywhere."""
    if Kind.ANY in (actual.kind, wanted.kind):
        return True
    if actual.kind is not wanted.kind:
        return False
    if actual.kind in (Kind.LIST, Kind.OPTIONAL):
        return fits(actual.item or ANY, wanted.item or ANY)
    return True


def joined(left: Type, right: Type) -> Type | None:
    """The one type of two alternatives; None when they differ in kind."""
    if left == right:
        return left
    if Kind.ANY in (left.kind, right.kind):
        return ANY
    if left.kind is not right.kind:
        return None
    match left.kind:
        case Kind.LIST if EMPTY in (left, right):
            return right if left == EMPTY else left
        case Kind.LIST | Kind.OPTIONAL:
            item = joined(left.item or ANY, right.item or ANY)
            return Type(kind=left.kind, item=item or ANY)
        case Kind.TEXT:
            return TEXT
        case Kind.RECORD:
            return _joined_records(left, right)
        case Kind.PERSON:
            return Type(kind=left.kind)
        case _:
            return left


def _joined_records(left: Type, right: Type) -> Type:
    """What both know of a field stays known: a date among it must come back as a date."""
    ours, theirs = dict(left.fields or {}), dict(right.fields or {})
    fields = {
        name: joined(ours.get(name, kind), theirs.get(name, kind)) or ANY
        for name, kind in {**ours, **theirs}.items()
    }
    return record(fields, item=ANY) if fields else record()
