"""What the conditions of a definition compare with, so that answers fall on both sides of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.core.chart import Definition
from engine.core.expression import Expr
from engine.core.expression.tree import Binary, ListOf, Literal, Node, children, path_of
from engine.service.attributes import expressions_in

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """By the last word of what is compared: `rating` for `data.rating >= 4`."""

    numbers: Mapping[str, tuple[float, ...]]
    texts: Mapping[str, tuple[str, ...]]


def hints_of(definition: Definition) -> Hints:
    numbers: dict[str, dict[float, None]] = defaultdict(dict)
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for part in expressions_in(definition):
        if not isinstance(part, Expr):
            continue
        for name, value in _compared(part.tree):
            if isinstance(value, str):
                texts[name][value] = None
            elif not isinstance(value, bool) and value is not None:
                numbers[name][value] = None
    return Hints(
        numbers={name: tuple(found) for name, found in numbers.items()},
        texts={name: tuple(found) for name, found in texts.items()},
    )


def below(node: Node) -> Iterator[Node]:
    """The node and every part of it."""
    yield node
    for child in children(node):
        yield from below(child)


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
