"""Leaving states: inner first, in reverse document order; what they had open is closed."""

from collections.abc import Iterable

from engine.core.actions import run_actions
from engine.core.chart import Shape
from engine.core.draft import Draft, in_order, inside, place_below
from engine.core.effects import StopCase
from engine.core.index import Node
from engine.core.snapshot import Place
from engine.core.tasks import withdraw
from engine.core.telling import Exited
from engine.core.timers import cancel_timer, timers_of


def exit_states(draft: Draft, places: Iterable[Place], *, actions: bool = True) -> None:
    """SCXML's exitStates: first histories are written, then everything is left."""
    nodes, active = draft.chart.nodes, draft.active
    leaving = in_order(draft, {place: active[place] for place in places})
    for place in leaving:
        if nodes[active[place]].histories:
            _remember(draft, nodes[active[place]], place)
    for place in reversed(leaving):
        node = nodes[active[place]]
        if place in draft.skipped:
            draft.skipped.discard(place)
        else:
            if actions and node.state.exit:
                run_actions(draft, node.state.exit, place)
            draft.taken.append(Exited(place=place))
        _close(draft, node, place)
        del active[place]


def _close(draft: Draft, node: Node, place: Place) -> None:
    state = node.state
    if draft.tasks and (state.task or state.side_tasks):
        for opened in [each for each in draft.tasks.values() if each.place == place]:
            withdraw(draft, opened)
    if state.timers and (timers := timers_of(draft)):
        for timer in [each for each in timers.values() if each.place == place]:
            cancel_timer(draft, timer)
    if draft.subcases and state.start:
        for subcase in [each for each in draft.subcases.values() if each.place == place]:
            del draft.subcases[subcase.key]
            if subcase.ended is None:
                draft.effects.append(StopCase(subcase=subcase.key))
    if node.shape is Shape.EACH:
        draft.items.pop(place, None)


def _remember(draft: Draft, node: Node, place: Place) -> None:
    nodes = draft.chart.nodes
    below = {each: draft.active[each] for each in inside(draft, place, node.index)}
    children = [each for each in below if nodes[below[each]].parent == node.index]
    for index in node.histories:
        key = place_below(draft, place, index)
        if any(nodes[below[each]].shape is Shape.FINAL for each in children):
            draft.remembered.pop(key, None)  # it was not left, it had ended
        elif nodes[index].state.deep:
            leaves = {at: i for at, i in below.items() if not _has_child(at, below)}
            draft.remembered[key] = tuple(in_order(draft, leaves))
        else:
            draft.remembered[key] = tuple(children)


def _has_child(place: Place, below: Iterable[Place]) -> bool:
    starts = (place + ".", place + "[")
    return any(each.startswith(starts) for each in below)
