"""How much there is to do, for whoever decides whether to begin."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
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
_NOW: BindParameter[int] = bindparam("now")
_MOST = 1_000


def _turn_has_come() -> ColumnElement[bool]:
    return and_(
        _MEMBER.c.status == constant("waiting"),
        or_(_MEMBER.c.not_before.is_(None), _MEMBER.c.not_before <= _NOW),
    )


def _number_of(rows: Select[Any]) -> ScalarSelect[int]:
    """How many there are, counted up to a limit."""
    some = rows.limit(_MOST).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _letters(*, mail: bool) -> Select[Any]:
    letters = select(OUTBOX.c.id).where(
        OUTBOX.c.status == constant("pending"),
        OUTBOX.c.not_before <= _NOW,
        or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= _NOW),
    )
    return letters if mail else letters.where(OUTBOX.c.kind == constant("call"))


def _due(*, mail: bool) -> Select[Any]:
    blocked = INBOX.alias("blocked")
    holds = exists().where(blocked.c.blocked == true())
    timers = select(_TIMER.c.id).where(
        _TIMER.c.due_at <= bindparam("ripe"),
        ~holds.where(blocked.c.case_id == _TIMER.c.case_id),
    )
    events = select(INBOX.c.id).where(
        INBOX.c.blocked == false(),
        INBOX.c.at <= _NOW,
        or_(INBOX.c.rank == RANK_OPERATION, ~holds.where(blocked.c.case_id == INBOX.c.case_id)),
    )
    schedules = select(_RULE.c.id).where(_RULE.c.next_at <= _NOW)
    members = select(_MEMBER.c.id).where(_turn_has_come())
    return select(
        _number_of(_letters(mail=mail)),
        _number_of(timers) + _number_of(events) + _number_of(schedules),
        _number_of(members),
    )


# One question, built once: it is asked twice a second for as long as the house is open.
_DUE = {mail: _due(mail=mail) for mail in (True, False)}
_HELD = select(
    _number_of(
        select(OUTBOX.c.id).where(
            OUTBOX.c.status == constant("pending"), OUTBOX.c.leased_until > _NOW
        )
    )
)


def due(
    session: Session, grace: timedelta, today: date, now: datetime, *, mail: bool = True
) -> Due:
    """Timers count once their grace is over, as `advance` takes them; so does a new day."""
    asked = {"now": to_micros(now), "ripe": to_micros(now - grace)}
    letters, events, members = session.connection().execute(_DUE[mail], asked).one()
    return Due(
        letters=letters, events=min(_MOST, events + day_is_new(session, today)), launches=members
    )


def launches(session: Session, now: datetime) -> tuple[int, ...]:
    """Numbers of the cohorts with members whose turn has come, the oldest first."""
    rows = session.connection().execute(
        select(_MEMBER.c.cohort_id)
        .where(_turn_has_come())
        .distinct()
        .order_by(_MEMBER.c.cohort_id),
        {"now": to_micros(now)},
    )
    return tuple(number for (number,) in rows)


def in_flight(session: Session, now: datetime) -> int:
    """Letters that somebody holds at this moment."""
    held = session.connection().execute(_HELD, {"now": to_micros(now)})
    return int(held.scalar_one())


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
