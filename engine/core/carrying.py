"""What a case brings along into a new version: its file, its tasks and its memory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.core.alike import outline, same
from engine.core.binding import rendered
from engine.core.carried_timers import clock_moved
from engine.core.chart import Definition, State, Task
from engine.core.deadlines import due_instant
from engine.core.draft import Draft, Undone, index_of
from engine.core.effects import CarriedTask, Effect
from engine.core.fitting import Misfit, fitted
from engine.core.form import Field, FieldType
from engine.core.index import Chart
from engine.core.mapping import Fates, Timers, carried_place
from engine.core.owners import Found, labels, works_here
from engine.core.places import ROOT, state_id
from engine.core.snapshot import Ending, OpenTask, Place, Snapshot
from engine.core.tasks import ask_rule, move_due, owned_by, task_rules, withdraw
from engine.core.telling import Assigned, Taken

Moves = Callable[[Place], Place | None]  # where a place is in the new version, if it is there


@dataclass(frozen=True, kw_only=True, slots=True)
class Luggage:
    """A case on its way between two versions."""

    snapshot: Snapshot  # in the names of the new one
    effects: tuple[Effect, ...]
    taken: tuple[Taken, ...]
    lost: tuple[str, ...]  # fields that it held and the new version does not have


def carry_over(
    old: Chart, new: Chart, fates: Fates, kept: Mapping[Place, Place], leaving: Draft
) -> Luggage:
    """What is left of a case after it left what does not go on, under the names of the new one."""
    _withdraw_side_tasks(new, kept, leaving)

    def moved(place: Place) -> Place | None:
        return carried_place(old, new, fates, place)

    data, taken, lost = _data(new.definition, leaving.data)
    subcases = {
        key: replace(each, place=kept[each.place]) for key, each in leaving.subcases.items()
    }
    snapshot = Snapshot(
        case=leaving.case,
        outcome=leaving.outcome,
        configuration=tuple(kept.values()),
        data=data,
        visits=_visits(leaving.visits, moved),
        endings=_endings(new, leaving.endings, moved),
        tasks={key: replace(each, place=kept[each.place]) for key, each in leaving.tasks.items()},
        timers={key: replace(each, place=kept[each.place]) for key, each in leaving.timers.items()},
        items={kept[place]: items for place, items in leaving.items.items()},
        subcases=subcases,
        remembered=_remembered(leaving.remembered, moved),
        owed=_owed(new, leaving.owed, moved),
        pauses=leaving.pauses,
        shelf={key: replace(each, place=kept[each.place]) for key, each in leaving.shelf.items()},
    )
    return Luggage(
        snapshot=snapshot, effects=(), taken=tuple(taken), lost=tuple(each.field for each in lost)
    )


def _withdraw_side_tasks(new: Chart, kept: Mapping[Place, Place], leaving: Draft) -> None:
    """Those of an `every:` that the state has no longer."""
    for opened in tuple(leaving.tasks.values()):
        state = new.nodes[index_of(new, kept[opened.place])].state
        if opened.side is not None and opened.side >= len(state.side_tasks):
            withdraw(leaving, opened)


def _visits(visits: Mapping[str, int], moved: Moves) -> dict[str, int]:
    """Old names stay counted, so that no task of the case ever has the key of an earlier one."""
    found = dict(visits)
    for where, count in visits.items():
        place, slash, side = where.partition("/")
        to = moved(place)
        if to is not None and to != place:
            found[to + slash + side] = max(count, found.get(to + slash + side, 0))
    return found


def _endings(new: Chart, endings: Mapping[Place, Ending], moved: Moves) -> dict[Place, Ending]:
    """By the new names; what no expression can name any more is left to the history."""
    found = {}
    for where, ending in endings.items():
        place, slash, side = where.partition("/")
        to = moved(place) or (place if state_id(place) in new.by_id else None)
        if to is not None:
            found[to + slash + side] = ending
    return found


def _remembered(remembered: Mapping[str, tuple[Place, ...]], moved: Moves) -> dict[str, Any]:
    """Where something was left; forgotten, if the new version does not have all of it."""
    found = {}
    for was, inside in remembered.items():
        to, places = moved(was), [place for each in inside if (place := moved(each)) is not None]
        if to is not None and len(places) == len(inside):
            found[to] = tuple(places)
    return found


def _owed(new: Chart, owed: tuple[Place, ...], moved: Moves) -> tuple[Place, ...]:
    """What completed states are owed, as far as the new version still says how to undo them."""
    places = (moved(place) or (place if state_id(place) in new.by_id else None) for place in owed)
    known = (place for place in places if place is not None)
    return tuple(
        dict.fromkeys(place for place in known if new.nodes[index_of(new, place)].state.undo)
    )


# --- the case file ---


def _data(
    new: Definition, data: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Assigned], list[Assigned]]:
    """The values as the new fields store them, what changed by that, and what has no field."""
    kept: dict[str, Any] = {}
    taken: list[Assigned] = []
    lost: list[Assigned] = []
    for name, value in data.items():
        field = new.data.get(name)
        if field is None or field.type is FieldType.COMPUTED:
            taken.append(Assigned(field=name, old=value, new=None))
            lost.append(taken[-1])
            continue
        kept[name] = _as_stored(field, value)
        if kept[name] != value or type(kept[name]) is not type(value):
            taken.append(Assigned(field=name, old=value, new=kept[name]))
    return kept, taken, lost


def _as_stored(field: Field, value: Any) -> Any:
    """A value as the field's type stores it. What was in bounds once stays: bounds are for answers.

    Raises Undone for what no conversion makes fit.
    """
    unbound = replace(field, min=None, max=None)
    for candidate in _readings(field, value):
        try:
            return fitted(unbound, candidate)
        except Misfit as no:
            wanted = str(no)
    if field.type in (FieldType.CHOICE, FieldType.CHOICES) and _is_choice(field.type, value):
        return value  # an option that is offered no longer
    raise Undone(
        "no-place", ROOT, f"the field `{field.name}` {wanted} now, and what the case holds is none"
    )


def _readings(field: Field, value: Any) -> Iterator[Any]:
    """The value itself, then what it could stand for in a field of another type."""
    yield value
    many = field.type in (FieldType.CHOICES, FieldType.PEOPLE)
    if many and isinstance(value, str):
        yield [value]
    elif not many and isinstance(value, list) and len(value) == 1:
        yield value[0]
    if isinstance(value, str) and len(value) < 20:
        for read in (int, float):
            try:
                yield read(value)
            except ValueError:
                continue


def _is_choice(kind: FieldType, value: Any) -> bool:
    many = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, str) if kind is FieldType.CHOICE else many


# --- tasks ---


def carry_tasks(old: Chart, draft: Draft, kept: Mapping[Place, Place], timers: Timers) -> None:
    """Open tasks in the words of the new version, and due when `timers` says."""
    origin = {to: was for was, to in kept.items()}
    for opened in tuple(draft.tasks.values()):
        was = origin[opened.place]
        before = _task(old.nodes[index_of(old, was)].state, opened)
        after = _task(draft.chart.nodes[index_of(draft.chart, opened.place)].state, opened)
        texts = (before.title, before.text), (after.title, after.text)
        reworded = outline(texts[0]) != outline(texts[1])
        if reworded or was != opened.place:
            draft.effects.append(_carried(draft, opened, after, reworded=reworded))
        if (
            timers is Timers.RECOMPUTE
            and not draft.paused  # then every due date is computed once it goes on
            and (not same(before.due, after.due) or clock_moved(old, draft))
        ):
            due = due_instant(draft, after.due, opened.opened_at, opened.place)
            if due != opened.due:
                draft.was_due[opened.key] = opened.due
                move_due(draft, opened, due)


def _task(state: State, opened: OpenTask) -> Task:
    task = state.task if opened.side is None else state.side_tasks[opened.side]
    assert task is not None
    return task


def _carried(draft: Draft, opened: OpenTask, task: Task, *, reworded: bool) -> CarriedTask:
    if not reworded:
        return CarriedTask(task=opened, reworded=False, title=None, text=None)
    return CarriedTask(
        task=opened,
        reworded=True,
        title=rendered(draft, task.title, opened.place),
        text=None if task.text is None else rendered(draft, task.text, opened.place),
    )


def look_at_changed_owner(draft: Draft, before: State, opened: OpenTask) -> None:
    """After a change of version: whose task it is, if who it is for was written otherwise before.

    What somebody got in another way, by hand, by escalation or out of a queue, stays theirs.
    """
    was = before.task if opened.side is None else before.side_tasks[opened.side]
    task = task_rules(draft, opened)
    taken = opened.queue is not None and opened.owners
    if was is None or taken or opened.by_rule not in labels(was.to) or same(was.to, task.to):
        return
    held = Found(people=opened.owners, queue=opened.queue, rule=task.to.label)
    opened = draft.tasks[opened.key] = owned_by(opened, held, opened.due, opened.chosen)
    known = tuple(each for each in opened.owners if works_here(draft.facts, each))
    ask_rule(draft, opened, task, task.to, known, "the new version has another rule")
