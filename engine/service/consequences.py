"""The lines of what a macrostep asks of the world, for its history."""

from typing import Any, assert_never

from engine.audit.chain import Line
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
from engine.store import to_micros


def line_of(effect: Effect, answered: str | None, now: int) -> Line | None:
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
        case AskAdvice():
            return None  # told with what was found
        case SetTimer() | CancelTimer() | Remind() | Tell() | Call():
            return None  # a timer's firing and a letter's leaving are told when they happen
        case CarriedTask():
            return None  # the migration's own line tells what has another name now
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
