"""What only a person can put right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from engine.core.instants import from_micros
from engine.queries.pages import Page, page_of
from engine.queries.reader import ids_in, read_names
from engine.queries.tasks import Named, instant, named
from engine.store.tables import CaseRow, IncidentRow


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentLine:
    """An incident on a list or a page."""

    id: int  # what `retry` wants
    case: str
    process: str
    code: str  # `no-row`, `no-owner`, `mail-failed`, …
    place: str
    message: str  # what, where, the way out
    blocking: bool  # the case takes nothing before it is repaired
    opened_at: datetime
    closed_at: datetime | None
    closed_by: Named | None


def incidents(session: Session, *, after: int = 0, limit: int = 50) -> Page[IncidentLine]:
    """Open ones, the oldest first."""
    rows = session.exec(
        select(IncidentRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == col(IncidentRow.case_id))
        .where(col(IncidentRow.closed_at).is_(None), col(IncidentRow.id) > after)
        .order_by(col(IncidentRow.id))
        .limit(limit + 1)
    ).all()
    return page_of(incident_lines(session, rows), [row.id or 0 for row, _ in rows], limit)


def incident_lines(
    session: Session, rows: Sequence[tuple[IncidentRow, CaseRow]]
) -> list[IncidentLine]:
    mentioned = [person for row, _ in rows for person in ids_in(row.message)]
    names = read_names(session, [*mentioned, *(row.closed_by for row, _ in rows)])
    return [
        IncidentLine(
            id=row.id or 0,
            case=case.name,
            process=case.process,
            code=row.code,
            place=row.place,
            message=names.within(row.message),
            blocking=row.blocking,
            opened_at=from_micros(row.opened_at),
            closed_at=instant(row.closed_at),
            closed_by=named(names, row.closed_by),
        )
        for row, case in rows
    ]
