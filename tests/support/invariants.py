"""What is true of every database after every commit, whoever was killed when."""

from collections import Counter
from typing import Any

import orjson
from sqlmodel import Session, col, select

from engine.audit.chain import commitment_of, event_hash, genesis
from engine.audit.migrated import MIGRATED, rule_of
from engine.audit.told import read_told
from engine.core import codec
from engine.core.migration import Moved, migrate
from engine.core.snapshot import Snapshot
from engine.core.step import step
from engine.directory.facts import ReplayFacts
from engine.store import Database, from_micros, to_micros
from engine.store.tables import (
    AssignmentRow,
    CaseRow,
    CohortMemberRow,
    DefinitionRow,
    EventPrivateRow,
    EventRow,
    InboxRow,
    IncidentRow,
    LinkRow,
    OutboxRow,
    TaskRow,
    TimerRow,
    WaitRow,
)
from support.world import loaded

_TOLD_AGAIN = {"case.started", "task.answered", "timer.fired", "signal.arrived"} | {
    "subcase.closed",
    "task.claimed",
    "task.reassigned",
    "directory.changed",
    "case.cancelled",
}


def check_everything(database: Database) -> None:
    """Raises AssertionError with the case it is about."""
    with database.read() as session:
        definitions = {row.id: row for row in session.exec(select(DefinitionRow))}
        compiled = {
            number: loaded(row.source, row.process).definition
            for number, row in definitions.items()
        }
        for case in session.exec(select(CaseRow).order_by(col(CaseRow.id))):
            snapshot = codec.decode(orjson.loads(case.snapshot))
            _rows_are_the_snapshot(session, case, snapshot)
            lines = session.exec(
                select(EventRow, EventPrivateRow)
                .join(EventPrivateRow, EventPrivateRow.event_id == EventRow.id, isouter=True)
                .where(EventRow.case_id == case.id)
                .order_by(col(EventRow.seq))
            ).all()
            _the_chain_holds(case, lines, definitions)
            _a_replay_gives_the_same(case, lines, compiled, snapshot)
            _decisions_are_single(session, case, lines)
        _letters_fit(session)
        for member in session.exec(select(CohortMemberRow)):
            assert (member.status == "started") == (member.case_id is not None)


def _rows_are_the_snapshot(session: Session, case: CaseRow, snapshot: Snapshot) -> None:
    tasks = session.exec(select(TaskRow).where(TaskRow.case_id == case.id)).all()
    open_tasks = {row.key: row for row in tasks if row.status == "open"}
    timers = session.exec(select(TimerRow).where(TimerRow.case_id == case.id)).all()
    assert set(open_tasks) == set(snapshot.tasks), case.name
    for key, row in open_tasks.items():
        due = snapshot.tasks[key].due
        assert row.due_at == (None if due is None else to_micros(due)), case.name
    assert {row.key: row.due_at for row in timers} == {
        key: to_micros(timer.at) for key, timer in snapshot.timers.items()
    }, case.name
    assert (case.outcome is None) == (case.closed_at is None), case.name
    assert case.outcome == snapshot.outcome, case.name
    for row in tasks:
        held = session.exec(
            select(AssignmentRow)
            .where(AssignmentRow.task_id == row.id, col(AssignmentRow.ended_at).is_(None))
            .order_by(col(AssignmentRow.id))
        ).all()
        if row.status != "open":
            assert held == [], (case.name, row.key)
            continue
        owners = snapshot.tasks[row.key].owners
        if owners:
            assert [a.person for a in held if not a.candidate] == list(owners), case.name
    if case.closed_at is not None:
        for table in (TimerRow, WaitRow, InboxRow):
            left = session.exec(select(table).where(table.case_id == case.id)).all()
            assert left == [], (case.name, table.__tablename__)
        incidents = session.exec(
            select(IncidentRow).where(
                IncidentRow.case_id == case.id,
                col(IncidentRow.closed_at).is_(None),
                col(IncidentRow.blocking),
            )
        ).all()
        assert incidents == [], case.name


def _the_chain_holds(
    case: CaseRow, lines: list[Any], definitions: dict[int | None, DefinitionRow]
) -> None:
    head = genesis(case.name)
    for number, (line, private) in enumerate(lines, start=1):
        assert line.seq == number, case.name
        assert line.prev == head, (case.name, number)
        definition = definitions[line.definition_id]
        head = event_hash(
            seq=line.seq,
            at=line.at,
            kind=line.kind,
            actor=line.actor,
            assurance=line.assurance,
            object=line.object,
            definition_version=definition.version,
            definition_sha256=definition.sha256,
            request=line.request,
            public_json=line.public,
            commitment=line.commitment,
            prev=line.prev,
        )
        assert line.hash == head, (case.name, number)
        assert (private is None) == (line.commitment is None), (case.name, number)
        if private is not None:
            assert commitment_of(private.salt, private.payload) == line.commitment
    assert (case.seq, case.head) == (len(lines), head), case.name


def _a_replay_gives_the_same(
    case: CaseRow, lines: list[Any], compiled: dict[int | None, Any], wanted: Snapshot
) -> None:
    snapshot = ruled = None
    for line, private in lines:
        new = compiled[line.definition_id]
        if line.kind == MIGRATED:
            rule = rule_of(orjson.loads(line.public)["rule"])
            facts = ReplayFacts(orjson.loads(private.payload)["facts"])
            assert ruled is not None, case.name
            moved = migrate(ruled, new, snapshot, rule, from_micros(line.at), facts)
            assert isinstance(moved, Moved), case.name
            snapshot, ruled = moved.step.snapshot, new
        if line.kind not in _TOLD_AGAIN:
            continue
        told = read_told(
            kind=line.kind,
            at=line.at,
            actor=line.actor,
            object=line.object,
            public=orjson.loads(line.public),
            private=orjson.loads(private.payload),
        )
        snapshot = step(new, snapshot, told.event, told.now, told.facts).snapshot
        ruled = new
    assert snapshot is not None, case.name
    assert codec.encode(snapshot) == codec.encode(wanted), case.name


def _decisions_are_single(session: Session, case: CaseRow, lines: list[Any]) -> None:
    answered = Counter(line.object for line, _ in lines if line.kind == "task.answered")
    closed = session.exec(
        select(TaskRow.key).where(TaskRow.case_id == case.id, TaskRow.status == "answered")
    ).all()
    assert answered == Counter(closed), case.name
    fired = Counter((line.object, line.public) for line, _ in lines if line.kind == "timer.fired")
    assert all(count == 1 for count in fired.values()), case.name
    sent = Counter(
        orjson.loads(line.public)["outbox"] for line, _ in lines if line.kind == "mail.sent"
    )
    assert all(count == 1 for count in sent.values()), case.name


def _letters_fit(session: Session) -> None:
    asked = {
        (row.task_id, row.person)
        for row in session.exec(select(OutboxRow))
        if row.kind in {"task", "handed_over"}
    }
    for assignment in session.exec(select(AssignmentRow)):
        assert (assignment.task_id, assignment.person) in asked
    marked = {
        orjson.loads(line.public)["outbox"]: line.kind.removeprefix("mail.")
        for line in session.exec(select(EventRow).where(col(EventRow.kind).like("mail.%")))
    }
    for row in session.exec(select(OutboxRow)):
        if row.status == "sent":
            assert marked.get(row.id) == "sent", row.id
        else:
            assert marked.get(row.id) != "sent", row.id
    live = session.exec(
        select(LinkRow, AssignmentRow, TaskRow)
        .join(AssignmentRow, AssignmentRow.id == LinkRow.assignment_id)
        .join(TaskRow, TaskRow.id == AssignmentRow.task_id)
        .where(
            LinkRow.purpose == "task",
            col(LinkRow.revoked_at).is_(None),
            col(AssignmentRow.ended_at).is_not(None),
        )
    ).all()
    # The link of an answered task is dead with its assignment; the session shows what was recorded.
    assert all(task.status == "answered" for _, _, task in live)
