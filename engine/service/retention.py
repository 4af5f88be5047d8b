"""What a closed case is allowed to forget, and forgetting it: one transaction for each case.

Erased is what is personal: the private parts of the history (their commitments stay, so that the
chain stays whole, and an `erased` line says which), the case file, texts of tasks and mails. What
happened when, to whom and by whom, stays. Nothing is noted down beside that: what is due is
found by what is still there, so a run that was cut off is simply run again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, bindparam, delete, exists, select, update

from engine.audit import erased_line
from engine.audit.replay import EVENTS
from engine.core import codec
from engine.core.chart import Definition, State
from engine.core.deadlines import months_later
from engine.core.expression import Template
from engine.core.snapshot import Ending, Snapshot
from engine.core.time import Span, Unit
from engine.service.cases import CASE, TASK, CaseFile, load, tell
from engine.service.definitions import Version
from engine.service.tools import Tools
from engine.store import Statement, Transaction, from_micros, to_micros
from engine.store.statements import table_of
from engine.store.tables import (
    CohortMemberRow,
    DefinitionRow,
    DraftRow,
    EventPrivateRow,
    EventRow,
    FileRow,
    HoldRow,
    IncidentRow,
    OutboxRow,
)

ANSWERS = "answers"
FILES = "files"
MAILS = "mails"
_KEPT = ("erased", "hold.placed", "hold.lifted")  # say why something is gone, or is not
_EMPTY = "{}"
_AT_A_TIME = 200

_EVENT, _PRIVATE, _HOLD = table_of(EventRow), table_of(EventPrivateRow), table_of(HoldRow)
_OUTBOX, _DRAFT, _INCIDENT = table_of(OutboxRow), table_of(DraftRow), table_of(IncidentRow)
_FILE = table_of(FileRow)
_MEMBER, _DEFINITION = table_of(CohortMemberRow), table_of(DefinitionRow)

_LINES = Statement(
    select(_EVENT.c.id, _EVENT.c.seq, _EVENT.c.kind, _EVENT.c.public, _PRIVATE.c.payload)
    .join(_PRIVATE, _PRIVATE.c.event_id == _EVENT.c.id, isouter=True)
    .where(_EVENT.c.case_id == bindparam("of"))
    .order_by(_EVENT.c.seq)
)
_FORGET_LINE = Statement(delete(_PRIVATE).where(_PRIVATE.c.event_id == bindparam("of")))
_TASKS = Statement(
    select(TASK.c.id, TASK.c.state, TASK.c.title, TASK.c.text).where(
        TASK.c.case_id == bindparam("of")
    )
)
_RETITLE = Statement(
    update(TASK).where(TASK.c.id == bindparam("of")).values(title=bindparam("title"), text=None)
)
_FORGET_DRAFTS = Statement(
    delete(_DRAFT).where(
        _DRAFT.c.task_id.in_(select(TASK.c.id).where(TASK.c.case_id == bindparam("of")))
    )
)
_FORGET_INCIDENTS = Statement(
    update(_INCIDENT).where(_INCIDENT.c.case_id == bindparam("of")).values(message="(erased)")
)
_FORGET_MAILS = Statement(
    update(_OUTBOX)
    .where(_OUTBOX.c.case_id == bindparam("of"), _OUTBOX.c.status != "pending")
    .values(payload=_EMPTY, note=None)
)
_FORGET_FILES = Statement(delete(_FILE).where(_FILE.c.case_id == bindparam("of")))
_FORGET_FILES_OF = Statement(
    delete(_FILE).where(_FILE.c.case_id == bindparam("of"), _FILE.c.field == bindparam("field"))
)
_FORGET_START = Statement(
    update(_MEMBER).where(_MEMBER.c.case_id == bindparam("of")).values(data=_EMPTY, note=None)
)
_RESET = Statement(
    update(CASE)
    .where(CASE.c.id == bindparam("of"))
    .values(snapshot=bindparam("snapshot"), key=bindparam("key_"))
)


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


def erase(tools: Tools, tx: Transaction, erasure: Erasure, by: str | None, now: datetime) -> bool:
    """Forgets it, unless a hold was placed meanwhile."""
    if tx.one(_STANDING, {"of": erasure.number}) is not None:
        return False
    case = load(tools, tx, erasure.number)
    if not tx.on_postgresql:
        tx.cursor.execute("PRAGMA secure_delete=ON")
    try:
        gone = _forget(tx, case, erasure)
    finally:
        if not tx.on_postgresql:
            tx.cursor.execute("PRAGMA secure_delete=OFF")
    line = erased_line(
        gone,
        by=by,
        reason=f"the definition keeps {', '.join(erasure.what)} no longer",
        at=to_micros(now),
        what=erasure.what,
    )
    tell(tools, tx, case, [line])
    tools.failpoints.reach("retention.erased")
    return True


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


_STANDING = Statement(
    select(_HOLD.c.id).where(_HOLD.c.case_id == bindparam("of"), _HOLD.c.lifted_at.is_(None))
)


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
            .where(_EVENT.c.kind.not_in(_KEPT))
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
        (_OUTBOX.c.payload != _EMPTY) | _OUTBOX.c.note.is_not(None),
    )


def _forget(tx: Transaction, case: CaseFile, erasure: Erasure) -> list[int]:
    """Deletes it; the numbers of the lines that have no private part any more."""
    fields = frozenset(erasure.what) - {ANSWERS, FILES, MAILS}
    for name in fields:
        tx.run(_FORGET_FILES_OF, {"of": case.id, "field": name})
    if not {ANSWERS, FILES}.isdisjoint(erasure.what):
        tx.run(_FORGET_FILES, {"of": case.id})
    lines = tx.all(_LINES, {"of": case.id})
    if ANSWERS in erasure.what:
        gone = [line for line in lines if line[2] not in _KEPT]
        _forget_texts(tx, case, lambda _: True)
        for statement in (_FORGET_INCIDENTS, _FORGET_START):
            tx.run(statement, {"of": case.id})
        _rewrite(tx, case, _blank)
    else:
        gone = list(_telling(lines, fields)) if fields else []
        if MAILS in erasure.what:
            gone += [line for line in lines if line[2].startswith("mail.") and line not in gone]
        if fields:
            _forget_texts(tx, case, lambda state: _reads(state, fields))
            _rewrite(tx, case, lambda snapshot: _without(snapshot, fields))
    tx.run(_FORGET_DRAFTS, {"of": case.id})
    if erasure.what != (FILES,):
        tx.run(_FORGET_MAILS, {"of": case.id})  # their texts are made of the same values
    gone = [line for line in gone if line[4] is not None]
    for number, *_ in gone:
        tx.run(_FORGET_LINE, {"of": number})
    return [seq for _, seq, *_ in gone]


def _telling(lines: Sequence[Any], fields: frozenset[str]) -> Iterator[Any]:
    """All lines of every macrostep of which one tells of these fields.

    A value may have come in with a signal, under another name, before it was written to a field.
    """
    macrostep: list[Any] = []
    for line in (*lines, None):
        if line is None or line[2] in EVENTS:
            if any(
                _mentions(orjson.loads(text), fields) for each in macrostep for text in _texts(each)
            ):
                yield from (each for each in macrostep if each[2] not in _KEPT)
            macrostep = []
        if line is not None:
            macrostep.append(line)


def _texts(line: Any) -> Iterator[str]:
    yield from (text for text in (line[3], line[4]) if text is not None)


def _mentions(value: Any, fields: frozenset[str]) -> bool:
    match value:
        case dict():
            named = any(not fields.isdisjoint(key.split(".")) for key in value)
            return named or any(_mentions(inner, fields) for inner in value.values())
        case list():
            return any(_mentions(inner, fields) for inner in value)
        case str():
            return value in fields
        case _:
            return False


def _forget_texts(tx: Transaction, case: CaseFile, chosen: Callable[[State], bool]) -> None:
    """Titles and texts of tasks, which may name people and answers."""
    version = case.version
    for number, state_id, title, text in tx.all(_TASKS, {"of": case.id}):
        state = version.definition.states[version.by_id[state_id]]
        plain = _plain_title(version, state)
        if chosen(state) and (title != plain or text is not None):
            tx.run(_RETITLE, {"of": number, "title": plain})


def _plain_title(version: Version, state: State) -> str:
    states = version.definition.states
    while state.hidden and state.parent is not None:
        state = states[state.parent]
    return state.name.replace("_", " ").capitalize()


def _reads(state: State, fields: frozenset[str]) -> bool:
    tasks = (state.task, *state.side_tasks)
    texts: Iterable[Template | None] = (
        text for task in tasks if task is not None for text in (task.title, task.text)
    )
    return any(
        not fields.isdisjoint(path) or path == ("data",)
        for text in texts
        if text is not None
        for path in text.reads
    )


def _rewrite(tx: Transaction, case: CaseFile, change: Callable[[Snapshot], Snapshot]) -> None:
    assert case.snapshot is not None
    changed = change(case.snapshot)
    text = orjson.dumps(codec.encode(changed)).decode()
    tx.run(_RESET, {"of": case.id, "snapshot": text, "key_": changed.case.key})


def _blank(snapshot: Snapshot) -> Snapshot:
    """A closed case without what anybody said: where it stood, when, and who answered."""
    return replace(
        snapshot,
        case=replace(snapshot.case, key=None),
        data={},
        endings={place: _silent(ending) for place, ending in snapshot.endings.items()},
    )


def _silent(ending: Ending) -> Ending:
    return replace(ending, answers={})


def _without(snapshot: Snapshot, fields: frozenset[str]) -> Snapshot:
    data: Mapping[str, Any] = {
        name: value for name, value in snapshot.data.items() if name not in fields
    }
    return replace(snapshot, data=data)
