"""Bulk starts: written down first, launched in portions, each start on its own."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import bindparam, func, or_, select, text, update

from engine.core.facts import Facts
from engine.service.enlisting import enlist
from engine.service.errors import Refused, StartRefused, Unknown
from engine.service.history import Origin
from engine.service.macrostep import open_case
from engine.service.outcomes import CohortLine, Launched
from engine.service.starting import check_hand, prepare
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import constant, table_of
from engine.store.tables import CohortMemberRow, CohortRow

_COHORT = table_of(CohortRow)
_MEMBER = table_of(CohortMemberRow)
_NAMED = Statement(select(_COHORT.c.id).where(_COHORT.c.name == bindparam("of")))
_FIND = Statement(select(_COHORT.c.process, _COHORT.c.rule).where(_COHORT.c.id == bindparam("of")))
_TURN_HAS_COME = or_(_MEMBER.c.not_before.is_(None), _MEMBER.c.not_before <= bindparam("now"))
_WAITING = Statement(
    select(_MEMBER.c.id, _MEMBER.c.subject, _MEMBER.c.data, _MEMBER.c.asked_by)
    .where(
        _MEMBER.c.cohort_id == bindparam("of"),
        _MEMBER.c.status == constant("waiting"),
        _TURN_HAS_COME,
    )
    .order_by(_MEMBER.c.line)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DONE = Statement(
    update(_MEMBER)
    .where(_MEMBER.c.id == bindparam("of"))
    .values(status=bindparam("status"), note=bindparam("note"), case_id=bindparam("case_id"))
)


_COUNT = Statement(
    select(_MEMBER.c.status, _TURN_HAS_COME.label("turn"), func.count())
    .where(_MEMBER.c.cohort_id == bindparam("of"))
    .group_by(_MEMBER.c.status, text("turn"))
)


def start_cohort(
    tools: Tools,
    tx: Transaction,
    name: str,
    process: str,
    lines: Sequence[CohortLine],
    by: str | None,
    now: datetime,
    *,
    rule: str | None = None,
) -> int:
    """The cohort's number; nothing is started yet. Raises Refused.

    `rule` is the one of `starts:` that chose the people.
    """
    if not lines:
        raise Refused(f"The cohort {name!r} is empty; there is nobody to start {process} for.")
    if tools.definitions.latest(tx, process) is None:
        raise Refused(f"No process {process!r} is published. Publish it first.")
    if tx.one(_NAMED, {"of": name}) is not None:
        raise Refused(f"There is a cohort {name!r} already. Give this one another name.")
    seen: set[int] = set()
    for each in lines:
        if each.line in seen:
            raise Refused(f"Line {each.line} of the cohort {name!r} is there twice.")
        seen.add(each.line)
    return enlist(tx, name, process, lines, by, now, rule=rule)


def launch(
    tools: Tools, tx: Transaction, number: int, limit: int, facts: Facts, now: datetime
) -> Launched:
    """Starts up to `limit` of those that wait; a refusal is noted and stops nobody else."""
    cohort = tx.one(_FIND, {"of": number})
    if cohort is None:
        raise Unknown(f"There is no cohort {number}.")
    process, rule = cohort
    micros = to_micros(now)
    version = tools.definitions.latest(tx, process)
    assert version is not None
    asked = {"of": number, "most": limit, "now": micros}
    for member, subject, data, by in tx.all(_WAITING, asked):
        tools.failpoints.reach("launch.between")
        done = {"of": member, "status": "started", "note": None, "case_id": None}
        try:
            with tx.savepoint():
                check_hand(version.definition, subject, by, facts, now)
                given = orjson.loads(data)
                ready = prepare(tools, tx, version, subject, given, by, facts, now)
                origin = Origin(actor=by, rule=rule)
                open_case(tools, tx, ready.case, ready.event, ready.facts, now, origin=origin)
                facts = ready.facts
                done["case_id"] = ready.case.id
        except StartRefused as refused:
            done |= {"status": "refused", "note": str(refused)}
        tx.run(_DONE, done)
    return _how_far(tx, number, micros)


def _how_far(tx: Transaction, number: int, now: int) -> Launched:
    counts: Counter[str] = Counter()
    for status, turn_has_come, count in tx.all(_COUNT, {"of": number, "now": now}):
        counts["later" if status == "waiting" and not turn_has_come else status] += count
    return Launched(
        done=counts["started"] + counts["refused"],
        total=counts.total() - counts["removed"],
        refused=counts["refused"],
        later=counts["later"],
        more=counts["waiting"] > 0,
    )
