"""Where somebody is named: open cases about others whose file has their name in a field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlmodel import Session, col, or_, select

from engine.core.codec import decode
from engine.queries.atlas import Atlas
from engine.queries.cases import CaseLine, case_lines
from engine.queries.pages import Page, page_of
from engine.queries.reader import Reader
from engine.store.tables import CaseRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A case, and the fields in which they are named."""

    line: CaseLine
    fields: tuple[str, ...]  # labels, as far as an operator may know


def mentions(
    session: Session, reader: Reader, person: str, now: datetime, *, limit: int = 50
) -> Page[Mention]:
    """The newest first. Looks through every open case that holds the id anywhere."""
    holding = session.exec(
        select(CaseRow)
        .where(
            col(CaseRow.closed_at).is_(None),
            or_(col(CaseRow.subject).is_(None), col(CaseRow.subject) != person),
            col(CaseRow.snapshot).contains(f'"{person}"', autoescape=True),
        )
        .order_by(col(CaseRow.id).desc())
    )
    found: list[tuple[CaseRow, tuple[str, ...]]] = []
    for row in holding:
        atlas = reader.atlases(session, [row.definition_id])[row.definition_id]
        fields = _fields(atlas, row, person)
        if fields:
            found.append((row, fields))
        if len(found) > limit:
            break
    lines = case_lines(session, reader, [row for row, _ in found], now)
    items = [
        Mention(line=line, fields=fields) for line, (_, fields) in zip(lines, found, strict=True)
    ]
    return page_of(items, [row.id or 0 for row, _ in found], limit)


def _fields(atlas: Atlas, row: CaseRow, person: str) -> tuple[str, ...]:
    data = decode(orjson.loads(row.snapshot)).data
    return tuple(
        field.label
        for name, field in atlas.plain_fields().items()
        if _names(data.get(name), person)
    )


def _names(value: Any, person: str) -> bool:
    match value:
        case str():
            return value == person
        case Mapping():
            return any(_names(one, person) for one in value.values())
        case list() | tuple():
            return any(_names(one, person) for one in value)
        case _:
            return False
