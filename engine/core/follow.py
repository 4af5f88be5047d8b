"""What follows a change of data or directory: item lists, due dates, timers and owners."""

from engine.core.binding import needs_of
from engine.core.chart import Shape
from engine.core.completion import check_join
from engine.core.deadlines import due_instant
from engine.core.draft import Draft, in_order, inside
from engine.core.entry import enter
from engine.core.exit import exit_states
from engine.core.expression import Expr, Kind
from engine.core.index import Node
from engine.core.items import items_of
from engine.core.owners import works_here
from engine.core.places import instance_place
from engine.core.snapshot import Item, OpenTask, Place
from engine.core.tasks import look_again_at_owners, move_due, own_task, task_rules
from engine.core.time import Deadline
from engine.core.timers import move_timers


def follow(draft: Draft) -> None:
    """Look again at everything that reads what changed in this macrostep."""
    if draft.directory_changed:
        look_again_at_owners(draft)
    chart = draft.chart
    if (chart.follows and draft.changed) or (
        (chart.follows or chart.dated) and draft.directory_changed
    ):
        for place in in_order(draft, draft.active):
            index = draft.active.get(place)
            if index is not None and place not in draft.skipped:
                _follow_place(draft, place, draft.chart.nodes[index])
    draft.changed.clear()
    draft.directory_changed = False


def _follow_place(draft: Draft, place: Place, node: Node) -> None:
    state = node.state
    if not draft.paused and (state.task or state.side_tasks or state.timers):
        _follow_dates(draft, place, node)
    listed = node.shape is Shape.EACH and place in draft.items
    if listed and state.each is not None and reads_change(draft, state.each.items):
        follow_items(draft, place, node)


def reads_change(draft: Draft, expr: Expr | None) -> bool:
    """Whether what an expression reads may have changed in this macrostep."""
    if expr is None:
        return draft.directory_changed
    if draft.directory_changed:
        return True
    fields = draft.chart.definition.data
    for name, keys in needs_of(draft, expr).items():
        if name != "data":
            if name in draft.changed:  # a field by its bare name
                return True
            continue
        if "" in keys or not keys.isdisjoint(draft.changed):
            return True
        if any(key in fields and fields[key].compute is not None for key in keys):
            return True
    return False


def _moves(draft: Draft, deadline: Deadline | None) -> bool:
    if deadline is None:
        return False
    calendar = draft.chart.definition.calendar
    if deadline.anchor is not None and reads_change(draft, deadline.anchor):
        return True
    return reads_change(draft, calendar)


def _follow_dates(draft: Draft, place: Place, node: Node) -> None:
    for task in [each for each in draft.tasks.values() if each.place == place]:
        _follow_due(draft, task)
    opened = own_task(draft, place)
    was = None if opened is None else draft.was_due.get(opened.key, opened.due)
    moved = opened is not None and was != opened.due
    rules = tuple(
        rule
        for rule in node.state.timers
        if (moved and rule.deadline.anchor is None) or _moves(draft, rule.deadline)
    )
    if rules:
        move_timers(draft, place, rules, was)


def _follow_due(draft: Draft, opened: OpenTask) -> None:
    due = task_rules(draft, opened).due
    if not _moves(draft, due):
        return
    at = due_instant(draft, due, opened.opened_at, opened.place)
    if at != opened.due:
        draft.was_due[opened.key] = opened.due
        move_due(draft, opened, at)


def follow_items(draft: Draft, place: Place, node: Node) -> None:
    """Begin what is new in the list of an EACH, and leave whoever left it."""
    each = node.state.each
    assert each is not None
    present = draft.items[place]
    found = items_of(draft, each, place)
    people = each.items.type.item is not None and each.items.type.item.kind is Kind.PERSON
    listed = {key for key, _ in found}
    gone = {
        item.key
        for item in present
        if people
        and item.ended is None
        and item.key not in listed
        and not works_here(draft.facts, item.value)
    }
    known = {item.key for item in present}
    new = [(key, value) for key, value in found if key not in known]
    if not gone and not new:
        return
    for key in gone:
        instance = instance_place(place, key)
        if instance in draft.active:
            below = inside(draft, instance, draft.active[instance])
            exit_states(draft, [instance, *below])
    stay = [item for item in present if item.key not in gone]
    added = [Item(key=key, value=value, ended=None) for key, value in new]
    draft.items[place] = (*stay, *added)
    for key, _ in new:
        enter(draft, instance_place(place, key), node.state.children[0], set())
    check_join(draft, place, node)
