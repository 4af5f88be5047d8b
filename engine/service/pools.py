"""Anonymous answers between their task and the end of their round.

An answer goes into its round's pool, sealed, in the transaction that records that its author has
answered; what that record says is the author's, and holds nothing of the answer. When the round is
over the core gets all answers of the pool at once, sorted by what they say. A copy of the database
holds, of a round that goes on, boxes of one size and no key; of one that is over, a set.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from engine.audit.canonical import canonical_private
from engine.core.anonymity import pool_of, pools_open
from engine.core.chart import Task
from engine.core.draft import Undone as NotDecided
from engine.core.events import Event, TaskAnswered
from engine.core.facts import Calendar, Facts
from engine.core.form import FieldType, Form
from engine.core.index import chart_of
from engine.core.snapshot import OpenTask, Snapshot
from engine.service.cases import CaseFile
from engine.service.errors import Refused
from engine.service.sealing import LARGE, SMALL, TooLong, Unsealable, seal, unseal
from engine.service.tools import Tools
from engine.store import Statement, Transaction
from engine.store.statements import insert_into, table_of
from engine.store.tables import DraftRow, MetaRow, SealedAnswerRow

_SEALED = "$sealed"  # no field's name begins so
_ID_BYTES = 16
_TABLE = table_of(SealedAnswerRow)
_DRAFT = table_of(DraftRow)
_PUT = insert_into(SealedAnswerRow)
_BOXES = Statement(
    select(_TABLE.c.box).where(
        _TABLE.c.case_id == bindparam("of"), _TABLE.c.pool == bindparam("pool")
    )
)
_POOLS = Statement(select(_TABLE.c.pool).where(_TABLE.c.case_id == bindparam("of")).distinct())
_EMPTY = Statement(
    delete(_TABLE).where(_TABLE.c.case_id == bindparam("of"), _TABLE.c.pool == bindparam("pool"))
)
_ANY = Statement(select(_TABLE.c.id).limit(1))
_KEY = "pool-key"  # in `meta`: a mark by which the key is known again, and nothing else
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('tenure pool key'))"
_META = table_of(MetaRow)
_KEY_MARK = Statement(select(_META.c.value).where(_META.c.name == bindparam("of")))
_NOTE_MARK = insert_into(MetaRow)
_CHANGE_MARK = Statement(
    update(_META).where(_META.c.name == bindparam("of")).values(value=bindparam("mark"))
)
_FORGET_DRAFT = Statement(delete(_DRAFT).where(_DRAFT.c.task_id == bindparam("of")))
# What every answer to such a field needs about as many bytes for.
_BRIEF = frozenset(
    {
        FieldType.SCALE,
        FieldType.YES_NO,
        FieldType.INTEGER,
        FieldType.NUMBER,
        FieldType.PERCENT,
        FieldType.DATE,
    }
)
_FEW = 20  # brief fields fit into a small box


def box_size(form: Form | None) -> int:
    """How much room an answer gets; by its form, never by what it says."""
    fields = () if form is None else form.fields
    brief = len(fields) <= _FEW and all(each.type in _BRIEF for each in fields)
    return SMALL if brief else LARGE


def sealed_event(
    tools: Tools, tx: Transaction, case: CaseFile, opened: OpenTask, task: Task, event: TaskAnswered
) -> TaskAnswered:
    """The event with its answer in a box; as it is, unless its task is anonymous."""
    if task.anonymous is None:
        return event
    assert case.snapshot is not None
    _check_key(tools, tx)
    about = _about(case, pool_of(case.snapshot, opened))
    size = box_size(task.form)
    try:
        box = seal(event.answers, tools.pool_key, about, size, tools.entropy)
    except TooLong as error:
        raise Refused(
            f"Your answers are too long together: an anonymous answer has room for {size:,} "
            "characters, so that its length tells nothing. Please shorten them."
        ) from error
    return replace(event, answers={_SEALED: box.hex()})


@dataclass(slots=True, kw_only=True, eq=False)
class Pools:
    """The pools of one case in one macrostep, in front of the facts of the directory."""

    facts: Facts
    tools: Tools
    tx: Transaction
    case: CaseFile
    put: tuple[str, bytes] | None = None  # what the event brings: its pool, and the box
    read: set[str] = field(default_factory=set)  # whose round is over

    def person(self, person: str) -> Mapping[str, Any] | None:
        return self.facts.person(person)

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        return self.facts.holders(role, of)

    def members(self, queue: str) -> tuple[str, ...]:
        return self.facts.members(queue)

    def stand_in(self, person: str) -> str | None:
        return self.facts.stand_in(person)

    def record(self, kind: str, about: str) -> Mapping[str, Any] | None:
        return self.facts.record(kind, about)

    def calendar(self, location: str | None) -> Calendar:
        return self.facts.calendar(location)

    def pooled(self, pool: str, *, people: int, least: int) -> tuple[Mapping[str, Any], ...]:
        self.read.add(pool)
        boxes = [bytes(box) for (box,) in self._boxes(pool)]
        if self.put is not None and self.put[0] == pool:
            boxes.append(self.put[1])
        if min(people, len(boxes)) < least:
            return ()
        about = _about(self.case, pool)
        try:
            answers = [unseal(box, self.tools.pool_key, about) for box in boxes]
        except Unsealable as error:
            raise NotDecided(
                "pool-locked",
                pool.partition("#")[0],
                f"The anonymous answers of `{pool}` were sealed with another key than this "
                "machine has. Give every machine the same TENURE_POOL_KEY, or put `pool.key` "
                "back into tenure's folder; then let the event run again.",
            ) from error
        return tuple(sorted(answers, key=canonical_private))

    def _boxes(self, pool: str) -> list[tuple[Any, ...]]:
        return self.tx.all(_BOXES, {"of": self.case.id, "pool": pool})

    def write(self, after: Snapshot, answered: int | None) -> None:
        """After the macrostep: keeps the box, or throws away what is over."""
        still = pools_open(after) - self.read if after.outcome is None else frozenset()
        if self.put is not None and self.put[0] in still:
            pool, box = self.put
            number = self.tools.entropy(_ID_BYTES).hex()
            row = {"id": number, "case_id": self.case.id, "pool": pool, "box": box}
            self.tx.run(_PUT, row)
        for (pool,) in self.tx.all(_POOLS, {"of": self.case.id}):
            if pool not in still:
                self.tx.run(_EMPTY, {"of": self.case.id, "pool": pool})
        if answered is not None:
            self.tx.run(_FORGET_DRAFT, {"of": answered})


def pools_for(
    tools: Tools, tx: Transaction, case: CaseFile, event: Event, facts: Facts
) -> tuple[Event, Pools | None]:
    """The event without its box, and the pools it may fill or end; None where there are none."""
    if not chart_of(case.version.definition).has_pools:
        return event, None
    pools = Pools(facts=facts, tools=tools, tx=tx, case=case)
    if isinstance(event, TaskAnswered) and _SEALED in event.answers:
        assert case.snapshot is not None
        opened = case.snapshot.tasks.get(event.task)
        if opened is not None:
            box = bytes.fromhex(event.answers[_SEALED])
            pools.put = pool_of(case.snapshot, opened), box
    return without_box(event), pools


def without_box(event: Event) -> Event:
    """What may be told of an event under its author's name."""
    if isinstance(event, TaskAnswered) and _SEALED in event.answers:
        return replace(event, answers={})
    return event


def _check_key(tools: Tools, tx: Transaction) -> None:
    """All boxes of a database are sealed with one key; a lost one may be replaced in between."""
    mark = sha256(b"tenure pool key v1\0" + tools.pool_key).hexdigest()[:16]
    row = tx.one(_KEY_MARK, {"of": _KEY})
    if row is None and tx.on_postgresql:  # another process may be noting it just now
        tx.cursor.execute(_LOCK)
        row = tx.one(_KEY_MARK, {"of": _KEY})
    if row is None:
        tx.run(_NOTE_MARK, {"name": _KEY, "value": mark})
    elif row[0] != mark:
        if tx.one(_ANY, {}) is not None:
            raise Refused(
                "Anonymous answers cannot be taken here: other answers are sealed with another "
                "key. Whoever runs this must give every machine the same TENURE_POOL_KEY."
            )
        tx.run(_CHANGE_MARK, {"of": _KEY, "mark": mark})


def _about(case: CaseFile, pool: str) -> str:
    """Bound into the box, so that none can be moved into another round."""
    return f"{case.name} {pool}"
