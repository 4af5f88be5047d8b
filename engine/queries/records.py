"""Shared records: what is valid, what was and has not been renewed, and all there ever was."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import ColumnElement, case, func, or_, select
from sqlmodel import Session

from engine.core.instants import from_micros, to_micros
from engine.store.statements import table_of
from engine.store.tables import CaseRow, RecordRow

_RECORD = table_of(RecordRow)
_CASE = table_of(CaseRow)
_NOBODY: frozenset[str] = frozenset()


class Standing(StrEnum):
    """How a record stands among all of its kind about the same person."""

    VALID = "valid"
    STALE = "stale"  # the last one, and it has expired
    REPLACED = "replaced"  # another one counts


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordLine:
    """One entry."""

    kind: str
    about: str  # person, position or record id
    value: Any
    attributes: dict[str, Any]
    valid_from: datetime
    valid_until: datetime | None  # None: until it is replaced
    case: str  # the name of the case that wrote it
    standing: Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Freshness:
    """How far one kind can be relied on; of each person the last record counts."""

    kind: str
    valid: int
    stale: int
    oldest: datetime  # from when the oldest of them holds or held


def records(
    session: Session,
    now: datetime,
    *,
    only: Standing | None = Standing.VALID,
    kind: str | None = None,
    about: str | None = None,
    without: Collection[str] = _NOBODY,
    limit: int = 50,
) -> tuple[RecordLine, ...]:
    """The newest first, as things stood at `now`; with `only` None everything until then.

    `without` are ids about which nothing is told: nobody renews what is about somebody who left.
    """
    standing = _standing(now)
    asked = (
        select(
            _RECORD.c.kind,
            _RECORD.c.about,
            _RECORD.c.value,
            _RECORD.c.attributes,
            _RECORD.c.valid_from,
            _RECORD.c.valid_until,
            _CASE.c.name,
            standing,
        )
        .join(_CASE, _CASE.c.id == _RECORD.c.case_id)
        .where(_RECORD.c.valid_from <= to_micros(now))
    )
    if kind is not None:
        asked = asked.where(_RECORD.c.kind == kind)
    if about is not None:
        asked = asked.where(_RECORD.c.about == about)
    found = asked.subquery()
    told = select(found).order_by(found.c.valid_from.desc())
    if only is not None:
        told = told.where(found.c.standing == only.value)
    rows = session.connection().execute(told)
    return tuple(islice((_line(*row) for row in rows if row.about not in without), limit))


def freshness(
    session: Session, now: datetime, *, without: Collection[str] = _NOBODY
) -> tuple[Freshness, ...]:
    """By kind, in the order of the alphabet."""
    asked = select(_RECORD.c.kind, _RECORD.c.about, _RECORD.c.valid_from, _standing(now)).where(
        _RECORD.c.valid_from <= to_micros(now)
    )
    kinds: dict[str, list[tuple[int, Standing]]] = defaultdict(list)
    for kind, about, since, standing in session.connection().execute(asked):
        if standing != Standing.REPLACED and about not in without:
            kinds[kind].append((since, Standing(standing)))
    return tuple(
        Freshness(
            kind=kind,
            valid=sum(standing is Standing.VALID for _, standing in last),
            stale=sum(standing is Standing.STALE for _, standing in last),
            oldest=from_micros(min(since for since, _ in last)),
        )
        for kind, last in sorted(kinds.items())
    )


def _standing(now: datetime) -> ColumnElement[str]:
    """As expressions choose: the newest valid one, else the newest (`engine.directory.records`)."""
    valid = or_(_RECORD.c.valid_until.is_(None), _RECORD.c.valid_until > to_micros(now))
    place = func.row_number().over(
        partition_by=(_RECORD.c.kind, _RECORD.c.about),
        order_by=(case((valid, 0), else_=1), _RECORD.c.valid_from.desc(), _RECORD.c.id.desc()),
    )
    return case(
        (place > 1, Standing.REPLACED.value),
        (valid, Standing.VALID.value),
        else_=Standing.STALE.value,
    ).label("standing")


def _line(
    kind: str,
    about: str,
    value: str,
    attributes: str,
    since: int,
    until: int | None,
    name: str,
    standing: str,
) -> RecordLine:
    return RecordLine(
        kind=kind,
        about=about,
        value=orjson.loads(value),
        attributes=orjson.loads(attributes),
        valid_from=from_micros(since),
        valid_until=None if until is None else from_micros(until),
        case=name,
        standing=Standing(standing),
    )
