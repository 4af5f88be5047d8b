"""A case as it is held in a transaction: read once, written after every macrostep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import bindparam, select, true, update
from sqlalchemy.sql import exists

from engine.audit.chain import Line, genesis, link_lines
from engine.core import codec
from engine.core.snapshot import Snapshot
from engine.service.definitions import Version
from engine.service.tools import Tools
from engine.store import Overtaken, Statement, Transaction, to_micros
from engine.store.statements import constant, insert_into, table_of
from engine.store.tables import CaseRow, EventPrivateRow, EventRow, InboxRow, TaskRow

CASE = table_of(CaseRow)
INBOX = table_of(InboxRow)
TASK = table_of(TaskRow)

COLUMNS = (
    CASE.c.id,
    CASE.c.name,
    CASE.c.definition_id,
    CASE.c.subject,
    CASE.c.key,
    CASE.c.revision,
    CASE.c.seq,
    CASE.c.head,
    CASE.c.snapshot,
    CASE.c.opened_at,
    CASE.c.closed_at,
)
_LOAD = select(*COLUMNS).with_for_update(of=CASE)
_BY_NUMBER = Statement(_LOAD.where(CASE.c.id == bindparam("of")))
_BY_NAME = Statement(_LOAD.where(CASE.c.name == bindparam("of")))
_UNLESS_LOCKED = Statement(
    select(*COLUMNS)
    .where(CASE.c.id == bindparam("of"), CASE.c.closed_at.is_(None))
    .with_for_update(of=CASE, skip_locked=True)
)
_INSERT = insert_into(CaseRow)
_MOVED: dict[str, Any] = {
    "revision": bindparam("revision"),
    "seq": bindparam("seq"),
    "head": bindparam("head"),
    "snapshot": bindparam("snapshot"),
    "updated_at": bindparam("updated_at"),
    "paused_since": bindparam("paused_since"),
}
_UNMOVED = update(CASE).where(CASE.c.id == bindparam("of"), CASE.c.revision == bindparam("was"))
# Two statements, since naming `closed_at` would rewrite the indexes of open cases every time.
_UPDATE = Statement(_UNMOVED.values(_MOVED))
_CLOSE = Statement(
    _UNMOVED.values(
        {**_MOVED, "outcome": bindparam("outcome"), "closed_at": bindparam("closed_at")}
    )
)
_UPDATE_HEAD = Statement(
    _UNMOVED.values(revision=bindparam("revision"), seq=bindparam("seq"), head=bindparam("head"))
)
_EVENT = insert_into(EventRow)
_PRIVATE = insert_into(EventPrivateRow)
_TASKS = Statement(
    select(TASK.c.key, TASK.c.id).where(
        TASK.c.case_id == bindparam("of"), TASK.c.status == constant("open")
    )
)
_HELD = Statement(
    select(exists().where(INBOX.c.case_id == bindparam("of"), INBOX.c.blocked == true()))
)


Position = tuple[int, int, bytes, Snapshot | None, Snapshot | None, int | None]


@dataclass(slots=True, kw_only=True, eq=False)
class CaseFile:
    """One case in the hands of one transaction; changes with every macrostep it takes."""

    id: int
    name: str
    version: Version
    subject: str | None
    key: str | None
    revision: int
    seq: int
    head: bytes
    snapshot: Snapshot | None  # None: about to be started
    before: Snapshot | None = None  # what it was before the macrostep that is being written
    mark: bytes = b""  # hash of the first line that was told last
    opened_at: int
    closed_at: int | None
    _tasks: dict[str, int] = field(default_factory=dict, init=False)  # TaskRow.id by key

    def seek_task(self, tx: Transaction, key: str) -> int | None:
        """TaskRow.id of a task that is open, or was when it was last asked for."""
        if key not in self._tasks:
            self._tasks.update(tx.all(_TASKS, {"of": self.id}))
        return self._tasks.get(key)

    def task_number(self, tx: Transaction, key: str) -> int:
        """The same of a task that must be open; Overtaken if it is not, any more."""
        number = self.seek_task(tx, key)
        if number is None:
            raise Overtaken(f"The task {key} of {self.name} is not open.")
        return number

    def note_task(self, key: str, number: int) -> None:
        """What a caller knows already need not be asked for."""
        self._tasks[key] = number

    def position(self) -> Position:
        """Where the case stands, to go back to when what was written is undone."""
        return self.revision, self.seq, self.head, self.snapshot, self.before, self.closed_at

    def go_back(self, position: Position) -> None:
        self.revision, self.seq, self.head, self.snapshot, self.before, self.closed_at = position


def from_columns(tools: Tools, tx: Transaction, row: Sequence[Any]) -> CaseFile:
    """From a row that begins with COLUMNS."""
    number, name, definition, subject, key, revision, seq, head, snapshot, opened, closed = row[:11]
    return CaseFile(
        id=number,
        name=name,
        version=tools.definitions.get(tx, definition),
        subject=subject,
        key=key,
        revision=revision,
        seq=seq,
        head=bytes(head),
        snapshot=codec.decode(orjson.loads(snapshot)),
        opened_at=opened,
        closed_at=closed,
    )


def load(tools: Tools, tx: Transaction, number: int) -> CaseFile:
    row = tx.one(_BY_NUMBER, {"of": number})
    assert row is not None
    return from_columns(tools, tx, row)


def load_open_unless_locked(tools: Tools, tx: Transaction, number: int) -> CaseFile | None:
    """None if the case is closed, or another process works on it this moment."""
    row = tx.one(_UNLESS_LOCKED, {"of": number})
    return None if row is None else from_columns(tools, tx, row)


def load_named(tools: Tools, tx: Transaction, name: str) -> CaseFile | None:
    row = tx.one(_BY_NAME, {"of": name})
    return None if row is None else from_columns(tools, tx, row)


def is_held(tx: Transaction, case: CaseFile) -> bool:
    """Whether an incident keeps an event of this case waiting."""
    row = tx.one(_HELD, {"of": case.id})
    return row is not None and bool(row[0])


def new_case(
    number: int, name: str, version: Version, subject: str | None, key: str | None, now: int
) -> CaseFile:
    return CaseFile(
        id=number,
        name=name,
        version=version,
        subject=subject,
        key=key,
        revision=0,
        seq=0,
        head=genesis(name),
        snapshot=None,
        opened_at=now,
        closed_at=None,
    )


def write_case(
    tools: Tools, tx: Transaction, case: CaseFile, snapshot: Snapshot, lines: list[Line], now: int
) -> None:
    """The new snapshot and its telling; Overtaken if somebody else wrote the case since."""
    new = case.snapshot is None
    was = case.revision
    events, private = _link(tools, tx, case, lines)
    case.before, case.snapshot = case.snapshot, snapshot
    case.revision = was + 1
    if snapshot.outcome is not None:
        case.closed_at = now
    text = orjson.dumps(codec.encode(snapshot)).decode()
    paused = snapshot.paused_since
    paused_since = None if paused is None else to_micros(paused)
    if new:
        tx.run(
            _INSERT,
            {
                "id": case.id,
                "name": case.name,
                "process": case.version.definition.process,
                "definition_id": case.version.id,
                "subject": case.subject,
                "key": case.key,
                "outcome": snapshot.outcome,
                "revision": case.revision,
                "seq": case.seq,
                "head": case.head,
                "snapshot": text,
                "opened_at": case.opened_at,
                "updated_at": now,
                "closed_at": case.closed_at,
                "paused_since": paused_since,
            },
        )
    else:
        written = tx.run(
            _UPDATE if snapshot.outcome is None else _CLOSE,
            {
                "of": case.id,
                "was": was,
                "revision": case.revision,
                "seq": case.seq,
                "head": case.head,
                "snapshot": text,
                "outcome": snapshot.outcome,
                "updated_at": now,
                "closed_at": case.closed_at,
                "paused_since": paused_since,
            },
        )
        if written != 1:
            raise Overtaken(f"The case {case.name} was changed by somebody else.")
    tools.failpoints.reach("apply.case")
    _write_lines(tx, events, private)
    tools.failpoints.reach("apply.history")


def tell(tools: Tools, tx: Transaction, case: CaseFile, lines: list[Line]) -> None:
    """Lines that are no macrostep: a letter left, an incident was opened or closed."""
    was = case.revision
    events, private = _link(tools, tx, case, lines)
    case.revision = was + 1
    written = tx.run(
        _UPDATE_HEAD,
        {
            "of": case.id,
            "was": was,
            "revision": case.revision,
            "seq": case.seq,
            "head": case.head,
        },
    )
    if written != 1:
        raise Overtaken(f"The case {case.name} was changed by somebody else.")
    _write_lines(tx, events, private)


Rows = list[Mapping[str, Any]]


def _link(tools: Tools, tx: Transaction, case: CaseFile, lines: list[Line]) -> tuple[Rows, Rows]:
    """Rows of `event` and `event_private`; moves the head of the case's chain."""
    definition = case.version.definition
    linked, case.seq, case.head = link_lines(
        lines,
        case_name=case.name,
        definition_version=definition.version,
        definition_sha256=definition.sha256,
        seq=case.seq,
        head=case.head,
        entropy=tools.entropy,
    )
    case.mark = linked[0].hash
    events: Rows = []
    private: Rows = []
    for number, one in zip(tx.numbers("event", len(linked)), linked, strict=True):
        line = one.line
        events.append(
            {
                "id": number,
                "case_id": case.id,
                "seq": one.seq,
                "at": line.at,
                "kind": line.kind,
                "actor": line.actor,
                "assurance": line.assurance,
                "object": line.object,
                "definition_id": case.version.id,
                "request": line.request,
                "public": one.public_json,
                "commitment": one.commitment,
                "prev": one.prev,
                "hash": one.hash,
            }
        )
        if one.private_json is not None:
            private.append({"event_id": number, "salt": one.salt, "payload": one.private_json})
    return events, private


def _write_lines(tx: Transaction, events: Rows, private: Rows) -> None:
    tx.run(_EVENT, events)
    if private:
        tx.run(_PRIVATE, private)
