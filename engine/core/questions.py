"""Questions about a case that stands still: whose turn it is, what it waits for, what next."""

from dataclasses import dataclass
from datetime import datetime

from engine.core.chart import Definition, Shape
from engine.core.index import Chart, Node, chart_of
from engine.core.places import ROOT, state_id
from engine.core.snapshot import OpenTask, Place, Snapshot
from engine.core.time import TimerKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """One thing without which the case does not go on."""

    place: Place  # without its lowered tail
    task: OpenTask | None  # somebody has to answer it
    signal: str | None  # an event has to arrive
    until: datetime | None  # an instant has to come
    subcases: tuple[str, ...]  # keys of sub-cases that have to close


@dataclass(frozen=True, kw_only=True, slots=True)
class Upcoming:
    """What a timer will do if nobody acts before."""

    timer: str  # Timer.key
    place: Place  # without its lowered tail
    kind: TimerKind
    phrase: str  # as the author wrote it
    at: datetime
    rows: tuple[str, ...]  # the transitions it triggers, as written; empty: it moves nothing


def tasks_of(snapshot: Snapshot, person: str) -> tuple[OpenTask, ...]:
    """The tasks that a person owns, the first due first."""
    mine = [task for task in snapshot.tasks.values() if person in task.owners]
    return tuple(sorted(mine, key=_by_due))


def unowned(snapshot: Snapshot) -> tuple[OpenTask, ...]:
    """The tasks that nobody has: to be claimed from their queue, or to be given to somebody."""
    return tuple(sorted((task for task in snapshot.tasks.values() if not task.owners), key=_by_due))


def _by_due(task: OpenTask) -> tuple[bool, datetime, str]:
    return task.due is None, task.due or task.opened_at, task.key


def buttons(definition: Definition, snapshot: Snapshot, task: str) -> tuple[str, ...]:
    """The buttons of an open task; none for a task that is not open."""
    opened = snapshot.tasks.get(task)
    if opened is None:
        return ()
    state = definition.states[_index(chart_of(definition), opened.place)]
    asked = state.task if opened.side is None else state.side_tasks[opened.side]
    return () if asked is None else asked.buttons


def waits_for(definition: Definition, snapshot: Snapshot) -> tuple[Waiting, ...]:
    """What each active state waits for, in document order; side tasks keep nothing waiting."""
    chart = chart_of(definition)
    found: list[Waiting] = []
    for place in snapshot.configuration:
        node = chart.nodes[_index(chart, place)]
        state = node.state
        task = next(
            (t for t in snapshot.tasks.values() if t.place == place and t.side is None), None
        )
        signal = state.wait.signal if state.wait is not None else None
        until = min(
            (
                timer.at
                for timer in snapshot.timers.values()
                if timer.place == place and _kind(node, timer.rule) is TimerKind.UNTIL
            ),
            default=None,
        )
        subcases = tuple(
            each.key
            for each in snapshot.subcases.values()
            if each.place == place and each.ended is None
        )
        if task or signal or until or subcases:
            found.append(
                Waiting(
                    place=known_place(chart, place),
                    task=task,
                    signal=signal,
                    until=until,
                    subcases=subcases,
                )
            )
    return tuple(found)


def comes_next(definition: Definition, snapshot: Snapshot) -> tuple[Upcoming, ...]:
    """What happens if nobody acts, the soonest first."""
    chart = chart_of(definition)
    found = []
    for timer in snapshot.timers.values():
        node = chart.nodes[_index(chart, timer.place)]
        rule = next(each for each in node.state.timers if each.id == timer.rule)
        found.append(
            Upcoming(
                timer=timer.key,
                place=known_place(chart, timer.place),
                kind=rule.kind,
                phrase=rule.deadline.phrase,
                at=timer.at,
                rows=tuple(row.transition.label for row in node.timers.get(rule.id, ())),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.at, each.timer)))


def awaited_signals(definition: Definition, snapshot: Snapshot) -> frozenset[str]:
    """The events that an active state has a row or a wait for; their conditions are not asked."""
    if snapshot.outcome is not None:
        return frozenset()
    chart = chart_of(definition)
    active = [chart.nodes[_index(chart, place)] for place in (ROOT, *snapshot.configuration)]
    heard = frozenset(name for node in active for name in node.signals)
    return heard.union(each.until for each in chart.pauses.values())


def known_place(chart: Chart, place: Place) -> Place:
    """A place as people know it, without what the lowering added to it."""
    node = chart.nodes[_index(chart, place)]
    while node.lowered:
        place = place[: -len(node.name) - 1]
        node = chart.nodes[node.parent]
    return place


def innermost(definition: Definition, snapshot: Snapshot) -> tuple[Place, ...]:
    """Where the case is, as people know it: the active states without active states inside."""
    chart = chart_of(definition)
    nodes = [(place, chart.nodes[_index(chart, place)]) for place in snapshot.configuration]
    above = {_above(node, place) for place, node in nodes}
    leaves = (known_place(chart, place) for place, _ in nodes if place not in above)
    return tuple(dict.fromkeys(leaves))


def _above(node: Node, place: Place) -> Place:
    if node.in_each:
        return place[: place.rindex("[")]
    return ROOT if node.parent == 0 else place[: -len(node.name) - 1]


def is_whole(definition: Definition, snapshot: Snapshot) -> bool:
    """Whether the configuration is a whole tree: what every snapshot that `step` gave is.

    Each active state's parent is active; a COMPOUND has one active child and a PARALLEL all of
    them, unless it was passed over (then none); an EACH has one for each of its items.
    """
    chart = chart_of(definition)
    if not snapshot.configuration:
        return snapshot.outcome is not None or not snapshot.visits
    places = {ROOT: 0} | {place: _index(chart, place) for place in snapshot.configuration}
    children: dict[Place, list[Place]] = {place: [] for place in places}
    for place, index in places.items():
        if place != ROOT:
            above = _above(chart.nodes[index], place)
            if above not in places:
                return False
            children[above].append(place)
    return all(
        _is_whole_at(chart.nodes[index], children[place], snapshot, place)
        for place, index in places.items()
    )


def _is_whole_at(node: Node, below: list[Place], snapshot: Snapshot, place: Place) -> bool:
    match node.shape:
        case Shape.ATOMIC | Shape.FINAL:
            return not below
        case Shape.COMPOUND:
            passed_over = node.state.skip is not None and not below
            return len(below) == 1 or passed_over
        case Shape.PARALLEL:
            passed_over = node.state.skip is not None and not below
            return len(below) == len(node.state.children) - len(node.histories) or passed_over
        case Shape.EACH:
            items = snapshot.items.get(place, ())
            return {f"{place}[{item.key}]" for item in items} == set(below)
        case Shape.HISTORY:
            return False


def _index(chart: Chart, place: Place) -> int:
    found = chart.by_id.get(place)
    return found if found is not None else chart.by_id[state_id(place)]


def _kind(node: Node, rule: str) -> TimerKind | None:
    return next((each.kind for each in node.state.timers if each.id == rule), None)
