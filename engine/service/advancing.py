"""One round over the cases that have something to take: timers, signals, results, held answers."""

from datetime import datetime

from sqlalchemy import bindparam, exists, false, func, or_, select, true

from engine.core.facts import Facts
from engine.service.cases import INBOX, load_open_unless_locked
from engine.service.inbox import CaughtUp, catch_up
from engine.service.outcomes import Advanced
from engine.service.signals import RANK_OPERATION
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import table_of
from engine.store.tables import TimerRow

_TIMER = table_of(TimerRow)
_blocked = INBOX.alias("blocked")
_holds = exists().where(_blocked.c.blocked == true())
# In the order of their index and not by case: after a long stop a million may be due.
_WITH_TIMER = Statement(
    select(_TIMER.c.case_id, _TIMER.c.due_at)
    .where(
        _TIMER.c.due_at <= bindparam("settled"),
        ~_holds.where(_blocked.c.case_id == _TIMER.c.case_id),
    )
    .order_by(_TIMER.c.due_at, _TIMER.c.id)
    .limit(bindparam("most"))
)
_WITH_EVENT = Statement(
    select(INBOX.c.case_id, func.min(INBOX.c.at).label("since"))
    .where(
        INBOX.c.blocked == false(),
        INBOX.c.at <= bindparam("now"),
        or_(
            INBOX.c.rank == RANK_OPERATION,
            ~_holds.where(_blocked.c.case_id == INBOX.c.case_id),
        ),
    )
    .group_by(INBOX.c.case_id)
    .order_by("since", INBOX.c.case_id)
    .limit(bindparam("most"))
)


def waiting_cases(tx: Transaction, limit: int, now: int, settled: int) -> tuple[list[int], bool]:
    """Numbers of cases that have something to take, the longest waiting first; whether more wait.

    Timers count that were due by `settled`: `now` without the grace that answers have.
    """
    since: dict[int, int] = {}
    more = False
    for statement, until in ((_WITH_EVENT, {"now": now}), (_WITH_TIMER, {"settled": settled})):
        rows = tx.all(statement, {**until, "most": limit + 1})
        more = more or len(rows) > limit
        for case, at in rows:
            since[case] = min(at, since.get(case, at))
    waiting = sorted(since, key=lambda case: (since[case], case))
    return waiting[:limit], more or len(waiting) > limit


def advance(
    tools: Tools, tx: Transaction, limit: int, facts: Facts, now: datetime, request: str | None
) -> Advanced:
    """Up to `limit` cases, each event under its own savepoint."""
    waiting, more = waiting_cases(tx, limit, to_micros(now), to_micros(now - tools.grace))
    cases = events = held = 0
    for number in waiting:
        done = _advance_one(tools, tx, number, facts, now, request)
        if done is None or (done.young is not None and not done.events):
            continue  # somebody else has it, or it waits for a grace to end
        cases += 1
        events += done.events
        held += done.incident is not None
        more = more or done.more
    tools.failpoints.reach("advance.written")
    return Advanced(cases=cases, events=events, held=held, more=more)


def _advance_one(
    tools: Tools, tx: Transaction, number: int, facts: Facts, now: datetime, request: str | None
) -> CaughtUp | None:
    case = load_open_unless_locked(tools, tx, number)
    if case is None:
        return None
    return catch_up(tools, tx, case, facts, now, request=request)
