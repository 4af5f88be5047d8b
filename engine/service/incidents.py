"""What only a person can put right: rows that the console shows until somebody has."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from engine.audit.chain import Line
from engine.core.effects import OpenIncident
from engine.service.cases import CaseFile
from engine.store import Statement, Transaction
from engine.store.statements import constant, table_of
from engine.store.tables import IncidentRow

INCIDENT = table_of(IncidentRow)
NO_OWNER = "no-owner"

_OPEN = Statement(
    insert(INCIDENT)
    .values(
        case_id=bindparam("case_id"),
        code=bindparam("code"),
        place=bindparam("place"),
        message=bindparam("message"),
        blocking=bindparam("blocking"),
        inbox_id=bindparam("inbox_id"),
        outbox_id=bindparam("outbox_id"),
        opened_at=bindparam("now"),
    )
    .returning(INCIDENT.c.id)
)
_CLOSE = Statement(
    update(INCIDENT)
    .where(INCIDENT.c.id == bindparam("of"), INCIDENT.c.closed_at.is_(None))
    .values(closed_at=bindparam("now"), closed_by=bindparam("by"))
)
_CLOSE_ALL = Statement(
    update(INCIDENT)
    .where(INCIDENT.c.case_id == bindparam("of"), INCIDENT.c.closed_at.is_(None))
    .values(closed_at=bindparam("now"))
)
_OF_CASE = Statement(
    select(INCIDENT.c.id)
    .where(
        INCIDENT.c.case_id == bindparam("of"),
        INCIDENT.c.closed_at.is_(None),
        INCIDENT.c.blocking == bindparam("blocking"),
    )
    .order_by(INCIDENT.c.id)
    .limit(1)
)
_OWNERLESS = Statement(
    select(INCIDENT.c.id)
    .where(
        INCIDENT.c.case_id == bindparam("of"),
        INCIDENT.c.closed_at.is_(None),
        INCIDENT.c.code == constant(NO_OWNER),
        INCIDENT.c.place == bindparam("at"),
    )
    .order_by(INCIDENT.c.id)
)
_ONE = Statement(
    select(
        INCIDENT.c.case_id,
        INCIDENT.c.code,
        INCIDENT.c.place,
        INCIDENT.c.inbox_id,
        INCIDENT.c.outbox_id,
        INCIDENT.c.closed_at,
    ).where(INCIDENT.c.id == bindparam("of"))
)


def note_incident(
    tx: Transaction,
    case: CaseFile,
    incident: OpenIncident,
    now: int,
    *,
    inbox_id: int | None = None,
    outbox_id: int | None = None,
) -> int:
    """The number of the new incident; `inbox_id` is the event that waits for it."""
    row = tx.one(
        _OPEN,
        {
            "case_id": case.id,
            "code": incident.code,
            "place": incident.place,
            "message": incident.message,
            "blocking": incident.blocking,
            "inbox_id": inbox_id,
            "outbox_id": outbox_id,
            "now": now,
        },
    )
    assert row is not None
    return int(row[0])


def blocking_incident(tx: Transaction, case: CaseFile) -> int | None:
    """The open incident that holds the case."""
    row = tx.one(_OF_CASE, {"of": case.id, "blocking": True})
    return None if row is None else int(row[0])


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An incident as it is stored."""

    case_id: int
    code: str
    place: str
    inbox_id: int | None
    outbox_id: int | None
    closed_at: int | None


def find_incident(tx: Transaction, number: int) -> Found | None:
    row = tx.one(_ONE, {"of": number})
    if row is None:
        return None
    case_id, code, place, inbox_id, outbox_id, closed_at = row
    return Found(
        case_id=case_id,
        code=code,
        place=place,
        inbox_id=inbox_id,
        outbox_id=outbox_id,
        closed_at=closed_at,
    )


def close_incident(tx: Transaction, number: int, by: str | None, now: int) -> None:
    tx.run(_CLOSE, {"of": number, "by": by, "now": now})


def close_ownerless(tx: Transaction, case: CaseFile, place: str, now: int) -> list[Line]:
    """The task at the place has somebody again: nobody need help; the lines that tell it."""
    lines = []
    for (number,) in tx.all(_OWNERLESS, {"of": case.id, "at": place}):
        close_incident(tx, number, None, now)
        lines.append(Line(kind="incident.closed", at=now, object=place, public={"code": NO_OWNER}))
    return lines


def close_incidents_of(tx: Transaction, case: CaseFile, now: int) -> None:
    """A closed case has nothing left to repair."""
    tx.run(_CLOSE_ALL, {"of": case.id, "now": now})
