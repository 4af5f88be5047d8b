"""What an event from outside says, so that it fits: solved from the conditions that read it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.core.chart import Assign, PauseClock, TriggerKind
from engine.core.expression import Expr
from engine.core.expression.tree import (
    Binary,
    Call,
    Index,
    ListOf,
    Literal,
    Name,
    Node,
    Select,
    path_of,
)
from engine.core.form import Field, FieldType
from engine.core.index import Node as ChartNode
from engine.rehearsal.cases import Case, Play
from engine.rehearsal.hints import below
from engine.rehearsal.values import Drawing, value

_EVENT = "event"


def body_for(play: Play, case: Case, node: ChartNode, name: str, draw: Drawing) -> dict[str, Any]:
    """`event.department == subject.department` gives the subject's department, and so on.

    What is only read is drawn from the field it is written to. Whatever else a condition asks
    stays unanswered: the event then does not fit, and the report says so.
    """
    body: dict[str, Any] = {}
    for expr, field in _readers(case, node, name):
        for part in below(expr.tree):
            _solve(play, case, part, field, body, draw)
    return body


def _readers(case: Case, node: ChartNode, name: str) -> Iterator[tuple[Expr, Field | None]]:
    """The expressions that see the event, each with the field that its value goes to."""
    state = node.state
    if state.wait is not None and state.wait.signal == name and state.wait.match is not None:
        yield state.wait.match, None
    actions = [*state.completion] if state.wait is not None else []
    for transition in state.transitions:
        for action in transition.actions:
            if isinstance(action, PauseClock) and action.until == name and action.match is not None:
                yield action.match, None
        if transition.trigger.kind is TriggerKind.SIGNAL and transition.trigger.name == name:
            actions += transition.actions
            if transition.condition is not None:
                yield transition.condition, None
    for action in actions:
        if isinstance(action, Assign):
            yield action.value, case.process.definition.data.get(action.field)


def _solve(
    play: Play, case: Case, part: Node, field: Field | None, body: dict[str, Any], draw: Drawing
) -> None:
    match part:
        case Binary(operator="=="):
            for side, other in ((part.left, part.right), (part.right, part.left)):
                path = path_of(side, loose=True)
                if path is not None and path[0] == _EVENT:
                    _put(body, path[1:], known(play, case, other))
        case Binary(operator="in", right=ListOf(items=items)) if items:
            path = path_of(part.left, loose=True)
            if path is not None and path[0] == _EVENT:
                _put(body, path[1:], known(play, case, draw.rolled.choice(items)))
        case Call(name="exists" | "filter", target=rows, arguments=(Name(name=item), row)):
            entry = None if rows is None else _entry(body, rows)
            if entry is not None:
                for inner in below(row):
                    _solve_row(play, case, inner, item, entry)
        case Select(operand=Index(operand=Call(name="filter", target=rows)), field=name):
            entry = None if rows is None else _entry(body, rows)
            if entry is not None and field is not None:
                entry.setdefault(name, _carried(field, draw))
        case Index(operand=operand, index=index):
            path = path_of(operand, loose=True)
            key = known(play, case, index)
            if path is not None and path[0] == _EVENT and key is not None and field is not None:
                _put(body, (*path[1:], str(key)), _carried(field, draw))
        case _:
            path = path_of(part, loose=True)
            if path is not None and path[0] == _EVENT and len(path) > 1 and field is not None:
                _put(body, path[1:], _carried(field, draw))


def _carried(field: Field, draw: Drawing) -> Any:
    """What an event brings for a field: of a guest the id, since nobody types into it."""
    return value(_by_id(field), draw)


def _by_id(field: Field) -> Field:
    kind = FieldType.PERSON if field.type is FieldType.GUEST else field.type
    return replace(field, type=kind, columns=tuple(_by_id(each) for each in field.columns))


def _entry(body: dict[str, Any], rows: Node) -> dict[str, Any] | None:
    """The one entry of a list that an event brings: the one that is about this case."""
    path = path_of(rows, loose=True)
    if path is None or path[0] != _EVENT or len(path) != 2:
        return None
    listed = body.setdefault(path[1], [{}])
    return listed[0] if isinstance(listed, list) else None


def _solve_row(play: Play, case: Case, part: Node, item: str, entry: dict[str, Any]) -> None:
    """`r.person == subject.id` gives the entry's `person`."""
    if not isinstance(part, Binary) or part.operator != "==":
        return
    for side, other in ((part.left, part.right), (part.right, part.left)):
        path = path_of(side, loose=True)
        if path is not None and path[0] == item:
            _put(entry, path[1:], known(play, case, other))


def _put(body: dict[str, Any], path: tuple[str, ...], found: Any) -> None:
    """Writes a value unless something stands there, or above it, already."""
    for step in path[:-1]:
        inner = body.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        body = inner
    if path:
        body.setdefault(path[-1], found)


def known(play: Play, case: Case, node: Node) -> Any:
    """What a literal or a path gives for the case, `subject.manager.id` or `data.rating`."""
    if isinstance(node, Literal):
        return node.value
    path = path_of(node, loose=True)
    if path is None:
        return None
    first, *rest = path
    found: Any
    match first:
        case "subject":
            return _of_person(play, case.subject, rest)
        case "data":
            found = case.standing.data
        case "case":
            facts = case.standing.case
            found = {"id": facts.id, "key": facts.key}
        case _:
            found, rest = case.standing.data, list(path)
    for step in rest:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _of_person(play: Play, person: str | None, rest: list[str]) -> Any:
    known_person = None if person is None else play.facts.person(person)
    if known_person is None:
        return None
    if not rest:
        return person
    found = known_person.get(rest[0])
    return _of_person(play, found, rest[1:]) if rest[0] == "manager" and found else found
