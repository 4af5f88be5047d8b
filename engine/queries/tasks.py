"""Tasks: what waits for whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from engine.core.instants import from_micros, to_micros
from engine.queries.pages import Page, page_of
from engine.queries.reader import Names, read_names
from engine.store.tables import AssignmentRow, CaseRow, DefinitionRow, TaskRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A person with the name they have."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskLine:
    """A task on a list or a page."""

    public_id: str  # in its address
    case: str  # the case's name
    process: str
    process_title: str
    subject: Named | None  # whom the case is about
    key: str  # unique in the case: `rate#2`
    state: str  # the state's id
    title: str
    text: str | None
    status: str  # open | answered | withdrawn
    owners: tuple[Named, ...]  # of an open task: who has it now
    candidates: tuple[Named, ...]  # of an open task in a queue: who may take it
    queue: str | None
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    reminders: int  # sent so far
    closed_at: datetime | None
    outcome: str | None  # the button, or `withdrawn`
    closed_by: Named | None


def tasks(
    session: Session,
    person: str | None,
    now: datetime,
    *,
    after: int = 0,
    limit: int = 50,
) -> Page[TaskLine]:
    """Open tasks, the oldest first: of one person with the queues they work from, or all.

    Three queries a page.
    """
    statement = (
        select(TaskRow, CaseRow, DefinitionRow.title)
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .join(DefinitionRow, col(DefinitionRow.id) == col(CaseRow.definition_id))
        .where(col(TaskRow.status) == "open", col(TaskRow.id) > after)
        .order_by(col(TaskRow.id))
        .limit(limit + 1)
    )
    if person is not None:
        # Their few holds first, which an index finds, and not every open task.
        held = select(AssignmentRow.task_id).where(
            col(AssignmentRow.person) == person, col(AssignmentRow.ended_at).is_(None)
        )
        statement = statement.where(col(TaskRow.id).in_(held))
    rows = session.exec(statement).all()
    lines = task_lines(session, rows, now)
    return page_of(lines, [task.id or 0 for task, _, _ in rows], limit)


def task(session: Session, public_id: str, now: datetime) -> TaskLine | None:
    """One task by the id in its address, open or closed."""
    rows = session.exec(
        select(TaskRow, CaseRow, DefinitionRow.title)
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .join(DefinitionRow, col(DefinitionRow.id) == col(CaseRow.definition_id))
        .where(col(TaskRow.public_id) == public_id)
    ).all()
    lines = task_lines(session, rows, now)
    return lines[0] if lines else None


def task_lines(
    session: Session,
    rows: Sequence[tuple[TaskRow, CaseRow, str]],
    now: datetime,
    *,
    names: Names | None = None,
) -> list[TaskLine]:
    """Tasks with the names of everybody on them, in two queries; in one if names are given."""
    holds = _holds(session, [task.id or 0 for task, _, _ in rows if task.status == "open"])
    if names is None:
        people: list[str | None] = [one.person for some in holds.values() for one in some]
        people += [task.closed_by for task, _, _ in rows]
        people += [case.subject for _, case, _ in rows]
        names = read_names(session, people)
    at = to_micros(now)
    return [
        TaskLine(
            public_id=task.public_id,
            case=case.name,
            process=case.process,
            process_title=title,
            subject=subject_of(names, case.subject),
            key=task.key,
            state=task.state,
            title=task.title,
            text=task.text,
            status=task.status,
            owners=_people(names, [one for one in holds[task.id or 0] if not one.candidate]),
            candidates=_people(names, [one for one in holds[task.id or 0] if one.candidate]),
            queue=task.queue,
            opened_at=from_micros(task.opened_at),
            due_at=instant(task.due_at),
            overdue=task.status == "open" and task.due_at is not None and task.due_at < at,
            reminders=task.reminders,
            closed_at=instant(task.closed_at),
            outcome=task.outcome,
            closed_by=named(names, task.closed_by),
        )
        for task, case, title in rows
    ]


def instant(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)


def named(names: Names, person: str | None) -> Named | None:
    return None if person is None else Named(id=person, name=names.of(person) or person)


def subject_of(names: Names, subject: str | None) -> Named | None:
    """A case may be about a position or a record, which go by their ids."""
    if subject is None or names.known(subject):
        return named(names, subject)
    return Named(id=subject, name=subject)


def _people(names: Names, holds: Sequence[AssignmentRow]) -> tuple[Named, ...]:
    return tuple(Named(id=one.person, name=names.of(one.person) or one.person) for one in holds)


def _holds(session: Session, numbers: Collection[int]) -> Mapping[int, list[AssignmentRow]]:
    """Who holds these tasks, or may take them, now."""
    holds: dict[int, list[AssignmentRow]] = defaultdict(list)
    if numbers:
        for one in session.exec(
            select(AssignmentRow)
            .where(col(AssignmentRow.task_id).in_(numbers), col(AssignmentRow.ended_at).is_(None))
            .order_by(col(AssignmentRow.id))
        ):
            holds[one.task_id].append(one)
    return holds
