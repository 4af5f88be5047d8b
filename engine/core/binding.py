"""Values for expressions: of everything a case knows, only what an expression reads.

A name means, first that fits: a value given for this place alone (`done`, `total`, `answers`), the
item of an `each` around the place, a question of the task that was just answered here, `subject`,
`case`, `data`, `now`, `today`, `event`, a role of `people:`, the ending of a state (looked up from
the innermost scope outward), a field of the case file by its bare name.
"""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any

from engine.core.conversion import plain, text_of
from engine.core.draft import Draft, Undone, index_of
from engine.core.endings import ending_value, state_named
from engine.core.expression import Expr, ExpressionFailed, Template
from engine.core.facts import Calendar
from engine.core.form import Field, FieldType
from engine.core.people import Pick
from engine.core.persons import field_bound, item_bound, person_bound
from engine.core.places import ROOT, last_key
from engine.core.snapshot import Place

Extra = Mapping[str, Any] | None
Needs = Mapping[str, frozenset[str]]

_ABSENT = object()


# --- evaluating ---


def failing_value(draft: Draft, expr: Expr, place: Place, extra: Extra = None) -> Any:
    """The expression's answer; raises ExpressionFailed when there is none."""
    return expr.eval(values_for(draft, expr, place, extra))


def value_of(draft: Draft, expr: Expr, place: Place, extra: Extra = None) -> Any:
    """The expression's answer; raises Undone when there is none."""
    try:
        return expr.eval(values_for(draft, expr, place, extra))
    except ExpressionFailed as failed:
        raise _undone(place, None, failed) from failed


def holds(draft: Draft, condition: Expr, place: Place, row: str, extra: Extra = None) -> bool:
    """Whether a condition is true; raises Undone when it has no answer or is not yes or no."""
    return because(draft, condition, place, row, extra) is not None


def because(
    draft: Draft, condition: Expr, place: Place, row: str, extra: Extra = None
) -> tuple[tuple[str, Any], ...] | None:
    """What a condition that holds has read, with the values, for the history; None: it does not.

    Raises Undone, in the words of the row, when it has no answer or is not yes or no.
    """
    values = values_for(draft, condition, place, extra)
    try:
        answer = condition.eval(values)
    except ExpressionFailed as failed:
        raise _undone(place, row, failed) from failed
    if answer is True:
        reads = sorted(condition.reads)
        return tuple((".".join(path), plain(_walk(values, path))) for path in reads)
    if answer is False:
        return None
    raise Undone(
        "condition-failed",
        place,
        f"At {_named(place)}, `{row}`: the condition `{condition.source}` gives {answer!r}, which "
        "is neither yes nor no. Correct the definition, then let the event run again.",
    )


def _undone(place: Place, row: str | None, failed: ExpressionFailed) -> Undone:
    of = f", `{row}`" if row else ""
    return Undone(
        "condition-failed",
        place,
        f"At {_named(place)}{of}: {failed} The event was undone and waits; repair the value or "
        "the definition, then let it run again.",
    )


def _named(place: Place) -> str:
    return f"`{place}`" if place else "the case"


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
    known = memo.get(id(expr))
    if known is None:
        needs: dict[str, set[str]] = {}
        for path in expr.reads:
            needs.setdefault(path[0], set()).add(path[1] if len(path) > 1 else "")
        found = {name: frozenset(keys) for name, keys in needs.items()}
        memo[id(expr)] = expr, found  # kept with it: so its id() is never another's
        return found
    return known[1]


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
        ending = ending_value(draft, found[0], found[1], keys)
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


def reads_endings_only(draft: Draft, expr: Expr, place: Place) -> bool:
    """Whether an expression is about what states ended with, and nothing else."""
    known = ("data", "subject", "case", "now", "today", "event")
    people = draft.chart.definition.people
    return all(
        name not in known and name not in people and state_named(draft, name, place) is not None
        for name in needs_of(draft, expr)
    )


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
