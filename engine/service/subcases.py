"""Cases that belong to another: which started which, and the news between them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, select

from engine.core.event_codec import encode_event
from engine.core.events import CaseCancelled, Event, SubcaseClosed
from engine.core.snapshot import Snapshot
from engine.service.cases import CASE, INBOX, CaseFile
from engine.service.signals import RANK_OPERATION, RANK_SUBCASE
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import insert_into, table_of
from engine.store.tables import InboxRow, SubcaseRow

_SUBCASE = table_of(SubcaseRow)
_ADD = insert_into(SubcaseRow, without=("id",))
_PARENT = Statement(
    select(_SUBCASE.c.id, _SUBCASE.c.key, CASE.c.id, CASE.c.snapshot, CASE.c.closed_at)
    .join(CASE, CASE.c.id == _SUBCASE.c.parent_id)
    .where(_SUBCASE.c.case_id == bindparam("of"))
)
_CHILD = Statement(
    select(CASE.c.id, CASE.c.closed_at)
    .join(_SUBCASE, _SUBCASE.c.case_id == CASE.c.id)
    .where(_SUBCASE.c.parent_id == bindparam("of"), _SUBCASE.c.key == bindparam("of_key"))
)
_PUT = insert_into(InboxRow, without=("id",))
_IS_THERE = Statement(
    select(
        exists().where(INBOX.c.case_id == bindparam("of"), INBOX.c.source == bindparam("source"))
    )
)


def note_subcase(tx: Transaction, parent: CaseFile, key: str, child: CaseFile) -> None:
    """Who opened whom; written once the child is there."""
    tx.run(_ADD, {"parent_id": parent.id, "key": key, "case_id": child.id})


def tell_parent(
    tx: Transaction, child: CaseFile, snapshot: Snapshot, outcome: str, now: datetime
) -> None:
    """The end of a case reaches the open case that waits for it, if there is one."""
    row = tx.one(_PARENT, {"of": child.id})
    if row is None:
        return
    number, key, parent, text, closed = row
    if closed is not None or key not in orjson.loads(text).get("subcases", ()):
        return
    event = SubcaseClosed(subcase=key, outcome=outcome, data=snapshot.data, at=now)
    put_event(tx, parent, event, RANK_SUBCASE, now, source=f"subcase:{number}")


def stop_subcase(tx: Transaction, parent: CaseFile, key: str, now: datetime) -> None:
    """A sub-case that nobody waits for any more is cancelled, through its own inbox."""
    row = tx.one(_CHILD, {"of": parent.id, "of_key": key})
    if row is None or row[1] is not None:
        return
    reason = f"{parent.name}, which had started it, went on without it"
    event = CaseCancelled(by=None, reason=reason, at=now)
    put_event(tx, row[0], event, RANK_OPERATION, now, source="stop")


def put_event(
    tx: Transaction,
    case: int,
    event: Event,
    rank: int,
    now: datetime,
    *,
    source: str | None = None,
    blocked: bool = False,
) -> None:
    """Into the inbox of a case; nothing, if the same source waits there already."""
    if source is not None:
        there = tx.one(_IS_THERE, {"of": case, "source": source})
        if there is not None and there[0]:
            return
    tx.run(_PUT, _inbox_row(case, event, rank, now, source, blocked))


def _inbox_row(
    case: int, event: Event, rank: int, now: datetime, source: str | None, blocked: bool
) -> Mapping[str, Any]:
    return {
        "case_id": case,
        "at": to_micros(now),
        "rank": rank,
        "event": orjson.dumps(encode_event(event), default=dict).decode(),
        "source": source,
        "blocked": blocked,
    }
