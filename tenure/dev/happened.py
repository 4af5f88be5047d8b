"""A play told in sentences: what happened, what will happen if nobody acts, who sees what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from engine.core.effects import Emit, OpenIncident, StartCase, WriteRecord
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
from engine.core.places import state_id
from engine.core.questions import innermost
from engine.core.snapshot import Snapshot
from engine.core.time import TimerKind, TimerRule
from engine.scenarios import Moment, Stage
from engine.scenarios.stage import short
from web.words import sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One event."""

    at: datetime
    words: str
    further: tuple[str, ...]  # where that led, and what else it caused


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """Something that time alone will bring."""

    at: datetime
    words: str


def told(stage: Stage) -> tuple[Told, ...]:
    return tuple(
        Told(at=moment.at, words=_words(stage, moment), further=tuple(_further(stage, moment)))
        for moment in stage.moments
    )


def coming(stage: Stage) -> tuple[Coming, ...]:
    timers = sorted(stage.standing.timers.values(), key=lambda timer: (timer.at, timer.key))
    return tuple(
        Coming(
            at=timer.at,
            words=f"{_step(stage, timer.place)}: {_due(stage, timer.place, timer.rule)}",
        )
        for timer in timers
    )


def _words(stage: Stage, moment: Moment) -> str:
    event: Event = moment.event
    before = moment.before
    match event:
        case CaseStarted():
            return "The case starts"
        case TaskAnswered(task=key, button=button, by=by):
            place = before.tasks[key].place if before and key in before.tasks else key
            return f"{_name(stage, by)} answers {_step(stage, place)}: {sentence(button)}"
        case TimerCameDue(timer=key):
            timer = before.timers.get(key) if before else None
            if timer is None:
                return "A time has come"
            return f"{_step(stage, timer.place)}: {_due(stage, timer.place, timer.rule)}"
        case SignalArrived(name=name):
            return f"The signal {name} arrives"
        case SubcaseClosed(subcase=key, outcome=outcome):
            return f"The case started by {_step(stage, key.rpartition('#')[0])} ends as {outcome}"
        case TaskClaimed(task=key, by=by):
            return f"{_name(stage, by)} takes {_step(stage, key.rpartition('#')[0])} from the queue"
        case TaskReassigned(task=key, to=to):
            return f"{_step(stage, key.rpartition('#')[0])} is given to {_name(stage, to)}"
        case DirectoryChanged():
            return "The directory changes"
        case CaseCancelled(reason=reason):
            return f"The case is cancelled: {reason}"
        case _:
            assert_never(event)


def _further(stage: Stage, moment: Moment) -> Iterator[str]:
    now = _standing(stage, moment.done.snapshot)
    if moment.before is None or now != _standing(stage, moment.before):
        outcome = moment.done.snapshot.outcome
        yield f"ends as {outcome.replace('_', ' ')}" if outcome else f"now at {now}"
    for effect in moment.done.effects:
        match effect:
            case OpenIncident(message=message):
                yield f"incident: {message}"
            case Emit(event=event):
                yield f"tells other cases {event}"
            case StartCase(process=process):
                yield f"starts a case of {process}"
            case WriteRecord(kind=kind):
                yield f"writes the record {kind}"
            case _:
                pass  # tasks, timers and mails are shown where they belong


def _standing(stage: Stage, snapshot: Snapshot) -> str:
    places = innermost(stage.definition, snapshot)
    return ", ".join(dict.fromkeys(_step(stage, place) for place in places)) or "its end"


def _due(stage: Stage, place: str, rule_id: str) -> str:
    rule = _rule(stage, place, rule_id)
    if rule is None:
        return "its time has come"
    phrase = rule.deadline.phrase
    match rule.kind:
        case TimerKind.REMIND:
            return f"a reminder ({phrase})"
        case TimerKind.LATE:
            return f"it is late ({phrase})"
        case TimerKind.AFTER:
            return phrase if phrase.endswith("late") else f"after {phrase}"
        case TimerKind.UNTIL:
            return f"the wait until {phrase} is over"
        case TimerKind.EVERY:
            return phrase
        case _:
            assert_never(rule.kind)


def _rule(stage: Stage, place: str, rule_id: str) -> TimerRule | None:
    wanted = state_id(place)
    for state in stage.definition.states:
        if state.id == wanted:
            return next((rule for rule in state.timers if rule.id == rule_id), None)
    return None


def _step(stage: Stage, place: str) -> str:
    """`Peers (Dan)` for an instance, `Rate` for a state."""
    known = stage.known(place)
    item = known[known.rindex("[") + 1 : known.rindex("]")] if "]" in known else ""
    word = sentence(short(known)) or "The case"
    return f"{word} ({_name(stage, item)})" if item else word


def _name(stage: Stage, person: str) -> str:
    known = stage.cast.people.get(person)
    return str(known["name"]) if known else person
