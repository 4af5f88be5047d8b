"""What those who had a task before say to whoever has it now."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlmodel import Session, col, select

from engine.core.instants import from_micros
from engine.queries.reader import read_names
from engine.store.tables import EventPrivateRow, EventRow

_KIND = "task.note"


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteLine:
    """One hand-over note, of a task that is open."""

    by: str  # a name
    at: datetime
    text: str


def notes(session: Session, case: int, task: str, *, of: str | None = None) -> tuple[NoteLine, ...]:
    """The notes about a task, by its key, or those `of` one person; the oldest first."""
    query = (
        select(EventRow.actor, EventRow.at, EventPrivateRow.payload)
        .join(EventPrivateRow, col(EventPrivateRow.event_id) == col(EventRow.id))
        .where(EventRow.case_id == case, EventRow.kind == _KIND, EventRow.object == task)
        .order_by(col(EventRow.seq))
    )
    if of is not None:
        query = query.where(EventRow.actor == of)
    rows = session.exec(query).all()
    names = read_names(session, [actor for actor, _, _ in rows])
    return tuple(
        NoteLine(
            by=names.of(actor or "") or "Somebody",
            at=from_micros(at),
            text=str(orjson.loads(payload)["text"]),
        )
        for actor, at, payload in rows
    )
