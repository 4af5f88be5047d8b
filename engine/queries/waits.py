"""How long a process really waits for people, state by state, against what it asked of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlmodel import Session, col, select

from engine.core.instants import to_micros
from engine.queries.atlas import Atlas
from engine.store.tables import CaseRow, TaskRow

_NEWEST = 10_000  # tasks of a process that are looked at: what was long ago says little of today


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """The tasks of one state."""

    tasks: int  # how many the figures are of
    median: timedelta  # from opening to answer; of an open one until now
    target: timedelta | None  # from opening to due date, the median; None: none of them has one


def waits(session: Session, process: str, atlas: Atlas, now: datetime) -> Mapping[str, Wait]:
    """By state id of the atlas; withdrawn tasks waited for nobody and do not count."""
    rows = session.exec(
        select(TaskRow.state, TaskRow.opened_at, TaskRow.closed_at, TaskRow.due_at)
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .where(col(CaseRow.process) == process, col(TaskRow.status) != "withdrawn")
        .order_by(col(TaskRow.id).desc())
        .limit(_NEWEST)
    )
    waited: dict[str, list[int]] = defaultdict(list)
    asked: dict[str, list[int]] = defaultdict(list)
    until = to_micros(now)
    for state, opened, closed, due in rows:
        known = atlas.known_place(state)
        waited[known].append((until if closed is None else closed) - opened)
        if due is not None:
            asked[known].append(due - opened)
    return {
        state: Wait(
            tasks=len(found),
            median=timedelta(microseconds=median(found)),
            target=timedelta(microseconds=median(asked[state])) if asked[state] else None,
        )
        for state, found in waited.items()
    }
