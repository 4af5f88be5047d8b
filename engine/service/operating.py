"""What people do to a case besides answering: claim, reassign, cancel, and put right."""

from datetime import datetime

from sqlalchemy import bindparam, false, select, update

from engine.audit.chain import Line
from engine.core.effects import HandedOver
from engine.core.events import (
    CaseCancelled,
    DirectoryChanged,
    Event,
    TaskClaimed,
    TaskReassigned,
)
from engine.core.facts import Facts
from engine.core.owners import works_here
from engine.core.step import Step
from engine.service.cases import (
    CASE,
    COLUMNS,
    INBOX,
    TASK,
    CaseFile,
    from_columns,
    load,
    load_named,
    tell,
)
from engine.service.errors import Refused, Unknown
from engine.service.history import Origin
from engine.service.holders import ASSIGNMENT
from engine.service.inbox import catch_up
from engine.service.incidents import NO_OWNER, close_incident, find_incident
from engine.service.macrostep import Undone, take
from engine.service.outbox import requeue
from engine.service.outcomes import AlreadyRecorded, Claimed, NotYours
from engine.service.signals import RANK_OPERATION
from engine.service.staffing import DIRECTORY
from engine.service.subcases import put_event
from engine.service.tools import Tools
from engine.store import Statement, Transaction, from_micros, to_micros

_TASK = Statement(
    select(
        *COLUMNS,
        TASK.c.id,
        TASK.c.key,
        TASK.c.status,
        TASK.c.outcome,
        TASK.c.closed_by,
        TASK.c.closed_at,
    )
    .join(CASE, CASE.c.id == TASK.c.case_id)
    .where(TASK.c.public_id == bindparam("of"))
    .with_for_update(of=CASE)
)
_MAY_CLAIM = Statement(
    select(ASSIGNMENT.c.candidate).where(
        ASSIGNMENT.c.task_id == bindparam("of"),
        ASSIGNMENT.c.person == bindparam("by"),
        ASSIGNMENT.c.ended_at.is_(None),
    )
)
_UNBLOCK = Statement(update(INBOX).where(INBOX.c.id == bindparam("of")).values(blocked=false()))


def claim(
    tools: Tools, tx: Transaction, task: str, facts: Facts, by: str, now: datetime
) -> Claimed | AlreadyRecorded | NotYours:
    """A member of the queue takes the task; NotYours if another one has."""
    row = tx.one(_TASK, {"of": task})
    if row is None:
        return NotYours()
    number, key, status, outcome, closed_by, closed_at = row[11:]
    if status != "open":
        return AlreadyRecorded(outcome=outcome, by=closed_by, at=from_micros(closed_at))
    mine = tx.one(_MAY_CLAIM, {"of": number, "by": by})
    case = from_columns(tools, tx, row)
    if mine is None:
        return NotYours()
    if not mine[0]:
        return Claimed(case=case.name)  # has it already
    case.note_task(key, number)
    event = TaskClaimed(task=key, by=by, at=now)
    try:
        result = take(tools, tx, case, event, facts, now, origin=Origin(actor=by))
    except Undone as undone:
        raise Refused(undone.incident.message) from undone
    return Claimed(case=case.name) if _changed_hands(result) else NotYours()


def reassign(
    tools: Tools,
    tx: Transaction,
    task: str,
    facts: Facts,
    to: str,
    by: str | None,
    reason: str,
    now: datetime,
) -> str:
    """Gives an open task to somebody else; the case's name. Raises Refused or Unknown."""
    row = tx.one(_TASK, {"of": task})
    if row is None:
        raise Unknown(f"There is no task {task!r}.")
    number, key, status = row[11:14]
    case = from_columns(tools, tx, row)
    if status != "open":
        raise Refused(f"The task {key} of {case.name} is closed; nobody needs to have it any more.")
    known = facts.person(to)
    if known is None:
        raise Refused(f"The directory knows no person {to!r}, so nobody would get the task.")
    if not works_here(facts, to):
        raise Refused(f"{known['name']} has left. Give the task to somebody who works here.")
    case.note_task(key, number)
    if case.snapshot is not None and case.snapshot.tasks[key].owners == (to,):
        raise Refused(f"{known['name']} has this task of {case.name} already.")
    event = TaskReassigned(task=key, to=to, by=by, reason=reason, at=now)
    if not _changed_hands(_do(tools, tx, case, event, facts, by, now)):
        raise Refused(
            f"The process keeps {known['name']} from this task of {case.name} (`not:` of whom it "
            "goes to), so that nobody decides about their own doing. Choose somebody else."
        )
    return case.name


def cancel(
    tools: Tools,
    tx: Transaction,
    name: str,
    facts: Facts,
    by: str | None,
    reason: str,
    now: datetime,
) -> None:
    """Ends a case before its time, held or not. Raises Refused or Unknown."""
    case = load_named(tools, tx, name)
    if case is None:
        raise Unknown(f"There is no case {name}. `tenure cases --status all` lists them.")
    if case.closed_at is not None:
        raise Refused(f"The case {name} is closed already.")
    event = CaseCancelled(by=by, reason=reason, at=now)
    result = _do(tools, tx, case, event, facts, by, now)
    if not result.taken and not result.effects:
        raise Refused(f"The case {name} cannot be cancelled where it stands.")


def _do(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    event: Event,
    facts: Facts,
    by: str | None,
    now: datetime,
) -> Step:
    """What the case made of it; an incident is the asker's to hear about, not the case's."""
    try:
        return take(tools, tx, case, event, facts, now, origin=Origin(actor=by))
    except Undone as undone:
        raise Refused(undone.incident.message) from undone


def _changed_hands(result: Step) -> bool:
    """Whether a task is with somebody else now; four eyes may have kept it where it was."""
    return any(isinstance(effect, HandedOver) for effect in result.effects)


def retry(
    tools: Tools, tx: Transaction, number: int, facts: Facts, by: str | None, now: datetime
) -> int | None:
    """Closes an incident that was repaired and takes up what waited for that.

    Returns the incident that came instead, if it was not. Raises Refused or Unknown.
    """
    found = find_incident(tx, number)
    if found is None:
        raise Unknown(f"There is no incident {number}. `tenure incidents` lists the open ones.")
    if found.closed_at is not None:
        raise Refused(f"The incident {number} was closed already.")
    case = load(tools, tx, found.case_id)
    micros = to_micros(now)
    close_incident(tx, number, by, micros)
    line = Line(
        kind="incident.closed",
        at=micros,
        actor=by,
        object=found.place,
        public={"code": found.code},
    )
    tell(tools, tx, case, [line])
    if found.outbox_id is not None:
        requeue(tx, found.outbox_id, micros)
    if case.closed_at is not None:
        return None
    if found.inbox_id is not None:
        tx.run(_UNBLOCK, {"of": found.inbox_id})
    elif found.code == NO_OWNER:
        put_event(tx, case.id, DirectoryChanged(at=now), RANK_OPERATION, now, source=DIRECTORY)
    return catch_up(tools, tx, case, facts, now).incident
