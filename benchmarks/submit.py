"""Submissions a second through the public service, as a share of what the file system allows.

    python benchmarks/submit.py [--cases 300] [--rounds 3] [--dir FOLDER] [--profile]

The limit is a hand-written engine on raw sqlite3 (WAL, synchronous=FULL) that keeps the same
story: five answers a case, each case cold, each answer committed before the next, about twenty
lines of history. Both run in turn in one process; only their ratio is worth quoting.
"""

import argparse
import cProfile
import json
import os
import pstats
import random
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from engine.core.chart import Definition
from engine.core.form import Form
from engine.directory import Directory, Place
from engine.forms import check, validator
from engine.loader import load_text
from engine.service import Accepted, Service, Submission, Tools, submitting
from engine.store import Database
from engine.store.tables import (
    AssignmentRow,
    CaseRow,
    HolderRow,
    PersonRow,
    PersonVersionRow,
    TaskRow,
)

PROCESS = """
process: onboarding
version: 1
title: Onboarding
subject: person
data:
  start_date:      {type: date}
  department:      {type: text}
  seat:            {type: text}
  contract_signed: {type: yes_no}
  salary_band:     {type: integer}
forms:
  prepare:    {fields: [start_date, department, seat, contract_signed, salary_band]}
  it_account: {fields: {username: {type: text}, mailbox: {type: text}, licences: {type: integer}}}
  equipment:  {fields: {laptop: {type: text}, serial: {type: text}, delivered: {type: yes_no}}}
  payroll:
    fields: {iban_last4: {type: text}, tax_class: {type: integer}, approved: {type: yes_no}}
  checkin:
    fields: {rating: {type: integer}, comment: {type: text}, extend_probation: {type: yes_no}}
states:
  prepare:
    task: {to: subject.manager, form: prepare, due: 3 days}
    on:
      submit:
        - {if: data.contract_signed, go: provision}
        - {otherwise: rejected}
  provision:
    parallel:
      it_account: {task: {to: {role: it}, form: it_account, due: 5 days}}
      equipment:  {task: {to: {role: facilities}, form: equipment, due: 7 days}}
      payroll:    {task: {to: {role: payroll}, form: payroll, due: 7 days}}
  checkin:
    task: {to: subject.manager, form: checkin, due: 30 days}
  closed: {end: done}
  rejected: {end: rejected}
"""

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
SIDE = ("it_account", "equipment", "payroll")
ROLES = {"it_account": "it", "equipment": "facilities", "payroll": "payroll"}


def answers_for(task: str, i: int) -> dict[str, Any]:
    match task:
        case "prepare":
            return {
                "start_date": f"2026-02-{1 + i % 28:02d}",
                "department": ("Sales", "Research", "Legal")[i % 3],
                "seat": f"B{i % 9}-{i % 200}",
                "contract_signed": True,
                "salary_band": i % 12,
            }
        case "it_account":
            return {"username": f"user{i}", "mailbox": f"u{i}@example.org", "licences": i % 5}
        case "equipment":
            return {"laptop": "14 inch, 32 GB", "serial": f"SN{i:010d}", "delivered": True}
        case "payroll":
            return {"iban_last4": f"{i % 10000:04d}", "tax_class": i % 6, "approved": True}
        case _:
            comment = "Has settled in well; the next review is with the team lead in May."
            return {"rating": 1 + i % 5, "comment": comment, "extend_probation": False}


def rounds(cases: int) -> list[list[tuple[int, str]]]:
    """Three rounds, each shuffled over all cases, so that every answer meets a cold one."""
    shuffled = random.Random(7)
    made = []
    for tasks in (("prepare",), SIDE, ("checkin",)):
        one = [(i, task) for i in range(cases) for task in tasks]
        shuffled.shuffle(one)
        made.append(one)
    return made


# --- the limit: nothing but what the disk and the story demand ---


class Limit:
    """The story in forty lines on raw sqlite3."""

    def __init__(self, folder: Path, cases: int) -> None:
        self.db = sqlite3.connect(folder / "limit.db", isolation_level=None, cached_statements=256)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.executescript(
            """
            CREATE TABLE cases(id INTEGER PRIMARY KEY, state TEXT, data TEXT, revision INTEGER,
              updated TEXT, status TEXT);
            CREATE TABLE task(id INTEGER PRIMARY KEY, case_id INTEGER, name TEXT, person TEXT,
              status TEXT, due TEXT, opened TEXT, done TEXT, answers TEXT);
            CREATE INDEX task_case ON task(case_id);
            CREATE INDEX task_open ON task(person, due) WHERE status = 'open';
            CREATE INDEX task_due ON task(due) WHERE status = 'open';
            CREATE TABLE event(id INTEGER PRIMARY KEY, case_id INTEGER, seq INTEGER, at TEXT,
              kind TEXT, about TEXT, actor TEXT, payload TEXT);
            CREATE UNIQUE INDEX event_case ON event(case_id, seq);
            """
        )
        for i in range(cases):
            self.db.execute("BEGIN IMMEDIATE")
            data = {"name": f"Person Number {i}", "manager": f"m{i % 50}"}
            self.db.execute(
                "INSERT INTO cases VALUES(?,?,?,?,?,?)",
                (i, '["prepare"]', json.dumps(data), 3, NOW.isoformat(), "open"),
            )
            self._write(i, 0, [("case.started", None), ("entered", None), ("opened", None)], "hr")
            self._open(i, ["prepare"])
            self.db.execute("COMMIT")

    def submit(self, i: int, task: str) -> None:
        answers = answers_for(task, i)
        self.db.execute("BEGIN IMMEDIATE")
        state_text, data_text, revision = self.db.execute(
            "SELECT state, data, revision FROM cases WHERE id = ?", (i,)
        ).fetchone()
        (number,) = self.db.execute(
            "SELECT id FROM task WHERE case_id = ? AND name = ? AND status = 'open'", (i, task)
        ).fetchone()
        state, data = json.loads(state_text), json.loads(data_text)
        data[task] = answers
        events: list[tuple[str, Any]] = [("answered", answers)]
        opened: list[str] = []
        if task == "prepare":
            state, opened = list(SIDE), list(SIDE)
            events += [("exited", None), ("entered", None)] + [("opened", None)] * 3
        elif task in SIDE:
            state.remove(task)
            events.append(("branch.done", None))
            if not state:
                state, opened = ["checkin"], ["checkin"]
                events += [("exited", None), ("entered", None), ("opened", None)]
        else:
            state = ["done"]
            events += [("entered", None), ("closed", None)]
        now = NOW.isoformat()
        self.db.execute(
            "UPDATE task SET status = 'done', done = ?, answers = ? WHERE id = ?",
            (now, json.dumps(answers), number),
        )
        self.db.execute(
            "UPDATE cases SET state=?, data=?, revision=?, updated=?, status=? "
            "WHERE id=? AND revision=?",
            (
                json.dumps(state),
                json.dumps(data),
                revision + len(events),
                now,
                "done" if state == ["done"] else "open",
                i,
                revision,
            ),
        )
        self._write(i, revision, events, f"m{i % 50}")
        if opened:
            self._open(i, opened)
        self.db.execute("COMMIT")

    def _write(self, i: int, seq: int, events: list[tuple[str, Any]], actor: str) -> None:
        now = NOW.isoformat()
        self.db.executemany(
            "INSERT INTO event(case_id, seq, at, kind, about, actor, payload) "
            "VALUES(?,?,?,?,?,?,?)",
            [
                (i, seq + k, now, kind, "prepare", actor, body and json.dumps(body))
                for k, (kind, body) in enumerate(events)
            ],
        )

    def _open(self, i: int, tasks: list[str]) -> None:
        now = NOW.isoformat()
        due = (NOW + timedelta(days=7)).isoformat()
        self.db.executemany(
            "INSERT INTO task(case_id, name, person, status, due, opened) VALUES(?,?,?,'open',?,?)",
            [(i, task, f"m{i % 50}", due, now) for task in tasks],
        )

    def size(self) -> int:
        return _size(self.db)

    def close(self) -> None:
        self.db.close()


# --- the engine, through its front door ---


class Engine:
    """The public service; the form is validated as a page would."""

    def __init__(self, url: str, cases: int) -> None:
        self.database = Database.open(url)
        self.service = Service(
            database=self.database,
            tools=Tools(
                directory=Directory(home=Place(country="DE", zone="Europe/Berlin")),
                entropy=os.urandom,
            ),
        )
        _hire(self.database, cases)
        self.service.publish(PROCESS, "onboarding.yaml", None, NOW)
        definition = load_text(PROCESS, "onboarding.yaml").definition
        assert definition is not None
        self.forms = {name: (form, validator(form)) for name, form in _forms(definition).items()}
        started = time.perf_counter()
        self.names = [
            self.service.start("onboarding", f"p_{i:016d}", {}, None, NOW) for i in range(cases)
        ]
        self.start_us = (time.perf_counter() - started) / cases * 1e6
        self.seats: dict[tuple[int, str], tuple[str, str]] = {}

    def look(self) -> None:
        """Who has which open task: the links that would be in the mails; outside the clock."""
        index = {name: i for i, name in enumerate(self.names)}
        with self.database.read() as session:
            found = session.exec(
                select(CaseRow.name, TaskRow.key, TaskRow.public_id, AssignmentRow.person)
                .join(TaskRow, TaskRow.case_id == CaseRow.id)  # type: ignore[arg-type]
                .join(AssignmentRow, AssignmentRow.task_id == TaskRow.id)  # type: ignore[arg-type]
                .where(TaskRow.status == "open")
            )
            for name, key, public_id, person in found:
                state = key.partition("#")[0].removesuffix(".task").rpartition(".")[2]
                self.seats[index[name], state] = (public_id, person)

    def submission(self, i: int, task: str) -> Submission:
        """Validated, as the page has done it."""
        answers = answers_for(task, i)
        form, compiled = self.forms[task]
        assert not check(form, answers, known={}, exists=lambda _: True, using=compiled)
        public_id, person = self.seats[i, task]
        return Submission(
            task=public_id, button="submit", answers=answers, by=person, request="bench"
        )

    def submit(self, i: int, task: str) -> None:
        accepted = self.service.submit(self.submission(i, task), NOW + timedelta(hours=1))
        assert isinstance(accepted, Accepted)

    def size(self) -> int:
        if self.database.dialect == "postgresql":
            return 0
        return self.database.write(lambda tx: _pages(tx.cursor))

    def close(self) -> None:
        self.database.close()


def _hire(database: Database, cases: int) -> None:
    def job(tx: Any) -> None:
        session = tx.session()
        managers = [f"p_m{n:015d}" for n in range(50)]
        people = [*managers, *(f"p_{i:016d}" for i in range(cases)), "p_it", "p_desk", "p_pay"]
        session.add_all(PersonRow(id=person, number=person) for person in people)
        session.flush()
        session.add_all(
            PersonVersionRow(
                person=person,
                valid_from=date(2020, 1, 1),
                name=f"Person Number {n}",
                email=f"person.{n}@example.org",
                manager=managers[n % 50] if person not in managers else None,
            )
            for n, person in enumerate(people)
        )
        session.add_all(
            HolderRow(role=role, person=person, valid_from=date(2020, 1, 1))
            for role, person in (("it", "p_it"), ("facilities", "p_desk"), ("payroll", "p_pay"))
        )

    database.write(job)


def _forms(definition: Definition) -> dict[str, Form]:
    return dict(definition.forms)


def _pages(cursor: Any) -> int:
    (pages,) = cursor.execute("PRAGMA page_count").fetchone()
    (size,) = cursor.execute("PRAGMA page_size").fetchone()
    return int(pages * size)


def _size(connection: sqlite3.Connection) -> int:
    return _pages(connection.cursor())


def play(submit: Callable[[int, str], None], story: list[tuple[int, str]]) -> float:
    started = time.perf_counter()
    for i, task in story:
        submit(i, task)
    return time.perf_counter() - started


def play_together(engine: Engine, story: list[tuple[int, str]], threads: int) -> float:
    def some(part: list[tuple[int, str]]) -> None:
        for i, task in part:
            engine.submit(i, task)

    parts = [story[n::threads] for n in range(threads)]
    workers = [threading.Thread(target=some, args=(part,)) for part in parts]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - started


def once(folder: Path, cases: int) -> dict[str, float]:
    """Both engines in turn, round by round, so that a noisy minute hits both."""
    limit = Limit(folder, cases)
    engine = Engine(str(folder / "engine.db"), cases)
    wall = {"limit": 0.0, "engine": 0.0}
    cpu = {"limit": 0.0, "engine": 0.0}
    for one in rounds(cases):
        engine.look()
        for part in (one[: len(one) // 2], one[len(one) // 2 :]):
            for name, submit in (("limit", limit.submit), ("engine", engine.submit)):
                before = time.process_time()
                wall[name] += play(submit, part)
                cpu[name] += time.process_time() - before
    count = 5 * cases
    result = {
        "limit/s": count / wall["limit"],
        "engine/s": count / wall["engine"],
        "ratio": wall["limit"] / wall["engine"],
        "cpu ratio": cpu["engine"] / cpu["limit"],
        "start us": engine.start_us,
        "bytes ratio": engine.size() / limit.size(),
    }
    with engine.database.read() as session:
        closed = session.exec(select(CaseRow).where(CaseRow.outcome == "done")).all()
        assert len(closed) == cases, len(closed)
    limit.close()
    engine.close()
    return result


def together(folder: Path, cases: int, threads: int) -> float:
    """Answers a second when many give them at once."""
    engine = Engine(str(folder / "together.db"), cases)
    wall = 0.0
    for one in rounds(cases):
        engine.look()
        wall += play_together(engine, one, threads)
    engine.close()
    return 5 * cases / wall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--dir", type=Path, default=None)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    results = []
    for _ in range(asked.rounds):
        folder = Path(tempfile.mkdtemp(prefix="tenure-bench-", dir=asked.dir))
        try:
            one = once(folder, asked.cases)
            many = together(folder, asked.cases, asked.threads)
            one[f"{asked.threads} threads, x limit"] = many / one["limit/s"]
            results.append(one)
        finally:
            shutil.rmtree(folder)
        print("  ".join(f"{name} {value:.2f}" for name, value in results[-1].items()), flush=True)
    print("median of", len(results), "rounds:")
    for name in results[0]:
        print(f"  {name:24} {statistics.median(each[name] for each in results):10.2f}")
    if asked.profile:
        profile_writer(asked.cases)


def profile_writer(cases: int) -> None:
    """Where an answer spends its time."""
    folder = Path(tempfile.mkdtemp(prefix="tenure-bench-"))
    engine = Engine(str(folder / "profile.db"), cases)
    engine.look()
    story = rounds(cases)[0]
    made = [engine.submission(i, task) for i, task in story]
    profile = cProfile.Profile()

    def job(tx: Any) -> None:
        facts = engine.service.tools.directory.facts(tx.connection, NOW)
        profile.enable()
        for submission in made:
            submitting.submit(engine.service.tools, tx, submission, facts, NOW + timedelta(hours=1))
        profile.disable()

    engine.database.write(job)
    engine.close()
    shutil.rmtree(folder)
    pstats.Stats(profile).sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    main()
