"""Who sits at a browser: the one person, for the one task, that its session was opened for."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from engine.core.instants import to_micros
from engine.links.tokens import draft_key, token_hash
from engine.store.tables import AssignmentRow, CaseRow, SessionRow, TaskRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """A session that is good now."""

    assignment: AssignmentRow
    task: TaskRow  # open, or answered a while ago: the page says what was recorded
    case: CaseRow
    person: str  # the only actor there can be
    assurance: str  # link | code | login
    draft_key: bytes = field(repr=False)  # only this session's browser can make it


def look_up(session: Session, token: str, now: datetime) -> Seat | None:
    """The seat of a session token, or None: ask for a link. One query."""
    row = session.exec(
        select(SessionRow, AssignmentRow, TaskRow, CaseRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(SessionRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .where(
            col(SessionRow.token_hash) == token_hash(token),
            col(SessionRow.revoked_at).is_(None),
            col(SessionRow.expires_at) > to_micros(now),
            or_(
                and_(col(AssignmentRow.ended_at).is_(None), col(TaskRow.status) == "open"),
                col(TaskRow.status) == "answered",
            ),
        )
    ).one_or_none()
    if row is None:
        return None
    opened, assignment, task, case = row
    return Seat(
        assignment=assignment,
        task=task,
        case=case,
        person=assignment.person,
        assurance=opened.assurance,
        draft_key=draft_key(token),
    )
