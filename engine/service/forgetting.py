"""A closed case forgets what its definition keeps no longer, in one transaction.

Erased is what is personal: the private parts of the history (their commitments stay, so that the
chain stays whole, and an `erased` line says which), the case file, texts of tasks and mails, files.
What happened when, to whom and by whom, stays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, select, update

from engine.audit import erased_line
from engine.audit.replay import EVENTS
from engine.core import codec
from engine.core.chart import State
from engine.core.expression import Template
from engine.core.snapshot import Ending, Snapshot
from engine.service.cases import CASE, TASK, CaseFile, load, tell
from engine.service.definitions import Version
from engine.service.holds import is_on_hold
from engine.service.retention import ANSWERS, EMPTY, FILES, KEPT, MAILS, Erasure
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import table_of
from engine.store.tables import (
    CohortMemberRow,
    DraftRow,
    EventPrivateRow,
    EventRow,
    FileRow,
    IncidentRow,
    OutboxRow,
)

_EVENT, _PRIVATE, _FILE = table_of(EventRow), table_of(EventPrivateRow), table_of(FileRow)
_OUTBOX, _DRAFT, _INCIDENT = table_of(OutboxRow), table_of(DraftRow), table_of(IncidentRow)
_MEMBER = table_of(CohortMemberRow)

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
    .values(payload=EMPTY, note=None)
)
_FORGET_FILES = Statement(delete(_FILE).where(_FILE.c.case_id == bindparam("of")))
_FORGET_FILES_OF = Statement(
    delete(_FILE).where(_FILE.c.case_id == bindparam("of"), _FILE.c.field == bindparam("field"))
)
_FORGET_START = Statement(
    update(_MEMBER).where(_MEMBER.c.case_id == bindparam("of")).values(data=EMPTY, note=None)
)
_RESET = Statement(
    update(CASE)
    .where(CASE.c.id == bindparam("of"))
    .values(snapshot=bindparam("snapshot"), key=bindparam("key_"))
)


def erase(tools: Tools, tx: Transaction, erasure: Erasure, by: str | None, now: datetime) -> bool:
    """Forgets it, unless a hold was placed meanwhile."""
    case = load(tools, tx, erasure.number)
    if is_on_hold(tx, case):
        return False
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


def _forget(tx: Transaction, case: CaseFile, erasure: Erasure) -> list[int]:
    """Deletes it; the numbers of the lines that have no private part any more."""
    fields = frozenset(erasure.what) - {ANSWERS, FILES, MAILS}
    for name in fields:
        tx.run(_FORGET_FILES_OF, {"of": case.id, "field": name})
    if not {ANSWERS, FILES}.isdisjoint(erasure.what):
        tx.run(_FORGET_FILES, {"of": case.id})
    lines = tx.all(_LINES, {"of": case.id})
    if ANSWERS in erasure.what:
        gone = [line for line in lines if line[2] not in KEPT]
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
                yield from (each for each in macrostep if each[2] not in KEPT)
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
