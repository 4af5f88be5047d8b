"""The parts of an expression; every node knows where it stands in the source, in characters."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Literal:
    # its meaning; None is `null`
    value: bool | float | str | None
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Name:
    name: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Select:
    operand: "Node"
    field: str
    # `.?field`: an absent field is an empty optional value
    optional: bool
    # where the field's name stands
    field_start: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Index:
    operand: "Node"
    index: "Node"
    optional: bool
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Call:
    name: str
    # what stands before the dot; None for a plain function
    target: "Node | None"
    arguments: tuple["Node", ...]
    # where the function's name stands
    name_start: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ListOf:
    items: tuple["Node", ...]
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RecordOf:
    entries: tuple[tuple["Node", "Node"], ...]
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Unary:
    operator: str
    operand: "Node"
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Binary:
    operator: str
    left: "Node"
    right: "Node"
    # where the operator stands
    operator_start: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Conditional:
    condition: "Node"
    then: "Node"
    otherwise: "Node"
    start: int
    end: int


Node = Literal | Name | Select | Index | Call | ListOf | RecordOf | Unary | Binary | Conditional


def children(node: Node) -> Iterator[Node]:
    """The parts directly below, in the order of the source."""
    match node:
        case Literal() | Name():
            return
        case Select():
            yield node.operand
        case Index():
            yield node.operand
            yield node.index
        case Call():
            if node.target is not None:
                yield node.target
            yield from node.arguments
        case ListOf():
            yield from node.items
        case RecordOf():
            for key, value in node.entries:
                yield key
                yield value
        case Unary():
            yield node.operand
        case Binary():
            yield node.left
            yield node.right
        case Conditional():
            yield node.condition
            yield node.then
            yield node.otherwise


def path_of(node: Node, *, loose: bool = False) -> tuple[str, ...] | None:
    """The dotted path a node spells out, such as ("data", "rating"); None if it is more than that.

    A `loose` path may hold `.?` steps.
    """
    match node:
        case Name():
            return (node.name,)
        case Select(field=step, optional=optional) if loose or not optional:
            owner = path_of(node.operand, loose=loose)
        case Index(index=Literal(value=str(step)), optional=optional) if loose or not optional:
            owner = path_of(node.operand, loose=loose)
        case _:
            return None
    return None if owner is None else (*owner, step)


def maybe_path(node: Node) -> tuple[tuple[str, ...], int] | None:
    """A path with `.?` steps, and how many of its names must be filled in; None: it is none."""
    path, needed, at = path_of(node, loose=True), None, node
    while isinstance(at, Select | Index):
        if at.optional:
            needed = len(path_of(at.operand, loose=True) or ())
        at = at.operand
    return None if path is None or needed is None else (path, needed)
