"""A paused case: its clock stands still until what stopped it is over.

Nothing of a paused case comes due: its timers lie on the shelf and its tasks have no due date.
People may still answer what is open, and events still move the case. When the clock goes on, every
deadline has as long to go as it had; one that hangs on a date keeps it, and is due at once if that
passed meanwhile (engine.core.deadlines).
"""

from dataclasses import replace

from engine.core.binding import because
from engine.core.chart import PauseClock
from engine.core.deadlines import due_instant, first_instant, occurrence
from engine.core.draft import Draft, in_order
from engine.core.effects import CancelTimer, SetTimer
from engine.core.places import ROOT
from engine.core.snapshot import Pause, Timer
from engine.core.tasks import move_due, own_task, state_at, task_rules
from engine.core.telling import Paused, Resumed
from engine.core.timers import moved


def pause(draft: Draft, action: PauseClock) -> None:
    """The clock stops, or what stopped it before has one more reason."""
    if any(each.until is None and each.reason == action.reason for each in draft.pauses):
        return
    if not draft.paused:
        _stop(draft)
    draft.pauses = (*draft.pauses, Pause(reason=action.reason, since=draft.at, until=None))
    draft.taken.append(Paused(reason=action.reason, until=action.until))


def _stop(draft: Draft) -> None:
    for timer in draft.timers.values():
        draft.effects.append(CancelTimer(timer=timer.key))
    draft.shelf, draft.timers = draft.timers, {}
    for opened in tuple(draft.tasks.values()):
        if opened.due is not None:
            move_due(draft, opened, None)


def hear_the_end(draft: Draft, event: str) -> None:
    """An event may be what a pause waits for; whatever else it means to the case comes after."""
    for action in draft.chart.pauses.values():
        if action.until == event and _is_open(draft, action.reason):
            label = f"pause until {event}"
            if action.match is None or because(draft, action.match, ROOT, label) is not None:
                resume(draft, action.reason)


def _is_open(draft: Draft, reason: str) -> bool:
    return any(each.until is None and each.reason == reason for each in draft.pauses)


def resume_what_nobody_ends(draft: Draft) -> None:
    """After a change of version: pauses that the new one does not know end."""
    for each in draft.pauses:
        if each.until is None and each.reason not in draft.chart.pauses:
            resume(draft, each.reason)


def resume(draft: Draft, reason: str) -> None:
    """One reason less to stand still; with the last one the clock goes on."""
    ended = [each for each in draft.pauses if each.until is None and each.reason == reason]
    draft.pauses = tuple(
        replace(each, until=draft.at) if each in ended else each for each in draft.pauses
    )
    for each in ended:
        draft.taken.append(Resumed(reason=reason, since=each.since))
    if not draft.paused:
        _go_on(draft)


def _go_on(draft: Draft) -> None:
    shelf, draft.shelf = draft.shelf, {}
    for opened in tuple(draft.tasks.values()):
        due = due_instant(draft, task_rules(draft, opened).due, opened.opened_at, opened.place)
        if due is not None:
            move_due(draft, opened, due)
    order = {place: number for number, place in enumerate(in_order(draft, draft.active))}
    for timer in sorted(shelf.values(), key=lambda each: order[each.place]):
        later = _again(draft, timer)
        if later is not None:
            draft.timers[later.key] = later
            draft.effects.append(SetTimer(timer=later))


def _again(draft: Draft, timer: Timer) -> Timer | None:
    """The timer as it is when the clock goes on; None: it hangs on a due date that is gone."""
    rule = next(each for each in state_at(draft, timer.place).timers if each.id == timer.rule)
    opened = own_task(draft, timer.place)
    due = None if opened is None else opened.due
    first = first_instant(draft, rule, timer.place, timer.since, due)
    if first is None:
        return None
    return moved(timer, occurrence(draft, rule, first, timer.since, timer.count), timer.count)
