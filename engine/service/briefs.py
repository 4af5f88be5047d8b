"""Everything a letter needs to be composed, looked up when it is about to leave.

The task is looked at again here: a letter about a task that is closed, or that somebody else has by
now, is cancelled. The link is minted here and nowhere else, so that no token is ever at rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from engine.core.chart import Definition
from engine.core.chart import Task as TaskRules
from engine.core.draft import draft_of
from engine.core.facts import Facts
from engine.core.form import Form
from engine.core.index import chart_of
from engine.core.owners import find_people, still_reachable, works_here
from engine.core.snapshot import Snapshot
from engine.links import LINK_LIFETIME, NOTE, mint
from engine.service.audience import holders_of, readers, reason
from engine.service.cases import TASK, CaseFile, load
from engine.service.digests import gather, leader_of
from engine.service.holders import ASSIGNMENT
from engine.service.leavers import ASKING, is_meant_after_leaving
from engine.service.letters import Kept
from engine.service.notes import takes_notes
from engine.service.outbox import end, read
from engine.service.tools import Tools
from engine.store import Statement, Transaction, from_micros

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


_HAD = Statement(
    select(ASSIGNMENT.c.id)
    .where(
        ASSIGNMENT.c.task_id == bindparam("of"),
        ASSIGNMENT.c.person == bindparam("by"),
        ASSIGNMENT.c.ended_at.is_not(None),
    )
    .order_by(ASSIGNMENT.c.id.desc())
    .limit(1)
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
    queue: str | None  # where whoever takes it first does it


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
    # Raw token of a fresh link; for letters that ask for something. Of a task that is somebody
    # else's now it leads to a hand-over note.
    link: str | None
    link_expires: datetime | None
    title: str | None  # of a note or escalation
    text: str | None  # of the same
    had_by: str | None  # handed over: the name of who had it before
    has_now: str | None  # no longer needed: who has it now, a name or a queue; None: nobody
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
    key = None if task is None else task.key
    if still_reachable(facts, person.id) and not is_meant_after_leaving(tools, tx, case, row, key):
        why = "its receiver has left"
        end(tools, tx, row.id, "cancelled", why, now)
        return Cancelled(reason=why)
    link = None
    if task is not None and row.kind in ASKING:
        assignment = next(a for a, holder in task.holders if holder == person.id)
        link = mint(tx, assignment, "task", now, tools.entropy)
    elif task is not None and _may_leave_note(case, task, row):
        had = tx.one(_HAD, {"of": task.id, "by": person.id})
        link = None if had is None else mint(tx, had[0], NOTE, now, tools.entropy)
    payload = row.payload
    return Brief(
        outbox=row.id,
        kind=row.kind,
        attempt=row.attempt,
        to=person,
        case=case.name,
        process=case.version.definition.title,
        about=_name(facts, case.subject),
        task=None if task is None else _task_brief(case, _told(task, row), person.id, facts, now),
        link=link,
        link_expires=None if link is None else now + LINK_LIFETIME,
        title=payload.get("title"),
        text=payload.get("text"),
        had_by=_names(facts, payload.get("before", ())),
        has_now=has_now(facts, payload),
        number=int(payload.get("number", 0)),
        reason=payload.get("outcome"),
    )


def _may_leave_note(case: CaseFile, task: "_Task", row: Kept) -> bool:
    """Whether the letter tells somebody that an open task is another's now."""
    if row.kind != "no_longer_needed" or "before" not in row.payload or task.status != "open":
        return False
    return takes_notes(_rules(case, task)) and all(one != row.person for _, one in task.holders)


def has_now(facts: Facts, payload: Mapping[str, Any]) -> str | None:
    """Whose a task is that was handed over: names, or a queue; None: nobody's."""
    names = _names(facts, payload.get("owners", ()))
    queue = payload.get("queue")
    return names or (f"the queue {queue}" if queue else None)


def _told(task: "_Task", row: Kept) -> "_Task":
    """The task in words that this letter's receiver may read.

    Its title and text were written for its owners; an escalation brings its own.
    """
    if row.kind != "escalation":
        return task
    return replace(task, title=row.payload.get("title") or task.title, text=None)


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
    person = None if row.person is None else person_of(facts, row.person)
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
    if row.kind in ASKING:
        if task is None or task.status != "open":
            return "the task is closed", person, task
        if all(holder != person.id for _, holder in task.holders):
            return "somebody else has the task now", person, task
    if row.kind == "escalation" and (task is None or task.status != "open"):
        return "the task that was late is closed", person, task
    return None, person, task


def person_of(facts: Facts, person: str) -> Person | None:
    """Whom a letter would reach, and where; None: nobody of that id can be reached."""
    known = facts.person(person)
    here = works_here(facts, person)
    if known is None or not (here or still_reachable(facts, person)):
        return None
    return Person(
        id=person,
        name=known["name"],
        email=known["email" if here else "private_email"],
        language=known.get("language") or "en",
        zone=str(known.get("zone") or facts.calendar(known.get("location")).zone),
    )


def _name(facts: Facts, person: str | None) -> str | None:
    known = None if person is None else facts.person(person)
    return None if known is None else str(known["name"])


def _names(facts: Facts, people: Any) -> str | None:
    names = [name for name in (_name(facts, person) for person in people) if name is not None]
    return " and ".join(names) or None


def _task_brief(case: CaseFile, task: _Task, person: str, facts: Facts, now: datetime) -> TaskBrief:
    definition = case.version.definition
    opened = None if case.snapshot is None else case.snapshot.tasks.get(task.key)
    rules = _rules(case, task)
    due = None if task.due_at is None else from_micros(task.due_at)
    names = (_name(facts, holder) for _, holder in task.holders)
    return TaskBrief(
        public_id=task.public_id,
        title=task.title,
        text=task.text,
        buttons=() if rules is None else rules.buttons,
        due=due,
        overdue=due is not None and due < now,
        minutes=None if rules is None else rules.minutes,
        readers=readers_of(definition, case.snapshot, rules, person, facts, now),
        why=reason_of(
            case.subject,
            task.queue,
            None if opened is None else opened.by_rule,
            person,
            facts,
        ),
        owners=tuple(name for name in names if name is not None),
        queue=task.queue,
    )


def _rules(case: CaseFile, task: _Task) -> TaskRules | None:
    opened = None if case.snapshot is None else case.snapshot.tasks.get(task.key)
    state = case.version.definition.states[case.version.by_id[task.state]]
    return state.task if opened is None or opened.side is None else state.side_tasks[opened.side]


def readers_of(
    definition: Definition,
    snapshot: Snapshot | None,
    rules: TaskRules | None,
    person: str,
    facts: Facts,
    now: datetime,
) -> str | None:
    """Who will read an answer, in the words of its page."""
    if rules is not None and rules.anonymous is not None:
        return (
            "Your answer is kept apart from your name, and shown together with the others' if at "
            f"least {rules.anonymous} people answer."
        )
    form: Form | None = None if rules is None else rules.form
    if form is None or not form.fields or snapshot is None:
        return None
    draft = draft_of(chart_of(definition), snapshot, find_people, now, None, facts, now)
    who = readers(form, person, holders_of(draft, facts))
    return f"Who reads your answer: {who[:1].lower()}{who[1:]}"


def reason_of(
    subject: str | None, queue: str | None, rule: str | None, person: str, facts: Facts
) -> str | None:
    """Why somebody is asked, in the words of its page; None where there are none."""
    about = None if subject is None else facts.person(subject)
    why = reason(queue, rule, person, about)
    return None if why is None else f"You are asked because {why}."
