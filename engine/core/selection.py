"""Which transitions are taken: SCXML's selectTransitions and removeConflictingTransitions."""

from dataclasses import dataclass
from typing import Any

from engine.core.binding import because
from engine.core.chart import TriggerKind
from engine.core.draft import Cue, Draft, in_order, inside, parent_place
from engine.core.index import Node, Row, Rows
from engine.core.places import ROOT
from engine.core.snapshot import Place
from engine.core.telling import Preempted


@dataclass(slots=True, eq=False)
class Chosen:
    """A row that is taken, with the place it is taken at."""

    row: Row
    place: Place
    because: tuple[tuple[str, Any], ...]


def select(draft: Draft, cue: Cue) -> tuple[Chosen, ...]:
    """The optimal transition set for one event.

    An event that is addressed to one place is answered by its state alone; any other by the
    innermost state of each active branch that has a row for it.
    """
    if cue.place is not None:
        return _addressed(draft, cue, cue.place)
    if cue.name not in draft.chart.signals:
        return ()
    return _optimal(draft, cue)


def select_eventless(draft: Draft) -> tuple[Chosen, ...]:
    if not draft.chart.eventless:
        return ()
    return _optimal(draft, Cue(TriggerKind.ALWAYS, "", None, 0))


def _rows(node: Node, cue: Cue) -> Rows:
    match cue.kind:
        case TriggerKind.ALWAYS:
            return node.always
        case TriggerKind.SIGNAL:
            return node.signals.get(cue.name, ())
        case TriggerKind.DONE:
            return node.done
        case TriggerKind.BUTTON:
            return node.buttons.get(cue.name, ())
        case TriggerKind.TIMER:
            return node.timers.get(cue.name, ())


def _addressed(draft: Draft, cue: Cue, place: Place) -> tuple[Chosen, ...]:
    index = draft.active.get(place)
    if index is None or draft.visits.get(place) != cue.visit:
        return ()
    chosen = _first(draft, _rows(draft.chart.nodes[index], cue), place)
    return () if chosen is None else (chosen,)


def _first(draft: Draft, rows: Rows, place: Place) -> Chosen | None:
    """The first row of a state whose condition holds."""
    for row in rows:
        condition = row.transition.condition
        if condition is None:
            return Chosen(row, place, ())
        reasons = because(draft, condition, place, row.transition.label)
        if reasons is not None:
            return Chosen(row, place, reasons)
    return None


def _optimal(draft: Draft, cue: Cue) -> tuple[Chosen, ...]:
    nodes, active = draft.chart.nodes, draft.active
    answers: dict[Place, Chosen | None] = {}
    enabled: dict[Place, Chosen] = {}
    ordered = in_order(draft, active)
    above = {parent_place(draft, nodes[active[place]], place) for place in ordered if place}
    for leaf in ordered:
        if leaf in above:
            continue
        place = leaf
        while True:
            node = nodes[active[place]]
            if place not in answers:
                passed = place in draft.skipped
                answers[place] = None if passed else _first(draft, _rows(node, cue), place)
            answer = answers[place]
            if answer is not None:
                enabled[place] = answer
                break
            if place == ROOT:
                break
            place = parent_place(draft, node, place)
    if len(enabled) < 2:
        return tuple(enabled.values())
    return _without_conflicts(draft, tuple(enabled.values()))


def exit_set(draft: Draft, chosen: Chosen) -> list[Place]:
    """SCXML's computeExitSet for one transition, in no particular order."""
    domain = chosen.row.domain
    if domain is None:
        return []
    place = domain_place(draft, chosen, domain)
    below = inside(draft, place, domain)
    return [place, *below] if chosen.row.whole else below


def domain_place(draft: Draft, chosen: Chosen, domain: int) -> Place:
    """Where the domain of a transition is: above its source, or the source itself."""
    place = chosen.place
    index = draft.active[place]
    while index != domain:
        node = draft.chart.nodes[index]
        place = parent_place(draft, node, place)
        index = node.parent
    return place


def _without_conflicts(draft: Draft, enabled: tuple[Chosen, ...]) -> tuple[Chosen, ...]:
    """Of two that leave the same state the inner one is taken, else the earlier one."""
    kept: list[tuple[Chosen, set[Place]]] = []
    for candidate in enabled:
        leaves = set(exit_set(draft, candidate))
        loses: list[tuple[Chosen, set[Place]]] = []
        preempted = False
        for other in kept:
            if leaves.isdisjoint(other[1]):
                continue
            if _is_below(draft, candidate.place, other[0].place):
                loses.append(other)
            else:
                preempted = True
                break
        if preempted:
            _tell_preempted(draft, candidate)
            continue
        for other in loses:
            _tell_preempted(draft, other[0])
            kept.remove(other)
        kept.append((candidate, leaves))
    return tuple(each for each, _ in kept)


def _tell_preempted(draft: Draft, loser: Chosen) -> None:
    draft.taken.append(Preempted(place=loser.place, trigger=loser.row.trigger))


def _is_below(draft: Draft, place: Place, above: Place) -> bool:
    while place != ROOT:
        place = parent_place(draft, draft.chart.nodes[draft.active[place]], place)
        if place == above:
            return True
    return False
