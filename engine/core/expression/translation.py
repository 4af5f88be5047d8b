"""Writes a checked expression down in CEL, with a slot for everything it reads from the case.

A path such as `data.rating` becomes one slot: only what is read is converted, an absent field is a
slot without a value (CEL then decides `||` and `&&` without it where that is sound), and no name of
a process can clash with a name of CEL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from engine.core.expression.by_name import names_asked
from engine.core.expression.called import write_call
from engine.core.expression.kinds import ANY, Kind, Type
from engine.core.expression.operators import MAX_STRENGTH, STRENGTH
from engine.core.expression.tree import (
    Binary,
    Call,
    Conditional,
    Index,
    ListOf,
    Literal,
    Name,
    Node,
    RecordOf,
    Select,
    Unary,
    path_of,
)
from engine.core.expression.values import (
    identities,
    presence,
    reading,
)
from engine.core.expression.writer import (
    INSTANTS,
    Slot,
    Writer,
    identity_of,
    instant_of,
    owner,
    quoted,
    stamped,
    value_slot,
    whole,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    # the expression in CEL
    cel: str
    slots: tuple[Slot, ...]
    # needs the calendar of the case
    calendar: bool
    # needs the variable `zone`
    zone: bool


def translated(node: Node, types: Mapping[Node, Type]) -> Translation:
    writer = Writer(types=types, parts=_write, asked=names_asked(node))
    cel = _write(writer, node)
    return Translation(
        cel=cel,
        slots=tuple(writer.slots.values()),
        calendar=writer.calendar,
        zone=writer.zone,
    )


def _write(writer: Writer, node: Node) -> str:
    path = writer.path(node)
    if path is not None:
        return value_slot(writer, path, writer.types.get(node, ANY))
    match node:
        case Literal():
            return _literal(node.value)
        case Name():
            return stamped(writer, node, writer.bound[node.name])
        case Select():
            if writer.kind(node) is Kind.OPTIONAL:
                return _optional(writer, node)
            return stamped(writer, node, f"{owner(writer, node.operand)}[{quoted(node.field)}]")
        case Index():
            if writer.kind(node) is Kind.OPTIONAL:
                return _optional(writer, node)
            key = whole(writer, node.index)
            return stamped(writer, node, f"{owner(writer, node.operand)}[{key}]")
        case Call():
            return write_call(writer, node)
        case ListOf():
            return f"[{', '.join(_write(writer, item) for item in node.items)}]"
        case RecordOf():
            entries = (f"{_write(writer, k)}: {_write(writer, v)}" for k, v in node.entries)
            return f"{{{', '.join(entries)}}}"
        case Unary():
            return _unary(writer, node)
        case Binary():
            return _binary(writer, node)
        case Conditional():
            parts = (node.condition, node.then, node.otherwise)
            condition, then, otherwise = (_write(writer, part) for part in parts)
            return f"({condition} ? {then} : {otherwise})"
        case _:
            assert_never(node)


def _literal(value: bool | float | str | None) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case str():
            return quoted(value)
        case None:
            return "null"
        case _:
            assert_never(value)


def _optional(writer: Writer, node: Select | Index) -> str:
    steps: list[str] = []
    required = 0
    at: Node = node
    while isinstance(at, Select | Index):
        if isinstance(at, Select):
            steps.append(at.field)
        elif isinstance(at.index, Literal) and isinstance(at.index.value, str):
            steps.append(at.index.value)
        else:
            break
        required = 0 if at.optional else required + 1
        at = at.operand
    key = quoted(node.field) if isinstance(node, Select) else whole(writer, node.index)
    if not isinstance(at, Name) or at.name in writer.bound:
        return f"{owner(writer, node.operand)}[?{key}]"
    path = (at.name, *reversed(steps))
    # All steps before the first question mark have to be filled in.
    first = next(n for n in _chain(node) if n.optional)
    needed = len(path_of(first.operand) or ())
    asked = writer.slot(f"present {needed}", path, presence(path, needed))
    item = writer.types.get(node, ANY).item or ANY
    value = value_slot(writer, path, item)
    return f"({asked} ? optional.of({value}) : optional.none())"


def _chain(node: Node) -> list[Select | Index]:
    """The steps of a path, the outermost owner first."""
    steps: list[Select | Index] = []
    while isinstance(node, Select | Index):
        steps.append(node)
        node = node.operand
    return steps[::-1]


def _unary(writer: Writer, node: Unary) -> str:
    inner = _operand(writer, node.operand, MAX_STRENGTH)
    if node.operator == "-" and writer.kind(node.operand) is Kind.DURATION:
        return f'(duration("0s") - {inner})'
    return f"{node.operator}{inner}"


def _binary(writer: Writer, node: Binary) -> str:
    kinds = (writer.kind(node.left), writer.kind(node.right))
    if node.operator == "in":
        return _membership(writer, node, kinds)
    if node.operator in ("==", "!=") and Kind.PERSON in kinds:
        left, right = identity_of(writer, node.left), identity_of(writer, node.right)
        return f"{left} {node.operator} {right}"
    strength = STRENGTH[node.operator]
    left = _operand(writer, node.left, strength - 1)
    right = _operand(writer, node.right, strength)
    if node.operator in ("==", "!=", "<", "<=", ">", ">="):
        if kinds[0] is Kind.ANY and kinds[1] in INSTANTS:
            left = instant_of(writer, left)
        elif kinds[1] is Kind.ANY and kinds[0] in INSTANTS:
            right = instant_of(writer, right)
    if node.operator == "/" and not (isinstance(node.right, Literal) and node.right.value):
        return f"divided({left}, {right})"
    if node.operator == "%":
        return f"remainder({left}, {right})"
    return f"{left} {node.operator} {right}"


def _operand(writer: Writer, node: Node, strength: int) -> str:
    """In brackets only where they are needed: CEL reads no more than 32 inside each other."""
    written = _write(writer, node)
    loose = isinstance(node, Binary) and STRENGTH[node.operator] <= strength
    return f"({written})" if loose else written


def _membership(writer: Writer, node: Binary, kinds: tuple[Kind, Kind]) -> str:
    item = (writer.types.get(node.right, ANY).item or ANY).kind
    path = writer.path(node.right)
    if Kind.PERSON in (kinds[0], item):
        sought = identity_of(writer, node.left)
        if path is not None:
            return f"{sought} in {writer.slot('identities', path, reading(path, identities))}"
        return _any_of(writer, node.right, f'["id"] == {sought}', "{0}{1}")
    sought = _operand(writer, node.left, STRENGTH["in"])
    if kinds[0] in INSTANTS and not isinstance(node.right, ListOf):
        return _any_of(writer, node.right, f" == {sought}", "timestamp({0}){1}")
    return f"{sought} in {_operand(writer, node.right, STRENGTH['in'])}"


def _any_of(writer: Writer, items: Node, test: str, form: str) -> str:
    name = f"y{writer.variables}"
    writer.variables += 1
    return f"{owner(writer, items)}.exists({name}, {form.format(name, test)})"
