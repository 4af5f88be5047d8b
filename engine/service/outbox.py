"""The queue of what leaves: claimed with a lease, sent, then marked. At least once, and told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sql
from sqlalchemy import Integer, bindparam, null, or_, select, update

from engine.audit.chain import Line
from engine.core.effects import OpenIncident
from engine.service.cases import CASE, load, tell
from engine.service.consequences import incident_line
from engine.service.digests import leader_of, let_go, riders_of
from engine.service.errors import Unknown
from engine.service.incidents import note_incident
from engine.service.letters import OUTBOX, Kept
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import constant

_PENDING = OUTBOX.c.status == constant("pending")
_CALL = "call"
_FREE = (
    select(OUTBOX.c.id)
    .where(
        _PENDING,
        OUTBOX.c.not_before <= bindparam("now"),
        or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= bindparam("now")),
    )
    .order_by(OUTBOX.c.not_before, OUTBOX.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = Statement(_FREE)
_CLAIM_CALLS = Statement(_FREE.where(OUTBOX.c.kind == constant(_CALL)))
_LEASE = Statement(
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("of"), _PENDING)
    .values(
        leased_until=bindparam("until"),
        leased_by=bindparam("worker"),
        attempt=OUTBOX.c.attempt + 1,
    )
)
_READ = Statement(
    select(
        OUTBOX.c.id,
        OUTBOX.c.kind,
        OUTBOX.c.person,
        OUTBOX.c.case_id,
        CASE.c.name,
        OUTBOX.c.task_id,
        OUTBOX.c.attempt,
        OUTBOX.c.payload,
        OUTBOX.c.status,
        OUTBOX.c.created_at,
        OUTBOX.c.leased_by,
        OUTBOX.c.leased_until,
    )
    .join(CASE, CASE.c.id == OUTBOX.c.case_id, isouter=True)
    .where(OUTBOX.c.id == bindparam("of"))
)
_END = Statement(
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("of"), _PENDING)
    .values(
        status=bindparam("becomes"),
        done_at=bindparam("now"),
        note=bindparam("why"),
        leased_until=null(),
        leased_by=null(),
    )
)
_RECOVER = Statement(
    update(OUTBOX)
    .where(_PENDING, OUTBOX.c.leased_by == bindparam("worker"))
    .values(leased_until=null(), leased_by=null())
)
_DEFER = Statement(
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("of"), _PENDING)
    .values(
        not_before=bindparam("until"),
        note=bindparam("why"),
        # A rider may not have been claimed itself.
        attempt=sql.case(
            (OUTBOX.c.attempt > 0, OUTBOX.c.attempt - bindparam("uncounted", type_=Integer)),
            else_=OUTBOX.c.attempt,
        ),
        leased_until=null(),
        leased_by=null(),
    )
)
_REQUEUE = Statement(
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("of"), OUTBOX.c.status == constant("failed"))
    .values(
        status=constant("pending"),
        not_before=bindparam("now"),
        done_at=null(),
        attempt=0,
        leased_until=null(),
        leased_by=null(),
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxClaim:
    """A row that this worker holds until its lease ends."""

    id: int  # keys the letter for ever: its Message-ID comes from it
    kind: str
    person: str | None  # None: a call
    case: str | None  # its name
    attempt: int  # 1 for the first
    payload: Mapping[str, Any]  # what the kind needs; of a call: name, body, tries, within_seconds
    created_at: int  # µs


def claim(
    tools: Tools,
    tx: Transaction,
    limit: int,
    lease: timedelta,
    worker: str,
    now: datetime,
    *,
    mail: bool = True,
) -> tuple[OutboxClaim, ...]:
    """What is due and nobody holds, oldest first; without `mail` only calls."""
    micros = to_micros(now)
    free = tx.all(_CLAIM if mail else _CLAIM_CALLS, {"now": micros, "most": limit})
    numbers = [row[0] for row in free]
    until = to_micros(now + lease)
    tx.run(_LEASE, [{"of": number, "until": until, "worker": worker} for number in numbers])
    claims = tuple(claimed(tx, number) for number in numbers)
    tools.failpoints.reach("outbox.claimed")
    return claims


def claimed(tx: Transaction, number: int) -> OutboxClaim:
    """A row as it was claimed. Raises Unknown."""
    row = read(tx, number)
    return OutboxClaim(
        id=row.id,
        kind=row.kind,
        person=row.person,
        case=row.case,
        attempt=row.attempt,
        payload=row.payload,
        created_at=row.created_at,
    )


def read(tx: Transaction, number: int) -> Kept:
    row = tx.one(_READ, {"of": number})
    if row is None:
        raise Unknown(f"There is no outbox row {number}.")
    return Kept(
        id=row[0],
        kind=row[1],
        person=row[2],
        case_id=row[3],
        case=row[4],
        task_id=row[5],
        attempt=row[6],
        payload=orjson.loads(row[7]),
        status=row[8],
        created_at=row[9],
        leased_by=row[10],
        leased_until=row[11],
    )


def end(
    tools: Tools, tx: Transaction, number: int, status: str, note: str | None, now: datetime
) -> bool:
    """Marks a pending row `sent`, `failed` or `cancelled` and tells it; False if it was marked.

    What travels in its letter shares its fate, unless it is taken off the queue.
    """
    riders = riders_of(tx, number)
    marked = _end_one(tools, tx, number, status, note, now)
    if status == "cancelled":
        let_go(tx, number)
    else:
        for rider in riders:
            _end_one(tools, tx, rider, status, note or f"in digest #{number}", now)
    return marked


def _end_one(
    tools: Tools, tx: Transaction, number: int, status: str, note: str | None, now: datetime
) -> bool:
    row = read(tx, number)
    micros = to_micros(now)
    marked = tx.run(_END, {"of": number, "becomes": status, "now": micros, "why": note})
    if not marked:
        return False
    if status == "sent":
        tools.failpoints.reach("outbox.sent")
    if row.case_id is None:
        return True
    case = load(tools, tx, row.case_id)
    what = "call" if row.kind == _CALL else "mail"
    about = {"outbox": number, "kind": row.kind}
    if row.person is not None:
        about["to"] = row.person
    lines = [
        Line(
            kind=f"{what}.{status}",
            at=micros,
            public=about,
            private=None if note is None else {"note": note},
        )
    ]
    if status == "failed" and case.closed_at is None:
        incident = _undelivered(row, note or "no reason was given")
        note_incident(tx, case, incident, micros, outbox_id=number)
        lines.append(incident_line(incident.code, incident.place, incident.message, micros))
    tell(tools, tx, case, lines)
    return True


def recover(tx: Transaction, worker: str) -> int:
    """Rows that a dead worker held are anybody's again; how many."""
    return tx.run(_RECOVER, {"worker": worker})


def defer(
    tx: Transaction, number: int, note: str, until: datetime, now: datetime, *, tried: bool = True
) -> bool:
    """Nobody tries the row again before `until`; False if it is not pending any more.

    What travels in its letter waits with it. A row that travels in another's is left to that.
    What was not `tried` does not count as an attempt.
    """
    if leader_of(read(tx, number), now) is not None:
        return False
    values = {"until": to_micros(until), "why": note, "uncounted": 0 if tried else 1}
    for rider in riders_of(tx, number):
        tx.run(_DEFER, {"of": rider, **values})
    return tx.run(_DEFER, {"of": number, **values}) == 1


def requeue(tx: Transaction, number: int, now: int) -> None:
    """A failed row gets all its tries again."""
    tx.run(_REQUEUE, {"of": number, "now": now})


def _undelivered(row: Kept, note: str) -> OpenIncident:
    note = note.rstrip(".")
    if row.kind == _CALL:
        message = (
            f"The call {row.payload.get('name')} failed for good: {note}. Put it right at the "
            "other end, then retry."
        )
        return OpenIncident(
            code="call-failed",
            place=str(row.payload.get("place", "")),
            message=message,
            blocking=False,
        )
    message = (
        f"A letter ({row.kind.replace('_', ' ')}) could not be delivered: {note}. Correct the "
        "address in the directory, then retry; or give the task to somebody else."
    )
    return OpenIncident(code="mail-failed", place="", message=message, blocking=False)
