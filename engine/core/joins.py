"""When a PARALLEL or an EACH has completed: all of it, enough of it, a quorum or a veto."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from engine.core.binding import holds
from engine.core.chart import Enough, Shape
from engine.core.draft import Draft, logical_place, place_below
from engine.core.index import Node
from engine.core.places import instance_place
from engine.core.snapshot import Place

DONE = "done"
SKIPPED = "skipped"
UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How far the parts have come; those passed over count nowhere."""

    total: int
    outcomes: tuple[str, ...]  # of those that have ended
    ended: tuple[Place, ...]  # their places, in the same order


def verdict(draft: Draft, place: Place, node: Node) -> str | None:
    """The outcome with which the state at `place` completes now; None: not yet."""
    enough = node.state.enough
    if enough is None:
        return DONE if _all_ended(draft, place, node) else None
    tally = tally_of(draft, place, node)
    early = _early(draft, place, node, enough, tally)
    if early is not None:
        return early
    if len(tally.outcomes) == tally.total:
        return UNDECIDED if enough.quorum else DONE
    return None


def _all_ended(draft: Draft, place: Place, node: Node) -> bool:
    if node.shape is Shape.EACH:
        return all(item.ended is not None for item in draft.items.get(place, ()))
    nodes = draft.chart.nodes
    for index in node.parts:
        if not has_ended(draft, place_below(draft, place, index), nodes[index]):
            return False
    return True


def tally_of(draft: Draft, place: Place, node: Node) -> Tally:
    """Counted anew from what is active, so that there is no counter that could be wrong."""
    total = 0
    ended: list[tuple[str, Place]] = []
    if node.shape is Shape.EACH:
        for item in draft.items.get(place, ()):
            if item.ended != SKIPPED:
                total += 1
                if item.ended is not None:
                    ended.append((item.ended, instance_place(place, item.key)))
    else:
        for index in node.parts:
            child = draft.chart.nodes[index]
            branch = place_below(draft, place, index)
            outcome = ended_with(draft, branch, child)
            if outcome != SKIPPED:
                total += 1
                if outcome is not None:
                    ended.append((outcome, branch))
    return Tally(
        total=total,
        outcomes=tuple(outcome for outcome, _ in ended),
        ended=tuple(part for _, part in ended),
    )


def answers_of(draft: Draft, place: Place, node: Node) -> list[dict[str, Any]]:
    """What those that have ended answered to their own questions, each with its `outcome`."""
    tally = tally_of(draft, place, node)
    found = []
    for outcome, part in zip(tally.outcomes, tally.ended, strict=True):
        ending = draft.endings.get(logical_place(draft, part))
        own = {} if ending is None else ending.answers
        found.append({**own, "outcome": outcome})
    return found


def has_ended(draft: Draft, place: Place, node: Node) -> bool:
    """Whether a part of a PARALLEL has ended or was passed over; not if it is not entered yet."""
    if place not in draft.active:
        return False
    match node.shape:
        case Shape.COMPOUND:
            return _final_active(draft, place, node) or is_passed_over(draft, place, node)
        case Shape.PARALLEL:
            return is_passed_over(draft, place, node) or verdict(draft, place, node) is not None
        case Shape.EACH:
            return place not in draft.items or verdict(draft, place, node) is not None
        case Shape.ATOMIC | Shape.FINAL | Shape.HISTORY:
            return place in draft.skipped


def ended_with(draft: Draft, place: Place, node: Node) -> str | None:
    """How a part of a PARALLEL has ended; None: it goes on, or is not entered yet."""
    if not has_ended(draft, place, node):
        return None
    match node.shape:
        case Shape.COMPOUND if _final_active(draft, place, node):
            ending = draft.endings.get(logical_place(draft, place))
            return DONE if ending is None else ending.outcome
        case Shape.PARALLEL if not is_passed_over(draft, place, node):
            return verdict(draft, place, node)
        case Shape.EACH if place in draft.items:
            return verdict(draft, place, node)
        case _:
            return SKIPPED


def is_passed_over(draft: Draft, place: Place, node: Node) -> bool:
    """A state with children is active without one only when its `if` passed it over."""
    if place in draft.skipped:
        return True
    for index in node.parts:  # noqa: SIM110 - on the hot path
        if place_below(draft, place, index) in draft.active:
            return False
    return True


def _final_active(draft: Draft, place: Place, node: Node) -> bool:
    for index in node.finals:  # noqa: SIM110 - on the hot path
        if place_below(draft, place, index) in draft.active:
            return True
    return False


def _early(draft: Draft, place: Place, node: Node, enough: Enough, tally: Tally) -> str | None:
    done = len(tally.outcomes)
    if enough.veto or enough.quorum:
        votes = Counter(tally.outcomes)
        for name, needed in (*enough.veto.items(), *enough.quorum.items()):
            if votes[name] >= needed:
                return name
        open_votes = tally.total - done
        if enough.quorum and all(
            votes[name] + open_votes < needed for name, needed in enough.quorum.items()
        ):
            return UNDECIDED
    if enough.count is not None and done >= enough.count:
        return DONE
    if enough.share is not None and done >= enough.share * tally.total - 1e-9:
        return DONE
    if enough.condition is not None:
        answers = answers_of(draft, place, node)
        extra = {"done": done, "total": tally.total, "answers": answers}
        if holds(draft, enough.condition, place, "enough_if", extra):
            return DONE
    return None
