"""Everything a letter needs to be composed, looked up when it is about to leave.

The task is looked at again here: a letter about a task that is closed, or that somebody else has by
now, is cancelled. The link is minted here and nowhere else, so that no token is ever at rest.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from engine.core.facts import Facts
from engine.links import LINK_LIFETIME, mint
from engine.service.asking import name_of, readers, why
from engine.service.cases import TASK, CaseFile, load
from engine.service.digests import gather, leader_of
from engine.service.letters import Kept
from engine.service.outbox import end, read
from engine.service.tasks import ASSIGNMENT
from engine.service.tools import Tools
from engine.store import Statement, Transaction, from_micros

_ASKING = frozenset({"task", "reminder", "handed_over", "new_link"})
_TASK = Statement(
    select(
        TASK.c.id,
        TASK.c.public_id,
        TASK.c.key,
        TASK.c.state,
        TASK.c.title,
        TASK.c.text,
        TASK.c.status,
        TASK.c.queue,
        TASK.c.due_at,
    ).where(TASK.c.id == bindparam("of"))
)
_HOLDERS = Statement(
    select(ASSIGNMENT.c.id, ASSIGNMENT.c.person)
    .where(ASSIGNMENT.c.task_id == bindparam("of"), ASSIGNMENT.c.ended_at.is_(None))
    .order_by(ASSIGNMENT.c.id)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody as a letter names and reaches them."""

    id: str
    name: str
    email: str
    language: str  # `en`
    zone: str  # IANA


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskBrief:
    """The task that a letter is about."""

    public_id: str
    title: str
    text: str | None  # the author's paragraph
    buttons: tuple[str, ...]
    due: datetime | None
    overdue: bool
    minutes: int | None  # about how long it takes
    readers: str | None  # who will read the answer, as a sentence; None: no form
    why: str | None  # why this person is asked, as a sentence
    owners: tuple[str, ...]  # names of who holds it now


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """What one outbox row says, already decided; knows nothing of how a letter looks."""

    outbox: int
    kind: str  # OutboxRow.kind
    attempt: int
    to: Person
    case: str  # its name
    process: str  # title of the process
    about: str | None  # name of the person the case is about
    task: TaskBrief | None
    link: str | None  # raw token of a fresh link; for letters that ask for something
    link_expires: datetime | None
    title: str | None  # of a note or escalation
    text: str | None  # of the same
    had_by: str | None  # handed over: the name of who had it before
    has_now: str | None  # no longer needed: the name of who has it now; None: nobody
    number: int  # of a reminder: first, second, …
    reason: str | None  # no longer needed: the outcome that made it so
    others: tuple["Brief", ...] = ()  # reminders of other tasks that leave in the same letter


@dataclass(frozen=True, kw_only=True, slots=True)
class Cancelled:
    """The row was taken off the queue: what it would have said is not true any more."""

    reason: str


def brief(
    tools: Tools, tx: Transaction, number: int, facts: Facts, now: datetime
) -> Brief | Cancelled:
    """Raises Unknown for a row there is not; calls have no brief and are cancelled here.

    A reminder takes the person's other due reminders along; theirs are then said to be cancelled,
    and are marked sent together with this one.
    """
    row = read(tx, number)
    if row.status != "pending":
        return Cancelled(reason=f"it was {row.status} already")
    leader = leader_of(row, now)
    if leader is not None:
        return Cancelled(reason=f"it travels in digest #{leader}")
    said = _said(tools, tx, row, facts, now)
    if row.kind == "reminder" and isinstance(said, Brief):
        said = replace(said, others=_others(tools, tx, row, facts, now))
    tools.failpoints.reach("outbox.briefed")
    return said


def _others(
    tools: Tools, tx: Transaction, leader: Kept, facts: Facts, now: datetime
) -> tuple[Brief, ...]:
    """What the riders say, each task once: of two reminders of one task the second adds nothing."""
    told = {leader.task_id}
    others = []
    for number in gather(tx, leader, now):
        rider = read(tx, number)
        if rider.task_id in told:
            continue
        other = _said(tools, tx, rider, facts, now)
        if isinstance(other, Brief):
            others.append(other)
            told.add(rider.task_id)
    return tuple(others)


def _said(
    tools: Tools, tx: Transaction, row: Kept, facts: Facts, now: datetime
) -> Brief | Cancelled:
    """What one row says by itself, with a link of its own; not true any more, it is cancelled."""
    reason, person, task = _still_true(tx, row, facts)
    if reason is not None or person is None or row.case_id is None:
        why = reason or "it belongs to no case"
        end(tools, tx, row.id, "cancelled", why, now)
        return Cancelled(reason=why)
    case = load(tools, tx, row.case_id)
    link = None
    if task is not None and row.kind in _ASKING:
        assignment = next(a for a, holder in task.holders if holder == person.id)
        link = mint(tx, assignment, "task", now, tools.entropy)
    payload = row.payload
    return Brief(
        outbox=row.id,
        kind=row.kind,
        attempt=row.attempt,
        to=person,
        case=case.name,
        process=case.version.definition.title,
        about=name_of(facts, case.subject),
        task=None if task is None else _task_brief(case, task, person.id, facts, now),
        link=link,
        link_expires=None if link is None else now + LINK_LIFETIME,
        title=payload.get("title"),
        text=payload.get("text"),
        had_by=_names(facts, payload.get("before", ())),
        has_now=_names(facts, payload.get("owners", ())),
        number=int(payload.get("number", 0)),
        reason=payload.get("outcome"),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Task:
    id: int
    public_id: str
    key: str
    state: str
    title: str
    text: str | None
    status: str
    queue: str | None
    due_at: int | None
    holders: tuple[tuple[int, str], ...]


def _still_true(
    tx: Transaction, row: Kept, facts: Facts
) -> tuple[str | None, Person | None, _Task | None]:
    """Why the letter must not leave, or whom it goes to and the task it is about."""
    person = None if row.person is None else _person(facts, row.person)
    if person is None:
        return "its receiver is not in the directory any more", None, None
    task = None
    if row.task_id is not None:
        found = tx.one(_TASK, {"of": row.task_id})
        assert found is not None
        holders = tuple(tx.all(_HOLDERS, {"of": row.task_id}))
        task = _Task(
            **dict(zip(_Task.__slots__, (*found, holders), strict=True)),
        )
    if row.kind in _ASKING:
        if task is None or task.status != "open":
            return "the task is closed", person, task
        if all(holder != person.id for _, holder in task.holders):
            return "somebody else has the task now", person, task
    if row.kind == "escalation" and (task is None or task.status != "open"):
        return "the task that was late is closed", person, task
    return None, person, task


def _person(facts: Facts, person: str) -> Person | None:
    known = facts.person(person)
    if known is None or not known.get("active", True):
        return None
    return Person(
        id=person,
        name=known["name"],
        email=known["email"],
        language=known.get("language") or "en",
        zone=str(known.get("zone") or facts.calendar(known.get("location")).zone),
    )


def _names(facts: Facts, people: Any) -> str | None:
    names = [name for name in (name_of(facts, person) for person in people) if name is not None]
    return " and ".join(names) or None


def _task_brief(case: CaseFile, task: _Task, person: str, facts: Facts, now: datetime) -> TaskBrief:
    definition = case.version.definition
    opened = None if case.snapshot is None else case.snapshot.tasks.get(task.key)
    state = definition.states[case.version.by_id[task.state]]
    rules = state.task if opened is None or opened.side is None else state.side_tasks[opened.side]
    due = None if task.due_at is None else from_micros(task.due_at)
    names = (name_of(facts, holder) for _, holder in task.holders)
    return TaskBrief(
        public_id=task.public_id,
        title=task.title,
        text=task.text,
        buttons=() if rules is None else rules.buttons,
        due=due,
        overdue=due is not None and due < now,
        minutes=None if rules is None else rules.minutes,
        readers=readers(None if rules is None else rules.form, case.subject, person, facts),
        why=why(
            task.queue, None if opened is None else opened.by_rule, case.subject, person, facts
        ),
        owners=tuple(name for name in names if name is not None),
    )
