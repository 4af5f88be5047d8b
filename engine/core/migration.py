"""A case goes over from one version of its process to another: a macrostep of its own.

Everything that is carried over stays as it is, down to the keys of its tasks, so that links,
drafts and answers on their way still fit. What the new version has nothing for is named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.core.alike import same
from engine.core.carried_timers import carry_timers
from engine.core.carrying import carry_over, carry_tasks, look_at_changed_owner
from engine.core.chart import Definition, Shape
from engine.core.completion import check_join
from engine.core.draft import (
    Draft,
    Undone,
    draft_of,
    in_order,
    index_of,
    parent_place,
    place_below,
    snapshot_of,
)
from engine.core.entry import enter, enter_shell, enter_targets
from engine.core.exit import exit_states
from engine.core.facts import Facts
from engine.core.follow import follow_items
from engine.core.index import Chart, chart_of
from engine.core.macrostep import settle
from engine.core.mapping import Fates, MigrationRule, Otherwise, fates_of
from engine.core.owners import find_people
from engine.core.pausing import resume_what_nobody_ends
from engine.core.places import ROOT
from engine.core.questions import is_whole, known_place
from engine.core.snapshot import Place, Snapshot
from engine.core.telling import Step
from engine.core.ways import NoPlace, Stays, Way, line_of, way_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """The case runs under the new version."""

    step: Step
    kept: Mapping[Place, Place]  # every place that goes on, and where it is now
    renamed: tuple[tuple[Place, Place], ...]  # where it stood, and what that is called now
    anew: tuple[tuple[Place, Place], ...]  # where it stood, and what began instead
    left: tuple[Place, ...]  # where it stood, and nothing came instead
    lost: tuple[str, ...]  # fields that it held and the new version does not have


@dataclass(frozen=True, kw_only=True, slots=True)
class Stranded:
    """The new version has no place for it; a person has to say what becomes of it."""

    place: Place
    why: str  # a sentence


def migrate(
    old: Definition,
    new: Definition,
    snapshot: Snapshot,
    rule: MigrationRule,
    now: datetime,
    facts: Facts,
) -> Moved | Stays | Stranded:
    """What becomes of an open case that ran under `old`; pure, and the same in every replay."""
    before, after = chart_of(old), chart_of(new)
    fates = fates_of(before, after, rule)
    try:
        way = way_of(before, after, fates, snapshot)
        if isinstance(way, Stays):
            return way
        return _moved(before, after, fates, way, snapshot, rule, now, facts)
    except NoPlace as none:
        stranded = Stranded(place=none.place, why=none.why)
    except Undone as undone:
        stranded = Stranded(place=undone.place, why=undone.message)
    if rule.otherwise is Otherwise.STAY:
        return Stays(place=stranded.place)
    return stranded


def _moved(
    old: Chart,
    new: Chart,
    fates: Fates,
    way: Way,
    snapshot: Snapshot,
    rule: MigrationRule,
    now: datetime,
    facts: Facts,
) -> Moved:
    leaving = draft_of(old, snapshot, find_people, now, None, facts, now)
    kept = _first_of_each(way.carried)
    gone = [place for place in leaving.active if place and place not in kept]
    exit_states(leaving, gone, actions=False)  # their process did not lead out of them
    carried = carry_over(old, new, fates, kept, leaving)
    draft = draft_of(new, carried.snapshot, find_people, now, None, facts, now)
    draft.effects += [*leaving.effects, *carried.effects]
    draft.taken += [*leaving.taken, *carried.taken]
    carry_tasks(old, draft, kept, rule.timers)
    targets = list(dict.fromkeys(way.entered.values()))
    _fill_up(draft, [*kept.values(), *targets])
    enter_targets(draft, [place for place in targets if place not in draft.active])
    carry_timers(old, draft, kept, rule.timers, snapshot)
    resume_what_nobody_ends(draft)
    _look_again(old, draft, kept, way)
    settle(draft)
    result = snapshot_of(draft)
    if not is_whole(new.definition, result):
        raise NoPlace(ROOT, "its states do not fit together in the new version")
    return Moved(
        step=Step(snapshot=result, effects=tuple(draft.effects), taken=tuple(draft.taken)),
        kept=kept,
        renamed=_told(old, new, {was: to for was, to in kept.items() if was != to}),
        anew=_told(old, new, way.entered),
        left=tuple(dict.fromkeys(known_place(old, place) for place in way.dropped)),
        lost=carried.lost,
    )


def _first_of_each(carried: Mapping[Place, Place]) -> dict[Place, Place]:
    """Of several that become one, the first goes on; the others are left."""
    first: dict[Place, Place] = {}
    for was, to in carried.items():
        first.setdefault(to, was)
    return {was: to for to, was in first.items()}


def _told(old: Chart, new: Chart, places: Mapping[Place, Place]) -> tuple[tuple[Place, Place], ...]:
    """Pairs of places as people know them."""
    pairs = {known_place(old, was): known_place(new, to) for was, to in places.items()}
    return tuple(pairs.items())


def _fill_up(draft: Draft, places: Iterable[Place]) -> None:
    """What is around the places is active too, and a `parallel` has all of its branches."""
    wanted: dict[Place, int] = {}
    targets = set(places)
    for place in targets:
        for around, _ in line_of(draft.chart, place):
            if around not in draft.active and around not in targets:
                wanted[around] = index_of(draft.chart, around)
    for place in in_order(draft, wanted):
        if draft.chart.nodes[wanted[place]].shape is Shape.EACH:
            raise NoPlace(place, f"`{place}` has one copy per item, and nothing says for whom")
        enter_shell(draft, place, wanted[place])
    for place in in_order(draft, dict(draft.active)):
        node = draft.chart.nodes[draft.active[place]]
        started = place in wanted or any(_is_below(draft, one, place) for one in draft.active)
        if node.shape is not Shape.PARALLEL or not started:
            continue  # one that was passed over has no branches
        for child in node.parts:
            branch = place_below(draft, place, child)
            expected = any(one == branch or one.startswith(f"{branch}.") for one in targets)
            if branch not in draft.active and not expected:
                enter(draft, branch, child, set())


def _is_below(draft: Draft, place: Place, above: Place) -> bool:
    if place == ROOT:
        return False
    return parent_place(draft, draft.chart.nodes[draft.active[place]], place) == above


def _look_again(old: Chart, draft: Draft, kept: Mapping[Place, Place], way: Way) -> None:
    """Where a rule that is carried over changed, what it gives is looked at again."""
    for was, place in kept.items():
        if place not in draft.active:
            continue
        before, node = old.nodes[index_of(old, was)], draft.chart.nodes[draft.active[place]]
        for opened in [task for task in draft.tasks.values() if task.place == place]:
            look_at_changed_owner(draft, before.state, opened)
        if node.shape is Shape.EACH and not same(before.state.each, node.state.each):
            follow_items(draft, place, node)
        if node.shape in (Shape.PARALLEL, Shape.EACH):
            smaller = any(leaf.startswith((f"{was}.", f"{was}[")) for leaf in way.dropped)
            if smaller or not same(before.state.enough, node.state.enough):
                check_join(draft, place, node)
