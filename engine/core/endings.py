"""How states ended, as expressions read it: `rate.done_by`, `check.outcome`, `peers.answers`."""

from typing import Any

from engine.core.chart import Shape
from engine.core.draft import Draft, index_of, parent_place, place_below
from engine.core.persons import person_bound
from engine.core.snapshot import Place


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


def ending_value(
    draft: Draft, place: Place, index: int, keys: frozenset[str]
) -> dict[str, Any] | None:
    """What `rate` is in `rate.outcome`, with only the people that `keys` ask for; None: nothing."""
    found: dict[str, Any] = {}
    node = draft.chart.nodes[index]
    if node.shape in (Shape.COMPOUND, Shape.PARALLEL):
        for child in node.state.children:
            below = draft.chart.nodes[child]
            if not below.state.hidden and (below.name in keys or "" in keys):
                inner = ending_value(
                    draft, place_below(draft, place, child), child, frozenset(("",))
                )
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
