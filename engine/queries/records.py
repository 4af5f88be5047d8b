"""Shared records: what is valid on a day, and everything that ever was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import or_, select
from sqlmodel import Session

from engine.core.instants import from_micros, to_micros
from engine.store.statements import table_of
from engine.store.tables import CaseRow, RecordRow

_RECORD = table_of(RecordRow)
_CASE = table_of(CaseRow)


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


def records(
    session: Session,
    *,
    kind: str | None = None,
    about: str | None = None,
    at: datetime | None = None,
    limit: int = 50,
) -> tuple[RecordLine, ...]:
    """The newest first; with `at` only the one of each kind and subject that was valid then."""
    asked = (
        select(
            _RECORD.c.kind,
            _RECORD.c.about,
            _RECORD.c.value,
            _RECORD.c.attributes,
            _RECORD.c.valid_from,
            _RECORD.c.valid_until,
            _CASE.c.name,
        )
        .join(_CASE, _CASE.c.id == _RECORD.c.case_id)
        .order_by(_RECORD.c.valid_from.desc(), _RECORD.c.id.desc())
    )
    if kind is not None:
        asked = asked.where(_RECORD.c.kind == kind)
    if about is not None:
        asked = asked.where(_RECORD.c.about == about)
    if at is None:
        asked = asked.limit(limit)
    else:
        micros = to_micros(at)
        asked = asked.where(
            _RECORD.c.valid_from <= micros,
            or_(_RECORD.c.valid_until.is_(None), _RECORD.c.valid_until > micros),
        )
    found: list[RecordLine] = []
    seen: set[tuple[str, str]] = set()
    for row in session.connection().execute(asked):
        line = _line(*row)
        if at is not None and (line.kind, line.about) in seen:
            continue  # a newer one replaced it
        seen.add((line.kind, line.about))
        found.append(line)
        if len(found) == limit:
            break
    return tuple(found)


def _line(
    kind: str, about: str, value: str, attributes: str, since: int, until: int | None, case: str
) -> RecordLine:
    return RecordLine(
        kind=kind,
        about=about,
        value=orjson.loads(value),
        attributes=orjson.loads(attributes),
        valid_from=from_micros(since),
        valid_until=None if until is None else from_micros(until),
        case=case,
    )
