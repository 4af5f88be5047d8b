"""A case in the middle of a macrostep: mutable, private to one call of `step`, never stored."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from engine.core.chart import TriggerKind
from engine.core.effects import Effect
from engine.core.facts import Calendar, Facts
from engine.core.index import Chart, Node
from engine.core.people import OwnerRule
from engine.core.places import child_place, innermost_instance, state_id
from engine.core.snapshot import (
    CaseFacts,
    Ending,
    Item,
    OpenTask,
    Pause,
    Place,
    Snapshot,
    Subcase,
    Timer,
)
from engine.core.telling import Taken

MAX_MICROSTEPS = 1_000
REMEMBERED_MICROSTEPS = 200


class Undone(Exception):  # noqa: N818
    """The macrostep cannot be decided: everything is undone and a person is asked."""

    def __init__(self, code: str, place: Place, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.place = place
        self.message = message


@dataclass(slots=True, eq=False)
class Cue:
    """What transitions are looked for: an internal event, or the external one made simple."""

    kind: TriggerKind
    name: str
    place: Place | None  # whom it is addressed to; None: every active state
    visit: int  # of that place; a cue for an earlier visit says nothing to a later one


@dataclass(slots=True, kw_only=True, eq=False)
class Draft:
    chart: Chart
    case: CaseFacts
    now: datetime
    facts: Facts
    at: datetime  # the event's effective time
    body: Mapping[str, Any] | None  # what `event` is
    # engine.core.owners: people of a rule; given, because rules are expressions over such people
    find_people: Callable[["Draft", OwnerRule, Place], tuple[str, ...]]
    outcome: str | None
    active: dict[Place, int]  # the index of each active state, in no particular order
    data: dict[str, Any]
    visits: dict[str, int]
    endings: dict[Place, Ending]
    tasks: dict[str, OpenTask]
    timers: dict[str, Timer]
    items: dict[Place, tuple[Item, ...]]
    subcases: dict[str, Subcase]
    remembered: dict[str, tuple[Place, ...]]
    owed: tuple[Place, ...]
    pauses: tuple[Pause, ...]
    shelf: dict[str, Timer]  # timers of a paused case
    effects: list[Effect] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    queue: deque[Cue] = field(default_factory=deque)
    changed: set[str] = field(default_factory=set)  # fields of data
    directory_changed: bool = False
    answered: Place | None = None  # whose task the event answers
    answers: Mapping[str, Any] | None = None  # the answers to its own questions
    ended: set[Place] = field(default_factory=set)  # places whose ending is of this macrostep
    skipped: set[Place] = field(default_factory=set)  # active, but passed over
    microsteps: int = 0
    circle: list[str] = field(default_factory=list)  # where the last of too many were taken
    was_due: dict[str, datetime | None] = field(default_factory=dict)  # of tasks that moved
    unchanged: bool = False  # the event was refused: what it asks for is all that comes of it
    known: dict[str, Any] = field(default_factory=dict)  # people and the like, as expressions see
    calendar: Calendar | None = None  # looked up once
    zone: tzinfo | None = None  # of that calendar

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and any(each.until is None for each in self.pauses)


def draft_of(
    chart: Chart,
    snapshot: Snapshot,
    find_people: Callable[[Draft, OwnerRule, Place], tuple[str, ...]],
    at: datetime,
    body: Mapping[str, Any] | None,
    facts: Facts,
    now: datetime,
) -> Draft:
    by_id = chart.by_id
    active: dict[Place, int] = {"": 0} if snapshot.configuration else {}
    for place in snapshot.configuration:
        active[place] = index_of(chart, place) if "[" in place else by_id[place]
    return Draft(
        chart=chart,
        case=snapshot.case,
        now=now,
        facts=facts,
        at=at,
        body=body,
        find_people=find_people,
        outcome=snapshot.outcome,
        active=active,
        data=dict(snapshot.data),
        visits=dict(snapshot.visits),
        endings=dict(snapshot.endings),
        tasks=dict(snapshot.tasks),
        timers=dict(snapshot.timers),
        items=dict(snapshot.items),
        subcases=dict(snapshot.subcases),
        remembered=dict(snapshot.remembered),
        owed=snapshot.owed,
        pauses=snapshot.pauses,
        shelf=dict(snapshot.shelf),
    )


def snapshot_of(draft: Draft) -> Snapshot:
    return Snapshot(
        case=draft.case,
        outcome=draft.outcome,
        configuration=tuple(place for place in in_order(draft, draft.active) if place),
        data=draft.data,
        visits=draft.visits,
        endings=draft.endings,
        tasks=draft.tasks,
        timers=draft.timers,
        items=draft.items,
        subcases=draft.subcases,
        remembered=draft.remembered,
        owed=draft.owed,
        pauses=draft.pauses,
        shelf=draft.shelf,
    )


def parent_place(draft: Draft, node: Node, place: Place) -> Place:
    """Where the parent of the state at `place` is; the root has none to ask for."""
    parent = draft.chart.nodes[node.parent]
    if parent.fixed is not None:
        return parent.fixed
    if node.in_each:
        return place[: place.rindex("[")]
    return place[: -len(node.name) - 1]


def place_below(draft: Draft, place: Place, index: int) -> Place:
    """Where a child of the state at `place` is; not for the child of an EACH."""
    node = draft.chart.nodes[index]
    fixed = node.fixed
    return fixed if fixed is not None else child_place(place, node.name)


def place_of(draft: Draft, index: int, near: Place) -> Place:
    """Where a state is, seen from `near`: both lie in the same instances, or it lies in none."""
    node = draft.chart.nodes[index]
    if node.fixed is not None:
        return node.fixed
    assert node.instance is not None
    here = near
    while "[" in here:
        here = innermost_instance(here)
        if index_of(draft.chart, here) == node.instance:
            head = draft.chart.nodes[node.instance].state.id
            return here + node.state.id[len(head) :]
        here = here[: here.rindex("[")]
    raise Undone(
        "no-row",
        near,
        f"A transition at `{near}` leads into `{node.state.id}`, which has one copy per item, from "
        "outside of it. Let it lead to the state that has the copies instead.",
    )


def index_of(chart: Chart, place: Place) -> int:
    """The state that a place is of; KeyError when the definition has none there."""
    found = chart.by_id.get(place)
    return found if found is not None else chart.by_id[state_id(place)]


def logical_place(draft: Draft, place: Place) -> Place:
    """The place without its lowered tail: where its ending is kept."""
    index = draft.active.get(place)
    node = draft.chart.nodes[index_of(draft.chart, place) if index is None else index]
    if node.logical is not None:
        return node.logical
    while node.lowered:
        place = parent_place(draft, node, place)
        node = draft.chart.nodes[node.parent]
    return place


def inside(draft: Draft, domain: Place, index: int) -> list[Place]:
    """The active places below `domain`, in no particular order."""
    node = draft.chart.nodes[index]
    low, high, nodes = node.rank, node.last, draft.chart.nodes
    found = [place for place, at in draft.active.items() if low < nodes[at].rank <= high]
    if node.fixed is None:
        starts = (domain + ".", domain + "[")
        found = [place for place in found if place.startswith(starts)]
    return found


def in_order(draft: Draft, places: Mapping[Place, int]) -> list[Place]:
    """Places in document order; the instances of an EACH in the order of its items."""
    if len(places) < 2:
        return list(places)
    if not draft.chart.has_each:
        ranks = draft.chart.ranks
        return sorted(places, key=lambda place: ranks[places[place]])
    positions: dict[Place, dict[str, int]] = {}
    return sorted(places, key=lambda place: _order(draft, places[place], place, positions))


def _order(
    draft: Draft, index: int, place: Place, positions: dict[Place, dict[str, int]]
) -> tuple[int, ...]:
    node = draft.chart.nodes[index]
    if node.instance is None:
        return (node.rank,)
    instance = innermost_instance(place)
    each, key = instance[: instance.rindex("[")], instance[instance.rindex("[") + 1 : -1]
    if each not in positions:
        items = draft.items.get(each, ())
        positions[each] = {item.key: position for position, item in enumerate(items)}
    parent = draft.chart.nodes[node.instance].parent
    above = _order(draft, parent, each, positions)
    return (*above, positions[each].get(key, -1), node.rank)
