"""Where private values come from: fields, answers, and what is made out of them."""

from collections.abc import Iterator, Mapping

from engine.core.chart import Assign, Shape
from engine.core.expression import Expr
from engine.core.form import Field
from engine.verify.names import AnswerRead, EndingRead, FieldRead, Names, Read


def is_private(field: Field) -> bool:
    return field.sensitive or field.seen_by is not None


def retold_by(
    names: Names, derived: Mapping[str, tuple[Field, ...]], path: tuple[str, ...], state: int
) -> tuple[Field, ...]:
    """The private fields whose values a path tells under another name."""
    read = names.meaning(path, state)
    if isinstance(read, FieldRead):
        return derived.get(read.name, ())
    if isinstance(read, EndingRead):
        return _private(names, set(_reads(names, path, state)))
    return ()


def private_origins(names: Names) -> Mapping[str, tuple[Field, ...]]:
    """By field that is not private itself: the private fields and answers it is made out of."""
    made = _made_of(names)
    data = names.definition.data
    found = {name: _private(names, _all(made, data, name)) for name in made}
    return {name: fields for name, fields in found.items() if not is_private(data[name])}


def _all(made: Mapping[str, set[Read]], data: Mapping[str, Field], name: str) -> set[Read]:
    """What a field is made out of, and what that is made out of, up to what is private."""
    seen: set[Read] = set()
    waiting = list(made[name])
    while waiting:
        read = waiting.pop()
        if read not in seen:
            seen.add(read)
            if (
                isinstance(read, FieldRead)
                and read.name in made
                and not is_private(data[read.name])
            ):
                waiting += made[read.name]
    return seen


def _private(names: Names, reads: set[Read]) -> tuple[Field, ...]:
    fields = (names.field(read) for read in reads)
    private = (field for field in fields if field is not None and is_private(field))
    return tuple(sorted(private, key=lambda field: field.name))


def _made_of(names: Names) -> dict[str, set[Read]]:
    """By field: what it is computed from, and what any `set:` puts into it."""
    found: dict[str, set[Read]] = {}
    data = names.definition.data
    for name, field in data.items():
        if field.compute is not None:
            found.setdefault(name, set()).update(_values(names, field.compute, 0))
    for state in names.definition.states:
        for action in names.actions(state):
            if isinstance(action, Assign) and action.field in data:
                read = _values(names, action.value, state.index)
                found.setdefault(action.field, set()).update(read)
    return found


def _values(names: Names, expr: Expr, state: int) -> Iterator[Read]:
    for path in expr.reads:
        yield from _reads(names, path, state)


def _reads(names: Names, path: tuple[str, ...], state: int) -> Iterator[Read]:
    """What a path reads; `peers.answers` is every question of the tasks in that `each`."""
    read = names.meaning(path, state)
    if isinstance(read, EndingRead) and read.name == "answers":
        yield from _answers(names, read.state)
    elif read is not None:
        yield read


def _answers(names: Names, each: int) -> Iterator[Read]:
    states = names.definition.states
    if states[each].shape is not Shape.EACH:
        return
    waiting = list(states[each].children)
    while waiting:
        state = states[waiting.pop()]
        if state.task is not None and state.task.form is not None:
            for field in state.task.form.fields:
                if field.name not in state.task.form.shared:
                    yield AnswerRead(state=state.index, name=field.name)
        waiting += [child for child in state.children if states[child].hidden]
