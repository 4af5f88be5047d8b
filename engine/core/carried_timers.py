"""Timers of a case that goes to a new version: each finds the rule it goes on under."""

from collections.abc import Mapping
from datetime import datetime

from engine.core.alike import same
from engine.core.chart import State
from engine.core.deadlines import first_instant, occurrence
from engine.core.draft import Draft, index_of
from engine.core.index import Chart
from engine.core.mapping import Timers
from engine.core.places import timer_key
from engine.core.snapshot import OpenTask, Place, Snapshot, Timer
from engine.core.tasks import own_task
from engine.core.time import TimerKind, TimerRule
from engine.core.timers import cancel_timer, due_of, keep_timer, timers_of


def carry_timers(
    old: Chart, draft: Draft, kept: Mapping[Place, Place], timers: Timers, before: Snapshot
) -> None:
    """Timers of what goes on, each under the rule of the new version that is its own."""
    for was, place in kept.items():
        if place not in draft.active:
            continue
        rules = old.nodes[index_of(old, was)].state.timers
        state = draft.chart.nodes[draft.active[place]].state
        if rules or state.timers:
            mine = {
                each.rule: each
                for key, each in timers_of(draft).items()
                if each.place == place and (key in before.timers or key in before.shelf)
            }
            _carry_timers(old, draft, place, rules, state, mine, timers)


def _carry_timers(
    old: Chart,
    draft: Draft,
    place: Place,
    rules: tuple[TimerRule, ...],
    state: State,
    mine: Mapping[str, Timer],
    timers: Timers,
) -> None:
    opened = own_task(draft, place)
    since = _entered(draft, opened, mine)
    pairs = paired(rules, state.timers)
    wanted: dict[str, Timer] = {}
    for rule in state.timers:
        was = pairs.get(rule.id)
        timer = None if was is None else mine.get(was.id)
        at: datetime | None
        if timer is not None and was is not None:
            at = _instant(old, draft, opened, timer, was, rule, timers)
        elif was is None or _never_set(draft, place, was, opened):
            at = _first(draft, place, rule, opened, since, state)
        else:
            continue  # it has fired
        if at is None:
            continue
        key = timer_key(place, draft.visits[place], rule.id)
        wanted[key] = Timer(
            key=key,
            place=place,
            rule=rule.id,
            at=at,
            count=0 if timer is None else timer.count,
            since=since if timer is None else timer.since,
        )
    for timer in mine.values():
        if timer.key not in wanted:
            cancel_timer(draft, timer)
    for key, timer in wanted.items():
        if timers_of(draft).get(key) != timer:
            keep_timer(draft, timer)


def paired(old: tuple[TimerRule, ...], new: tuple[TimerRule, ...]) -> dict[str, TimerRule]:
    """Which old rule each new one goes on from, by the new one's id.

    One that was written the same, wherever it stands; of the others the first with the first of
    their kind, and so on.
    """
    found: dict[str, TimerRule] = {}
    left = list(old)
    for exactly in (True, False):
        for rule in new:
            if rule.id in found:
                continue
            for was in left:
                if was.kind is rule.kind and (not exactly or _as_written(was, rule)):
                    found[rule.id] = was
                    left.remove(was)
                    break
    return found


def _as_written(was: TimerRule, rule: TimerRule) -> bool:
    return same(was.deadline, rule.deadline) and was.repeat == rule.repeat


def _entered(draft: Draft, opened: OpenTask | None, mine: Mapping[str, Timer]) -> datetime:
    """When the state was entered, as far as anything tells."""
    if opened is not None:
        return opened.opened_at
    return min((each.since for each in mine.values()), default=draft.at)


def _instant(
    old: Chart,
    draft: Draft,
    opened: OpenTask | None,
    timer: Timer,
    was: TimerRule,
    rule: TimerRule,
    timers: Timers,
) -> datetime | None:
    due_moved = opened is not None and opened.key in draft.was_due and rule.deadline.anchor is None
    moves = due_moved or not _as_written(was, rule) or clock_moved(old, draft)
    if timers is Timers.KEEP or not moves:
        return timer.at
    first = first_instant(draft, rule, timer.place, timer.since, due_of(draft, opened))
    return None if first is None else occurrence(draft, rule, first, timer.since, timer.count)


def _never_set(draft: Draft, place: Place, was: TimerRule, opened: OpenTask | None) -> bool:
    """Whether a reminder was left out because its instant lay before the task."""
    if was.kind is not TimerKind.REMIND or opened is None or was.repeat is not None:
        return False
    if opened.key not in draft.was_due:
        return False  # its due date is what it was
    first = first_instant(draft, was, place, opened.opened_at, draft.was_due[opened.key])
    return first is None or first <= opened.opened_at


def _first(
    draft: Draft,
    place: Place,
    rule: TimerRule,
    opened: OpenTask | None,
    since: datetime,
    state: State,
) -> datetime | None:
    """When a rule that is new to the case fires; a reminder whose time is over is left out."""
    remind = rule.kind is TimerKind.REMIND
    if remind and (state.task is None or state.task.optional or opened is None):
        return None
    at = first_instant(draft, rule, place, since, due_of(draft, opened))
    if at is not None and remind and rule.repeat is None and at <= draft.at:
        return None
    return at


def clock_moved(old: Chart, draft: Draft) -> bool:
    """Whether the working days of another place count now."""
    return not same(old.definition.calendar, draft.chart.definition.calendar)
