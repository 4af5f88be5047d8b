"""What starts cases by itself: the rules that wait now, and what became of the last ones."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from engine.core.instants import from_micros
from engine.store.statements import table_of
from engine.store.tables import CohortMemberRow, CohortRow, StartRuleRow

_RULE = table_of(StartRuleRow)
_COHORT = table_of(CohortRow)
_MEMBER = table_of(CohortMemberRow)


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingRule:
    """A signal that is listened for, or a schedule with its next day."""

    process: str
    rule: str  # as people read it
    next_at: datetime | None  # None: it waits for a signal


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleRun:
    """One time that a rule wanted cases."""

    name: str
    process: str
    rule: str
    at: datetime
    started: int
    waiting: int
    refused: tuple[tuple[str | None, str], ...]  # subject and why, the first ones


def waiting_rules(session: Session, process: str | None = None) -> tuple[WaitingRule, ...]:
    """By process, as they stand in the file of the newest version."""
    asked = select(_RULE.c.process, _RULE.c.rule, _RULE.c.next_at).order_by(
        _RULE.c.process, _RULE.c.id
    )
    if process is not None:
        asked = asked.where(_RULE.c.process == process)
    return tuple(
        WaitingRule(process=of, rule=rule, next_at=None if at is None else from_micros(at))
        for of, rule, at in session.connection().execute(asked)
    )


def rule_runs(session: Session, process: str | None = None, limit: int = 10) -> tuple[RuleRun, ...]:
    """The newest first."""
    asked = (
        select(
            _COHORT.c.id, _COHORT.c.name, _COHORT.c.process, _COHORT.c.rule, _COHORT.c.started_at
        )
        .where(_COHORT.c.rule.is_not(None))
        .order_by(_COHORT.c.id.desc())
        .limit(limit)
    )
    if process is not None:
        asked = asked.where(_COHORT.c.process == process)
    return tuple(
        _run(session, number, name, of, rule, at)
        for number, name, of, rule, at in session.connection().execute(asked).all()
    )


def _run(session: Session, number: int, name: str, process: str, rule: str, at: int) -> RuleRun:
    connection = session.connection()
    counted = connection.execute(
        select(_MEMBER.c.status, func.count())
        .where(_MEMBER.c.cohort_id == number)
        .group_by(_MEMBER.c.status)
    )
    counts: dict[str, int] = dict(counted.tuples().all())
    refused = connection.execute(
        select(_MEMBER.c.subject, _MEMBER.c.note)
        .where(_MEMBER.c.cohort_id == number, _MEMBER.c.status == "refused")
        .order_by(_MEMBER.c.line)
        .limit(20)
    )
    return RuleRun(
        name=name,
        process=process,
        rule=rule,
        at=from_micros(at),
        started=counts.get("started", 0),
        waiting=counts.get("waiting", 0),
        refused=tuple((subject, note or "refused") for subject, note in refused),
    )
