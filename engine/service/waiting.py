"""How much there is to do, for whoever decides whether to begin."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlmodel import Session

from engine.service.cases import INBOX
from engine.service.letters import OUTBOX
from engine.service.outcomes import Due
from engine.service.signals import RANK_OPERATION
from engine.service.staffing import day_is_new
from engine.store import from_micros, to_micros
from engine.store.statements import constant, table_of
from engine.store.tables import CohortMemberRow, StartRuleRow, TimerRow

_MEMBER = table_of(CohortMemberRow)
_RULE = table_of(StartRuleRow)
_TIMER = table_of(TimerRow)
_MOST = 1_000


def due(
    session: Session, grace: timedelta, today: date, now: datetime, *, mail: bool = True
) -> Due:
    """Timers count once their grace is over, as `advance` takes them; so does a new day."""
    micros = to_micros(now)
    blocked = INBOX.alias("blocked")
    holds = exists().where(blocked.c.blocked == true())
    letters = select(OUTBOX.c.id).where(
        OUTBOX.c.status == constant("pending"),
        OUTBOX.c.not_before <= micros,
        or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= micros),
    )
    if not mail:
        letters = letters.where(OUTBOX.c.kind == constant("call"))
    timers = select(_TIMER.c.id).where(
        _TIMER.c.due_at <= to_micros(now - grace),
        ~holds.where(blocked.c.case_id == _TIMER.c.case_id),
    )
    events = select(INBOX.c.id).where(
        INBOX.c.blocked == false(),
        INBOX.c.at <= micros,
        or_(INBOX.c.rank == RANK_OPERATION, ~holds.where(blocked.c.case_id == INBOX.c.case_id)),
    )
    schedules = select(_RULE.c.id).where(_RULE.c.next_at <= micros)
    members = select(_MEMBER.c.id).where(_turn_has_come(micros))
    return Due(
        letters=_count(session, letters),
        events=min(
            _MOST,
            _count(session, timers)
            + _count(session, events)
            + _count(session, schedules)
            + day_is_new(session, today),
        ),
        launches=_count(session, members),
    )


def _count(session: Session, rows: Select[Any]) -> int:
    some = rows.limit(_MOST).subquery()
    return int(session.connection().execute(select(func.count()).select_from(some)).scalar_one())


def launches(session: Session, now: datetime) -> tuple[int, ...]:
    """Numbers of the cohorts with members whose turn has come, the oldest first."""
    rows = session.connection().execute(
        select(_MEMBER.c.cohort_id)
        .where(_turn_has_come(to_micros(now)))
        .distinct()
        .order_by(_MEMBER.c.cohort_id)
    )
    return tuple(number for (number,) in rows)


def _turn_has_come(micros: int) -> ColumnElement[bool]:
    return and_(
        _MEMBER.c.status == constant("waiting"),
        or_(_MEMBER.c.not_before.is_(None), _MEMBER.c.not_before <= micros),
    )


def in_flight(session: Session, now: datetime) -> int:
    """Letters that somebody holds at this moment."""
    held = select(OUTBOX.c.id).where(
        OUTBOX.c.status == constant("pending"), OUTBOX.c.leased_until > to_micros(now)
    )
    return _count(session, held)


def next_timer(session: Session, grace: timedelta) -> datetime | None:
    """When a timer, a schedule or a start comes next, also one that is overdue; None: none does.

    A timer's is its instant and the grace that answers have.
    """
    connection = session.connection()
    timer = connection.execute(select(func.min(_TIMER.c.due_at))).scalar_one()
    schedule = connection.execute(select(func.min(_RULE.c.next_at))).scalar_one()
    turn = connection.execute(
        select(func.min(_MEMBER.c.not_before)).where(_MEMBER.c.status == constant("waiting"))
    ).scalar_one()
    instants = [] if timer is None else [from_micros(timer) + grace]
    instants += [from_micros(at) for at in (schedule, turn) if at is not None]
    return min(instants, default=None)
