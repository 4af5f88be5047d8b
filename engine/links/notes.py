"""The link for a hand-over note: for who had a task until now, and good for nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from engine.core.instants import to_micros
from engine.links.tokens import token_hash
from engine.store.tables import AssignmentRow, CaseRow, LinkRow, TaskRow

NOTE: Final = "note"  # LinkRow.purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteSeat:
    """Who may say something to whoever has the task now."""

    task: TaskRow  # open
    case: CaseRow
    person: str


def look_up_note(session: Session, token: str, now: datetime) -> NoteSeat | None:
    """None: unknown, expired or revoked, the task is closed, or it is this person's again."""
    again = aliased(AssignmentRow)
    row = session.exec(
        select(TaskRow, CaseRow, col(AssignmentRow.person))
        .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
        .join(LinkRow, col(LinkRow.assignment_id) == col(AssignmentRow.id))
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .where(
            col(LinkRow.token_hash) == token_hash(token),
            col(LinkRow.purpose) == NOTE,
            col(LinkRow.revoked_at).is_(None),
            col(LinkRow.expires_at) > to_micros(now),
            col(TaskRow.status) == "open",
            ~select(again.id)
            .where(
                col(again.task_id) == col(TaskRow.id),
                col(again.person) == col(AssignmentRow.person),
                col(again.ended_at).is_(None),
            )
            .exists(),
        )
    ).one_or_none()
    if row is None:
        return None
    task, case, person = row
    return NoteSeat(task=task, case=case, person=person)
