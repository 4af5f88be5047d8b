"""What an expression can read at each place of a definition, and what type it has there."""

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Final

from engine.core.chart import Shape
from engine.core.expression import (
    ANY,
    BOOL,
    DATE,
    DATETIME,
    NUMBER,
    TEXT,
    Environment,
    ExpressionRefused,
    Kind,
    Type,
    choice,
    list_of,
    person,
    record,
)
from engine.core.people import OwnerRule
from engine.document import Mapping, Node, Scalar, Sequence
from engine.document import Span as Place
from engine.loader.drafts import Draft
from engine.loader.findings import Findings
from engine.loader.sources import Origins

Scope = AnyMapping[str, Type]

# `subject.records.rating.value`: which kinds there are, only the processes together know.
RECORDS: Final = record(item=record({"valid_from": DATETIME, "valid_until": DATETIME}, item=ANY))
PERSON: Final = person(
    {
        "grade": TEXT,
        "employment": TEXT,
        "start_date": DATE,
        "roles": list_of(TEXT),  # positions: `hr-partner@Sales`
        "records": RECORDS,
    }
)
PEOPLE: Final = list_of(PERSON)
THING: Final = record({"id": TEXT, "records": RECORDS})  # a position, or what else a case is about
_SIMPLE: Final = {
    "text": TEXT,
    "longtext": TEXT,
    "integer": NUMBER,
    "number": NUMBER,
    "percent": NUMBER,
    "scale": NUMBER,
    "date": DATE,
    "datetime": DATETIME,
    "yes_no": BOOL,
    "person": PERSON,
    "guest": PERSON,
    "people": PEOPLE,
    "money": record({"amount": ANY, "currency": TEXT}),
    "attest": record({"name": TEXT, "at": DATETIME}),
}


@dataclass(kw_only=True, slots=True)
class Questions:
    """The names that a task's answers have, before its form is read in full."""

    own: dict[str, Type] = field(default_factory=dict)  # kept by the task
    shared: dict[str, Type] = field(default_factory=dict)  # going to the case file


@dataclass(kw_only=True, slots=True)
class World:
    """Everything that is known of a definition by name."""

    findings: Findings
    environment: Environment  # without names; every scope is laid over it
    root: Mapping  # the whole document
    top: Draft  # the root of the outline
    subject: Type | None  # what `subject` is; None: a case is about nothing
    data: dict[str, Type]  # the case file
    roles: dict[str, Type]  # `people:` as expressions read them; queues are not readable
    role_nodes: dict[str, Node]  # `people:` as written
    rules: dict[str, OwnerRule]  # `people:` once read
    rules_declared: dict[str, Place]  # where each entry of `people:` was declared
    fields_declared: dict[str, Place]  # where each entry of `data:` was declared
    forms_declared: dict[str, Place]  # where each entry of `forms:` was declared
    forms: dict[str, Questions]  # by name
    scopes: dict[str, dict[str, Type]] = field(default_factory=dict)  # by state, once asked
    endings: dict[str, Type] = field(default_factory=dict)  # by state, once asked
    origins: Origins = field(default_factory=Origins)  # where each expression and text stands
    undo_asked: list[Place] = field(default_factory=list)  # where `undo: done_states` stands
    manager_steps: int = 0  # how deep `.manager` was read so far


def field_type_of(node: Node) -> Type:
    """The type of a field as declared, as far as it can be read; never complains."""
    if isinstance(node, Scalar):
        return _SIMPLE.get(node.text, ANY)
    if not isinstance(node, Mapping):
        return ANY
    kind = node.get("type")
    name = kind.text if isinstance(kind, Scalar) else ""
    match name:
        case "choice" | "choices":
            options = node.get("options")
            items = options.items if isinstance(options, Sequence) else ()
            one = choice(*(item.text for item in items if isinstance(item, Scalar)))
            return one if name == "choice" else list_of(one)
        case "table":
            columns = node.get("columns")
            entries = columns.entries if isinstance(columns, Mapping) else ()
            return list_of(record({e.name: field_type_of(e.value) for e in entries}))
        case _:
            return _SIMPLE.get(name, ANY)


def questions_of(node: Node | None, data: AnyMapping[str, Type]) -> Questions:
    """The names and types under a `fields:`; never complains."""
    found = Questions()
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar):
            if item.text in data:
                found.shared[item.text] = data[item.text]
        elif isinstance(item, Mapping):
            for entry in item.entries:
                if entry.name in data:
                    found.shared[entry.name] = data[entry.name]
                else:
                    found.own[entry.name] = field_type_of(entry.value)
    return found


def task_questions(world: World, task: Node | None) -> Questions:
    """What a task asks, whether by form or in place."""
    if not isinstance(task, Mapping):
        return Questions()
    form = task.get("form")
    if isinstance(form, Scalar) and form.text in world.forms:
        return world.forms[form.text]
    return questions_of(task.get("fields"), world.data)


def readable_answers(world: World, task: Node | None) -> Questions:
    """What a task's own rows and texts can read of its answer: nothing of an anonymous one."""
    return Questions() if is_anonymous(task) else task_questions(world, task)


def is_anonymous(task: Node | None) -> bool:
    """Whether a task is written so; never complains."""
    node = task.get("anonymous") if isinstance(task, Mapping) else None
    return isinstance(node, Mapping) or (isinstance(node, Scalar) and bool(node.value))


def ending_type(world: World, draft: Draft) -> Type:
    """What `rate.done_by`, `rate.outcome` and `peers.answers` are once the state ended."""
    known = world.endings.get(draft.id)
    if known is not None:
        return known
    fields: dict[str, Type] = {"outcome": TEXT, "done_by": PERSON, "done_at": DATETIME}
    world.endings[draft.id] = record(fields)
    kind = draft.kind
    if kind == "branch":
        kind = draft.children[0].kind
    match kind:
        case "task":
            fields.update(readable_answers(world, draft.body.get("task")).own)
        case "each":
            answers = (
                record({**task_questions(world, draft.body.get("task")).own, "outcome": TEXT})
                if draft.inner == "task"
                else record()
            )
            fields.update(answers=list_of(answers), total=NUMBER, done=NUMBER)
        case "start":
            fields.update(data=record(), answers=list_of(record()), total=NUMBER, done=NUMBER)
        case _:
            pass
    if draft.shape in (Shape.COMPOUND, Shape.PARALLEL):
        for child in draft.children:
            if not child.hidden:
                fields.setdefault(child.name, ending_type(world, child))
    world.endings[draft.id] = record(fields)
    return world.endings[draft.id]


def case_scope(world: World) -> dict[str, Type]:
    """What can be read everywhere, whatever state the case is in."""
    scope = {
        **world.roles,
        "data": record(world.data),
        "case": record({"id": TEXT, "opened_by": PERSON, "opened_at": DATETIME, "key": TEXT}),
        "now": DATETIME,
        "today": DATE,
    }
    if world.subject is not None:
        scope["subject"] = world.subject
    return scope


def scope_at(world: World, draft: Draft) -> dict[str, Type]:
    """What can be read in a state: states outward, then roles, the case, and items inward."""
    known = world.scopes.get(draft.id)
    if known is not None:
        return known
    if draft.parent is not None and not draft.children:
        return scope_at(world, draft.parent)
    states: dict[str, Type] = {}
    items: dict[str, Type] = {}
    for at in reversed(tuple(draft.lineage())):
        for child in at.children:
            if not child.hidden:
                states[child.name] = ending_type(world, child)
        if at.kind == "item" and at.parent is not None and at.parent.loop is not None:
            items[at.parent.loop.item] = item_type(world, at.parent)
    scope = {**states, **case_scope(world), **items}
    world.scopes[draft.id] = scope
    return scope


def item_type(world: World, each: Draft) -> Type:
    """What one item of an `each` is: a person if the list is one of people, else as listed."""
    if each.loop is None or each.parent is None:
        return ANY
    return loop_item_type(world, each.loop.items, scope_at(world, each.parent))


def loop_item_type(world: World, items: str, scope: Scope) -> Type:
    """The type of one item of a list, given the list's expression."""
    try:
        found = world.environment.within(scope).compile(items).type
    except ExpressionRefused:
        return ANY
    return found.item or ANY if found.kind is Kind.LIST else ANY


def with_answers(world: World, scope: Scope, asked: Questions, draft: Draft) -> dict[str, Type]:
    """A task's rows also read its answers, and the case file, by their bare names."""
    items = {
        at.parent.loop.item
        for at in draft.lineage()
        if at.kind == "item" and at.parent is not None and at.parent.loop is not None
    }
    answers = {n: t for n, t in {**asked.own, **asked.shared}.items() if n not in items}
    return {**world.data, **scope, **answers}


def with_event(scope: Scope) -> dict[str, Type]:
    """Where a signal is answered, `event` is what it carries."""
    return {**scope, "event": record()}
