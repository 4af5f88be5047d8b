"""What the directory said about whom a case is about, told in its history.

A case that waits for such an event tells that it took it. All others would not say a word of their
subject's new manager unless a task moved, and whoever reads them later would wonder.
"""

from datetime import datetime

import orjson
from sqlalchemy import BigInteger, String, bindparam, cast, exists, literal_column, select

from engine.audit.chain import Line
from engine.directory.events import EVENTS
from engine.service.cases import INBOX, CaseFile, tell
from engine.service.signals import SIGNAL, TAKEN
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import constant, table_of
from engine.store.tables import EventRow

_EVENT = table_of(EventRow)
_KIND = "subject.changed"
_SOURCE = literal_column("'signal:'", String) + cast(SIGNAL.c.id, String)
_SAID = Statement(
    select(SIGNAL.c.id, SIGNAL.c.name, SIGNAL.c.body)
    .where(
        SIGNAL.c.name.in_([constant(name) for name in sorted(EVENTS)]),
        SIGNAL.c.at >= bindparam("since", type_=BigInteger),
        SIGNAL.c.correlation == bindparam("about", type_=String),
        ~exists().where(INBOX.c.case_id == bindparam("of"), INBOX.c.source == _SOURCE),
        ~exists().where(TAKEN.c.case_id == bindparam("of"), TAKEN.c.source == _SOURCE),
    )
    .order_by(SIGNAL.c.id)
)
_TOLD = Statement(
    select(_EVENT.c.public).where(
        _EVENT.c.case_id == bindparam("of"), _EVENT.c.kind == constant(_KIND)
    )
)


def tell_of_subject(
    tools: Tools, tx: Transaction, case: CaseFile, since: datetime, now: datetime
) -> None:
    """One line for each thing said since then that the case does not hear as an event."""
    if case.subject is None:
        return
    asked = {"since": to_micros(since), "about": case.subject, "of": case.id}
    said = tx.all(_SAID, asked)
    if not said:
        return
    told = {orjson.loads(public)["signal"] for (public,) in tx.all(_TOLD, {"of": case.id})}
    lines = [
        Line(
            kind=_KIND,
            at=to_micros(now),
            object=name,
            public={"signal": number},
            private={"body": orjson.loads(body)},
        )
        for number, name, body in said
        if number not in told
    ]
    if lines:
        tell(tools, tx, case, lines)
