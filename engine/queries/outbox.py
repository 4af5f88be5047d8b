"""Deliveries: whether people got their mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from engine.core.instants import from_micros
from engine.queries.pages import Page, page_of
from engine.queries.reader import read_names
from engine.queries.tasks import Named, instant, named
from engine.store.tables import CaseRow, OutboxRow


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxLine:
    """A letter or a call."""

    id: int
    kind: str  # OutboxRow.kind: `task`, `reminder`, `call`, …
    to: Named | None  # None: a call
    case: str | None
    status: str  # pending | sent | failed | cancelled
    attempt: int  # how often it was tried
    created_at: datetime
    not_before: datetime  # of a pending one: the next try
    done_at: datetime | None
    note: str | None  # why it failed, waits or was cancelled


def outbox(
    session: Session,
    *,
    status: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[OutboxLine]:
    """The newest first, of one status or all; two queries."""
    statement = (
        select(OutboxRow, CaseRow.name)
        .join(CaseRow, col(CaseRow.id) == col(OutboxRow.case_id), isouter=True)
        .order_by(col(OutboxRow.id).desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(col(OutboxRow.id) < after)
    if status is not None:
        statement = statement.where(col(OutboxRow.status) == status)
    rows = session.exec(statement).all()
    return page_of(outbox_lines(session, rows), [row.id or 0 for row, _ in rows], limit)


def outbox_counts(session: Session) -> Mapping[str, int]:
    """Rows by status."""
    found = session.connection().execute(
        select(col(OutboxRow.status), func.count()).group_by(col(OutboxRow.status))
    )
    return {status: number for status, number in found if number}


def outbox_lines(
    session: Session, rows: Sequence[tuple[OutboxRow, str | None]]
) -> list[OutboxLine]:
    names = read_names(session, [row.person for row, _ in rows])
    return [
        OutboxLine(
            id=row.id or 0,
            kind=row.kind,
            to=named(names, row.person),
            case=case,
            status=row.status,
            attempt=row.attempt,
            created_at=from_micros(row.created_at),
            not_before=from_micros(row.not_before),
            done_at=instant(row.done_at),
            note=row.note,
        )
        for row, case in rows
    ]
