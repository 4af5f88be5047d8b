"""What is read by name only, such as records, on its way into CEL, which knows only what is there.

A path from the case is read step by step and asks for one name. An item of a list goes into CEL as
a whole, so what the expression asks for by name below it is looked up before, and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.core.expression.functions import MACROS
from engine.core.expression.tree import (
    Call,
    Index,
    Literal,
    Name,
    Node,
    Select,
    children,
    path_of,
)

# By the field that they stand below: `records` of `p.records.rating` has `rating`.
Asked = Mapping[str, frozenset[str]]


class ByName(Mapping[str, Any]):
    """Has no keys of its own that could be gone through: each is found when it is asked for."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def names_asked(*nodes: Node) -> Asked:
    """Every name that expressions ask of a field, wherever that field stands."""
    return _names(part for node in nodes for part in _parts(node))


def names_asked_of_items(node: Node) -> Asked:
    """Only those that are asked of a field of an item, or of what the expression works out."""
    parts = tuple(_parts(node))
    variables = {
        call.arguments[0].name
        for call in parts
        if isinstance(call, Call) and call.name in MACROS and isinstance(call.arguments[0], Name)
    }
    paths = ((part, path_of(part, loose=True)) for part in parts)
    return _names(part for part, path in paths if path is None or path[0] in variables)


def _names(parts: Iterable[Node]) -> Asked:
    found: dict[str, set[str]] = {}
    for at in parts:
        step = _step(at)
        above = _step(at.operand) if isinstance(at, Select | Index) else None
        if step is not None and above is not None:
            found.setdefault(above, set()).add(step)
    return {field: frozenset(names) for field, names in found.items()}


def _parts(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _parts(child)


def settled(value: Any, asked: Asked, field: str = "") -> Any:
    """The same value, good to be read later: what is asked of it by name is looked up now."""
    if isinstance(value, ByName):
        return {name: value[name] for name in asked.get(field, ()) if name in value}
    if isinstance(value, Mapping):
        return {name: settled(one, asked, name) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [settled(one, asked) for one in value]
    return value


def found_by_name(value: ByName, names: frozenset[str]) -> dict[str, Any]:
    """What there is of the names; None for what there is not."""
    return {name: value.get(name) for name in sorted(names)}


def _step(node: Node) -> str | None:
    match node:
        case Select(field=field):
            return field
        case Index(index=Literal(value=str(name))):
            return name
        case _:
            return None
