"""What somebody has written so far, kept with the task and handed over with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, false, select, update

from engine.service.cases import TASK
from engine.service.outcomes import NotYours
from engine.service.tasks import ASSIGNMENT
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import constant, insert_into, table_of
from engine.store.tables import DraftRow

_DRAFT = table_of(DraftRow)
_INSERT = insert_into(DraftRow)
_FIND = Statement(
    select(TASK.c.id, _DRAFT.c.revision)
    .join(_DRAFT, _DRAFT.c.task_id == TASK.c.id, isouter=True)
    .where(
        TASK.c.public_id == bindparam("of"),
        TASK.c.status == constant("open"),
        exists().where(
            ASSIGNMENT.c.task_id == TASK.c.id,
            ASSIGNMENT.c.person == bindparam("by"),
            ASSIGNMENT.c.ended_at.is_(None),
            ASSIGNMENT.c.candidate == false(),
        ),
    )
    .with_for_update(of=TASK)
)
_UPDATE = Statement(
    update(_DRAFT)
    .where(_DRAFT.c.task_id == bindparam("of"))
    .values(
        revision=bindparam("revision"),
        answers=bindparam("answers"),
        saved_by=bindparam("saved_by"),
        saved_at=bindparam("saved_at"),
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stale:
    """Another tab or owner saved since; nothing was overwritten."""

    current: int  # the draft's revision now


def save_draft(
    tx: Transaction,
    task: str,
    answers: Mapping[str, Any],
    revision: int,
    by: str,
    now: datetime,
) -> int | Stale | NotYours:
    """The new revision. `revision` is the one that the page was made from; 0 for a new draft."""
    found = tx.one(_FIND, {"of": task, "by": by})
    if found is None:
        return NotYours()
    number, current = found
    if (current or 0) != revision:
        return Stale(current=current or 0)
    row = {
        "revision": revision + 1,
        "answers": orjson.dumps(answers, default=dict).decode(),
        "saved_by": by,
        "saved_at": to_micros(now),
    }
    if current is None:
        tx.run(_INSERT, {"task_id": number, **row})
    else:
        tx.run(_UPDATE, {"of": number, **row})
    return revision + 1
