"""The way of one answer: the hot path. One query, one macrostep, one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, false, select

from engine.core.chart import Assurance, Task
from engine.core.events import TaskAnswered
from engine.core.facts import Facts
from engine.core.snapshot import OpenTask
from engine.service.cases import CASE, COLUMNS, INBOX, TASK, CaseFile, from_columns, tell
from engine.service.errors import Refused, TooSoon
from engine.service.files import bind_files
from engine.service.guests import enlisted
from engine.service.history import Origin, unexpected_line
from engine.service.holders import ASSIGNMENT
from engine.service.inbox import Waiting, block, catch_up, keep, next_timer
from engine.service.incidents import blocking_incident
from engine.service.macrostep import Undone, take
from engine.service.outcomes import (
    Accepted,
    AlreadyRecorded,
    Answered,
    Held,
    NeedsAssurance,
    NotYours,
    Submission,
)
from engine.service.pools import sealed_event
from engine.service.signals import RANK_ANSWER
from engine.service.tools import Tools
from engine.store import Overtaken, Statement, Transaction, from_micros, to_micros

_OPEN = "open"
_SURENESS = {Assurance.LINK: 0, Assurance.CODE: 1, Assurance.LOGIN: 2}

_mine = exists().where(ASSIGNMENT.c.task_id == TASK.c.id, ASSIGNMENT.c.person == bindparam("by"))
_LOAD = Statement(
    select(
        *COLUMNS,
        TASK.c.id,
        TASK.c.key,
        TASK.c.status,
        TASK.c.outcome,
        TASK.c.closed_by,
        TASK.c.closed_at,
        _mine,
        _mine.where(ASSIGNMENT.c.ended_at.is_(None), ASSIGNMENT.c.candidate == false()),
        exists().where(INBOX.c.case_id == CASE.c.id),
    )
    .join(CASE, CASE.c.id == TASK.c.case_id)
    .where(TASK.c.public_id == bindparam("of"))
    .with_for_update(of=CASE)
)
_FIRST_ANSWER = Statement(
    select(INBOX.c.at).where(
        INBOX.c.case_id == bindparam("of"), INBOX.c.source == bindparam("source")
    )
)
_CLOSED = Statement(
    select(TASK.c.status, TASK.c.outcome, TASK.c.closed_by, TASK.c.closed_at).where(
        TASK.c.id == bindparam("of")
    )
)


def submit(
    tools: Tools,
    tx: Transaction,
    submission: Submission,
    facts: Facts,
    now: datetime,
    *,
    waited: bool = False,
) -> Answered:
    """Decides and writes one answer.

    Raises Refused for a button there is not; and TooSoon, unless the caller has `waited`, when a
    deadline of the case passed so little before `now` that an earlier answer may be on its way.
    """
    row = tx.one(_LOAD, {"of": submission.task, "by": submission.by})
    if row is None or not row[17]:
        return NotYours()
    number, key, status, outcome, closed_by, closed_at, _, is_mine, has_waiting = row[11:]
    if status != _OPEN:
        at = None if closed_at is None else from_micros(closed_at)
        return AlreadyRecorded(outcome=outcome, by=closed_by, at=at)
    if not is_mine:
        return NotYours()
    case = from_columns(tools, tx, row)
    case.note_task(key, number)
    tools.failpoints.reach("submit.loaded")
    opened = _open_task(case, key)
    task = _rules(case, opened)
    if submission.button not in task.buttons:
        raise Refused(
            f"This task has no button {submission.button!r}; it has {', '.join(task.buttons)}."
        )
    if _SURENESS[Assurance(submission.assurance)] < _SURENESS[task.assurance]:
        return NeedsAssurance(needed=task.assurance)
    answers, facts = _with_guests(tools, tx, task, submission.answers, facts, now)
    event = TaskAnswered(
        task=key, button=submission.button, answers=answers, by=submission.by, at=now
    )
    bind_files(tx, case.id, task.form, submission.answers)
    event = sealed_event(tools, tx, case, opened, task, event)
    origin = Origin(actor=submission.by, assurance=submission.assurance, request=submission.request)
    before = (to_micros(now), RANK_ANSWER)
    if has_waiting or next_timer(case, before) is not None:
        instead = _let_others_go_first(
            tools, tx, case, event, facts, now, number, origin, before, waited=waited
        )
        if instead is not None:
            return instead
    return _answer(tools, tx, case, event, facts, now, number, origin)


def _with_guests(
    tools: Tools,
    tx: Transaction,
    task: Task,
    answers: Mapping[str, Any],
    facts: Facts,
    now: datetime,
) -> tuple[Mapping[str, Any], Facts]:
    if task.form is None:
        return answers, facts
    return enlisted(tools, tx, task.form.fields, answers, facts, now)


def _answer(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    event: TaskAnswered,
    facts: Facts,
    now: datetime,
    number: int,
    origin: Origin,
) -> Answered:
    first = case.seq + 1
    try:
        result = take(tools, tx, case, event, facts, now, origin=origin)
    except Undone as undone:
        waiting = _waiting(event, number)
        return Held(incident=block(tools, tx, case, waiting, undone.incident, now))
    if not result.taken and not result.effects:
        tell(tools, tx, case, [unexpected_line(event, origin, to_micros(now))])
        return NotYours()  # the core bars this person, by four eyes
    tools.failpoints.reach("submit.written")
    return Accepted(
        case=case.name,
        outcome=event.button,
        at=now,
        reference=f"{case.name}.{first}.{case.mark.hex()[:16]}",
    )


def _let_others_go_first(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    event: TaskAnswered,
    facts: Facts,
    now: datetime,
    number: int,
    origin: Origin,
    before: tuple[int, int],
    *,
    waited: bool,
) -> Answered | None:
    """Takes what was due before the answer; None if the answer can be taken after that."""
    source = _source(number)
    first = tx.one(_FIRST_ANSWER, {"of": case.id, "source": source})
    if first is not None:  # an answer to this task is kept behind an incident
        return Held(incident=blocking_incident(tx, case))
    done = catch_up(
        tools, tx, case, facts, now, before=before, waited=waited, request=origin.request
    )
    if done.young is not None:
        raise TooSoon((done.young - before[0]) / 1_000_000)
    if case.snapshot is None or event.task not in case.snapshot.tasks:
        row = tx.one(_CLOSED, {"of": number})
        assert row is not None
        _, outcome, by, closed_at = row
        at = None if closed_at is None else from_micros(closed_at)
        return AlreadyRecorded(outcome=outcome or "withdrawn", by=by, at=at)
    if done.held or done.more:
        keep(tx, case, _waiting(event, number), blocked=False)
        return Held(incident=done.incident or blocking_incident(tx, case))
    return None


def _waiting(event: TaskAnswered, number: int) -> Waiting:
    return Waiting(
        event=event,
        at=to_micros(event.at),
        rank=RANK_ANSWER,
        source=_source(number),
        inbox_id=None,
    )


def _source(number: int) -> str:
    return f"answer:{number}"


def _open_task(case: CaseFile, key: str) -> OpenTask:
    assert case.snapshot is not None
    opened = case.snapshot.tasks.get(key)
    if opened is None:  # PostgreSQL showed a newer case beside an older task
        raise Overtaken(f"The task {key} of {case.name} was closed this moment.")
    return opened


def _rules(case: CaseFile, opened: OpenTask) -> Task:
    state = case.version.definition.states[case.version.index_of(opened.place)]
    task = state.task if opened.side is None else state.side_tasks[opened.side]
    assert task is not None
    return task
