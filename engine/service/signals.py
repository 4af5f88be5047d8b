"""Signals: kept when they are raised, put into the inbox of every case that waits for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Integer,
    String,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from engine.core.event_codec import encode_event
from engine.core.events import SignalArrived
from engine.core.snapshot import Snapshot
from engine.directory.events import LEFT
from engine.service.beginnings import hear
from engine.service.cases import CASE, INBOX, CaseFile
from engine.service.definitions import Version
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import constant, insert_into, table_of
from engine.store.tables import InboxRow, SignalRow, TakenRow, WaitRow

SIGNAL = table_of(SignalRow)
_WAIT = table_of(WaitRow)
TAKEN = table_of(TakenRow)

RANK_OPERATION = 0  # cancel, leave, and what operations do about a case
RANK_ANSWER = 1
RANK_SIGNAL = 2
RANK_SUBCASE = 3
RANK_TIMER = 4

PERSON_LEFT = LEFT  # as urgent as a cancellation: nothing else of the case matters any more

_KEEP = Statement(
    insert(SIGNAL)
    .values(
        name=bindparam("name"),
        correlation=bindparam("correlation"),
        body=bindparam("body"),
        at=bindparam("at"),
        raised_by=bindparam("raised_by"),
    )
    .returning(SIGNAL.c.id)
)
_ADD_WAIT = insert_into(WaitRow, without=("id",))
_END_WAIT = Statement(
    delete(_WAIT).where(
        _WAIT.c.case_id == bindparam("of"),
        _WAIT.c.place == bindparam("in_place"),
        _WAIT.c.signal == bindparam("for_signal"),
    )
)
_END_WAITS = Statement(delete(_WAIT).where(_WAIT.c.case_id == bindparam("of")))
_TAKE = insert_into(TakenRow)
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('tenure signal'), hashtext(%s))"


def _wake(*, addressed: bool) -> Statement:
    """An inbox row for each open case that waits for the signal, and has not got it."""
    source = bindparam("source", type_=String)
    waiting = (
        select(
            CASE.c.id,
            bindparam("at", type_=BigInteger),
            bindparam("rank", type_=Integer),
            bindparam("event", type_=Text),
            source,
            literal(False, type_=Boolean),
        )
        .where(
            CASE.c.closed_at.is_(None),
            CASE.c.id.in_(select(_WAIT.c.case_id).where(_WAIT.c.signal == bindparam("name"))),
            ~exists().where(INBOX.c.case_id == CASE.c.id, INBOX.c.source == source),
        )
        .order_by(CASE.c.id)
    )
    if addressed:
        to = bindparam("to", type_=String)
        waiting = waiting.where(or_(CASE.c.key == to, CASE.c.name == to, CASE.c.subject == to))
    return Statement(
        insert(INBOX).from_select(["case_id", "at", "rank", "event", "source", "blocked"], waiting)
    )


_WAKE_ALL = _wake(addressed=False)
_WAKE_ADDRESSED = _wake(addressed=True)

_SOURCE = literal_column("'signal:'", String) + cast(SIGNAL.c.id, String)
_KEPT = Statement(
    select(SIGNAL.c.id, SIGNAL.c.body)
    .where(
        SIGNAL.c.name == bindparam("name"),
        or_(
            and_(
                SIGNAL.c.at >= bindparam("since", type_=BigInteger),
                or_(
                    SIGNAL.c.correlation.is_(None),
                    SIGNAL.c.correlation == bindparam("of_name", type_=String),
                    SIGNAL.c.correlation == bindparam("of_subject", type_=String),
                ),
            ),
            # One that is for this very key may have come before the case; nobody else took it.
            and_(
                SIGNAL.c.correlation == bindparam("of_key", type_=String),
                ~exists().where(TAKEN.c.source == _SOURCE),
            ),
        ),
        ~exists().where(TAKEN.c.case_id == bindparam("of"), TAKEN.c.source == _SOURCE),
        ~exists().where(INBOX.c.case_id == bindparam("of"), INBOX.c.source == _SOURCE),
    )
    .order_by(SIGNAL.c.id)
)
_PUT = insert_into(InboxRow, without=("id",))
_FORGET = Statement(  # the row stays, since its number must not come again
    update(SIGNAL)
    .where(SIGNAL.c.name == constant(PERSON_LEFT), SIGNAL.c.correlation == bindparam("person"))
    .values(correlation=bindparam("nobody"))
)


def raise_signal(
    tools: Tools,
    tx: Transaction,
    name: str,
    body: Mapping[str, Any],
    to: str | None,
    by: str | None,
    now: datetime,
) -> int:
    """Keeps the signal and wakes whoever waits for it now; how many cases that were.

    Cases that it starts are written down to be launched, and not counted.
    """
    at = to_micros(now)
    _lock(tx, name)
    text = orjson.dumps(body, default=dict).decode()
    kept = tx.one(_KEEP, {"name": name, "correlation": to, "body": text, "at": at, "raised_by": by})
    assert kept is not None
    hear(tools, tx, kept[0], name, body, now)
    tools.failpoints.reach("signal.kept")
    woken = {
        "at": at,
        "rank": RANK_OPERATION if name == PERSON_LEFT else RANK_SIGNAL,
        "event": _event_text(name, body, now),
        "source": f"signal:{kept[0]}",
        "name": name,
    }
    if to is None:
        return tx.run(_WAKE_ALL, woken)
    return tx.run(_WAKE_ADDRESSED, {**woken, "to": to})


def forget_departure(tx: Transaction, person: str) -> None:
    """Who is back has not left: a case that begins now must not hear of it any more."""
    tx.run(_FORGET, {"person": person, "nobody": f"{person} (is back)"})


def note_taken(tx: Transaction, case: CaseFile, source: str) -> None:
    """A kept signal is taken once by a case, however often that waits for its name."""
    tx.run(_TAKE, {"case_id": case.id, "source": source})


def write_waits(
    tx: Transaction,
    case: CaseFile,
    before: Snapshot | None,
    after: Snapshot,
    now: datetime,
    under: Version | None = None,
) -> None:
    """What the case waits for now, and what was kept for it until it did.

    `under` is the version that ruled it `before`, if that was another one.
    """
    ruled = under or case.version
    if not case.version.signals and not ruled.signals:
        return
    if after.outcome is not None:
        tx.run(_END_WAITS, {"of": case.id})
        return
    was = set() if before is None else _waits(ruled, before)
    waits = _waits(case.version, after)
    for place, name in sorted(was - waits):
        tx.run(_END_WAIT, {"of": case.id, "in_place": place, "for_signal": name})
    fresh = sorted(waits - was)
    for name in sorted({name for _, name in fresh}):
        _lock(tx, name)
    tx.run(
        _ADD_WAIT,
        [{"case_id": case.id, "place": place, "signal": name} for place, name in fresh],
    )
    entered = {name for place, name in fresh}
    for name in sorted(entered):
        _deliver_kept(tx, case, name, now)


def _waits(version: Version, snapshot: Snapshot) -> set[tuple[str, str]]:
    found = {("", name) for name in version.signals.get(0, ())}
    for place in snapshot.configuration:
        for name in version.signals.get(version.index_of(place), ()):
            found.add((place, name))
    return found


def _deliver_kept(tx: Transaction, case: CaseFile, name: str, now: datetime) -> None:
    kept = tx.all(
        _KEPT,
        {
            "name": name,
            "since": case.opened_at,
            "of": case.id,
            "of_name": case.name,
            "of_subject": case.subject,
            "of_key": case.key,
        },
    )
    tx.run(
        _PUT,
        [
            {
                "case_id": case.id,
                "at": to_micros(now),
                "rank": RANK_SIGNAL,
                "event": _event_text(name, orjson.loads(body), now),
                "source": f"signal:{number}",
                "blocked": False,
            }
            for number, body in kept
        ],
    )


def _event_text(name: str, body: Mapping[str, Any], now: datetime) -> str:
    event = SignalArrived(name=name, body=body, at=now)
    return orjson.dumps(encode_event(event), default=dict).decode()


def _lock(tx: Transaction, name: str) -> None:
    """Who raises and who begins to wait see each other; SQLite has one writer anyway."""
    if tx.on_postgresql:
        tx.cursor.execute(_LOCK, (name,))
