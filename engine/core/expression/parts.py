"""What an expression is made of, for people: the fields it reads and the comparisons it makes."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.core.expression.functions import MACROS
from engine.core.expression.tree import Binary, Call, Name, Node, children, path_of

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    # the path with dots, or the comparison as written
    label: str
    # a path to read; None when it is a comparison
    path: tuple[str, ...] | None
    # the comparison; None when it is a path
    node: Node | None


def parts_of(source: str, node: Node) -> tuple[Part, ...]:
    """Each once, in the order of the source; a comparison after what it reads."""
    found: dict[str, Part] = {}
    for part in _parts(source, node, frozenset()):
        found.setdefault(part.label, part)
    return tuple(found.values())


def _parts(source: str, node: Node, bound: frozenset[str]) -> Iterator[Part]:
    path = path_of(node, loose=True)
    if path is not None:
        if path[0] not in bound:
            yield Part(label=".".join(path), path=path, node=None)
        return
    loop = isinstance(node, Call) and node.target is not None and node.name in MACROS
    if loop and isinstance(node, Call) and node.target is not None:
        yield from _parts(source, node.target, bound)
        variable = node.arguments[0]
        assert isinstance(variable, Name)
        for argument in node.arguments[1:]:
            yield from _parts(source, argument, bound | {variable.name})
    else:
        for child in children(node):
            yield from _parts(source, child, bound)
    compares = isinstance(node, Binary) and node.operator in _COMPARISONS
    asks = loop and isinstance(node, Call) and node.name in ("exists", "all", "exists_one")
    if not bound and (compares or asks):
        yield Part(label=source[node.start : node.end], path=None, node=node)
