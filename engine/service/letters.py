"""Rows of the outbox: what leaves after the commit, and to whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, insert, literal_column, select, update

from engine.store import Statement, Transaction
from engine.store.statements import constant, table_of
from engine.store.tables import OutboxRow

OUTBOX = table_of(OutboxRow)

_INSERT = Statement(
    insert(OUTBOX).values(
        case_id=bindparam("case_id"),
        kind=bindparam("kind"),
        person=bindparam("person"),
        task_id=bindparam("task_id"),
        payload=bindparam("payload"),
        status=constant("pending"),
        attempt=literal_column("0"),
        not_before=bindparam("now"),
        created_at=bindparam("now"),
    )
)
# By the case as well, whose letters an index finds.
_OF_TASK = (OUTBOX.c.case_id == bindparam("in_case"), OUTBOX.c.task_id == bindparam("of"))
_WAITING = Statement(
    update(OUTBOX)
    .where(*_OF_TASK, OUTBOX.c.status == constant("pending"))
    .values(status=constant("cancelled"), done_at=bindparam("now"), note=bindparam("why"))
)
_TOLD = Statement(
    select(OUTBOX.c.person)
    .where(
        *_OF_TASK,
        OUTBOX.c.status == constant("sent"),
        OUTBOX.c.kind.in_([constant("task"), constant("handed_over"), constant("reminder")]),
    )
    .distinct()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An outbox row as it is stored."""

    id: int
    kind: str
    person: str | None
    case_id: int | None
    case: str | None
    task_id: int | None
    attempt: int
    payload: Mapping[str, Any]
    status: str
    created_at: int
    leased_by: str | None  # a worker, or in whose letter it travels
    leased_until: int | None


class Letters:
    """Collects the letters and calls of one macrostep, so that they go in as one batch."""

    __slots__ = ("_case", "_now", "_rows")

    def __init__(self, case: int, now: int) -> None:
        self._case = case
        self._now = now
        self._rows: list[Mapping[str, Any]] = []

    def add(
        self,
        kind: str,
        people: Iterable[str | None],
        *,
        task: int | None = None,
        payload: Mapping[str, Any] | None = None,
    ) -> None:
        """One row for each person; `(None,)` for what goes to no person."""
        text = orjson.dumps(payload, default=dict).decode() if payload else "{}"
        self._rows.extend(
            {
                "case_id": self._case,
                "kind": kind,
                "person": person,
                "task_id": task,
                "payload": text,
                "now": self._now,
            }
            for person in people
        )

    def write(self, tx: Transaction) -> None:
        if self._rows:
            tx.run(_INSERT, self._rows)


def cancel_waiting(tx: Transaction, case: int, task: int, why: str, now: int) -> None:
    """Letters about a task that have not left yet never will."""
    tx.run(_WAITING, {"in_case": case, "of": task, "now": now, "why": why})


def told_of(tx: Transaction, case: int, task: int) -> set[str]:
    """Who has had a letter that asks for this task, and would wonder where it went."""
    return {person for (person,) in tx.all(_TOLD, {"in_case": case, "of": task})}
