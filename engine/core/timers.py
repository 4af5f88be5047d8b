"""Timers of one state: set on entry, fired, moved with what they hang on, cancelled on exit.

While a case is paused its timers lie on the shelf: they are computed and kept like all others, but
nothing outside knows of them (engine.core.pausing).
"""

from datetime import datetime

from engine.core.chart import State
from engine.core.deadlines import due_instant, first_instant, next_firing, occurrence
from engine.core.draft import Draft
from engine.core.effects import CancelTimer, SetTimer
from engine.core.places import timer_key
from engine.core.snapshot import OpenTask, Place, Timer
from engine.core.tasks import own_task, state_at, task_rules
from engine.core.time import TimerKind, TimerRule


def timers_of(draft: Draft) -> dict[str, Timer]:
    """All timers of the case by key, whether its clock runs or stands."""
    return draft.shelf if draft.paused else draft.timers


def set_timers(draft: Draft, place: Place, state: State) -> None:
    """The timers of a state that was just entered, its task already open."""
    opened = own_task(draft, place) if state.task else None
    for rule in state.timers:
        _set_timer(draft, place, state, rule, opened)


def _set_timer(
    draft: Draft, place: Place, state: State, rule: TimerRule, opened: OpenTask | None
) -> None:
    if rule.kind is TimerKind.REMIND and (state.task is None or state.task.optional):
        return
    at = first_instant(draft, rule, place, draft.at, due_of(draft, opened))
    if at is None or (rule.kind is TimerKind.REMIND and rule.repeat is None and at <= draft.at):
        return
    keep_timer(
        draft,
        Timer(
            key=timer_key(place, draft.visits[place], rule.id),
            place=place,
            rule=rule.id,
            at=at,
            count=0,
            since=draft.at,
        ),
    )


def due_of(draft: Draft, opened: OpenTask | None) -> datetime | None:
    """When a task is due; paused, when it would be if the clock went on now."""
    if opened is None or not draft.paused:
        return None if opened is None else opened.due
    return due_instant(draft, task_rules(draft, opened).due, opened.opened_at, opened.place)


def keep_timer(draft: Draft, timer: Timer) -> None:
    """A timer begins, or (same key) moves."""
    timers_of(draft)[timer.key] = timer
    if not draft.paused:
        draft.effects.append(SetTimer(timer=timer))


def cancel_timer(draft: Draft, timer: Timer) -> None:
    del timers_of(draft)[timer.key]
    if not draft.paused:
        draft.effects.append(CancelTimer(timer=timer.key))


def advance_timer(draft: Draft, timer: Timer, rule: TimerRule) -> None:
    """A timer fired: set it to its next instant, or take it away."""
    following = next_firing(draft, rule, timer, own_task(draft, timer.place))
    if following is None:
        cancel_timer(draft, timer)
    else:
        at, count = following
        keep_timer(draft, moved(timer, at, count))


def moved(timer: Timer, at: datetime, count: int) -> Timer:
    return Timer(
        key=timer.key, place=timer.place, rule=timer.rule, at=at, count=count, since=timer.since
    )


def move_timers(
    draft: Draft, place: Place, rules: tuple[TimerRule, ...], was_due: datetime | None
) -> None:
    """Compute timers again whose anchor moved; what has fired stays fired.

    A reminder that was never set, because its instant lay before the task, is set once it lies
    ahead.
    """
    opened = own_task(draft, place)
    due = None if opened is None else opened.due
    visit = draft.visits[place]
    for rule in rules:
        key = timer_key(place, visit, rule.id)
        timer = draft.timers.get(key)
        if timer is not None:
            first = first_instant(draft, rule, place, timer.since, due)
            if first is None:
                cancel_timer(draft, timer)
                continue
            at = occurrence(draft, rule, first, timer.since, timer.count)
            if at != timer.at:
                keep_timer(draft, moved(timer, at, timer.count))
        elif rule.kind is TimerKind.REMIND and opened is not None and rule.repeat is None:
            was = first_instant(draft, rule, place, opened.opened_at, was_due)
            if was is None or was <= opened.opened_at:
                _set_timer(draft, place, state_at(draft, place), rule, opened)
