"""What events from outside may say: as much as the rows that answer to them read."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any, Final

from engine.core.chart import Assign
from engine.core.expression.tree import Index, Literal, Name, Node, Select, children, path_of
from engine.core.index import Row
from engine.verify.explore.answers import plain_answer
from engine.verify.explore.relevance import Relevance
from engine.verify.explore.world import SUBJECT, World
from engine.verify.names import FieldRead
from engine.verify.terms import ABSENT, ANYTHING

MOST_BODIES: Final = 8
_EVENT: Final = "event"


def bodies_for(relevance: Relevance, world: World, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Bodies of one signal, for the rows of one state."""
    wanted: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for row in rows:
        condition = row.transition.condition
        state = relevance.chart.nodes[row.source].state
        actions = [*row.transition.actions, *(state.completion if row.completes else ())]
        if condition is not None:
            one = condition in relevance.guessed  # whatever it says, both answers are tried
            for path in _paths(condition.tree):
                wanted[path] = tuple(islice(_told(relevance, world, path), 1 if one else None))
        for action in actions:
            if isinstance(action, Assign):
                for path in _paths(action.value.tree):
                    wanted.setdefault(path, _assigned(relevance, action, path))
    bodies = []
    for chosen in islice(product(*wanted.values()), MOST_BODIES):
        body: dict[str, Any] = {}
        for path, value in zip(wanted, chosen, strict=True):
            if value is not ABSENT:
                _put(body, path, value)
        bodies.append(body)
    return bodies


def _paths(node: Node) -> Iterator[tuple[str, ...]]:
    """What is read of the event: `ratings`, `ann` for `event.ratings[subject.id]`."""
    path = _path(node)
    if path is not None:
        yield path
        return
    for child in children(node):
        yield from _paths(child)


def _path(node: Node) -> tuple[str, ...] | None:
    match node:
        case Select(operand=Name(name="event"), field=step):
            return (step,)
        case Index(operand=Name(name="event"), index=Literal(value=str(step))):
            return (step,)
        case Select(operand=inner, field=step):
            above = _path(inner)
            return None if above is None else (*above, step)
        case Index(operand=inner, index=index):
            above = _path(inner)
            return None if above is None else (*above, _key(index))
        case _:
            return None


def _key(index: Node) -> str:
    if isinstance(index, Literal):
        return str(index.value)
    path = path_of(index)
    return SUBJECT if path in (("subject", "id"), ("case", "subject")) else "key"


def _told(relevance: Relevance, world: World, path: tuple[str, ...]) -> Iterator[Any]:
    """Values that the condition tells apart, those of the subject's own entry first."""
    known: Mapping[str, Any] = world.person(SUBJECT)
    if path[-1] in known:
        yield known[path[-1]]
    for value in relevance.values.get(".".join((_EVENT, *path)), ()):
        if value not in ANYTHING and value != known.get(path[-1], ABSENT):
            yield value
    yield SUBJECT if path[-1] in ("subject", "person", "id") else ANYTHING[0]


def _assigned(relevance: Relevance, action: Assign, path: tuple[str, ...]) -> tuple[Any, ...]:
    """What the field that is set from it may hold."""
    declared = relevance.names.definition.data.get(action.field)
    key = relevance.keys.get(FieldRead(name=action.field))
    told = relevance.values.get(key, ()) if key is not None else ()
    whole = _path(action.value.tree) == path
    found = tuple(value for value in told if value is not ABSENT) if whole else ()
    if declared is not None and not whole:  # a row of a table is put together of such
        declared = next((each for each in declared.columns if each.name == path[-1]), None)
    return found or (("x",) if declared is None else (plain_answer(declared),))


def _put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        inner = body.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        body = inner
    body.setdefault(path[-1], value)


def outcomes_of(relevance: Relevance, state: int) -> tuple[str, ...]:
    """How a sub-case may end, as far as a condition asks."""
    names = relevance.names
    written = names.written(state).index
    told = [
        value
        for key in (f"{state}.outcome", f"{written}.outcome")
        for value in relevance.values.get(key, ())
        if isinstance(value, str) and value not in ANYTHING
    ]
    return tuple(dict.fromkeys((*told, "done")))
