"""What somebody would leave behind: foretold by the rules themselves, before their last day.

Each case that concerns them is asked what it would do, by the same pure step that will decide it
then; nothing is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

import orjson
from sqlalchemy import exists, false
from sqlmodel import Session, col, select

from engine.core.codec import decode
from engine.core.effects import OpenIncident
from engine.core.events import DirectoryChanged, Event, SignalArrived
from engine.core.snapshot import Snapshot
from engine.core.step import step
from engine.directory import Roster, RosterFacts
from engine.directory.events import LEFT
from engine.directory.moving import without
from engine.directory.roster import position
from engine.queries.atlas import Atlas
from engine.queries.cases import CaseLine, case_lines
from engine.queries.person import named_in, reports_of
from engine.queries.reader import Reader
from engine.queries.records import records
from engine.queries.tasks import Named, TaskLine, task_lines
from engine.store.tables import AssignmentRow, CaseRow, DefinitionRow, TaskRow


class Becomes(StrEnum):
    """What an open task of somebody who leaves comes to."""

    GOES = "goes"  # to whom the process names next
    QUEUE = "queue"
    WITHDRAWN = "withdrawn"  # nobody need do it any more
    STAYS = "stays"  # with them, at an address of their own
    NOBODY = "nobody"  # an incident would ask for help
    UNKNOWN = "unknown"  # the case cannot decide it, and an incident would ask for help


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskFate:
    """One open task of theirs."""

    task: TaskLine
    becomes: Becomes
    to: tuple[Named, ...] = ()  # of GOES
    queue: str | None = None  # of QUEUE


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFate:
    """One open case about them."""

    line: CaseLine
    outcome: str | None  # as which it would end; None: it goes on
    undecided: bool  # it cannot decide, and an incident would ask for help


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatLine:
    """A role that they hold."""

    position: str  # `hr-partner@Sales`
    others: tuple[Named, ...]  # who holds it besides
    successors: tuple[Named, ...]  # who could follow, as the record says that is valid now
    case: str | None  # that wrote it


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueLine:
    """A queue from which they work."""

    queue: str
    others: tuple[Named, ...]
    waiting: int  # tasks in it that nobody has taken


@dataclass(frozen=True, kw_only=True, slots=True)
class Departure:
    """Everything that somebody owns, and who has it without them."""

    day: date  # the first without them; tomorrow if nobody knows it
    planned: bool  # somebody knows it
    tasks: tuple[TaskFate, ...]  # the oldest first
    cases: tuple[CaseFate, ...]  # the newest first
    seats: tuple[SeatLine, ...]
    queues: tuple[QueueLine, ...]
    reports: tuple[Named, ...]  # who would have no manager that works here

    @property
    def forlorn(self) -> int:
        """How many things would be with nobody."""
        tasks = sum(one.becomes in (Becomes.NOBODY, Becomes.UNKNOWN) for one in self.tasks)
        seats = sum(not one.others for one in self.seats)
        queues = sum(not one.others for one in self.queues)
        return tasks + seats + queues + len(self.reports)


def departure(
    session: Session, reader: Reader, person: str, last_day: date | None, now: datetime
) -> Departure:
    """Of somebody who works here. With a `last_day` everything else that changes until then counts.

    A dozen queries, and one step for each case that concerns them.
    """
    facts = reader.directory.facts(session, now)
    today = facts.roster
    day = max(last_day or today.day, today.day) + timedelta(days=1)
    then = without(reader.directory.roster(session, day) if last_day else today, person)
    world = replace(facts, roster=then)
    tasks = _tasks_of(session, person)
    about = session.exec(
        select(CaseRow)
        .where(col(CaseRow.subject) == person, col(CaseRow.closed_at).is_(None))
        .order_by(col(CaseRow.id).desc())
    ).all()
    concerned = {row.id or 0: row for row in (*about, *(case for _, case, _ in tasks))}
    left = SignalArrived(name=LEFT, body={"person": person, "on": day.isoformat()}, at=now)
    atlases = reader.atlases(session, (row.definition_id for row in concerned.values()))
    after = {
        number: _after(atlases[row.definition_id], row, left, world, now)
        for number, row in concerned.items()
    }
    lines = task_lines(session, tasks, now)
    return Departure(
        day=day,
        planned=last_day is not None,
        tasks=tuple(
            _fate(line, after[case.id or 0], person, then)
            for line, (_, case, _) in zip(lines, tasks, strict=True)
        ),
        cases=tuple(
            CaseFate(
                line=line,
                outcome=None if ended is None else ended.outcome,
                undecided=ended is None,
            )
            for line, ended in zip(
                case_lines(session, reader, about, now),
                (after[row.id or 0] for row in about),
                strict=True,
            )
        ),
        seats=_seats(session, person, today, then, now),
        queues=_queues(session, person, today, then),
        reports=reports_of(then, person),
    )


def _tasks_of(session: Session, person: str) -> Sequence[tuple[TaskRow, CaseRow, str]]:
    """What they have, not what waits in their queues."""
    held = select(AssignmentRow.task_id).where(
        col(AssignmentRow.person) == person,
        col(AssignmentRow.ended_at).is_(None),
        col(AssignmentRow.candidate) == false(),
    )
    return session.exec(
        select(TaskRow, CaseRow, DefinitionRow.title)
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .join(DefinitionRow, col(DefinitionRow.id) == col(CaseRow.definition_id))
        .where(col(TaskRow.status) == "open", col(TaskRow.id).in_(held))
        .order_by(col(TaskRow.id))
    ).all()


def _after(
    atlas: Atlas, row: CaseRow, left: SignalArrived, facts: RosterFacts, now: datetime
) -> Snapshot | None:
    """The case once it has heard of it; None where it cannot decide.

    As the service tells it: who left first, to the cases about them, and then to look again.
    """
    if atlas.definition is None:
        return None
    snapshot = decode(orjson.loads(row.snapshot))
    about = row.subject == left.body["person"]
    events: tuple[Event, ...] = (*((left,) if about else ()), DirectoryChanged(at=now))
    for event in events:
        taken = step(atlas.definition, snapshot, event, now, facts)
        if any(isinstance(each, OpenIncident) and each.blocking for each in taken.effects):
            return None
        snapshot = taken.snapshot
    return snapshot


def _fate(line: TaskLine, after: Snapshot | None, person: str, roster: Roster) -> TaskFate:
    if after is None:
        return TaskFate(task=line, becomes=Becomes.UNKNOWN)
    opened = after.tasks.get(line.key) if after.outcome is None else None
    if opened is None:
        return TaskFate(task=line, becomes=Becomes.WITHDRAWN)
    if person in opened.owners:
        return TaskFate(task=line, becomes=Becomes.STAYS)
    if opened.owners:
        return TaskFate(task=line, becomes=Becomes.GOES, to=_people(roster, opened.owners))
    if opened.queue is not None and roster.queues.get(opened.queue):
        return TaskFate(task=line, becomes=Becomes.QUEUE, queue=opened.queue)
    return TaskFate(task=line, becomes=Becomes.NOBODY)


def _seats(
    session: Session, person: str, today: Roster, then: Roster, now: datetime
) -> tuple[SeatLine, ...]:
    found = []
    for (role, unit), holders in today.roles.items():
        if person not in holders:
            continue
        seat = position(role, unit)
        record = next(iter(records(session, now, kind="succession", about=seat, limit=1)), None)
        named = [] if record is None else _named(record.value)
        found.append(
            SeatLine(
                position=seat,
                others=_people(then, then.roles.get((role, unit), ())),
                successors=_people(then, [one for one in named if _here(then, one)]),
                case=None if record is None else record.case,
            )
        )
    return tuple(sorted(found, key=lambda one: one.position))


def _named(value: object) -> list[str]:
    """Whom a `succession` record names; empty for one of another shape."""
    rows = value if isinstance(value, list) else []
    return [str(row["person"]) for row in rows if isinstance(row, Mapping) and row.get("person")]


def _here(roster: Roster, person: str) -> bool:
    return bool(roster.people.get(person, {}).get("active"))


def _queues(session: Session, person: str, today: Roster, then: Roster) -> tuple[QueueLine, ...]:
    mine = sorted(queue for queue, members in today.queues.items() if person in members)
    if not mine:
        return ()
    taken = exists().where(
        col(AssignmentRow.task_id) == col(TaskRow.id),
        col(AssignmentRow.ended_at).is_(None),
        col(AssignmentRow.candidate) == false(),
    )
    waiting = session.exec(
        select(TaskRow.queue).where(
            col(TaskRow.status) == "open",
            col(TaskRow.queue).in_(mine),
            ~taken,
        )
    ).all()
    return tuple(
        QueueLine(
            queue=queue,
            others=_people(then, then.queues.get(queue, ())),
            waiting=waiting.count(queue),
        )
        for queue in mine
    )


def _people(roster: Roster, people: Iterable[str]) -> tuple[Named, ...]:
    return tuple(named_in(roster, one) or Named(id=one, name=one) for one in people)
