"""Cases that are to be started, written down before the first of them is."""

from collections.abc import Sequence
from datetime import datetime

import orjson

from engine.service.outcomes import CohortLine
from engine.store import Transaction, to_micros
from engine.store.statements import insert_into
from engine.store.tables import CohortMemberRow, CohortRow

_INSERT = insert_into(CohortRow)
_ADD = insert_into(CohortMemberRow, without=("id",))


def enlist(
    tx: Transaction,
    name: str,
    process: str,
    lines: Sequence[CohortLine],
    by: str | None,
    now: datetime,
    *,
    rule: str | None = None,
) -> int:
    """The cohort's number."""
    (number,) = tx.numbers("cohort")
    tx.run(
        _INSERT,
        {
            "id": number,
            "name": name,
            "process": process,
            "started_at": to_micros(now),
            "started_by": by,
            "rule": rule,
        },
    )
    put_members(tx, number, lines, by)
    return number


def put_members(tx: Transaction, number: int, lines: Sequence[CohortLine], by: str | None) -> None:
    """A line that says why it cannot be started is refused already."""
    tx.run(
        _ADD,
        [
            {
                "cohort_id": number,
                "line": each.line,
                "subject": each.subject,
                "data": orjson.dumps(each.data, default=dict).decode(),
                "asked_by": by,
                "not_before": None if each.not_before is None else to_micros(each.not_before),
                "status": "waiting" if each.refused is None else "refused",
                "note": each.refused,
                "case_id": None,
            }
            for each in lines
        ],
    )
