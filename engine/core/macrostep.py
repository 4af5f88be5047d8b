"""SCXML's main loop for one external event, from a stable configuration to the next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

from engine.core.actions import run_actions
from engine.core.chart import Definition, TriggerKind
from engine.core.completion import complete, raise_done
from engine.core.draft import (
    MAX_MICROSTEPS,
    REMEMBERED_MICROSTEPS,
    Cue,
    Draft,
    Undone,
    draft_of,
    snapshot_of,
)
from engine.core.effects import OpenIncident
from engine.core.entry import enter_root, enter_targets, target_places
from engine.core.events import (
    CaseCancelled,
    CaseStarted,
    DirectoryChanged,
    Event,
    SignalArrived,
    SubcaseClosed,
    TaskAnswered,
    TaskClaimed,
    TaskReassigned,
    TimerCameDue,
)
from engine.core.exit import exit_states
from engine.core.facts import Facts
from engine.core.follow import follow
from engine.core.happenings import (
    answered,
    cancelled,
    claimed,
    handed,
    subcase_closed,
    timer_due,
)
from engine.core.index import chart_of
from engine.core.owners import find_people
from engine.core.pausing import hear_the_end
from engine.core.places import ROOT
from engine.core.selection import Chosen, exit_set, select, select_eventless
from engine.core.snapshot import Place, Snapshot, unstarted
from engine.core.telling import Step, Transitioned


def run(
    definition: Definition, snapshot: Snapshot | None, event: Event, now: datetime, facts: Facts
) -> Step:
    """See `engine.core.step`."""
    if snapshot is None:
        if not isinstance(event, CaseStarted):
            raise ValueError(f"A case begins with CaseStarted, not with {type(event).__name__}.")
        snapshot = unstarted(event.case)
    if not _fits(snapshot, event):
        return Step(snapshot=snapshot, effects=(), taken=())
    chart = chart_of(definition)
    draft = draft_of(chart, snapshot, find_people, _moment(event), _body(event), facts, now)
    try:
        happens(draft, event)
        settle(draft)
    except Undone as undone:
        incident = OpenIncident(
            code=undone.code, place=undone.place, message=undone.message, blocking=True
        )
        return Step(snapshot=snapshot, effects=(incident,), taken=())
    if not draft.taken and not draft.effects:
        return Step(snapshot=snapshot, effects=(), taken=())
    if draft.unchanged:
        return Step(snapshot=snapshot, effects=tuple(draft.effects), taken=())
    return Step(snapshot=snapshot_of(draft), effects=tuple(draft.effects), taken=tuple(draft.taken))


def _fits(snapshot: Snapshot, event: Event) -> bool:
    """A closed case stands still; one that could not start yet can only start or be cancelled."""
    if snapshot.outcome is not None:
        return False
    if isinstance(event, CaseStarted):
        return not snapshot.configuration
    return bool(snapshot.configuration) or isinstance(event, CaseCancelled)


def _moment(event: Event) -> datetime:
    return event.case.opened_at if isinstance(event, CaseStarted) else event.at


def _body(event: Event) -> Mapping[str, Any] | None:
    if isinstance(event, SignalArrived):
        return event.body
    if isinstance(event, SubcaseClosed):
        return {"outcome": event.outcome, "data": event.data}
    return None


def happens(draft: Draft, event: Event) -> None:
    """The first microstep, by what the event is."""
    match event:
        case CaseStarted():
            draft.data.update({k: v for k, v in event.data.items() if v is not None})
            enter_root(draft)
        case TaskAnswered():
            _cued(draft, answered(draft, event))
        case TimerCameDue():
            _cued(draft, timer_due(draft, event))
        case SignalArrived():
            hear_the_end(draft, event.name)
            _cued(draft, Cue(TriggerKind.SIGNAL, event.name, None, 0))
        case SubcaseClosed():
            subcase_closed(draft, event)
        case TaskClaimed():
            claimed(draft, event)
        case TaskReassigned():
            handed(draft, event)
        case DirectoryChanged():
            draft.directory_changed = True
        case CaseCancelled():
            enter_targets(draft, cancelled(draft, event))
        case _:
            assert_never(event)


def _cued(draft: Draft, cue: Cue | None) -> None:
    """Take what an event enables; a button that no row answers completes its state."""
    if cue is None:
        return
    chosen = select(draft, cue)
    if chosen:
        microstep(draft, chosen)
    elif cue.kind is TriggerKind.BUTTON and cue.place is not None:
        raise_done(draft, cue.place)


def settle(draft: Draft) -> None:
    """Internal events and transitions without event, until nothing moves any more."""
    while draft.outcome is None:
        chosen = select_eventless(draft)
        if chosen:
            microstep(draft, chosen)
        elif draft.queue:
            _cued(draft, draft.queue.popleft())
            _count(draft, None)
        elif draft.changed or draft.directory_changed:
            follow(draft)
            _count(draft, None)
        else:
            return


def microstep(draft: Draft, chosen: tuple[Chosen, ...]) -> None:
    """Exit, act, enter, for all transitions of one set together."""
    targets: list[Place] = []
    leaving: dict[Place, None] = {}
    for each in chosen:
        transition = each.row.transition
        if each.row.domain is not None:
            places = target_places(draft, transition.targets, each.place)
            targets += places
            leaving |= dict.fromkeys(exit_set(draft, each))
        else:
            places = []
        draft.taken.append(
            Transitioned(
                place=each.place,
                trigger=each.row.trigger,
                label=transition.label,
                targets=tuple(places),
                because=each.because,
            )
        )
    _count(draft, chosen[0].place)
    if leaving:
        exit_states(draft, leaving)
    for each in chosen:
        if each.row.transition.actions:
            run_actions(draft, each.row.transition.actions, each.place)
        if each.row.completes and each.place in draft.active:  # another branch may have left it
            complete(draft, each.place)
    if targets:
        enter_targets(draft, targets)


def _count(draft: Draft, place: Place | None) -> None:
    draft.microsteps += 1
    if draft.microsteps <= MAX_MICROSTEPS - REMEMBERED_MICROSTEPS:
        return
    if place is not None:
        draft.circle.append(place)
    if draft.microsteps > MAX_MICROSTEPS:
        raise Undone("endless", draft.circle[-1] if draft.circle else ROOT, _endless(draft.circle))


def _endless(trace: list[Place]) -> str:
    length = next(
        (n for n in range(1, len(trace) // 2) if trace[-n:] == trace[-2 * n : -n]), len(trace)
    )
    names = [f"`{place or 'the case'}`" for place in trace[-length:]]
    circle = " -> ".join((*names, *names[:1]))
    return (
        f"After {MAX_MICROSTEPS} microsteps the case still moves, in the circle {circle}. Put a "
        "task, a wait or a condition that ends into the circle."
    )
