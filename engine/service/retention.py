"""Which closed cases have been kept for as long as their definitions say.

Nothing is noted down for that: what is due is found by what is still there, so a run that was cut
off is simply run again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from engine.core.chart import Definition
from engine.core.deadlines import months_later
from engine.core.time import Span, Unit
from engine.service.cases import CASE
from engine.service.tools import Tools
from engine.store import Transaction, from_micros, to_micros
from engine.store.statements import table_of
from engine.store.tables import (
    DefinitionRow,
    EventPrivateRow,
    EventRow,
    FileRow,
    HoldRow,
    OutboxRow,
)

ANSWERS = "answers"
FILES = "files"
MAILS = "mails"
KEPT = ("erased", "hold.placed", "hold.lifted")  # say why something is gone, or is not
EMPTY = "{}"

_EVENT, _PRIVATE, _HOLD = table_of(EventRow), table_of(EventPrivateRow), table_of(HoldRow)
_OUTBOX, _FILE = table_of(OutboxRow), table_of(FileRow)
_DEFINITION = table_of(DefinitionRow)


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What is due to be forgotten of one case."""

    case: str  # its name
    process: str
    closed_at: datetime
    what: tuple[str, ...]  # `answers`, `mails`, and names of fields with `redact_after`
    number: int  # CaseRow.id
    held: str | None  # the reason of the legal hold that keeps it


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rule:
    """One length of time of one definition."""

    what: str
    span: Span
    left: ColumnElement[bool]  # whether there is anything left of it


def due_erasures(tools: Tools, tx: Transaction, now: datetime) -> Iterator[Erasure]:
    """Everything that is due now, case by case; what a hold keeps too, with its reason."""
    numbers = tx.connection.execute(select(_DEFINITION.c.id).order_by(_DEFINITION.c.id)).scalars()
    for number in list(numbers):
        version = tools.definitions.get(tx, number)
        found: dict[int, Erasure] = {}
        for rule in _rules(version.definition):
            before = to_micros(latest_close(rule.span, now))
            for row in tx.connection.execute(_closed(number, before, rule.left)):
                known = found.get(row.id)
                found[row.id] = Erasure(
                    case=row.name,
                    process=version.definition.process,
                    closed_at=from_micros(row.closed_at),
                    what=(rule.what,) if known is None else (*known.what, rule.what),
                    number=row.id,
                    held=row.reason,
                )
        yield from sorted(found.values(), key=lambda erasure: erasure.number)


def latest_close(span: Span, now: datetime) -> datetime:
    """Cases that were closed until then have been kept for so long."""
    match span.unit:
        case Unit.MONTHS | Unit.YEARS:
            months = span.amount * (12 if span.unit is Unit.YEARS else 1)
            day = months_later(now.date(), -months)
            return now.replace(year=day.year, month=day.month, day=day.day)
        case Unit.MINUTES:
            return now - timedelta(minutes=span.amount)
        case Unit.HOURS:
            return now - timedelta(hours=span.amount)
        case _:
            return now - timedelta(days=span.amount * (7 if span.unit is Unit.WEEKS else 1))


def _closed(definition: int, before: int, left: ColumnElement[bool]) -> Any:
    return (
        select(CASE.c.id, CASE.c.name, CASE.c.closed_at, _HOLD.c.reason)
        .join(_HOLD, (_HOLD.c.case_id == CASE.c.id) & _HOLD.c.lifted_at.is_(None), isouter=True)
        .where(CASE.c.definition_id == definition, CASE.c.closed_at <= before, left)
        .order_by(CASE.c.id)
    )


def _rules(definition: Definition) -> Iterator[_Rule]:
    if (span := definition.retention.get(ANSWERS)) is not None:
        private = (
            exists()
            .where(_PRIVATE.c.event_id == _EVENT.c.id, _EVENT.c.case_id == CASE.c.id)
            .where(_EVENT.c.kind.not_in(KEPT))
        )
        yield _Rule(what=ANSWERS, span=span, left=private)
    if (span := definition.retention.get(FILES)) is not None:
        yield _Rule(what=FILES, span=span, left=exists().where(_FILE.c.case_id == CASE.c.id))
    if (span := definition.retention.get(MAILS)) is not None:
        yield _Rule(what=MAILS, span=span, left=_mails_left())
    for field in definition.data.values():
        if field.redact_after is not None:
            yield _Rule(what=field.name, span=field.redact_after, left=_field_left(field.name))


def _field_left(name: str) -> ColumnElement[bool]:
    """Whether the history tells of a field, and no `erased` line of it or of all answers."""
    here, quoted = _EVENT.c.case_id == CASE.c.id, f'"{name}"'
    private = exists().where(
        _PRIVATE.c.event_id == _EVENT.c.id,
        _PRIVATE.c.payload.contains(quoted, autoescape=True)
        | _PRIVATE.c.payload.contains(f'"data.{name}"', autoescape=True),
    )
    told = _EVENT.c.public.contains(quoted, autoescape=True) | private
    erased = (_EVENT.c.kind == "erased") & (
        _EVENT.c.public.contains(quoted, autoescape=True)
        | _EVENT.c.public.contains(f'"{ANSWERS}"', autoescape=True)
    )
    return exists().where(here, told) & ~exists().where(here, erased)


def _mails_left() -> ColumnElement[bool]:
    return exists().where(
        _OUTBOX.c.case_id == CASE.c.id,
        _OUTBOX.c.status != "pending",
        (_OUTBOX.c.payload != EMPTY) | _OUTBOX.c.note.is_not(None),
    )
