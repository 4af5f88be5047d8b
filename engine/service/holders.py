"""Who holds a task, or may claim it; when a hold ends, its links and sessions die with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.sql.dml import Update

from engine.core.facts import Facts
from engine.core.snapshot import OpenTask
from engine.service.cases import CaseFile
from engine.service.letters import Letters
from engine.store import Statement, Transaction
from engine.store.statements import table_of
from engine.store.tables import AssignmentRow, LinkRow, SessionRow

ASSIGNMENT = table_of(AssignmentRow)
_LINK = table_of(LinkRow)
_SESSION = table_of(SessionRow)

_ASSIGN = Statement(
    insert(ASSIGNMENT).values(
        task_id=bindparam("task_id"),
        person=bindparam("person"),
        candidate=bindparam("candidate"),
        started_at=bindparam("now"),
    )
)
_END_ALL = Statement(
    update(ASSIGNMENT)
    .where(ASSIGNMENT.c.task_id == bindparam("of"), ASSIGNMENT.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_CANDIDATE = Statement(
    update(ASSIGNMENT)
    .where(ASSIGNMENT.c.id == bindparam("of"))
    .values(candidate=bindparam("becomes"))
)
_END_ONE = Statement(
    update(ASSIGNMENT)
    .where(ASSIGNMENT.c.id == bindparam("of"), ASSIGNMENT.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_HOLDERS = Statement(
    select(ASSIGNMENT.c.id, ASSIGNMENT.c.person, ASSIGNMENT.c.candidate)
    .where(ASSIGNMENT.c.task_id == bindparam("of"), ASSIGNMENT.c.ended_at.is_(None))
    .order_by(ASSIGNMENT.c.id)
)


def _revoke(table: Any, *, of_task: bool) -> Update:
    bound = (
        table.c.assignment_id.in_(
            select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.task_id == bindparam("of"))
        )
        if of_task
        else table.c.assignment_id == bindparam("of")
    )
    return (
        update(table).where(bound, table.c.revoked_at.is_(None)).values(revoked_at=bindparam("now"))
    )


_REVOKE_LINKS = Statement(_revoke(_LINK, of_task=True))
_REVOKE_SESSIONS = Statement(_revoke(_SESSION, of_task=True))
_REVOKE_LINKS_OF_ONE = Statement(_revoke(_LINK, of_task=False))
_REVOKE_SESSIONS_OF_ONE = Statement(_revoke(_SESSION, of_task=False))


def begin_holds(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Each with `task_id`, `person`, `candidate` (it may be claimed) and `now`."""
    if rows:
        tx.run(_ASSIGN, rows)


def holders_of(tx: Transaction, task: int) -> list[str]:
    return [person for _, person, _ in tx.all(_HOLDERS, {"of": task})]


def end_holds(tx: Transaction, task: int, now: int, *, revoke: bool) -> None:
    """Nobody holds the task any more; with `revoke` its links and open pages end as well."""
    if revoke:
        tx.run(_REVOKE_LINKS, {"of": task, "now": now})
        tx.run(_REVOKE_SESSIONS, {"of": task, "now": now})
    tx.run(_END_ALL, {"of": task, "now": now})


def members(task: OpenTask, facts: Facts) -> tuple[str, ...]:
    """Who works from the queue of a task."""
    return () if task.queue is None else facts.members(task.queue)


def look_again_at_members(tx: Transaction, case: CaseFile, facts: Facts, now: int) -> None:
    """After a change of the directory: who works from a queue now sees its unclaimed tasks.

    To the core nothing happened, since such a task is the queue's and nobody's own.
    """
    assert case.snapshot is not None
    letters = Letters(case.id, now)
    for task in case.snapshot.tasks.values():
        if task.queue is not None and not task.owners:
            number = case.task_number(tx, task.key)
            letters.add("task", hold(tx, number, task, facts, now), task=number)
    letters.write(tx)


def hold(tx: Transaction, number: int, task: OpenTask, facts: Facts, now: int) -> list[str]:
    """Writes who holds the task; who did not before."""
    candidate = not task.owners
    wanted = task.owners or members(task, facts)
    keeps: set[str] = set()
    for assignment, person, was_candidate in tx.all(_HOLDERS, {"of": number}):
        if person in wanted:
            keeps.add(person)
            if bool(was_candidate) != candidate:  # claimed: the link and the page stay good
                tx.run(_CANDIDATE, {"of": assignment, "becomes": candidate})
            continue
        tx.run(_END_ONE, {"of": assignment, "now": now})
        tx.run(_REVOKE_LINKS_OF_ONE, {"of": assignment, "now": now})
        tx.run(_REVOKE_SESSIONS_OF_ONE, {"of": assignment, "now": now})
    came = [person for person in wanted if person not in keeps]
    begin_holds(
        tx,
        [
            {"task_id": number, "person": person, "candidate": candidate, "now": now}
            for person in came
        ],
    )
    return came
