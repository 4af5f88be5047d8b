"""Entering states: outer first, in document order; tasks, timers and sub-cases are created."""

from collections.abc import Iterable

from engine.core.actions import ask_advice, run_actions
from engine.core.binding import because
from engine.core.chart import Shape, State
from engine.core.completion import (
    check_join,
    complete,
    final_entered,
    mark_item,
    pass_over,
)
from engine.core.draft import (
    Draft,
    in_order,
    index_of,
    logical_place,
    parent_place,
    place_below,
    place_of,
)
from engine.core.items import items_of
from engine.core.places import ROOT, instance_place, last_key
from engine.core.snapshot import Item, Place
from engine.core.subcases import start_subcases
from engine.core.tasks import open_task
from engine.core.telling import Entered, Skipped
from engine.core.timers import set_timers


def enter_targets(draft: Draft, targets: Iterable[Place]) -> None:
    """SCXML's enterStates: the targets with everything between them and what is active."""
    wanted: set[Place] = set()
    tops: dict[Place, int] = {}
    for target in targets:
        top = _want(draft, target, wanted)
        if top is not None:
            tops[top] = index_of(draft.chart, top)
            _add_branches(draft, top, tops)
    for place in tops if len(tops) == 1 else in_order(draft, tops):
        if place not in draft.active:
            enter(draft, place, tops[place], wanted)


def _add_branches(draft: Draft, top: Place, tops: dict[Place, int]) -> None:
    """A PARALLEL that is entered through one branch has all of them."""
    node = draft.chart.nodes[tops[top]]
    parent = draft.chart.nodes[node.parent]
    if parent.shape is not Shape.PARALLEL:
        return
    above = parent_place(draft, node, top)
    for child in parent.parts:
        branch = place_below(draft, above, child)
        if branch not in draft.active:
            tops[branch] = child


def _want(draft: Draft, target: Place, wanted: set[Place]) -> Place | None:
    """Add a target and what is above it, up to the first active state; gives the topmost added."""
    top = None
    place = target
    while place not in draft.active:
        wanted.add(place)
        top = place
        node = draft.chart.nodes[index_of(draft.chart, place)]
        if node.parent < 0:
            break
        place = parent_place(draft, node, place)
    return top


def target_places(draft: Draft, indices: tuple[int, ...], near: Place) -> list[Place]:
    """SCXML's getEffectiveTargetStates: where each target is; a HISTORY is what it remembers."""
    places: list[Place] = []
    for index in indices:
        place = place_of(draft, index, near)
        node = draft.chart.nodes[index]
        if node.shape is not Shape.HISTORY:
            places.append(place)
        elif place in draft.remembered:
            places.extend(draft.remembered[place])
        else:
            places.extend(target_places(draft, node.state.initial, place))
    return places


def enter(draft: Draft, place: Place, index: int, wanted: set[Place]) -> None:
    """Enter one state and, as its shape says, what is below it."""
    node = draft.chart.nodes[index]
    state = node.state
    draft.visits[place] = draft.visits.get(place, 0) + 1
    draft.active[place] = index
    if draft.ended and state.shape is not Shape.FINAL:
        draft.ended.discard(logical_place(draft, place))
    if node.in_each:
        mark_item(draft, parent_place(draft, node, place), last_key(place), None)
    reasons = None
    if state.skip is not None:
        reasons = because(draft, state.skip, place, "if/unless")
    if reasons is not None:
        draft.taken.append(Skipped(place=place, because=reasons))
        pass_over(draft, place)
        return
    _begin(draft, place, state)
    match state.shape:
        case Shape.ATOMIC:
            if node.instant:
                complete(draft, place)
            elif state.start is not None:
                start_subcases(draft, place, state.start)
        case Shape.COMPOUND:
            _enter_compound(draft, place, state, wanted)
        case Shape.PARALLEL:
            for child in node.parts:
                enter(draft, place_below(draft, place, child), child, wanted)
            check_join(draft, place, node)
        case Shape.EACH:
            _enter_each(draft, place, state, wanted)
            check_join(draft, place, node)
        case Shape.FINAL:
            final_entered(draft, place, node)
        case Shape.HISTORY:
            pass


def _begin(draft: Draft, place: Place, state: State) -> None:
    """Tell it, run its actions, open its task, set its timers."""
    if place != ROOT:
        draft.taken.append(Entered(place=place))
    if state.entry:
        run_actions(draft, state.entry, place)
    if state.task is not None:
        open_task(draft, place, state.task)
        if state.advice is not None:
            ask_advice(draft, place, state.advice)
    if state.timers:
        set_timers(draft, place, state)


def enter_shell(draft: Draft, place: Place, index: int) -> None:
    """Enter a state around something that is active already, or is about to be."""
    draft.visits[place] = draft.visits.get(place, 0) + 1
    draft.active[place] = index
    _begin(draft, place, draft.chart.nodes[index].state)


def _enter_compound(draft: Draft, place: Place, state: State, wanted: set[Place]) -> None:
    if not _enter_wanted(draft, place, state, wanted):
        for target in target_places(draft, state.initial, _first_place(draft, place, state)):
            _want(draft, target, wanted)
        _enter_wanted(draft, place, state, wanted)


def _first_place(draft: Draft, place: Place, state: State) -> Place:
    """A place inside, from which the places of descendants can be told."""
    return place_below(draft, place, state.children[0]) if state.children else place


def _enter_wanted(draft: Draft, place: Place, state: State, wanted: set[Place]) -> bool:
    for child in state.children:
        below = place_below(draft, place, child)
        if below in wanted:
            enter(draft, below, child, wanted)
            return True
    return False


def _enter_each(draft: Draft, place: Place, state: State, wanted: set[Place]) -> None:
    assert state.each is not None
    found = items_of(draft, state.each, place)
    draft.items[place] = tuple(Item(key=key, value=value, ended=None) for key, value in found)
    for key, _ in found:
        enter(draft, instance_place(place, key), state.children[0], wanted)


def enter_root(draft: Draft) -> None:
    """The first microstep of a case."""
    enter(draft, ROOT, 0, set())
