"""Shared records as of an instant: effective-dated, append-only, the newest valid one counts.

Where none is valid any more, the newest that was is given: whoever reads it sees when it ended.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, case, or_, select

from engine.store import to_micros
from engine.store.statements import table_of
from engine.store.tables import RecordRow

_RECORD = table_of(RecordRow)


def last_record(
    connection: Connection, kind: str, about: str, now: datetime
) -> Mapping[str, Any] | None:
    """As `engine.core.facts.Facts.record` gives it."""
    micros = to_micros(now)
    valid = or_(_RECORD.c.valid_until.is_(None), _RECORD.c.valid_until > micros)
    row = connection.execute(
        select(_RECORD.c.value, _RECORD.c.attributes, _RECORD.c.valid_from, _RECORD.c.valid_until)
        .where(
            _RECORD.c.about == about,
            _RECORD.c.kind == kind,
            _RECORD.c.valid_from <= micros,
        )
        .order_by(case((valid, 0), else_=1), _RECORD.c.valid_from.desc(), _RECORD.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    value, attributes, since, until = row
    return {
        "value": orjson.loads(value),
        "attributes": orjson.loads(attributes),
        "from": since,
        "until": until,
    }
