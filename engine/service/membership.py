"""Who comes to a bulk start late, and who is taken out of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select, update

from engine.core.chart import Definition
from engine.core.facts import Facts
from engine.core.start_rules import StartRule
from engine.core.starting import NotMeant, Undecided, Wanted
from engine.directory.facts import RosterFacts
from engine.service.beginnings import everybody_looked_at
from engine.service.cases import CASE
from engine.service.enlisting import put_members
from engine.service.errors import Refused, Unknown
from engine.service.operating import cancel
from engine.service.outcomes import CohortLine
from engine.service.tools import Tools
from engine.store import Statement, Transaction
from engine.store.statements import constant, table_of
from engine.store.tables import CohortMemberRow, CohortRow

_COHORT = table_of(CohortRow)
_MEMBER = table_of(CohortMemberRow)
_CALLED = Statement(
    select(_COHORT.c.id, _COHORT.c.process).where(_COHORT.c.name == bindparam("of"))
)
_LAST_LINE = Statement(
    select(func.max(_MEMBER.c.line)).where(_MEMBER.c.cohort_id == bindparam("of"))
)
_IS_IN = or_(_MEMBER.c.status == constant("waiting"), _MEMBER.c.status == constant("started"))
_STILL_IN = Statement(
    select(_MEMBER.c.subject).where(_MEMBER.c.cohort_id == bindparam("of"), _IS_IN)
)
_MEMBERSHIP = Statement(
    select(_MEMBER.c.id, CASE.c.name, CASE.c.closed_at)
    .outerjoin(CASE, CASE.c.id == _MEMBER.c.case_id)
    .where(
        _MEMBER.c.cohort_id == bindparam("of"),
        _MEMBER.c.subject == bindparam("subject"),
        _IS_IN,
    )
)
_REMOVE = Statement(
    update(_MEMBER)
    .where(_MEMBER.c.id == bindparam("of"))
    .values(status=constant("removed"), note=bindparam("note"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """What a cohort's `if` says by now, against who is in it."""

    joining: tuple[CohortLine, ...]  # eligible, and not in it; not numbered
    outside: tuple[NotMeant | Undecided, ...]  # in it, and not eligible any more


def drift(
    definition: Definition,
    rule: StartRule,
    inside: Collection[str],
    facts: RosterFacts,
    now: datetime,
) -> Drift:
    """`inside` are the subjects of the cohort. Nothing is changed by it."""
    looked = everybody_looked_at(definition, rule, now, facts)
    return Drift(
        joining=tuple(
            CohortLine(line=0, subject=each.subject, data=each.data)
            for each in looked
            if isinstance(each, Wanted) and each.subject not in inside
        ),
        outside=tuple(
            each for each in looked if not isinstance(each, Wanted) and each.subject in inside
        ),
    )


def add(
    tx: Transaction, name: str, lines: Sequence[CohortLine], by: str | None
) -> tuple[int, tuple[str, ...]]:
    """The cohort's number, and the subjects who are in it already and were left as they are.

    Nothing is started yet, as with the cohort itself. Raises Unknown.
    """
    number, _ = _called(tx, name)
    inside: set[str] = {subject for (subject,) in tx.all(_STILL_IN, {"of": number}) if subject}
    new = [line for line in lines if line.subject is None or line.subject not in inside]
    (last,) = tx.all(_LAST_LINE, {"of": number})[0]
    put_members(
        tx, number, [replace(line, line=place) for place, line in enumerate(new, last + 1)], by
    )
    return number, tuple(sorted(inside & {line.subject for line in lines}))


def remove(
    tools: Tools,
    tx: Transaction,
    name: str,
    subject: str,
    facts: Facts,
    by: str | None,
    reason: str,
    now: datetime,
) -> str | None:
    """Takes somebody out: their case is cancelled for the reason, or never starts.

    Returns the case's name, None if there was none yet. Raises Refused or Unknown.
    """
    number, process = _called(tx, name)
    found = tx.one(_MEMBERSHIP, {"of": number, "subject": subject})
    if found is None:
        raise Refused(
            f"This person is not in the cohort {name!r}; `tenure cohort show` tells who is."
        )
    member, case, closed_at = found
    if closed_at is not None:
        raise Refused(f"Their case {case} of {process} is closed already and stays as it is.")
    if case is not None:
        cancel(tools, tx, case, facts, by, reason, now)
    tx.run(_REMOVE, {"of": member, "note": reason})
    return str(case) if case is not None else None


def _called(tx: Transaction, name: str) -> tuple[int, str]:
    found = tx.one(_CALLED, {"of": name})
    if found is None:
        raise Unknown(f"There is no cohort {name!r}. `tenure cohort list` tells which there are.")
    number, process = found
    return int(number), str(process)
