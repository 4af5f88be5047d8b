"""Guests whom no case needs any more are forgotten: their name and their address.

Nothing notes down who is named where: a night looks through the cases that keep what was said in
them. The row of a guest stays, so that what is told of closed cases names nobody unknown.
"""

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select, update

from engine.directory.directory import raise_revision
from engine.service.cases import CASE, INBOX
from engine.service.retention import ANSWERS, latest_close
from engine.service.tools import Tools
from engine.store import Transaction, to_micros
from engine.store.statements import table_of
from engine.store.tables import (
    CohortMemberRow,
    DefinitionRow,
    GuestRow,
    HoldRow,
    PersonRow,
    RecordRow,
    SignalRow,
)

_GUEST, _PERSON_ROW, _HOLD = table_of(GuestRow), table_of(PersonRow), table_of(HoldRow)
_RECORD, _SIGNAL, _MEMBER = table_of(RecordRow), table_of(SignalRow), table_of(CohortMemberRow)
_DEFINITION = table_of(DefinitionRow)

_ID: Final = re.compile(r"p_[a-z2-7]{16}")
# Who was named so lately may be on the way to a case: in a signal, or in somebody's hands.
_ON_THE_WAY: Final = timedelta(days=30)
_AT_A_TIME: Final = 500


def due_guests(tools: Tools, tx: Transaction, now: datetime) -> tuple[str, ...]:
    """Ids of guests whom nothing keeps any more.

    Every case that names them is closed and its `answers` are over, no valid record is about
    them, and they were named a month ago or longer.
    """
    before = to_micros(now - _ON_THE_WAY)
    known = set(
        tx.connection.execute(
            select(_GUEST.c.id).where(_GUEST.c.email.is_not(None), _GUEST.c.since <= before)
        ).scalars()
    )
    if known:
        for text in _texts(tools, tx, now):
            known.difference_update(_ID.findall(text))
    return tuple(sorted(known))


def forget_guests(
    tools: Tools, tx: Transaction, guests: Collection[str], now: datetime
) -> tuple[str, ...]:
    """Erases them; who they were. Who is named again since they were found due stays."""
    still = set(due_guests(tools, tx, now))
    gone = tuple(sorted(still.intersection(guests)))
    if not gone:
        return ()
    if not tx.on_postgresql:
        tx.cursor.execute("PRAGMA secure_delete=ON")
    try:
        for person in gone:
            _forget(tx, person)
    finally:
        if not tx.on_postgresql:
            tx.cursor.execute("PRAGMA secure_delete=OFF")
    raise_revision(tx.connection, tools.entropy)
    return gone


def _forget(tx: Transaction, person: str) -> None:
    """Who works here, or did, is known by their entry as such and needs none as a guest."""
    hired = exists().where(_PERSON_ROW.c.id == _GUEST.c.id)
    tx.connection.execute(delete(_GUEST).where(_GUEST.c.id == person, hired))
    tx.connection.execute(
        update(_GUEST).where(_GUEST.c.id == person).values(name=None, email=None, address=None)
    )


def _texts(tools: Tools, tx: Transaction, now: datetime) -> Iterator[str]:
    """Everything that may name a guest who is still needed."""
    micros, lately = to_micros(now), to_micros(now - _ON_THE_WAY)
    numbers = tx.connection.execute(select(_DEFINITION.c.id).order_by(_DEFINITION.c.id)).scalars()
    for number in list(numbers):
        yield from _rows(tx, _kept_cases(tools, tx, number, now))
    yield from _rows(tx, select(INBOX.c.event))
    yield from _rows(tx, select(_SIGNAL.c.body, _SIGNAL.c.correlation).where(_SIGNAL.c.at > lately))
    yield from _rows(
        tx, select(_MEMBER.c.subject, _MEMBER.c.data).where(_MEMBER.c.status == "waiting")
    )
    valid = or_(_RECORD.c.valid_until.is_(None), _RECORD.c.valid_until > micros)
    yield from _rows(tx, select(_RECORD.c.about).where(valid))


def _kept_cases(tools: Tools, tx: Transaction, number: int, now: datetime) -> Select[Any]:
    """The cases of a definition that are open, held, or keep their answers for longer."""
    span = tools.definitions.get(tx, number).definition.retention.get(ANSWERS)
    cases = select(CASE.c.subject, CASE.c.snapshot).where(CASE.c.definition_id == number)
    if span is None:
        return cases
    held = exists().where(_HOLD.c.case_id == CASE.c.id, _HOLD.c.lifted_at.is_(None))
    closed_lately: ColumnElement[bool] = CASE.c.closed_at > to_micros(latest_close(span, now))
    return cases.where(or_(CASE.c.closed_at.is_(None), closed_lately, held))


def _rows(tx: Transaction, asked: Select[Any]) -> Iterator[str]:
    found = tx.connection.execute(asked.execution_options(yield_per=_AT_A_TIME))
    for row in found:
        yield from (text for text in row if text is not None)
