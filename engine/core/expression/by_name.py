"""What is read by name only, such as records, on its way into CEL, which knows only what is there.

A path from the case is read step by step and asks for one name. An item of a list goes into CEL as
a whole, so what the expression asks for by name below it is looked up before, and nothing else.
"""

from collections.abc import Mapping
from typing import Any

from engine.core.expression.tree import Index, Literal, Node, Select, children

# By the field that they stand below: `records` of `p.records.rating` has `rating`.
Asked = Mapping[str, frozenset[str]]


class ByName(Mapping[str, Any]):
    """Has no keys of its own that could be gone through: each is found when it is asked for."""

    __slots__ = ()


def names_asked(*nodes: Node) -> Asked:
    """Every name that expressions ask of a field, wherever that field stands."""
    found: dict[str, set[str]] = {}
    waiting = list(nodes)
    while waiting:
        at = waiting.pop()
        waiting.extend(children(at))
        step = _step(at)
        above = _step(at.operand) if isinstance(at, Select | Index) else None
        if step is not None and above is not None:
            found.setdefault(above, set()).add(step)
    return {field: frozenset(names) for field, names in found.items()}


def settled(value: Any, asked: Asked, field: str = "") -> Any:
    """The same value, good to be read later: what is asked of it by name is looked up now."""
    if isinstance(value, ByName):
        return found_by_name(value, asked.get(field, frozenset()))
    if isinstance(value, Mapping):
        return {name: settled(one, asked, name) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [settled(one, asked) for one in value]
    return value


def found_by_name(value: ByName, names: frozenset[str]) -> dict[str, Any]:
    """What there is of the names."""
    return {name: value[name] for name in sorted(names) if name in value}


def _step(node: Node) -> str | None:
    match node:
        case Select(field=field):
            return field
        case Index(index=Literal(value=str(name))):
            return name
        case _:
            return None
