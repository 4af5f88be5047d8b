"""A macrostep told line by line: what happened, and what the case made of it.

The first line carries everything that is needed to do it again. What a line says in public holds
places, labels and person ids, which are random; names, answers and values are its private part.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, assert_never, cast

from engine.audit.chain import Line
from engine.audit.told import told_of
from engine.core.effects import (
    Call,
    CancelTimer,
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
from engine.core.event_codec import encode_event, kind_of
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
from engine.core.step import Assigned, Entered, Exited, Preempted, Skipped, Step, Transitioned
from engine.service.definitions import Version
from engine.store import to_micros


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where an event came from, for its first line."""

    actor: str | None = None  # person id; None: a rule
    assurance: str | None = None
    request: str | None = None


def lines_of(
    version: Version,
    event: Event,
    step: Step,
    recorded: Mapping[str, Any],
    origin: Origin,
    now: int,
) -> list[Line]:
    """The telling of one macrostep, its event first."""
    lines = [first_line(event, recorded, origin, now)]
    answers: Mapping[str, Any] = event.answers if isinstance(event, TaskAnswered) else {}
    for kind, run in groupby(step.taken, key=type):
        if kind is Assigned:
            lines.append(_fields(cast("list[Assigned]", list(run)), answers, now))
        elif kind is Entered or kind is Exited:
            moved = cast("Iterator[Entered | Exited]", run)
            lines.extend(_places(version, kind is Entered, moved, now))
        else:
            lines.extend(_decision(cast("_Decided", each), now) for each in run)
    answered = event.task if isinstance(event, TaskAnswered) else None
    for effect in step.effects:
        line = _effect(effect, answered, now)
        if line is not None:
            lines.append(line)
    return lines


_Decided = Transitioned | Skipped | Preempted


def _decision(taken: _Decided, now: int) -> Line:
    match taken:
        case Transitioned():
            return Line(
                kind="transition.taken",
                at=now,
                object=taken.place,
                public={
                    "trigger": taken.trigger,
                    "label": taken.label,
                    "targets": taken.targets,
                },
                private={"because": dict(taken.because)} if taken.because else None,
            )
        case Skipped(place=place, because=because):
            return Line(
                kind="state.skipped",
                at=now,
                object=place,
                public={},
                private={"because": dict(because)} if because else None,
            )
        case Preempted(place=place, trigger=trigger):
            return Line(
                kind="transition.preempted", at=now, object=place, public={"trigger": trigger}
            )
        case _:
            assert_never(taken)


def _places(
    version: Version, entered: bool, run: Iterator[Entered | Exited], now: int
) -> list[Line]:
    """One line for the places that were entered, or exited, one after the other."""
    places = [each.place for each in run if each.place and not version.is_hidden(each.place)]
    if not places:
        return []
    alone = len(places) == 1
    return [
        Line(
            kind="state.entered" if entered else "state.exited",
            at=now,
            object=places[0] if alone else None,
            public={} if alone else {"places": places},
        )
    ]


def first_line(event: Event, recorded: Mapping[str, Any], origin: Origin, now: int) -> Line:
    about, public = _public(event)
    told = told_of(event, at=now, actor=origin.actor, object=about, public=public)
    private: dict[str, Any] = {"event": told}
    if recorded:
        private["facts"] = recorded
    return Line(
        kind=kind_of(event),
        at=now,
        actor=origin.actor,
        assurance=origin.assurance,
        object=about,
        public=public,
        private=private,
        request=origin.request,
    )


def unexpected_line(event: Event, origin: Origin, now: int) -> Line:
    """An event that fits nowhere changed nothing; it is told all the same."""
    return Line(
        kind="event.unexpected",
        at=now,
        actor=origin.actor,
        assurance=origin.assurance,
        object=_public(event)[0],
        public={"event": kind_of(event)},
        private={"event": encode_event(event)},
        request=origin.request,
    )


def _public(event: Event) -> tuple[str | None, dict[str, Any]]:
    """What the event is about, and what anybody may read of it."""
    match event:
        case CaseStarted(case=case):
            return None, {"subject": case.subject}
        case TaskAnswered(task=task, button=button):
            return task, {"outcome": button}
        case TimerCameDue(timer=timer, at=at):
            return timer, {"due": to_micros(at)}
        case SignalArrived(name=name):
            return name, {}
        case SubcaseClosed(subcase=subcase, outcome=outcome):
            return subcase, {"outcome": outcome}
        case TaskClaimed(task=task):
            return task, {}
        case TaskReassigned(task=task, to=to):
            return task, {"to": to}
        case DirectoryChanged() | CaseCancelled():
            return None, {}
        case _:
            assert_never(event)


def _fields(assigned: list[Assigned], answers: Mapping[str, Any], now: int) -> Line:
    """One line for the fields that were set one after the other.

    What the answer itself says stands in the answer's line and is not written twice.
    """
    old = {each.field: each.old for each in assigned if each.old is not None}
    new = {
        each.field: each.new
        for each in assigned
        if each.field not in answers or answers[each.field] != each.new
    }
    private: dict[str, Any] = {}
    if old:
        private["old"] = old
    if new:
        private["new"] = new
    names = [each.field for each in assigned]
    return Line(
        kind="field.set",
        at=now,
        object=names[0] if len(names) == 1 else None,
        public={"fields": names},
        private=private or None,
    )


def _effect(effect: Effect, answered: str | None, now: int) -> Line | None:
    """The line of an effect; None where another line says it already, or nobody asks."""
    match effect:
        case OpenedTask(task=task):
            public: dict[str, Any] = {"owners": task.owners, "rule": task.by_rule}
            if task.due is not None:
                public["due"] = to_micros(task.due)
            if task.queue is not None:
                public["queue"] = task.queue
            return Line(kind="task.opened", at=now, object=task.key, public=public)
        case ClosedTask(task=key, outcome=outcome, by=by):
            if key == answered:
                return None
            return Line(
                kind="task.closed", at=now, object=key, public={"outcome": outcome, "by": by}
            )
        case HandedOver(task=task, before=before, reason=reason):
            return Line(
                kind="task.handed_over",
                at=now,
                object=task.key,
                public={"before": before, "owners": task.owners, "queue": task.queue},
                private={"reason": reason},
            )
        case MovedDue(task=key, due=due):
            moved = None if due is None else to_micros(due)
            return Line(kind="due.moved", at=now, object=key, public={"due": moved})
        case Emit(event=event, to=to, body=body):
            return Line(
                kind="signal.emitted",
                at=now,
                object=event,
                public={},
                private={"to": to, "body": body},
            )
        case StartCase(subcase=key, process=process):
            return Line(kind="subcase.started", at=now, object=key, public={"process": process})
        case StopCase(subcase=key):
            return Line(kind="subcase.stopped", at=now, object=key, public={})
        case WriteRecord():
            until = None if effect.valid_until is None else to_micros(effect.valid_until)
            return Line(
                kind="record.written",
                at=now,
                object=effect.of,
                public={"kind": effect.kind, "valid_until": until},
                private={"value": effect.value, "attributes": effect.attributes},
            )
        case OpenIncident():
            return incident_line(effect.code, effect.place, effect.message, now)
        case Finish(outcome=outcome):
            return Line(kind="case.closed", at=now, public={"outcome": outcome})
        case SetTimer() | CancelTimer() | Remind() | Tell() | Call():
            return None  # a timer's firing and a letter's leaving are told when they happen
        case _:
            assert_never(effect)


def incident_line(code: str, place: str, message: str, now: int) -> Line:
    return Line(
        kind="incident.opened",
        at=now,
        object=place,
        public={"code": code},
        private={"message": message},
    )
