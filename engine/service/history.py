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
from engine.core.step import (
    Assigned,
    Compensated,
    Entered,
    Exited,
    Paused,
    Preempted,
    Resumed,
    Skipped,
    Step,
    Transitioned,
)
from engine.service.consequences import line_of
from engine.service.definitions import Version
from engine.service.pools import without_box
from engine.store import to_micros


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where an event came from, for its first line."""

    actor: str | None = None  # person id; None: a rule
    assurance: str | None = None
    request: str | None = None
    rule: str | None = None  # of `starts:`, that wanted the case


def lines_of(
    version: Version,
    event: Event,
    step: Step,
    recorded: Mapping[str, Any],
    origin: Origin,
    now: int,
) -> list[Line]:
    """The telling of one macrostep, its event first.

    What an event or a single transition leads to at once is told in its own line: which fields an
    answer filled in, which places were exited and entered. Every line costs a row and a hash.
    """
    first = first_line(event, recorded, origin, now)
    return _told_after(first, version, version, event, step, now)


def lines_of_migration(
    first: Line, was: Version, version: Version, step: Step, now: int
) -> list[Line]:
    """The telling of a case that goes from one version to another."""
    return _told_after(first, was, version, None, step, now)


def _told_after(
    first: Line, was: Version, version: Version, event: Event | None, step: Step, now: int
) -> list[Line]:
    """`was` knows the places that were exited."""
    lines = [first]
    cause: dict[str, Any] | None = _open_end(lines)
    answers: Mapping[str, Any] = event.answers if isinstance(event, TaskAnswered) else {}
    for kind, run in groupby(step.taken, key=type):
        if kind is Assigned:
            assigned = cast("list[Assigned]", list(run))
            if cause is not None and len(lines) == 1 and _is_answer(assigned, answers):
                cause["fields"] = [each.field for each in assigned]
                continue
            lines.append(_fields(assigned, answers, now))
            cause = None
        elif kind is Entered or kind is Exited:
            known = version if kind is Entered else was
            places = _seen(known, cast("Iterator[Entered | Exited]", run))
            word = "entered" if kind is Entered else "exited"
            if cause is not None and word not in cause:
                if places:
                    cause[word] = places
            elif places:
                lines.append(_places(word, places, now))
        else:
            decided = [_decision(cast("_Decided", each), now) for each in run]
            lines.extend(decided)
            alone = kind is Transitioned and len(decided) == 1
            cause = _open_end(lines) if alone else None
    answered = event.task if isinstance(event, TaskAnswered) else None
    for effect in step.effects:
        line = line_of(effect, answered, now)
        if line is not None:
            lines.append(line)
    return lines


def _open_end(lines: list[Line]) -> dict[str, Any]:
    """The public part of the newest line, while it can still be added to."""
    return cast("dict[str, Any]", lines[-1].public)


def _is_answer(assigned: list[Assigned], answers: Mapping[str, Any]) -> bool:
    """Whether empty fields took over what was answered, and nothing else happened to any."""
    return all(
        each.old is None and each.field in answers and answers[each.field] == each.new
        for each in assigned
    )


_Decided = Transitioned | Skipped | Preempted | Compensated | Paused | Resumed


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
        case Compensated(place=place):
            return Line(kind="state.undone", at=now, object=place, public={})
        case Paused(reason=reason, until=until):
            return Line(kind="clock.stopped", at=now, object=reason, public={"until": until})
        case Resumed(reason=reason, since=since):
            return Line(
                kind="clock.went_on", at=now, object=reason, public={"since": to_micros(since)}
            )
        case _:
            assert_never(taken)


def _seen(version: Version, run: Iterator[Entered | Exited]) -> list[str]:
    """The places of a run that people know."""
    return [each.place for each in run if each.place and not version.is_hidden(each.place)]


def _places(word: str, places: list[str], now: int) -> Line:
    """One line for the places that were entered, or exited, one after the other."""
    alone = len(places) == 1
    return Line(
        kind=f"state.{word}",
        at=now,
        object=places[0] if alone else None,
        public={} if alone else {"places": places},
    )


def first_line(event: Event, recorded: Mapping[str, Any], origin: Origin, now: int) -> Line:
    about, public = _public(event)
    if origin.rule is not None:
        public["rule"] = origin.rule
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
        private={"event": encode_event(without_box(event))},
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
