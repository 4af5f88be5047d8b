"""How far the smallest talent management is: three checks, read from cases and shared records.

Which people and positions it began with stands in the bulk starts that the command has made, so
that the state can be seen without the file, and by anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from analytics.readiness import Choice, Readiness, assess, furthest
from engine.core.instants import from_micros
from engine.directory.facts import RosterFacts
from engine.queries import CaseFilter, CaseLine, CasePage, Reader, TaskLine, cases
from engine.queries import case as read_case
from engine.queries.records import RecordLine, records
from engine.service.evidence import Named, evidence, named
from engine.store.tables import CohortMemberRow, CohortRow

SKILLS, SUCCESSION, PLAN = "skills-inventory", "succession-planning", "development-plan"
PREFIX = "starter: "


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """A position whose loss would hurt, as HR says it in the people file."""

    position: str  # as the column `roles` has it
    holder: str  # person id
    risk: float  # 0: nobody said
    successor: str | None  # person id
    needs: tuple[tuple[str, float], ...]  # skills with their levels


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """What earlier runs have started."""

    people: tuple[str, ...]  # whose skills were asked
    positions: tuple[str, ...]
    since: datetime | None  # of the first of it


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One person or position of a check."""

    about: str  # id
    done: datetime | None
    case: str | None  # the newest about it
    open: bool  # that case goes on
    waits: tuple[TaskLine, ...]  # its open tasks
    named: tuple[str, ...] = ()  # of a position: the ids of those who could follow


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """The three checks."""

    begun: Begun
    skills: tuple[Line, ...]
    positions: tuple[Line, ...]
    readiness: tuple[Readiness, ...]  # of everybody who is named, in the records or in the file
    choice: Choice | None
    plan: Line | None  # of the chosen one, or of another who is named and has one
    done: tuple[datetime | None, datetime | None, datetime | None]  # when each was reached

    @property
    def finished(self) -> datetime | None:
        reached = [each for each in self.done if each is not None]
        return max(reached) if len(reached) == len(self.done) else None


def plan_data(found: Readiness) -> dict[str, str]:
    """What the case of a 90-day plan is started with: the reason for it is what is missing."""
    data = {"occasion": "named as a successor", "pace": "90 days"}
    if found.missing:
        gaps = "; ".join(found.missing)
        data["gaps"] = f"On the way to {found.position} what is missing is: {gaps}."
    return data


def begun(session: Session) -> Begun:
    rows = session.exec(
        select(CohortRow.process, CohortMemberRow.subject, CohortRow.started_at)
        .join(CohortMemberRow, col(CohortMemberRow.cohort_id) == col(CohortRow.id))
        .where(col(CohortRow.name).startswith(PREFIX))
        .order_by(col(CohortRow.started_at), col(CohortMemberRow.line))
    ).all()

    def subjects(process: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(about) for name, about, _ in rows if name == process))

    return Begun(
        people=subjects(SKILLS),
        positions=subjects(SUCCESSION),
        since=from_micros(rows[0][2]) if rows else None,
    )


def read_state(
    session: Session, reader: Reader, facts: RosterFacts, seats: Sequence[Seat], now: datetime
) -> State:
    """`seats` are those of the file; without it only what records say is known of successors."""
    so_far = begun(session)
    here = {person for person, one in facts.roster.people.items() if one["active"]}
    people = [person for person in so_far.people if person in here]
    skills = tuple(
        _line(session, reader, SKILLS, person, _record(session, "skills", person, now), now)
        for person in people
    )
    positions = tuple(_position(session, reader, position, now) for position in so_far.positions)
    connection = session.connection()
    wanted = set(so_far.positions)
    written = [one for one in named(connection, now) if one.position in wanted]
    marked = [seat for seat in seats if seat.position in wanted]
    rows = evidence(connection, _all_named(written, marked), facts, now)
    readiness = assess(rows)
    choice = furthest(readiness)
    plan = _plan(session, reader, readiness, choice, now)
    return State(
        begun=so_far,
        skills=skills,
        positions=positions,
        readiness=readiness,
        choice=choice,
        plan=plan,
        done=(_reached(skills), _reached(positions), None if plan is None else plan.done),
    )


def _reached(lines: Sequence[Line]) -> datetime | None:
    """When the last of them was done; None: one is not, or there is none."""
    done = [line.done for line in lines if line.done is not None]
    return max(done) if lines and len(done) == len(lines) else None


def _all_named(written: Sequence[Named], seats: Sequence[Seat]) -> list[Named]:
    """The file's word counts for a position until its case has named somebody."""
    known = {one.position for one in written}
    told = {seat.position: seat for seat in seats}
    found = [
        one
        if one.needs or one.position not in told
        else Named(
            person=one.person,
            position=one.position,
            risk=one.risk or told[one.position].risk,
            needs=told[one.position].needs,
            covers=one.covers,
            shown=one.shown,
            at=one.at,
            case=one.case,
        )
        for one in written
    ]
    found += [
        Named(person=seat.successor, position=seat.position, risk=seat.risk, needs=seat.needs)
        for seat in seats
        if seat.successor is not None and seat.position not in known
    ]
    return found


def _record(session: Session, kind: str, about: str, now: datetime) -> RecordLine | None:
    found = records(session, now, kind=kind, about=about, limit=1)
    return found[0] if found else None


def _position(session: Session, reader: Reader, position: str, now: datetime) -> Line:
    kept = _record(session, "succession", position, now)
    people: tuple[str, ...] = ()
    if kept is not None and isinstance(kept.value, list):
        people = tuple(str(each["person"]) for each in kept.value if "person" in each)
    return _line(session, reader, SUCCESSION, position, kept if people else None, now, people)


def _line(
    session: Session,
    reader: Reader,
    process: str,
    about: str,
    kept: RecordLine | None,
    now: datetime,
    people: tuple[str, ...] = (),
) -> Line:
    newest = _newest(session, reader, process, about, now)
    page = None if newest is None else read_case(session, reader, newest.name, now)
    return Line(
        about=about,
        done=None if kept is None else kept.valid_from,
        case=None if newest is None else newest.name,
        open=newest is not None and newest.closed_at is None,
        waits=_waiting(page),
        named=people,
    )


def _plan(
    session: Session,
    reader: Reader,
    readiness: Sequence[Readiness],
    choice: Choice | None,
    now: datetime,
) -> Line | None:
    """The plan of whoever is furthest from ready, else of another who is named."""
    if choice is None:
        return None
    first = choice.chosen.person
    for person in dict.fromkeys([first, *(each.person for each in readiness)]):
        newest = _newest(session, reader, PLAN, person, now)
        if newest is not None:
            page = read_case(session, reader, newest.name, now)
            return Line(
                about=person,
                done=_agreed(page),
                case=newest.name,
                open=newest.closed_at is None,
                waits=_waiting(page),
            )
    return None


def _agreed(page: CasePage | None) -> datetime | None:
    """When the manager last agreed on the plan."""
    closed = [
        task.closed_at
        for task in (() if page is None else page.tasks)
        if task.state == "agree" and task.outcome == "agree" and task.closed_at is not None
    ]
    return max(closed, default=None)


def _newest(
    session: Session, reader: Reader, process: str, about: str, now: datetime
) -> CaseLine | None:
    found = cases(session, reader, CaseFilter(process=process, subject=about), now, limit=1)
    return found.items[0] if found.items else None


def _waiting(page: CasePage | None) -> tuple[TaskLine, ...]:
    return tuple(task for task in (() if page is None else page.tasks) if task.status == "open")
