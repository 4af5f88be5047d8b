"""Which conditions the tried values decide in every way they can be decided, and which not."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from engine.core.chart import Assign, Definition, Shape, State
from engine.core.expression import Expr, Kind
from engine.core.expression.tree import Literal, path_of
from engine.core.form import Field, FieldType
from engine.verify.guards import Grid
from engine.verify.names import EndingRead, FieldRead, Names, Read
from engine.verify.terms import Term

Describe = Callable[[tuple[str, ...]], tuple[str, Field | None, tuple[str, ...]]]
_NUMBERS: Final = (FieldType.SCALE, FieldType.INTEGER, FieldType.NUMBER, FieldType.PERCENT)
_TRIED: Final = frozenset((FieldType.YES_NO, FieldType.CHOICE, FieldType.DATE, *_NUMBERS))
_TEXTS: Final = (FieldType.TEXT, FieldType.LONGTEXT)
_KINDS: Final = frozenset({Kind.BOOL, Kind.TEXT, Kind.NUMBER, Kind.DATE})
_SHORT: Final = 10  # a text that has to be longer may not be what a condition asks for


def is_decided(
    names: Names, expr: Expr, describe: Describe, keys: Mapping[Read, str], odd: frozenset[str]
) -> bool:
    """Whether everything the condition looks at was tried; `odd` are fields that were not."""
    grid = Grid(describe=describe)
    grid.test(expr)
    reads = {key: read for read, key in keys.items()}
    return grid.exact and all(
        _is_tried(names, term, reads.get(key), odd) for key, term in grid.terms.items()
    )


def _is_tried(names: Names, term: Term, read: Read | None, odd: frozenset[str]) -> bool:
    if term.computed or term.others or read is None:
        return False
    if term.kind not in _KINDS:  # then only whether it is there can be asked
        return term.may_be_absent and not term.constants
    if isinstance(read, EndingRead):
        return read.name == "outcome"
    if isinstance(read, FieldRead) and read.name in odd:
        return False
    declared = names.field(read)
    if declared is None:
        return False
    if declared.type in _TEXTS:
        return declared.min is None or declared.min <= _SHORT
    return declared.type in _TRIED


def odd_fields(definition: Definition) -> frozenset[str]:
    """Fields that are set to more than a constant, or than what an event says as a whole."""
    found = {
        action.field
        for state in definition.states
        for action in Names.actions(state)
        if isinstance(action, Assign) and not _is_plain(action.value)
    }
    return frozenset(found)


def _is_plain(value: Expr) -> bool:
    if isinstance(value.tree, Literal):
        return True
    path = path_of(value.tree)
    return path is not None and path[0] == "event"


def unsure_states(states: Iterable[State]) -> frozenset[int]:
    """States that count what was not tried in every number: how many of a list, or of sub-cases."""
    return frozenset(
        state.index
        for state in states
        if (state.shape is Shape.EACH and state.enough is not None)
        or (state.start is not None and state.start.each is not None)
    )
