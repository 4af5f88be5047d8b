"""Calls in CEL: functions, aggregates that are worked out before, `has`, and loops."""

from collections.abc import Callable
from typing import Any

from engine.core.expression.computing import AGGREGATE_FUNCTIONS, count_where
from engine.core.expression.functions import AGGREGATES, FUNCTIONS, MACROS, OPTIONALS, Signature
from engine.core.expression.kinds import ANY, Kind, fits
from engine.core.expression.tree import Call, Index, Literal, Name, Node, Select
from engine.core.expression.values import Convert, Unfit, presence, reading, sized
from engine.core.expression.writer import (
    INSTANTS,
    Writer,
    identity_of,
    instant_of,
    owner,
    quoted,
    whole,
)


def write_call(writer: Writer, node: Call) -> str:
    if node.target is not None and node.name in MACROS:
        return _loop(writer, node, node.target)
    if node.target is None and node.name == "has":
        return _has(writer, node.arguments[0])
    if node.target is not None and node.name in OPTIONALS:
        given = ", ".join(writer.write(argument) for argument in node.arguments)
        return f"{owner(writer, node.target)}.{node.name}({given})"
    parts = (*(() if node.target is None else (node.target,)), *node.arguments)
    if node.name == "size":
        path = writer.path(parts[0])
        if path is not None:
            return writer.slot("size", path, reading(path, sized))
        return f"double(size({writer.write(parts[0])}))"
    if node.name in AGGREGATES:
        counted = _aggregate(writer, node, parts)
        if counted is not None:
            return counted
    return _function(writer, node, parts)


def _function(writer: Writer, node: Call, parts: tuple[Node, ...]) -> str:
    types = [writer.types.get(part, ANY) for part in parts]
    signature = next(
        s
        for s in FUNCTIONS[node.name]
        if len(s.parameters) == len(parts) and all(map(fits, types, s.parameters))
    )
    writer.calendar = writer.calendar or signature.calendar
    written = [_argument(writer, signature, at, part) for at, part in enumerate(parts)]
    return signature.cel.format(*written)


def _argument(writer: Writer, signature: Signature, at: int, part: Node) -> str:
    wanted, kind = signature.parameters[at].kind, writer.kind(part)
    if at in signature.whole:
        literal = isinstance(part, Literal)
        return whole(writer, part) if literal else f"int({writer.write(part)})"
    if wanted in INSTANTS and kind is Kind.ANY:
        return instant_of(writer, writer.write(part))
    if wanted is Kind.ANY and kind is Kind.PERSON:
        return identity_of(writer, part)
    if wanted is Kind.ANY and kind in INSTANTS:
        return f"string({writer.write(part)})"
    return owner(writer, part) if signature.method and at == 0 else writer.write(part)


def _aggregate(writer: Writer, node: Call, parts: tuple[Node, ...]) -> str | None:
    """Over a whole list of the case the answer is worked out before CEL: no list is too long."""
    path = writer.path(parts[0])
    given = [part.value for part in parts[1:] if isinstance(part, Literal)]
    if path is None or len(given) != len(parts) - 1:
        return None
    spelling = FUNCTIONS[node.name][0].cel.partition("(")[0]
    aggregate = AGGREGATE_FUNCTIONS.get(spelling, count_where)
    key = f"{node.name} {given!r}"
    return writer.slot(key, path, reading(path, _over(aggregate, given)))


def _over(aggregate: Callable[..., float], given: list[Any]) -> Convert:
    def convert(value: Any, _zone: object) -> float:
        if not isinstance(value, list | tuple):
            raise Unfit("is not filled in" if value is None else "is not a list")
        try:
            return aggregate(value, *given)
        except ValueError as error:
            raise Unfit(f"has no such result: {error}") from error

    return convert


def _has(writer: Writer, asked: Node) -> str:
    path = writer.path(asked)
    if path is not None:
        return writer.slot("present 0", path, presence(path, 0))
    match asked:
        case Select():
            return f"({quoted(asked.field)} in {owner(writer, asked.operand)})"
        case Index():
            return f"({whole(writer, asked.index)} in {owner(writer, asked.operand)})"
        case _:
            raise AssertionError("the check allows `has` only for fields")


def _loop(writer: Writer, node: Call, target: Node) -> str:
    items = owner(writer, target)
    variable = node.arguments[0]
    assert isinstance(variable, Name)
    name = f"x{writer.variables}"
    writer.variables += 1
    writer.bound[variable.name] = name
    inner = ", ".join(writer.write(argument) for argument in node.arguments[1:])
    del writer.bound[variable.name]
    return f"{items}.{node.name}({name}, {inner})"
