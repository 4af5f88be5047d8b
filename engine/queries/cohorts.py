"""Bulk starts: which there are, how far each has come, and who is not where they should be."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlmodel import Session, col

from engine.core.instants import from_micros, to_micros
from engine.core.places import state_id
from engine.queries.reader import Reader, read_names
from engine.queries.tasks import Named, instant, named, subject_of
from engine.store.statements import constant, table_of
from engine.store.tables import CaseRow, CohortMemberRow, CohortRow, DefinitionRow, TaskRow

_COHORT = table_of(CohortRow)
_MEMBER = table_of(CohortMemberRow)
_CASE = table_of(CaseRow)
_TASK = table_of(TaskRow)


@dataclass(frozen=True, kw_only=True, slots=True)
class CohortSummary:
    """A bulk start on a list. What a rule of `starts:` began on its own is one as well."""

    number: int
    name: str
    process: str
    started_at: datetime
    started_by: Named | None  # None: an operator or a rule
    rule: str | None  # as it stands in the definition
    total: int  # without those who were taken out
    waiting: int
    refused: int
    removed: int
    open_cases: int
    closed_cases: int
    overdue: int  # cases with a task past its due instant

    @property
    def started(self) -> int:
        return self.open_cases + self.closed_cases


@dataclass(frozen=True, kw_only=True, slots=True)
class StepLine:
    """A state of the process, as the cohort's cases came by."""

    state: str  # id
    title: str
    reached: int  # cases that entered it, ever
    now: int  # open cases that stand in it or below it
    overdue: int  # of those, with one of its own tasks past its due instant


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberLine:
    """Somebody whose case does not run, and why."""

    subject: Named | None
    status: str  # waiting | refused | removed
    note: str | None
    turn: datetime | None  # in a staggered start


@dataclass(frozen=True, kw_only=True, slots=True)
class CohortPage:
    """How far one bulk start is."""

    line: CohortSummary
    title: str  # of the process
    steps: tuple[StepLine, ...]  # in document order; by the newest version
    outcomes: tuple[tuple[str, int], ...]  # of closed cases, the most frequent first
    apart: tuple[MemberLine, ...]  # whose case does not run, by line


def cohorts(
    session: Session, now: datetime, *, process: str | None = None, limit: int = 100
) -> tuple[CohortSummary, ...]:
    """The newest first; four queries. A rule's start of a single case is not one of them."""
    of_one = select(_MEMBER.c.cohort_id).group_by(_MEMBER.c.cohort_id).having(func.count() == 1)
    asked = (
        select(_COHORT)
        .where(_COHORT.c.rule.is_(None) | _COHORT.c.id.not_in(of_one))
        .order_by(_COHORT.c.id.desc())
        .limit(limit)
    )
    if process is not None:
        asked = asked.where(_COHORT.c.process == process)
    return _lines(session, session.connection().execute(asked).all(), now)


def cohort(session: Session, reader: Reader, name: str, now: datetime) -> CohortPage | None:
    """A bulk start by its number or its name. Reads the snapshot of each of its cases."""
    which = _COHORT.c.name == name
    if name.isdecimal() and len(name) < 10:
        which |= _COHORT.c.id == int(name)
    row = session.connection().execute(select(_COHORT).where(which).limit(1)).one_or_none()
    if row is None:
        return None
    (line,) = _lines(session, [row], now)
    newest = session.connection().execute(
        select(col(DefinitionRow.id))
        .where(col(DefinitionRow.process) == row.process)
        .order_by(col(DefinitionRow.version).desc())
        .limit(1)
    )
    number = newest.scalar_one() or 0
    atlas = reader.atlases(session, [number])[number]
    reached, standing = _visits(session, row.id)
    overdue = _overdue_by_state(session, row.id, now)
    return CohortPage(
        line=line,
        title=atlas.title,
        steps=tuple(
            StepLine(
                state=state,
                title=title,
                reached=reached[state],
                now=standing[state],
                overdue=overdue.get(state, 0),
            )
            for state, title in atlas.titles().items()
        ),
        outcomes=tuple(_outcomes(session, row.id).most_common()),
        apart=_apart(session, row.id),
    )


def cohort_members(session: Session, number: int) -> frozenset[str]:
    """The subjects who are in a bulk start: those with a case of it, and those to come."""
    rows = session.connection().execute(
        select(_MEMBER.c.subject).where(
            _MEMBER.c.cohort_id == number, _MEMBER.c.status.in_(("waiting", "started"))
        )
    )
    return frozenset(subject for (subject,) in rows if subject is not None)


def _lines(session: Session, rows: Sequence[Any], now: datetime) -> tuple[CohortSummary, ...]:
    numbers = [row.id for row in rows]
    connection = session.connection()
    statuses: Counter[tuple[int, str]] = Counter()
    for number, status, count in connection.execute(
        select(_MEMBER.c.cohort_id, _MEMBER.c.status, func.count())
        .where(_MEMBER.c.cohort_id.in_(numbers))
        .group_by(_MEMBER.c.cohort_id, _MEMBER.c.status)
    ):
        statuses[number, status] = count
    still_open = _cases_of(session, numbers, _CASE.c.closed_at.is_(None), _is_in())
    closed = _cases_of(session, numbers, _CASE.c.closed_at.is_not(None), _is_in())
    late = _cases_of(session, numbers, _CASE.c.id.in_(_late(now)), _is_in())
    names = read_names(session, [row.started_by for row in rows])
    return tuple(
        CohortSummary(
            number=row.id,
            name=row.name,
            process=row.process,
            started_at=from_micros(row.started_at),
            started_by=named(names, row.started_by),
            rule=row.rule,
            total=sum(statuses[row.id, one] for one in ("waiting", "started", "refused")),
            waiting=statuses[row.id, "waiting"],
            refused=statuses[row.id, "refused"],
            removed=statuses[row.id, "removed"],
            open_cases=still_open[row.id],
            closed_cases=closed[row.id],
            overdue=late[row.id],
        )
        for row in rows
    )


def _is_in() -> Any:
    return _MEMBER.c.status == constant("started")


def _late(now: datetime) -> Any:
    return select(_TASK.c.case_id).where(
        _TASK.c.status == constant("open"), _TASK.c.due_at < to_micros(now)
    )


def _cases_of(session: Session, numbers: Sequence[int], *which: Any) -> Counter[int]:
    """How many cases of each bulk start."""
    found = session.connection().execute(
        select(_MEMBER.c.cohort_id, func.count())
        .join(_CASE, _CASE.c.id == _MEMBER.c.case_id)
        .where(_MEMBER.c.cohort_id.in_(numbers), *which)
        .group_by(_MEMBER.c.cohort_id)
    )
    return Counter(dict(found.tuples().all()))


def _visits(session: Session, number: int) -> tuple[Counter[str], Counter[str]]:
    """Cases by every state that they ever entered, and by every one that they stand in or below."""
    reached: Counter[str] = Counter()
    standing: Counter[str] = Counter()
    rows = session.connection().execute(
        select(_CASE.c.snapshot, _CASE.c.closed_at)
        .join(_MEMBER, _MEMBER.c.case_id == _CASE.c.id)
        .where(_MEMBER.c.cohort_id == number, _is_in())
        .execution_options(yield_per=500)
    )
    for text, closed_at in rows:
        snapshot: Mapping[str, Any] = orjson.loads(text)
        visited = {state_id(place) for place, count in snapshot.get("visits", {}).items() if count}
        reached.update(visited)
        if closed_at is None:
            standing.update({state_id(place) for place in snapshot["configuration"]})
    return reached, standing


def _overdue_by_state(session: Session, number: int, now: datetime) -> Mapping[str, int]:
    found = session.connection().execute(
        select(_TASK.c.state, func.count(_TASK.c.case_id.distinct()))
        .join(_MEMBER, _MEMBER.c.case_id == _TASK.c.case_id)
        .where(
            _MEMBER.c.cohort_id == number,
            _is_in(),
            _TASK.c.status == constant("open"),
            _TASK.c.due_at < to_micros(now),
        )
        .group_by(_TASK.c.state)
    )
    return dict(found.tuples().all())


def _outcomes(session: Session, number: int) -> Counter[str]:
    found = session.connection().execute(
        select(_CASE.c.outcome, func.count())
        .join(_MEMBER, _MEMBER.c.case_id == _CASE.c.id)
        .where(_MEMBER.c.cohort_id == number, _is_in(), _CASE.c.closed_at.is_not(None))
        .group_by(_CASE.c.outcome)
    )
    return Counter({outcome or "": count for outcome, count in found})


def _apart(session: Session, number: int) -> tuple[MemberLine, ...]:
    rows = (
        session.connection()
        .execute(
            select(_MEMBER.c.subject, _MEMBER.c.status, _MEMBER.c.note, _MEMBER.c.not_before)
            .where(_MEMBER.c.cohort_id == number, _MEMBER.c.status != constant("started"))
            .order_by(_MEMBER.c.line)
        )
        .all()
    )
    names = read_names(session, [row.subject for row in rows])
    return tuple(
        MemberLine(
            subject=subject_of(names, row.subject),
            status=row.status,
            note=row.note,
            turn=instant(row.not_before),
        )
        for row in rows
    )
