"""Values for expressions: of everything a case knows, only what an expression reads.

A name means, first that fits: a value given for this place alone (`done`, `total`, `answers`), the
item of an `each` around the place, a question of the task that was just answered here, `subject`,
`case`, `data`, `now`, `today`, `event`, a role of `people:`, the ending of a state (looked up from
the innermost scope outward), a field of the case file by its bare name.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from engine.core.chart import Each, Shape
from engine.core.draft import Draft, Undone, index_of, parent_place, place_below
from engine.core.expression import Expr, ExpressionFailed, Kind, Template
from engine.core.facts import Calendar
from engine.core.form import Field, FieldType
from engine.core.people import Pick
from engine.core.places import ROOT, last_key
from engine.core.snapshot import Place

Extra = Mapping[str, Any] | None
Needs = Mapping[str, frozenset[str]]

_ABSENT = object()


# --- evaluating ---


def failing_value(draft: Draft, expr: Expr, place: Place, extra: Extra = None) -> Any:
    """The expression's answer; raises ExpressionFailed when there is none."""
    return expr.eval(values_for(draft, expr, place, extra))


def value_of(
    draft: Draft, expr: Expr, place: Place, extra: Extra = None, row: str | None = None
) -> Any:
    """The expression's answer; raises Undone, in the words of the row, when there is none."""
    try:
        return expr.eval(values_for(draft, expr, place, extra))
    except ExpressionFailed as failed:
        at = f"`{place}`" if place else "the case"
        of = f", `{row}`" if row else ""
        raise Undone(
            "condition-failed",
            place,
            f"At {at}{of}: {failed} The event was undone and waits; repair the value or the "
            "definition, then let it run again.",
        ) from failed


def holds(draft: Draft, condition: Expr, place: Place, row: str, extra: Extra = None) -> bool:
    """Whether a condition is true; raises Undone when it has no answer or is not yes or no."""
    value = value_of(draft, condition, place, extra, row)
    if value is True or value is False:
        return value
    at = f"`{place}`" if place else "the case"
    raise Undone(
        "condition-failed",
        place,
        f"At {at}, `{row}`: the condition `{condition.source}` gives {value!r}, which is neither "
        "yes nor no. Correct the definition, then let the event run again.",
    )


def explained(draft: Draft, condition: Expr, place: Place) -> tuple[tuple[str, Any], ...]:
    """What a condition read and the values it found, for the history."""
    values = values_for(draft, condition, place, None)
    return tuple((".".join(path), plain(_walk(values, path))) for path in sorted(condition.reads))


def _walk(values: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(values, Mapping) or name not in values:
            return None
        values = values[name]
    return values


def rendered(draft: Draft, template: Template, place: Place) -> str:
    """A text for people; raises Undone when a placeholder has no value."""
    if not template.reads:
        return template.text
    try:
        return template.render(values_for(draft, template, place, None))
    except ExpressionFailed as failed:
        raise Undone(
            "condition-failed",
            place,
            f"The text `{template.text}` at `{place}` cannot be written: {failed}",
        ) from failed


def values_for(draft: Draft, expr: Expr | Template, place: Place, extra: Extra) -> dict[str, Any]:
    """What the expression reads, by name; a name that stands for nothing is left out."""
    zone = draft.zone if draft.zone is not None else zone_of(draft)
    values: dict[str, Any] = {"$zone": zone, "$calendar": draft.calendar}
    for name, keys in needs_of(draft, expr).items():
        value = _bound(draft, name, keys, place, extra)
        if value is not _ABSENT:
            values[name] = value
    return values


def needs_of(draft: Draft, expr: Expr | Template) -> Needs:
    """The names an expression reads, each with the keys below it; `` stands for the whole."""
    memo = draft.chart.needs
    found = memo.get(id(expr))
    if found is None:
        needs: dict[str, set[str]] = {}
        for path in expr.reads:
            needs.setdefault(path[0], set()).add(path[1] if len(path) > 1 else "")
        found = {name: frozenset(keys) for name, keys in needs.items()}
        memo[id(expr)] = found
    return found


# --- names ---


def _bound(draft: Draft, name: str, keys: frozenset[str], place: Place, extra: Extra) -> Any:
    if extra is not None and name in extra:
        return extra[name]
    if draft.chart.has_each and "[" in place:
        item = _item(draft, name, place)
        if item is not _ABSENT:
            return item
    if draft.answered == place and draft.answered is not None:
        answer = _answer(draft, name, place)
        if answer is not _ABSENT:
            return answer
    match name:
        case "data":
            return _data(draft, keys)
        case "subject":
            subject = draft.case.subject
            return _ABSENT if subject is None else person_bound(draft, subject)
        case "case":
            return _case(draft, keys)
        case "now":
            return draft.now
        case "today":
            return draft.now.astimezone(zone_of(draft)).date()
        case "event":
            return _ABSENT if draft.body is None else draft.body
    if name in draft.chart.definition.people:
        return _role(draft, name)
    found = state_named(draft, name, place)
    if found is not None:
        ending = _ending(draft, found[0], found[1], keys)
        return _ABSENT if ending is None else ending
    return _field(draft, name)


def _item(draft: Draft, name: str, place: Place) -> Any:
    while "[" in place:
        instance = place[: place.rindex("]") + 1]
        each = instance[: instance.rindex("[")]
        rule = draft.chart.nodes[index_of(draft.chart, each)].state.each
        if rule is not None and rule.item == name:
            key = last_key(instance)
            for item in draft.items.get(each, ()):
                if item.key == key:
                    return item_bound(draft, rule, item.value)
        place = each
    return _ABSENT


def item_bound(draft: Draft, each: Each, value: Any) -> Any:
    """An item as expressions see it: a person if the list is one of people, else a text."""
    kind = each.items.type.item.kind if each.items.type.item is not None else Kind.ANY
    if kind is Kind.PERSON:
        return person_bound(draft, value)
    if kind is Kind.ANY and draft.facts.person(value) is not None:
        return person_bound(draft, value)
    return value


def _answer(draft: Draft, name: str, place: Place) -> Any:
    task = draft.chart.nodes[index_of(draft.chart, place)].state.task
    if task is None or task.form is None:
        return _ABSENT
    for field in task.form.fields:
        if field.name == name and name not in task.form.shared:
            value = None if draft.answers is None else draft.answers.get(name)
            return _ABSENT if value is None else field_bound(draft, field, value)
    return _field(draft, name) if name in task.form.shared else _ABSENT


def _data(draft: Draft, keys: frozenset[str]) -> dict[str, Any]:
    fields = draft.chart.definition.data
    names = (*fields, *draft.data) if "" in keys else keys
    found = {}
    for name in names:
        value = _field(draft, name)
        if value is not _ABSENT:
            found[name] = value
    return found


def _field(draft: Draft, name: str) -> Any:
    field = draft.chart.definition.data.get(name)
    value = draft.data.get(name)
    if field is None:
        return _ABSENT if value is None else value
    if field.compute is not None and field.type is FieldType.COMPUTED:
        return _computed(draft, field)
    return _ABSENT if value is None else field_bound(draft, field, value)


def _computed(draft: Draft, field: Field) -> Any:
    """The value of a computed field; one that has none, or needs itself, is not filled."""
    key = f"computing {field.name}"
    if key in draft.known or field.compute is None:
        return _ABSENT
    draft.known[key] = True
    try:
        return failing_value(draft, field.compute, ROOT)
    except ExpressionFailed:
        return _ABSENT
    finally:
        del draft.known[key]


def field_bound(draft: Draft, field: Field, value: Any) -> Any:
    """A stored answer as expressions see it: people with what the directory knows of them."""
    match field.type:
        case FieldType.PERSON if isinstance(value, str):
            return person_bound(draft, value)
        case FieldType.PEOPLE if isinstance(value, (list, tuple)):
            return [person_bound(draft, each) for each in value]
        case FieldType.TABLE if isinstance(value, (list, tuple)):
            return [_row_bound(draft, field, row) for row in value]
        case _:
            return value


def _row_bound(draft: Draft, table: Field, row: Any) -> Any:
    if not isinstance(row, Mapping):
        return row
    columns = {column.name: column for column in table.columns}
    return {
        name: field_bound(draft, columns[name], value) if name in columns else value
        for name, value in row.items()
    }


def _case(draft: Draft, keys: frozenset[str]) -> dict[str, Any]:
    case = draft.case
    found: dict[str, Any] = {"id": case.id, "opened_at": case.opened_at}
    if case.key is not None:
        found["key"] = case.key
    if case.opened_by is not None and not keys.isdisjoint(("opened_by", "")):
        found["opened_by"] = person_bound(draft, case.opened_by)
    return found


def _role(draft: Draft, name: str) -> Any:
    key = f"role {name}"
    if key not in draft.known:
        rule = draft.chart.definition.people[name]
        draft.known[key] = _ABSENT  # a rule that leads back to itself finds nobody
        people = [person_bound(draft, each) for each in draft.find_people(draft, rule, ROOT)]
        if rule.pick is Pick.ALL:
            draft.known[key] = people
        elif people:
            draft.known[key] = people[0]
    return draft.known[key]


def person_bound(draft: Draft, person: str) -> Mapping[str, Any]:
    """A person as expressions see them, managers nested as deep as the definition reads."""
    return _person(draft, person, draft.chart.definition.person_depth)


def _person(draft: Draft, person: str, depth: int) -> Mapping[str, Any]:
    key = f"{depth} {person}"
    found: Mapping[str, Any] | None = draft.known.get(key)
    if found is None:
        flat = draft.facts.person(person)
        if flat is None:
            found = {"id": person}
        else:
            manager = flat.get("manager")
            above = None if manager is None or depth < 1 else _person(draft, manager, depth - 1)
            found = {**flat, "manager": above}
        draft.known[key] = found
    return found


# --- endings ---


def state_named(draft: Draft, name: str, place: Place) -> tuple[Place, int] | None:
    """The state that a name means at a place, from the innermost scope outward."""
    if name not in draft.chart.by_name:
        return None
    nodes = draft.chart.nodes
    here, index = place, index_of(draft.chart, place)
    while True:
        for child in nodes[index].state.children:
            if nodes[child].name == name and not nodes[child].state.hidden:
                return place_below(draft, here, child), child
        if index == 0:
            return None
        here = parent_place(draft, nodes[index], here)
        index = nodes[index].parent


def reads_endings_only(draft: Draft, expr: Expr, place: Place) -> bool:
    """Whether an expression is about what states ended with, and nothing else."""
    known = ("data", "subject", "case", "now", "today", "event")
    people = draft.chart.definition.people
    return all(
        name not in known and name not in people and state_named(draft, name, place) is not None
        for name in needs_of(draft, expr)
    )


def _ending(draft: Draft, place: Place, index: int, keys: frozenset[str]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    node = draft.chart.nodes[index]
    if node.shape in (Shape.COMPOUND, Shape.PARALLEL):
        for child in node.state.children:
            below = draft.chart.nodes[child]
            if not below.state.hidden and (below.name in keys or "" in keys):
                inner = _ending(draft, place_below(draft, place, child), child, frozenset(("",)))
                if inner is not None:
                    found[below.name] = inner
    ending = draft.endings.get(place)
    if ending is None:
        return found or None
    found |= {"outcome": ending.outcome, "done_at": ending.at}
    if ending.by is not None and not keys.isdisjoint(("done_by", "")):
        found["done_by"] = person_bound(draft, ending.by)
    for name, value in ending.answers.items():
        found.setdefault(name, value)
    return found


# --- the case's clock ---


def calendar_of(draft: Draft) -> Calendar:
    """The calendar of the case; the organisation's own when its location is not known."""
    if draft.calendar is None:
        expr = draft.chart.definition.calendar
        location = None
        if expr is not None:
            draft.zone = UTC  # while the location is looked up
            try:
                location = text_of(failing_value(draft, expr, ROOT))
            except ExpressionFailed:
                location = None
        draft.calendar = draft.facts.calendar(location)
        draft.zone = draft.calendar.zone
    return draft.calendar


def zone_of(draft: Draft) -> tzinfo:
    if draft.zone is None:
        calendar_of(draft)
    assert draft.zone is not None
    return draft.zone


# --- back from expressions ---


def text_of(value: Any) -> str | None:
    """A person's id, or a simple value as text; None for nothing and for what has no such text."""
    match value:
        case None | "":
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return text_of(value.get("id"))
        case _:
            return None


def plain(value: Any) -> Any:
    """A value as JSON keeps it: people by their id, dates and instants as text."""
    match value:
        case None | str() | bool() | int() | float():
            return value
        case datetime() | date():
            return text_of(value)
        case Mapping():
            if "id" in value and "manager" in value:
                return value["id"]
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case _:
            return str(value)


def stored(draft: Draft, name: str, value: Any) -> Any:
    """A value as the field of the case file stores it."""
    field = draft.chart.definition.data.get(name)
    if field is not None:
        if field.type is FieldType.PERSON:
            return text_of(value)
        if field.type is FieldType.PEOPLE and isinstance(value, (list, tuple)):
            return [text for each in value if (text := text_of(each)) is not None]
    return plain(value)
