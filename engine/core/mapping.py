"""What stands in a new version for the states of an old one.

A state is found under its name, inside of what stands for the state around it; a rule of the
author's says where it went instead. One that is of the same kind goes on: what is open there stays
open. One that is of another kind, or that a case is sent to from a state that it never was, begins
anew.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.core.chart import Shape
from engine.core.draft import index_of
from engine.core.index import Chart, Node
from engine.core.places import child_place, instance_place
from engine.core.snapshot import Place

_KEYS: Final = re.compile(r"\[([^\]]*)\]")


class Timers(StrEnum):
    """What becomes of dates that run."""

    KEEP = "keep"  # nobody's date moves
    RECOMPUTE = "recompute"  # where its rule changed, a date is what the new rule says


class Otherwise(StrEnum):
    """What becomes of a case in a state that the new version has nothing for."""

    STAY = "stay"  # it ends under its old version
    REFUSE = "refuse"  # nothing is done to any case before somebody has decided


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationRule:
    """`migrate: from 2:`, its names being ids of the two versions."""

    states: Mapping[str, str]  # where a state went: an id of the old version, one of the new
    stay: frozenset[str]  # cases in these states end under their old version
    drop: frozenset[str]  # branches that are left out: what is open there is withdrawn
    timers: Timers
    otherwise: Otherwise


BY_NAME: Final = MigrationRule(
    states={},
    stay=frozenset(),
    drop=frozenset(),
    timers=Timers.KEEP,
    otherwise=Otherwise.REFUSE,
)


class Kind(StrEnum):
    """What becomes of a state."""

    CARRY = "carry"  # goes on as it is
    ENTER = "enter"  # its target begins anew
    STAY = "stay"  # its cases stay where they are
    DROP = "drop"  # is left, and nothing comes instead
    GONE = "gone"  # the new version has nothing for it


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    kind: Kind
    target: int = 0  # CARRY, ENTER: the state of the new version
    chosen: bool = False  # the author wrote so


Fates = tuple[Fate, ...]  # by index of the old version's state


def fates_of(old: Chart, new: Chart, rule: MigrationRule) -> Fates:
    """Of every state of the old version, the outer ones first."""
    found: list[Fate] = [Fate(kind=Kind.CARRY, target=0)]
    for node in old.nodes[1:]:
        found.append(_chosen(node, old, new, rule) or _by_name(node, found[node.parent], new))
    return tuple(found)


def _chosen(node: Node, old: Chart, new: Chart, rule: MigrationRule) -> Fate | None:
    """What the author wrote about this very state."""
    written = node.state.id
    if written in rule.stay:
        return Fate(kind=Kind.STAY, chosen=True)
    if written in rule.drop:
        return Fate(kind=Kind.DROP, chosen=True)
    if written not in rule.states:
        return None
    target = new.by_id[rule.states[written]]
    # Where either version has both, they are two states: the case is sent from one to the other.
    renamed = written not in new.by_id and rule.states[written] not in old.by_id
    goes_on = (renamed or rule.states[written] == written) and alike(node, new.nodes[target])
    return Fate(kind=Kind.CARRY if goes_on else Kind.ENTER, target=target, chosen=True)


def _by_name(node: Node, above: Fate, new: Chart) -> Fate:
    match above.kind:
        case Kind.STAY | Kind.DROP:
            return above
        case Kind.GONE:
            return Fate(kind=Kind.GONE)
        case Kind.ENTER if above.chosen:
            return above
        case Kind.ENTER:
            index = new.by_id.get(node.state.id)
        case Kind.CARRY:
            index = new.by_id.get(child_place(new.nodes[above.target].state.id, node.name))
            if index is None and node.shape is Shape.FINAL:
                index = end_of(new.nodes[above.target], node.state.outcome, new)
    if index is not None:
        kind = Kind.CARRY if alike(node, new.nodes[index]) else Kind.ENTER
        return Fate(kind=kind, target=index)
    if node.shape is Shape.FINAL:
        return Fate(kind=Kind.GONE)  # what has ended does not begin anew by itself
    if above.kind is Kind.ENTER or node.lowered:
        return Fate(kind=Kind.ENTER, target=above.target, chosen=above.chosen)
    return Fate(kind=Kind.GONE)


def alike(old: Node, new: Node) -> bool:
    """Whether what is open in the one can be open in the other."""
    return (
        old.shape is new.shape
        and old.until == new.until
        and old.in_each == new.in_each
        and (old.state.task is None) == (new.state.task is None)
        and (old.state.wait is None) == (new.state.wait is None)
        and (old.state.start is None) == (new.state.start is None)
        and (old.shape is not Shape.ATOMIC or old.instant == new.instant)
    )


def end_of(node: Node, outcome: str | None, chart: Chart) -> int | None:
    """Where something that has ended stands: the end of that outcome, or else the first."""
    ends = [index for index in node.finals if chart.nodes[index].state.outcome == outcome]
    return next(iter((*ends, *node.finals)), None)


def place_in(chart: Chart, index: int, keys: tuple[str, ...]) -> Place | None:
    """Where a state is for these items, the outermost first; None: it has more `each` above it."""
    line = [index, *chart.nodes[index].ancestors]
    place, waiting = "", list(keys)
    for at in reversed(line[:-1] if len(line) > 1 else []):
        node = chart.nodes[at]
        if not node.in_each:
            place = child_place(place, node.name)
        elif waiting:
            place = instance_place(place, waiting.pop(0))
        else:
            return None
    return place


def keys_of(place: Place) -> tuple[str, ...]:
    """The items of a place, the outermost first."""
    return tuple(_KEYS.findall(place))


def carried_place(old: Chart, new: Chart, fates: Fates, place: Place) -> Place | None:
    """Where a place is in the new version, if its state goes on there."""
    try:
        fate = fates[index_of(old, place)]
    except KeyError:
        return None  # of a version that was left long ago
    if fate.kind is not Kind.CARRY:
        return None
    return place_in(new, fate.target, keys_of(place))
