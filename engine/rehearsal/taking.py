"""One event taken by one case: decided by the core, and followed up as the service does."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, assert_never

from engine.core.effects import (
    AskAdvice,
    Call,
    CancelTimer,
    CarriedTask,
    ClosedTask,
    Effect,
    Emit,
    Finish,
    HandedOver,
    MovedDue,
    OpenedTask,
    OpenIncident,
    Remind,
    SetTimer,
    StartCase,
    StopCase,
    Tell,
    WriteRecord,
)
from engine.core.events import CaseCancelled, Event, SubcaseClosed, TimerCameDue
from engine.core.places import state_id
from engine.core.step import Entered, Step, Taken, Transitioned, step
from engine.rehearsal.asking import nudge
from engine.rehearsal.cases import Case, Play
from engine.rehearsal.signals import raise_signal, wait_for
from engine.rehearsal.starting import Begun, NotStarted, begin
from engine.rehearsal.tasks import follow_tasks
from engine.service.signals import RANK_OPERATION, RANK_SUBCASE, RANK_TIMER

_OFTEN = 10  # visits of one place in one case; more is called going round


def take(play: Play, case: Case, event: Event) -> bool:
    """Whether the event fitted. An incident that blocks holds the case from then on."""
    done = step(case.process.definition, case.snapshot, event, play.now, play.facts)
    play.tally.steps += 1
    if not done.taken and not done.effects:
        return False
    stopped = next((e for e in done.effects if isinstance(e, OpenIncident) and e.blocking), None)
    if stopped is not None:
        hold(play, case, stopped)
        return True
    try:
        begun = begin(play, case, (e for e in done.effects if isinstance(e, StartCase)))
    except NotStarted as refused:
        hold(play, case, refused.incident)
        return True
    apply(play, case, event, done, begun)
    return True


def apply(play: Play, case: Case, event: Event | None, done: Step, begun: Iterable[Begun]) -> None:
    """Everything that a macrostep asks for. `event` is None for the start of a case."""
    before, case.snapshot, case.moved_at = case.snapshot, done.snapshot, play.now
    _tell(play, case, done.taken)
    follow_tasks(play, case, before, event, done.effects)
    for effect in done.effects:
        _follow(play, case, effect)
    wait_for(play, case)
    for child in begun:
        _open(play, case, child)
    if done.snapshot.outcome is not None:
        _end(play, case, done.snapshot.outcome)


def enter(play: Play, case: Case, done: Step, begun: Iterable[Begun], how: str) -> None:
    """A case that has begun is among the open ones from here on; `how` says what started it."""
    play.open[case.name] = case
    play.tally.started[case.process.name] += 1
    play.tally.ways[case.process.name, how] += 1
    apply(play, case, None, done, begun)


def hold(play: Play, case: Case, incident: OpenIncident) -> None:
    case.held = incident.message
    _note_incident(play, case, incident)


def fire(play: Play, case: Case, timer: str, at: datetime) -> None:
    """A timer comes due, unless it is gone or moved, or the case is held."""
    snapshot = case.standing
    found = snapshot.timers.get(timer)
    if case.held is None and snapshot.outcome is None and found is not None and found.at == at:
        take(play, case, TimerCameDue(timer=timer, at=at))


def _tell(play: Play, case: Case, taken: Iterable[Taken]) -> None:
    process, tally = case.process.name, play.tally
    for entry in taken:
        if isinstance(entry, Entered):
            tally.entered[process, state_id(entry.place)] += 1
            _count_rounds(play, case, entry.place)
        elif isinstance(entry, Transitioned):
            way = (process, state_id(entry.place), entry.trigger, entry.label)
            tally.taken[way] += 1


def _count_rounds(play: Play, case: Case, place: str) -> None:
    visits = case.standing.visits.get(place, 0)
    if visits < _OFTEN:
        return
    where = (case.process.name, case.process.spoken(place))
    if visits == _OFTEN:
        play.tally.rounds.note(where, case, play.now)
    play.tally.most_rounds[where] = max(visits, play.tally.most_rounds.get(where, 0))


def _follow(play: Play, case: Case, effect: Effect) -> None:
    process, tally = case.process.name, play.tally
    match effect:
        case SetTimer(timer=timer):
            key, at = timer.key, timer.at
            play.plan(at, RANK_TIMER, lambda play: fire(play, case, key, at), key)
        case OpenIncident():
            _note_incident(play, case, effect)
        case HandedOver(reason=reason):
            tally.handed[reason] += 1
        case Tell(about_task=about) if about is not None:
            nudge(play, case, about)
        case Call(name=name):
            tally.calls[process, name] += 1
        case WriteRecord(kind=kind):
            play.book.write(effect, play.now)
            tally.records[process, kind] += 1
        case Emit(event=name, to=to, body=body):
            raise_signal(play, name, body, to, process)
        case StopCase(subcase=key):
            _stop(play, case, key)
        case AskAdvice():
            pass  # analytics look at what really happened
        case OpenedTask() | ClosedTask() | MovedDue() | Remind() | Tell() | CancelTimer():
            pass  # letters and answers are looked after already
        case StartCase() | Finish() | CarriedTask():
            pass  # the last things that are done; no case changes its version here
        case _:
            assert_never(effect)


def _note_incident(play: Play, case: Case, incident: OpenIncident) -> None:
    where = case.process.spoken(incident.place)
    key = (case.process.name, incident.code, where, incident.blocking)
    play.tally.incidents.note(key, case, play.now, incident.message)


def _open(play: Play, parent: Case, begun: Begun) -> None:
    if begun.first is None:
        play.tally.stand_ins[begun.process, parent.process.name] += 1
        _close_later(play, parent, begun)
        return
    child, done = begun.first
    if begun.key in parent.standing.subcases:
        child.parent = (parent, begun.key)
        parent.children[begun.key] = child
    enter(play, child, done, begun.children, f"by a case of {parent.process.name}")


def _close_later(play: Play, parent: Case, begun: Begun) -> None:
    """The sub-case of a process that was not given: it ends well, after some time."""
    assert begun.ends_at is not None
    at, key = begun.ends_at, begun.key
    play.plan(at, RANK_SUBCASE, lambda play: _closed(play, parent, key, "done", {}))


def _end(play: Play, case: Case, outcome: str) -> None:
    took = (play.now - case.opened_at).total_seconds() / 86_400
    play.tally.ended[case.process.name, outcome].append(took)
    play.open.pop(case.name, None)
    play.keys.pop((case.process.name, case.key or ""), None)
    if case.parent is not None:
        parent, key = case.parent
        data = case.standing.data
        play.plan(play.now, RANK_SUBCASE, lambda play: _closed(play, parent, key, outcome, data))


def _closed(play: Play, parent: Case, key: str, outcome: str, data: Mapping[str, Any]) -> None:
    snapshot = parent.standing
    if parent.held is None and snapshot.outcome is None and key in snapshot.subcases:
        take(play, parent, SubcaseClosed(subcase=key, outcome=outcome, data=data, at=play.now))


def _stop(play: Play, parent: Case, key: str) -> None:
    child = parent.children.get(key)
    if child is None or child.standing.outcome is not None:
        return
    reason = f"{parent.name}, which had started it, went on without it"

    def cancel(play: Play) -> None:
        if child.standing.outcome is None:
            take(play, child, CaseCancelled(by=None, reason=reason, at=play.now))

    play.plan(play.now, RANK_OPERATION, cancel)
