"""What leaves as a file: cases and histories, row by row, the same bytes for the same data."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.core.instants import from_micros
from engine.queries.reader import Reader, read_names
from engine.store.tables import CaseRow, DefinitionRow, EventRow, SubcaseRow

_AT_A_TIME = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Record = Mapping[str, Any]


def case_records(
    session: Session, reader: Reader, process: str, *, with_data: bool = True
) -> Iterator[Record]:
    """One record a case of a process, in the order in which they were opened.

    Data fields are those of the newest version that are not sensitive, as `data.…`; a field that
    a case's own version calls sensitive stays empty too.
    """
    fields = _fields(session, reader, process) if with_data else []
    parent = aliased(CaseRow)
    after = 0
    while True:
        rows: Sequence[Any] = (
            session.connection()
            .execute(
                select(
                    col(CaseRow.id),
                    col(CaseRow.name),
                    col(CaseRow.definition_id),
                    col(CaseRow.subject),
                    col(CaseRow.key),
                    col(CaseRow.opened_at),
                    col(CaseRow.closed_at),
                    col(CaseRow.outcome),
                    col(CaseRow.snapshot),
                    col(parent.name).label("parent"),
                )
                .join(SubcaseRow, col(SubcaseRow.case_id) == col(CaseRow.id), isouter=True)
                .join(parent, col(parent.id) == col(SubcaseRow.parent_id), isouter=True)
                .where(col(CaseRow.process) == process, col(CaseRow.id) > after)
                .order_by(col(CaseRow.id))
                .limit(_AT_A_TIME)
            )
            .all()
        )
        if not rows:
            return
        after = rows[-1].id
        atlases = reader.atlases(session, {row.definition_id for row in rows})
        names = read_names(session, [row.subject for row in rows])
        for row in rows:
            atlas = atlases[row.definition_id]
            subject = row.subject
            record: dict[str, Any] = {
                "case": row.name,
                "process": process,
                "version": atlas.version,
                "subject": subject,
                "subject_name": names.of(subject) if subject and names.known(subject) else None,
                "key": atlas.shown_key(row.key),
                "opened_at": _moment(row.opened_at),
                "closed_at": _moment(row.closed_at),
                "outcome": row.outcome,
                "parent": row.parent,
            }
            data = orjson.loads(row.snapshot)["data"]
            plain = atlas.plain_fields()
            for field in fields:
                record[f"data.{field}"] = data.get(field) if field in plain else None
            yield record


def event_records(session: Session, reader: Reader, process: str | None = None) -> Iterator[Record]:
    """One record a line of history, case by case: the public part, with what its hash needs.

    Names and answers are not in it; `commitment` stands for them. Hashes are hex.
    """
    case, seq = 0, 0
    while True:
        statement = (
            select(
                col(EventRow.case_id),
                col(EventRow.seq),
                col(EventRow.at),
                col(EventRow.kind),
                col(EventRow.actor),
                col(EventRow.assurance),
                col(EventRow.object),
                col(EventRow.definition_id),
                col(EventRow.request),
                col(EventRow.public),
                col(EventRow.commitment),
                col(EventRow.prev),
                col(EventRow.hash),
                col(CaseRow.name),
            )
            .join(CaseRow, col(CaseRow.id) == col(EventRow.case_id))
            .where(
                (col(EventRow.case_id) > case)
                | ((col(EventRow.case_id) == case) & (col(EventRow.seq) > seq))
            )
            .order_by(col(EventRow.case_id), col(EventRow.seq))
            .limit(_AT_A_TIME)
        )
        if process is not None:
            statement = statement.where(col(CaseRow.process) == process)
        rows = session.connection().execute(statement).all()
        if not rows:
            return
        case, seq = rows[-1].case_id, rows[-1].seq
        atlases = reader.atlases(session, {row.definition_id for row in rows})
        for row in rows:
            atlas = atlases[row.definition_id]
            yield {
                "case": row.name,
                "seq": row.seq,
                "at": _moment(row.at),
                "at_micros": row.at,
                "kind": row.kind,
                "actor": row.actor,
                "assurance": row.assurance,
                "object": row.object,
                "process": atlas.process,
                "version": atlas.version,
                "definition_sha256": atlas.sha256,
                "request": row.request,
                "public": row.public,
                "commitment": None if row.commitment is None else bytes(row.commitment).hex(),
                "prev": bytes(row.prev).hex(),
                "hash": bytes(row.hash).hex(),
            }


def as_csv(records: Iterable[Record]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, so that spreadsheets read it right; CRLF; a header first.

    A text that a spreadsheet would calculate gets an apostrophe in front.
    """
    columns: Sequence[str] | None = None
    for record in records:
        if columns is None:
            columns = list(record)
            yield b"\xef\xbb\xbf" + _row(columns)
        yield _row([_cell(record[column]) for column in columns])


def as_jsonl(records: Iterable[Record]) -> Iterator[bytes]:
    """One JSON object a line, keys sorted."""
    for record in records:
        yield orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _row(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    text = (
        value
        if isinstance(value, str)
        else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    )
    return f"'{text}" if text.startswith(_FORMULA) else text


def _moment(micros: int | None) -> str | None:
    return None if micros is None else from_micros(micros).isoformat(timespec="microseconds")


def _fields(session: Session, reader: Reader, process: str) -> list[str]:
    newest = (
        session.connection()
        .execute(
            select(col(DefinitionRow.id))
            .where(col(DefinitionRow.process) == process)
            .order_by(col(DefinitionRow.version).desc())
            .limit(1)
        )
        .scalar()
    )
    if newest is None:
        return []
    atlas = reader.atlases(session, [newest])[newest]
    return list(atlas.plain_fields())
