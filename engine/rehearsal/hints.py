"""What the conditions of a definition compare with, so that answers fall on both sides of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.core.chart import Definition
from engine.core.expression import Expr
from engine.core.expression.tree import (
    Binary,
    Call,
    ListOf,
    Literal,
    Name,
    Node,
    children,
    path_of,
)
from engine.service.attributes import expressions_in

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """By the last word of what is compared: `rating` for `data.rating >= 4`."""

    numbers: Mapping[str, tuple[float, ...]]
    texts: Mapping[str, tuple[str, ...]]
    # where people come from that a condition looks for: `employee` from `ratings`, `person`
    whence: Mapping[str, tuple[str, ...]]


def hints_of(definition: Definition) -> Hints:
    numbers: dict[str, dict[float, None]] = defaultdict(dict)
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    whence: dict[str, tuple[str, ...]] = {}
    for part in expressions_in(definition):
        if not isinstance(part, Expr):
            continue
        whence.update(_looked_for(part.tree))
        for name, value in _compared(part.tree):
            if isinstance(value, str):
                texts[name][value] = None
            elif not isinstance(value, bool) and value is not None:
                numbers[name][value] = None
    return Hints(
        numbers={name: tuple(found) for name, found in numbers.items()},
        texts={name: tuple(found) for name, found in texts.items()},
        whence=whence,
    )


def below(node: Node) -> Iterator[Node]:
    """The node and every part of it."""
    yield node
    for child in children(node):
        yield from below(child)


def _looked_for(tree: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    """`ratings.exists(r, r.person == data.employee)`, `present.filter(p, p in data.committee)`."""
    for node in below(tree):
        match node:
            case Call(name="exists" | "filter", target=rows, arguments=(Name() as item, row)) if (
                rows is not None
            ):
                listed = _of_data(rows)
                for part in below(row) if listed else ():
                    yield from _between(part, item.name, listed)
            case Binary(operator="in"):
                one, among = _of_data(node.left), _of_data(node.right)
                if one and among:
                    yield one[-1], among
            case _:
                pass


def _between(
    part: Node, item: str, listed: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(part, Binary) or part.operator not in ("==", "in"):
        return
    if part.operator == "in":
        among = _of_data(part.right)
        if among and path_of(part.left, loose=True) == (item,):
            yield listed[-1], among
        return
    for side, other in ((part.left, part.right), (part.right, part.left)):
        path, one = path_of(side, loose=True), _of_data(other)
        if path is not None and path[0] == item and one:
            yield one[-1], (*listed, *path[1:])


def _of_data(node: Node) -> tuple[str, ...]:
    """The path of a field of the case, without `data`; empty for anything else."""
    path = path_of(node, loose=True)
    return path[1:] if path is not None and path[0] == "data" else ()


def _compared(tree: Node) -> Iterator[tuple[str, bool | float | str | None]]:
    for node in below(tree):
        if not isinstance(node, Binary) or node.operator not in _COMPARISONS:
            continue
        for side, other in ((node.left, node.right), (node.right, node.left)):
            path = path_of(side, loose=True)
            if path is None:
                continue
            listed = other.items if isinstance(other, ListOf) else (other,)
            for item in listed:
                if isinstance(item, Literal):
                    yield path[-1], item.value
