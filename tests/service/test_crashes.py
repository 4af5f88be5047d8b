"""Killed at every named place, at several of its visits: a restart finds everything whole.

The story is played in a forked child by looking at what is there, so that the next run goes on
where the killed one stopped, as a restarted program does.
"""

import os
import shutil
import signal
import traceback
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select
from support.invariants import check_everything
from support.postgres import Server
from support.processes import LAPTOP, LATE, PARENT, SCHEDULED, WAITING
from support.world import MONDAY, World, found, hire

from engine.service import Brief, CohortLine, Versions
from engine.service.failpoints import NAMES, Failpoints
from engine.store import Database
from engine.store.tables import (
    AssignmentRow,
    CaseRow,
    CohortRow,
    DefinitionRow,
    OutboxRow,
    PersonRow,
    SignalRow,
    TaskRow,
)

ANSWERS = {
    "ask": {"sent_on": "2027-03-02"},
    "check": {"condition": "good"},
}


def play(world: World) -> None:
    """Brings everything to an end, from wherever it is."""
    known = {row.process for row in world.rows(DefinitionRow)}
    for source in (LAPTOP, PARENT, WAITING, LATE, SCHEDULED):
        if source.split("process: ")[1].split("\n")[0] not in known:
            world.publish(source)
    started = {row.process for row in world.rows(CaseRow)}
    for process in ("parent", "calibration", "feedback"):
        if process not in started:
            world.start(process)
    if not [row for row in world.rows(CohortRow) if row.rule is None]:
        lines = [CohortLine(line=n, subject=f"p_{w}", data={}) for n, w in enumerate(("dan", "x"))]
        world.service.start_cohort("all", "laptop-return", lines, None, world.now)
    (cohort,) = [row for row in world.rows(CohortRow) if row.rule is None]
    while world.service.launch(cohort.id, 1, world.now).more:
        pass
    renew(world)
    for _ in range(8):
        world.later(hours=1)
        answer_all(world)
        if not world.rows(SignalRow):
            body = {"department": "Sales", "grade": "L5"}
            world.service.signal("calibration.published", body, None, None, world.now)
        world.advance(limit=2)
        for number in world.service.launches(world.now):
            world.service.launch(number, 1, world.now)
        deliver(world)


def renew(world: World) -> None:
    """A version with another title: the cases that run take it over."""
    if ("laptop-return", 2) not in {
        (row.process, row.version) for row in world.rows(DefinitionRow)
    }:
        world.publish(
            LAPTOP.replace("version: 1", "version: 2").replace("Laptop return", "The laptop")
        )
    after: int | None = 0
    while after is not None:
        patched = Versions(service=world.service).patch("laptop-return", after, 1, world.now)
        after = patched.after


def answer_all(world: World) -> None:
    """The feedback alone is left to its timers."""
    with world.database.read() as session:
        late = session.exec(select(CaseRow.name).where(CaseRow.process == "feedback")).first()
    mine = set() if late is None else set(world.open_tasks(late).values())
    with world.database.read() as session:
        open_tasks = session.exec(
            select(TaskRow.public_id, TaskRow.state, AssignmentRow.person)
            .join(AssignmentRow, AssignmentRow.task_id == TaskRow.id)
            .where(TaskRow.status == "open", col(AssignmentRow.ended_at).is_(None))
        ).all()
    for public_id, state, person in open_tasks:
        if public_id not in mine:
            world.answer(public_id, person[2:], **ANSWERS.get(state, {}))


def deliver(world: World) -> None:
    for row in world.service.claim_outbox(3, timedelta(minutes=30), "child", world.now):
        if isinstance(world.service.brief(row.id, world.now), Brief):
            world.service.sent(row.id, world.now)


def run_in_child(url: str, failpoint: str | None, run: int) -> int:
    """The child's exit status as `waitpid` gives it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    status = 1
    try:
        database = Database.open(url)
        service = found(database, seed=run, failpoints=Failpoints.parse(failpoint))
        play(World(database=database, service=service, now=MONDAY + timedelta(days=run)))
        database.close()
        status = 0
    except BaseException:  # noqa: BLE001 - the parent reads the exit status
        traceback.print_exc()
    finally:
        os._exit(status)


def survive(url: str, failpoint: str, *, must: bool) -> None:
    with Database.open(url) as database:
        database.write(hire)
        assert {row.id for row in World(database=database, service=None).rows(PersonRow)}
    status = run_in_child(url, failpoint, run=0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or (status == 0 and not must), (failpoint, status)
    with Database.open(url) as database:
        check_everything(database)

    assert run_in_child(url, None, run=1) == 0

    with Database.open(url) as database:
        check_everything(database)
        world = World(database=database, service=found(database))
        outcomes = {row.process: row.outcome for row in world.rows(CaseRow)}
        assert outcomes == {
            "parent": "done",
            "calibration": "done",
            "feedback": "missed",
            "laptop-return": "done",
            "plan": "done",
        }
        days = [row.name for row in world.rows(CohortRow) if row.rule is not None]
        assert 1 <= len(days) <= 2
        assert len(world.rows(CaseRow)) == 5 + len(days)
        assert {row.status for row in world.rows(OutboxRow)} <= {"sent", "cancelled"}


# tests/privacy/test_crashes.py and tests/service/test_directory_events.py
ELSEWHERE = {"file.kept", "retention.erased", "directory.raised"}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_killed_at_its_first_visit(sqlite_template: Path, folder: Path, name: str):
    file = folder / "tenure.db"
    shutil.copy(sqlite_template, file)
    survive(str(file), f"{name}:1", must=True)


@pytest.mark.parametrize("name", ["submit.written", "advance.written", "outbox.sent"])
def test_killed_while_postgresql_holds_the_transaction(postgres: Server, name: str):
    postgres.empty()
    survive(postgres.url, f"{name}:1", must=True)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("apply.")])
def test_killed_at_its_fourth_visit(sqlite_template: Path, folder: Path, name: str):
    file = folder / "tenure.db"
    shutil.copy(sqlite_template, file)
    survive(str(file), f"{name}:4", must=True)


def test_a_failpoint_that_there_is_not_is_refused_with_the_names():
    with pytest.raises(ValueError, match=r"no failpoint.*submit\.loaded"):
        Failpoints.parse("submit.lodaed:1")
