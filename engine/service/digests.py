"""Reminders that are due together leave in one letter: one row leads, the others ride with it.

The leases say so: whose `leased_by` names a leader has its place in that row's letter and is
delivered by nobody else as long as the lease lasts. If the letter never leaves, the leases end, and
whoever claims the rows then gathers them anew.
"""

from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.sql import null

from engine.service.letters import OUTBOX, Kept
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import constant

_LABEL = "digest #"
_PENDING = OUTBOX.c.status == constant("pending")
_COMPANIONS = Statement(
    select(OUTBOX.c.id)
    .where(
        _PENDING,
        OUTBOX.c.kind == constant("reminder"),
        OUTBOX.c.person == bindparam("person"),
        OUTBOX.c.id != bindparam("leader"),
        OUTBOX.c.not_before <= bindparam("now"),
        or_(
            OUTBOX.c.leased_until.is_(None),
            OUTBOX.c.leased_until <= bindparam("now"),
            OUTBOX.c.leased_by == bindparam("worker"),
            OUTBOX.c.leased_by == bindparam("label"),
        ),
    )
    .order_by(OUTBOX.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_JOIN = Statement(
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("of"), _PENDING)
    .values(leased_by=bindparam("label"), leased_until=bindparam("until"))
)
_RIDERS = Statement(
    select(OUTBOX.c.id)
    .where(_PENDING, OUTBOX.c.leased_by == bindparam("label"), OUTBOX.c.id != bindparam("leader"))
    .order_by(OUTBOX.c.id)
)
_LET_GO = Statement(
    update(OUTBOX)
    .where(_PENDING, OUTBOX.c.leased_by == bindparam("label"))
    .values(leased_by=null(), leased_until=null())
)
_MOST = 50  # a letter that is longer is read by nobody; the rest comes in the next


def gather(tx: Transaction, leader: Kept, now: datetime) -> tuple[int, ...]:
    """Takes the person's other due reminders into the leader's letter; their numbers, in order.

    Only what is free, or what the same worker has claimed and not begun. The leader itself is
    marked as begun by the same label.
    """
    micros = to_micros(now)
    if leader.leased_until is None or leader.leased_until <= micros:
        return ()  # nobody delivers it at this moment
    label = f"{_LABEL}{leader.id}"
    found = tx.all(
        _COMPANIONS,
        {
            "person": leader.person,
            "leader": leader.id,
            "now": micros,
            "worker": leader.leased_by,
            "label": label,
            "most": _MOST,
        },
    )
    riders = tuple(number for (number,) in found)
    together = (leader.id, *riders)
    tx.run(_JOIN, [{"of": each, "label": label, "until": leader.leased_until} for each in together])
    return riders


def leader_of(row: Kept, now: datetime) -> int | None:
    """In whose letter the row travels now, if in another's."""
    label, until = row.leased_by or "", row.leased_until
    if not label.startswith(_LABEL) or until is None or until <= to_micros(now):
        return None
    leader = int(label.removeprefix(_LABEL))
    return None if leader == row.id else leader


def riders_of(tx: Transaction, leader: int) -> tuple[int, ...]:
    found = tx.all(_RIDERS, {"label": f"{_LABEL}{leader}", "leader": leader})
    return tuple(number for (number,) in found)


def let_go(tx: Transaction, leader: int) -> None:
    """The leader's letter does not leave: its riders are free for another."""
    tx.run(_LET_GO, {"label": f"{_LABEL}{leader}"})
