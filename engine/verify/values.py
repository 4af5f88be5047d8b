"""Constants that a field can never hold: a mark off the scale, an option that is none."""

from collections.abc import Iterator
from typing import Any, Final

from engine.core.chart import Assign, Definition
from engine.core.expression.tree import ListOf, Literal, Node, Unary
from engine.core.fitting import Misfit, fitted
from engine.document import Mark
from engine.loader import Sources
from engine.verify.findings import Finding
from engine.verify.names import Names

_UNKNOWN: Final = object()


def check_values(definition: Definition, sources: Sources) -> Iterator[Finding]:
    told: set[tuple[int, int]] = set()
    for state in definition.states:
        for action in Names.actions(state):
            place = sources.origins.of(action.value) if isinstance(action, Assign) else None
            if not isinstance(action, Assign) or place is None:
                continue
            field = definition.data.get(action.field)
            value = _constant(action.value.tree)
            if field is None or value is _UNKNOWN or (place.line, place.column) in told:
                continue
            try:
                fitted(field, value)
            except Misfit as misfit:
                told.add((place.line, place.column))
                known = sources.fields.get(field.name)
                yield Finding(
                    code="E414",
                    place=place,
                    message=f"`{field.name}` {misfit}, and this is `{action.value.source}`",
                    also=() if known is None else (Mark(span=known, label="declared here"),),
                    help="change the value, or what the field allows",
                )


def _constant(node: Node) -> Any:
    match node:
        case Literal(value=value):
            return value
        case Unary(operator="-", operand=Literal(value=int() | float() as value)):
            return -value
        case ListOf(items=items):
            values = [_constant(item) for item in items]
            return _UNKNOWN if _UNKNOWN in values else values
        case _:
            return _UNKNOWN
