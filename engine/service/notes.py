"""Hand-over notes: what somebody who had a task says to whoever has it now.

A note stands in the history, private as an answer is, and is read from there by the task's page.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, exists, func, select

from engine.audit.chain import Line
from engine.core.chart import Task
from engine.core.facts import Facts
from engine.core.owners import works_here
from engine.service.cases import CASE, COLUMNS, TASK, CaseFile, from_columns, tell
from engine.service.errors import Refused
from engine.service.holders import ASSIGNMENT
from engine.service.outcomes import NotYours
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import constant, table_of
from engine.store.tables import EventRow

NOTE: Final = "task.note"  # the line's kind
LONGEST: Final = 4_000
_MOST = 5  # of one person about one task

_EVENT = table_of(EventRow)
_HAD = exists().where(ASSIGNMENT.c.task_id == TASK.c.id, ASSIGNMENT.c.person == bindparam("by"))
_FIND = Statement(
    select(*COLUMNS, TASK.c.key)
    .join(CASE, CASE.c.id == TASK.c.case_id)
    .where(
        TASK.c.public_id == bindparam("of"),
        TASK.c.status == constant("open"),
        _HAD.where(ASSIGNMENT.c.ended_at.is_not(None)),
        ~_HAD.where(ASSIGNMENT.c.ended_at.is_(None)),
    )
    .with_for_update(of=CASE)
)
_COUNT = Statement(
    select(func.count()).where(
        _EVENT.c.case_id == bindparam("of"),
        _EVENT.c.kind == constant(NOTE),
        _EVENT.c.object == bindparam("about"),
        _EVENT.c.actor == bindparam("by"),
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteKept:
    """Whoever has the task reads it from now on."""

    case: str  # its name


def leave_note(
    tools: Tools, tx: Transaction, task: str, text: str, facts: Facts, by: str, now: datetime
) -> NoteKept | NotYours:
    """For who had the task, as long as it is open. Raises Refused for a text that cannot be."""
    row = tx.one(_FIND, {"of": task, "by": by})
    if row is None or not works_here(facts, by):
        return NotYours()
    key = row[11]
    case = from_columns(tools, tx, row)
    if not takes_notes(_rules(case, key)):
        return NotYours()
    said = text.strip()
    if not said:
        raise Refused("The note is empty. Write what the next one should know.")
    if len(said) > LONGEST:
        raise Refused(
            f"The note has {len(said):,} characters and there is room for {LONGEST:,}. Please "
            "shorten it."
        )
    (count,) = tx.one(_COUNT, {"of": case.id, "about": key, "by": by}) or (0,)
    if count >= _MOST:
        raise Refused(f"You have left {count} notes already. Please talk to them instead.")
    line = Line(
        kind=NOTE, at=to_micros(now), actor=by, object=key, public={}, private={"text": said}
    )
    tell(tools, tx, case, [line])
    return NoteKept(case=case.name)


def takes_notes(rules: Task | None) -> bool:
    """Not about an anonymous answer: a note would have its author's name on it."""
    return rules is not None and rules.anonymous is None


def _rules(case: CaseFile, key: str) -> Task | None:
    opened = None if case.snapshot is None else case.snapshot.tasks.get(key)
    if opened is None:
        return None
    state = case.version.definition.states[case.version.index_of(opened.place)]
    return state.task if opened.side is None else state.side_tasks[opened.side]
