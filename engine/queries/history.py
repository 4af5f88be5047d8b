"""The history of a case: the machine's facts, and beside them a sentence for people."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, select
from sqlmodel import Session, col

from engine.core.instants import from_micros
from engine.queries.reader import Names, Reader, read_names
from engine.queries.sentences import is_detail, sentence
from engine.queries.tasks import Named
from engine.queries.telling import Telling
from engine.store.tables import CaseRow, EventPrivateRow, EventRow, TaskRow

_PERSON = re.compile(r"\bp_[a-z2-7]{16}\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a history."""

    seq: int
    at: datetime
    words: str  # a sentence with its full stop, in the names of then
    detail: bool  # of interest when something is looked into, not on a timeline
    kind: str  # `task.answered`
    actor: Named | None  # None: a rule
    assurance: str | None
    object: str | None  # place, task key or field
    version: int  # of the definition
    public: Mapping[str, Any]
    private: Mapping[str, Any] | None  # None: there is none, or it was erased
    erased: bool  # there was a private part
    request: str | None
    hash: str  # hex


def history(
    session: Session,
    reader: Reader,
    case: str,
    *,
    after: int = 0,
    limit: int | None = None,
) -> tuple[Entry, ...]:
    """A case's lines in their order, from behind line `after`; empty for an unknown case.

    Four queries. Values of fields that the definition calls sensitive are not in the words; they
    are in `private`, which is for auditors.
    """
    rows = session.connection().execute(_lines(case, after, limit)).all()
    atlases = reader.atlases(session, {row.definition_id for row in rows})
    names = read_names(session, _mentioned(rows))
    titles = _titles(session, case)
    entries = []
    for row in rows:
        at = from_micros(row.at)
        public: Mapping[str, Any] = orjson.loads(row.public)
        private = None if row.payload is None else orjson.loads(row.payload)
        atlas = atlases[row.definition_id]
        telling = Telling(
            kind=row.kind,
            actor=row.actor,
            about=row.object,
            public=public,
            private=private or {},
            atlas=atlas,
            names=names,
            titles=titles,
            at=at,
        )
        entries.append(
            Entry(
                seq=row.seq,
                at=at,
                words=sentence(telling),
                detail=is_detail(telling),
                kind=row.kind,
                actor=_actor(names, row.actor, at),
                assurance=row.assurance,
                object=row.object,
                version=atlas.version,
                public=public,
                private=private,
                erased=row.commitment is not None and row.payload is None,
                request=row.request,
                hash=bytes(row.hash).hex(),
            )
        )
    return tuple(entries)


def _lines(case: str, after: int, limit: int | None) -> Any:
    return (
        select(
            col(EventRow.seq),
            col(EventRow.at),
            col(EventRow.kind),
            col(EventRow.actor),
            col(EventRow.assurance),
            col(EventRow.object),
            col(EventRow.definition_id),
            col(EventRow.public),
            col(EventRow.commitment),
            col(EventRow.request),
            col(EventRow.hash),
            col(EventPrivateRow.payload),
        )
        .join(CaseRow, col(CaseRow.id) == col(EventRow.case_id))
        .join(EventPrivateRow, col(EventPrivateRow.event_id) == col(EventRow.id), isouter=True)
        .where(col(CaseRow.name) == case, col(EventRow.seq) > after)
        .order_by(col(EventRow.seq))
        .limit(limit)
    )


def _mentioned(rows: Sequence[Row[Any]]) -> set[str]:
    """Every person id that stands anywhere in these lines."""
    found: set[str] = set()
    for row in rows:
        for text in (row.actor, row.object, row.public, row.payload):
            if text:
                found.update(_PERSON.findall(text))
    return found


def _titles(session: Session, case: str) -> Mapping[str, str]:
    """What the tasks of the case were called, by key."""
    rows = session.connection().execute(
        select(col(TaskRow.key), col(TaskRow.title))
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .where(col(CaseRow.name) == case)
    )
    return dict(rows.tuples().all())


def _actor(names: Names, actor: str | None, then: datetime) -> Named | None:
    return None if actor is None else Named(id=actor, name=names.of(actor, then) or actor)
