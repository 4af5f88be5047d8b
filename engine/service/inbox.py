"""What a case has not taken yet, in the order in which it takes it.

By effective time, then class, then sequence. Timers are part of the order though they are rows of
their own: a timer's effective time is its due instant, not when somebody got round to it. A timer
that has just come due is not taken yet, and nothing that comes after it: an answer from before its
instant may still be on its way here (docs/reference/semantics.md).
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from traceback import extract_tb

import orjson
import psycopg
from sqlalchemy import bindparam, delete, insert, select, true, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import false

from engine.core.effects import OpenIncident
from engine.core.event_codec import decode_event, encode_event, kind_of
from engine.core.events import (
    DirectoryChanged,
    Event,
    SignalArrived,
    SubcaseClosed,
    TaskAnswered,
    TimerCameDue,
)
from engine.core.facts import Facts
from engine.service.cases import INBOX, CaseFile, is_held, tell
from engine.service.consequences import incident_line
from engine.service.history import Origin, unexpected_line
from engine.service.holders import look_again_at_members
from engine.service.incidents import note_incident
from engine.service.macrostep import Undone, take
from engine.service.signals import RANK_OPERATION, RANK_TIMER, note_taken
from engine.service.subject_news import tell_of_subject
from engine.service.tools import Tools
from engine.store import Statement, StoreError, Transaction, to_micros

_DRIVERS = (sqlite3.Error, psycopg.Error)
_MOST = 200  # events that a case takes in one go; the rest waits for the next round

_NEXT = Statement(
    select(INBOX.c.id, INBOX.c.at, INBOX.c.rank, INBOX.c.event, INBOX.c.source)
    .where(
        INBOX.c.case_id == bindparam("of"),
        INBOX.c.blocked == false(),
        INBOX.c.at <= bindparam("until"),
        INBOX.c.rank <= bindparam("most"),
    )
    .order_by(INBOX.c.at, INBOX.c.rank, INBOX.c.id)
    .limit(1)
)
_REMOVE = Statement(delete(INBOX).where(INBOX.c.id == bindparam("of")))
_BLOCK = Statement(update(INBOX).where(INBOX.c.id == bindparam("of")).values(blocked=true()))
_ADD = Statement(
    insert(INBOX)
    .values(
        case_id=bindparam("case_id"),
        at=bindparam("at"),
        rank=bindparam("rank"),
        event=bindparam("event"),
        source=bindparam("source"),
        blocked=bindparam("blocked"),
    )
    .returning(INBOX.c.id)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """The event whose turn it is."""

    event: Event
    at: int
    rank: int
    source: str | None
    inbox_id: int | None  # None: a timer


@dataclass(frozen=True, kw_only=True, slots=True)
class CaughtUp:
    """How far a case came."""

    events: int  # taken
    incident: int | None = None  # the one that stopped it in this round
    held: bool = False  # an incident, old or new, keeps it from taking more
    young: int | None = None  # a timer stopped it that may be taken from this instant (µs) on
    more: bool = False  # it had more than one round takes


def catch_up(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    facts: Facts,
    now: datetime,
    *,
    before: tuple[int, int] | None = None,
    waited: bool = False,
    request: str | None = None,
) -> CaughtUp:
    """Takes what waits, in order, up to `now`; or only what comes before (effective time, rank).

    It stops at a timer that came due less than a grace ago, unless the caller has `waited` until
    that was over. An event that cannot be taken stays first in the inbox, and an incident says why.
    While it is there, only what operations do to the case gets past it.
    """
    end = before or (to_micros(now), RANK_TIMER + 1)
    grace = 0 if waited else to_micros(now) - to_micros(now - tools.grace)
    held = is_held(tx, case)
    events = 0
    while events < _MOST:
        if case.closed_at is not None:
            return CaughtUp(events=events)
        waiting = _next(tx, case, end, held=held)
        if waiting is None:
            return CaughtUp(events=events, held=held)
        if waiting.rank == RANK_TIMER and waiting.at + grace > to_micros(now):
            return CaughtUp(events=events, young=waiting.at + grace)
        tools.failpoints.reach("advance.between")
        kept = case.position()
        try:
            with tx.savepoint():
                _take(tools, tx, case, waiting, facts, now, request)
        except Undone as undone:
            why = undone.incident
        except (StoreError, SQLAlchemyError, *_DRIVERS):
            raise  # the database's trouble is not the case's
        except Exception as error:  # noqa: BLE001 - one case's fault must not stop all others
            why = _fault(waiting, error)
        else:
            events += 1
            continue
        case.go_back(kept)
        incident = block(tools, tx, case, waiting, why, now)
        return CaughtUp(events=events, incident=incident, held=True)
    return CaughtUp(events=events, held=held, more=True)


def _fault(waiting: Waiting, error: Exception) -> OpenIncident:
    last = extract_tb(error.__traceback__)[-1]
    return OpenIncident(
        code="fault",
        place="",
        message=f"The program failed at {kind_of(waiting.event)}: {type(error).__name__}: {error} "
        f"({last.name}, line {last.lineno} of {last.filename}). The event waits. Report this, "
        "then retry with a version that has been corrected.",
        blocking=True,
    )


def block(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    waiting: Waiting,
    incident: OpenIncident,
    now: datetime,
) -> int:
    """Keeps the event first in the inbox until somebody has repaired what stopped it."""
    micros = to_micros(now)
    inbox_id = waiting.inbox_id
    if inbox_id is None:
        inbox_id = keep(tx, case, waiting, blocked=True)
    else:
        tx.run(_BLOCK, {"of": inbox_id})
    number = note_incident(tx, case, incident, micros, inbox_id=inbox_id)
    line = incident_line(incident.code, incident.place, incident.message, micros)
    tell(tools, tx, case, [line])
    return number


def keep(tx: Transaction, case: CaseFile, waiting: Waiting, *, blocked: bool) -> int:
    """InboxRow.id of an event that has to wait."""
    row = tx.one(
        _ADD,
        {
            "case_id": case.id,
            "at": waiting.at,
            "rank": waiting.rank,
            "event": orjson.dumps(encode_event(waiting.event), default=dict).decode(),
            "source": waiting.source,
            "blocked": blocked,
        },
    )
    assert row is not None
    return int(row[0])


def next_timer(case: CaseFile, end: tuple[int, int]) -> Waiting | None:
    """The timer whose turn it is, if it comes before `end`."""
    assert case.snapshot is not None
    timers = case.snapshot.timers
    if not timers:
        return None
    timer = min(timers.values(), key=lambda each: (each.at, each.key))
    at = to_micros(timer.at)
    if (at, RANK_TIMER) >= end:
        return None
    return Waiting(
        event=TimerCameDue(timer=timer.key, at=timer.at),
        at=at,
        rank=RANK_TIMER,
        source=f"timer:{timer.key}",
        inbox_id=None,
    )


def _next(tx: Transaction, case: CaseFile, end: tuple[int, int], *, held: bool) -> Waiting | None:
    most = RANK_OPERATION if held else RANK_TIMER
    row = tx.one(_NEXT, {"of": case.id, "until": end[0], "most": most})
    timer = None if held else next_timer(case, end)
    if row is None:
        return timer
    number, at, rank, text, source = row
    if (at, rank) >= end or (timer is not None and (timer.at, timer.rank) < (at, rank)):
        return timer
    return Waiting(
        event=decode_event(orjson.loads(text)), at=at, rank=rank, source=source, inbox_id=number
    )


def _take(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    waiting: Waiting,
    facts: Facts,
    now: datetime,
    request: str | None,
) -> None:
    event = waiting.event
    origin = origin_of(event, request)
    if isinstance(event, DirectoryChanged):
        # A case that was taken before this one may have said that somebody is away.
        facts = tools.directory.facts(tx.connection, now)
    result = take(tools, tx, case, event, facts, now, origin=origin)
    if isinstance(event, DirectoryChanged) and case.closed_at is None:
        look_again_at_members(tx, case, facts, to_micros(now))
        tell_of_subject(tools, tx, case, event.at, now)
    fitted = bool(result.taken or result.effects)
    if waiting.inbox_id is not None and case.closed_at is None:
        tx.run(_REMOVE, {"of": waiting.inbox_id})  # a closed case's inbox is empty already
    if fitted:
        if isinstance(event, SignalArrived) and waiting.source is not None:
            note_taken(tx, case, waiting.source)
        return
    match event:
        case SignalArrived() | DirectoryChanged():
            return  # sent to many, and no news for this one; a kept signal may fit later
        case TimerCameDue() if case.snapshot is not None and event.timer in case.snapshot.timers:
            # Left as it is it would be the next event for ever.
            raise Undone(
                OpenIncident(
                    code="timer-stuck",
                    place=case.snapshot.timers[event.timer].place,
                    message=f"The timer {event.timer} is due and nothing answers to it. "
                    "Publish a corrected version and move the case to it, or cancel the case.",
                    blocking=True,
                )
            )
        case _:
            tell(tools, tx, case, [unexpected_line(event, origin, to_micros(now))])


def origin_of(event: Event, request: str | None) -> Origin:
    """Whose doing an event from the inbox was."""
    match event:
        case TaskAnswered(by=by):
            return Origin(actor=by, request=request)
        case SubcaseClosed():
            return Origin(request=request)
        case _:
            return Origin(actor=getattr(event, "by", None), request=request)
