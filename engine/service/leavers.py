"""What still goes to somebody after their last day: little, and to an address of their own."""

from engine.core.owners import goes_on_after_leaving
from engine.service.cases import CaseFile
from engine.service.letters import Kept
from engine.service.tools import Tools
from engine.store import Transaction, from_micros

ASKING = frozenset({"task", "reminder", "handed_over", "new_link"})


def is_meant_after_leaving(
    tools: Tools, tx: Transaction, case: CaseFile, row: Kept, key: str | None
) -> bool:
    """Whether a letter to somebody who has left, maybe about a task, is one of the few.

    The task must be theirs by a rule that says so. A note was meant for them if they had left
    already when it was written, since only such a rule finds them then.
    """
    if row.kind == "note" and row.person is not None:
        day = tools.directory.day(from_micros(row.created_at))
        known = tools.directory.roster(tx.connection, day).people.get(row.person)
        return known is not None and not known["active"]
    opened = None if key is None or case.snapshot is None else case.snapshot.tasks.get(key)
    if opened is None or row.kind not in ASKING:
        return False
    state = case.version.definition.states[case.version.index_of(opened.place)]
    task = state.task if opened.side is None else state.side_tasks[opened.side]
    return task is not None and goes_on_after_leaving(task.to, opened.by_rule)
