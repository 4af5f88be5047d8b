"""What somebody has written so far, kept with the task and handed over with it.

The draft of an anonymous answer is sealed with a key that only its author's browser can make: it
is read where it was written, and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, false, select, update

from engine.service.cases import CASE, TASK
from engine.service.errors import Refused
from engine.service.holders import ASSIGNMENT
from engine.service.outcomes import NotYours
from engine.service.sealing import LARGE, TooLong, Unsealable, seal, unseal
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import constant, insert_into, table_of
from engine.store.tables import DraftRow

_SEALED = "$sealed"
_DRAFT = table_of(DraftRow)
_INSERT = insert_into(DraftRow)
_FIND = Statement(
    select(TASK.c.id, _DRAFT.c.revision, TASK.c.state, CASE.c.definition_id)
    .join(CASE, CASE.c.id == TASK.c.case_id)
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
    tools: Tools,
    tx: Transaction,
    task: str,
    answers: Mapping[str, Any],
    revision: int,
    by: str,
    now: datetime,
    *,
    key: bytes | None = None,
) -> int | Stale | NotYours:
    """The new revision. `revision` is the one that the page was made from; 0 for a new draft.

    Raises Refused for an anonymous answer without a `key`, or too long for its box.
    """
    found = tx.one(_FIND, {"of": task, "by": by})
    if found is None:
        return NotYours()
    number, current, state, definition = found
    if (current or 0) != revision:
        return Stale(current=current or 0)
    kept = answers
    if _is_anonymous(tools, tx, definition, state):
        kept = {_SEALED: _sealed(tools, answers, task, key).hex()}
    row = {
        "revision": revision + 1,
        "answers": orjson.dumps(kept, default=dict).decode(),
        "saved_by": by,
        "saved_at": to_micros(now),
    }
    if current is None:
        tx.run(_INSERT, {"task_id": number, **row})
    else:
        tx.run(_UPDATE, {"of": number, **row})
    return revision + 1


def opened_draft(stored: str, task: str, key: bytes) -> dict[str, list[str]] | None:
    """What a draft row holds; None if it was sealed in another browser."""
    found: dict[str, Any] = orjson.loads(stored)
    if _SEALED not in found:
        return found
    try:
        return unseal(bytes.fromhex(found[_SEALED]), key, task)
    except Unsealable:
        return None


def _is_anonymous(tools: Tools, tx: Transaction, definition: int, state: str) -> bool:
    version = tools.definitions.get(tx, definition)
    task = version.definition.states[version.by_id[state]].task
    return task is not None and task.anonymous is not None


def _sealed(tools: Tools, answers: Mapping[str, Any], task: str, key: bytes | None) -> bytes:
    if key is None:
        raise Refused("A draft of an anonymous answer is kept only for the browser it is from.")
    try:
        return seal({**answers}, key, task, 2 * LARGE, tools.entropy)
    except TooLong as error:
        raise Refused(
            f"What you have written is too long to be kept: there is room for {2 * LARGE:,} "
            "characters. Please shorten it."
        ) from error
