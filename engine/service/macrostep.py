"""One event taken by one case: decided by the core, written with everything it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never

import orjson
from sqlalchemy import bindparam, delete

from engine.audit.chain import Line
from engine.core.effects import (
    AskAdvice,
    Call,
    CancelTimer,
    CarriedTask,
    ClosedTask,
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
from engine.core.events import Event, TaskAnswered
from engine.core.facts import Facts
from engine.core.snapshot import Timer
from engine.core.step import Step, step
from engine.directory import RecordingFacts
from engine.directory.events import PAUSED, RESUMED
from engine.service.absences import hear_of_absence
from engine.service.advice import advise
from engine.service.cases import INBOX, CaseFile, write_case
from engine.service.definitions import Version
from engine.service.errors import StartRefused
from engine.service.history import Origin, lines_of
from engine.service.incidents import close_incidents_of, note_incident
from engine.service.letters import Letters
from engine.service.pools import Pools, pools_for
from engine.service.signals import raise_signal, write_waits
from engine.service.starting import prepare
from engine.service.subcases import note_subcase, stop_subcase, tell_parent
from engine.service.tasks import TaskChanges, write_tasks
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import insert_into, table_of
from engine.store.tables import RecordRow, TimerRow

_TIMER = table_of(TimerRow)
_SET_TIMER = insert_into(TimerRow, without=("id",))
_END_TIMER = Statement(
    delete(_TIMER).where(_TIMER.c.case_id == bindparam("of"), _TIMER.c.key == bindparam("of_key"))
)
_END_TIMERS = Statement(delete(_TIMER).where(_TIMER.c.case_id == bindparam("of")))
_END_INBOX = Statement(delete(INBOX).where(INBOX.c.case_id == bindparam("of")))
_RECORD = insert_into(RecordRow, without=("id",))

_DEEPEST = 12  # cases that open one another in one transaction; more is a circle


class Undone(Exception):  # noqa: N818 - what became of the event
    """The event waits for somebody's repair; nothing of it was written."""

    def __init__(self, incident: OpenIncident) -> None:
        super().__init__(incident.message)
        self.incident = incident  # always a blocking one


def take(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    event: Event,
    facts: Facts,
    now: datetime,
    *,
    origin: Origin,
    depth: int = 0,
) -> Step:
    """Decides and writes. Raises Undone, with nothing of this event written, on an incident.

    A step with nothing taken and no effects has written nothing. `depth` counts the cases that
    were opened by one another on the way here.
    """
    event, pools = pools_for(tools, tx, case, event, facts)
    recording = RecordingFacts(facts=pools or facts, attributes=case.version.attributes)
    result = step(case.version.definition, case.snapshot, event, now, recording)
    for effect in result.effects:
        if isinstance(effect, OpenIncident) and effect.blocking:
            raise Undone(effect)
    if not result.taken and not result.effects:
        return result
    if not any(isinstance(effect, StartCase) for effect in result.effects):
        _write(tools, tx, case, event, result, recording, pools, now, origin, depth)
        return result
    kept = case.position()
    try:
        with tx.savepoint():
            _write(tools, tx, case, event, result, recording, pools, now, origin, depth)
    except BaseException:
        case.go_back(kept)
        raise
    return result


def open_case(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    event: Event,
    facts: Facts,
    now: datetime,
    *,
    origin: Origin,
    depth: int = 0,
) -> None:
    """The first macrostep of a prepared case; StartRefused if it cannot be taken."""
    try:
        take(tools, tx, case, event, facts, now, origin=origin, depth=depth)
    except Undone as undone:
        raise StartRefused(
            f"A case of {case.version.definition.process} cannot be started so: "
            f"{undone.incident.message}"
        ) from undone


def _write(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    event: Event,
    result: Step,
    recording: RecordingFacts,
    pools: Pools | None,
    now: datetime,
    origin: Origin,
    depth: int,
) -> None:
    if pools is not None:
        answered = event.task if isinstance(event, TaskAnswered) and pools.put is not None else None
        number = None if answered is None else case.seek_task(tx, answered)
        pools.write(result.snapshot, number)
    lines = lines_of(case.version, event, result, recording.recorded(), origin, to_micros(now))
    write_step(tools, tx, case, event, lines, result, recording, now, depth=depth)


def write_step(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    event: Event | None,
    lines: list[Line],
    result: Step,
    recording: RecordingFacts,
    now: datetime,
    *,
    depth: int = 0,
    under: Version | None = None,
) -> None:
    """Everything that a macrostep, or a migration out of the version `under`, asks for."""
    micros = to_micros(now)
    before = case.snapshot
    lines = [*lines, *_advice(tools, tx, case, result, now)]
    write_case(tools, tx, case, result.snapshot, lines, micros)
    letters = Letters(case.id, micros)
    asked = _sorted(tx, case, result, letters, micros)
    write_tasks(tools, tx, case, asked.tasks, event, recording, letters, micros)
    for message in asked.told:
        about = None if message.about_task is None else case.seek_task(tx, message.about_task)
        letters.add(
            "note" if about is None else "escalation",
            message.to,
            task=about,
            payload={"title": message.title, "text": message.text},
        )
    tools.failpoints.reach("apply.tasks")
    if asked.timers:
        _write_timers(tx, case, asked.timers)
    write_waits(tx, case, before, result.snapshot, now, under)
    tools.failpoints.reach("apply.timers")
    letters.write(tx)
    tools.failpoints.reach("apply.outbox")
    for effect in asked.late:
        match effect:
            case Emit(event=name, to=to, body=body):
                raise_signal(tools, tx, name, body, to, case.name, now)
                if name in (PAUSED, RESUMED):
                    hear_of_absence(tools, tx, case, name, body, now)
            case StopCase(subcase=key):
                stop_subcase(tx, case, key, now)
            case StartCase():
                _start_subcase(tools, tx, case, effect, recording.facts, now, depth)
            case _:
                assert_never(effect)
    tools.failpoints.reach("apply.subcases")
    if result.snapshot.outcome is not None:
        tx.run(_END_TIMERS, {"of": case.id})
        tx.run(_END_INBOX, {"of": case.id})
        close_incidents_of(tx, case, micros)
        tell_parent(tx, case, result.snapshot, result.snapshot.outcome, now)


def _advice(
    tools: Tools, tx: Transaction, case: CaseFile, result: Step, now: datetime
) -> list[Line]:
    asked = [effect for effect in result.effects if isinstance(effect, AskAdvice)]
    if not asked:
        return []
    missing = [each for each in asked if each.analytic not in tools.analysts]
    if missing:
        raise Undone(
            OpenIncident(
                code="no-analytic",
                place=missing[0].task.partition("#")[0],
                message=f"The analytic {missing[0].analytic} is not installed here. Run a tenure "
                "that has it, then retry.",
                blocking=True,
            )
        )
    facts = tools.directory.facts(tx.connection, now)
    return [advise(tools.analysts, tx, case, each, facts, now) for each in asked]


@dataclass(slots=True, kw_only=True, eq=False)
class _Asked:
    """The effects of one macrostep, sorted by when they are written."""

    tasks: TaskChanges = field(default_factory=TaskChanges)
    timers: dict[str, Timer | None] = field(default_factory=dict)  # None: ends
    told: list[Tell] = field(default_factory=list)  # after the tasks, whose numbers they need
    late: list[StartCase | StopCase | Emit] = field(default_factory=list)  # touch other cases


def _sorted(tx: Transaction, case: CaseFile, result: Step, letters: Letters, now: int) -> _Asked:
    """Sorts the effects, and writes those that nothing else depends on."""
    asked = _Asked()
    for effect in result.effects:
        match effect:
            case OpenedTask() | ClosedTask() | HandedOver() | MovedDue() | CarriedTask() | Remind():
                asked.tasks.add(effect)
            case SetTimer(timer=timer):
                asked.timers[timer.key] = timer
            case CancelTimer(timer=key):
                asked.timers[key] = None
            case AskAdvice():
                pass  # it is in the history, and whoever has the task reads it there
            case Tell():
                asked.told.append(effect)
                if effect.about_task is not None:
                    case.seek_task(tx, effect.about_task)  # before it may be closed
            case Call():
                letters.add("call", (None,), payload=_call(effect))
            case WriteRecord():
                tx.run(_RECORD, _record(case, effect, now))
            case OpenIncident():
                note_incident(tx, case, effect, now)
            case StartCase() | StopCase() | Emit():
                asked.late.append(effect)
            case Finish():
                pass  # the snapshot says so, and everything else is written first
            case _:
                assert_never(effect)
    return asked


def _write_timers(tx: Transaction, case: CaseFile, timers: Mapping[str, Timer | None]) -> None:
    was = case.before.timers if case.before is not None else {}
    gone = [{"of": case.id, "of_key": key} for key in timers if key in was]
    tx.run(_END_TIMER, gone)
    tx.run(
        _SET_TIMER,
        [
            {"case_id": case.id, "key": key, "due_at": to_micros(timer.at)}
            for key, timer in timers.items()
            if timer is not None
        ],
    )


def _call(effect: Call) -> Mapping[str, Any]:
    return {
        "name": effect.name,
        "body": effect.body,
        "place": effect.place,
        "tries": effect.tries,
        "within_seconds": effect.within_seconds,
    }


def _record(case: CaseFile, effect: WriteRecord, now: int) -> Mapping[str, Any]:
    return {
        "kind": effect.kind,
        "about": effect.of,
        "value": orjson.dumps(effect.value, default=dict).decode(),
        "attributes": orjson.dumps(effect.attributes, default=dict).decode(),
        "valid_from": now,
        "valid_until": None if effect.valid_until is None else to_micros(effect.valid_until),
        "case_id": case.id,
    }


def _start_subcase(
    tools: Tools,
    tx: Transaction,
    parent: CaseFile,
    asked: StartCase,
    facts: Facts,
    now: datetime,
    depth: int,
) -> None:
    """In the same transaction; one that cannot be started undoes the parent's macrostep."""
    try:
        version = _version_to_start(tools, tx, parent, asked, depth)
        ready = prepare(tools, tx, version, asked.subject, asked.data, None, facts, now)
        child, origin = ready.case, Origin(request=parent.name)
        open_case(tools, tx, child, ready.event, ready.facts, now, origin=origin, depth=depth + 1)
    except StartRefused as refused:
        place = asked.subcase.partition("#")[0]
        raise Undone(
            OpenIncident(
                code="subcase-refused",
                place=place,
                message=f"At `{place}` a case of {asked.process} should start. {refused}",
                blocking=True,
            )
        ) from refused
    note_subcase(tx, parent, asked.subcase, child)
    ended = child.snapshot
    if ended is not None and ended.outcome is not None:  # at once: nobody was told yet
        tell_parent(tx, child, ended, ended.outcome, now)


def _version_to_start(
    tools: Tools, tx: Transaction, parent: CaseFile, asked: StartCase, depth: int
) -> Version:
    if depth >= _DEEPEST:
        raise StartRefused(
            f"{_DEEPEST} cases have opened one another in a row, which looks like a circle."
        )
    version = (
        tools.definitions.as_of(tx, asked.process, parent.version.published_at)
        if asked.pinned
        else tools.definitions.latest(tx, asked.process)
    )
    if version is None:
        raise StartRefused(f"No process {asked.process!r} is published. Publish it first.")
    return version
