"""What the page of insight costs over thousands of cases, as a multiple of reading their rows.

    python benchmarks/insight.py [--people 2500] [--rounds 5]

Everybody has a performance year and a development plan (5,000 cases), played to their end or to the
middle through the public service: forms, history, events, records. The limit is raw sqlite3 that
fetches the same columns of the same tables and does nothing with them. Both run in turn in one
process; only their ratio is worth quoting.
"""

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from analytics.insight import DETECTORS, METRICS, History
from engine.directory import Directory
from engine.queries import Reader
from engine.service import Service, Submission, Tools
from engine.store import Database
from engine.store.tables import AssignmentRow, CaseRow, PersonRow, PersonVersionRow, TaskRow
from tenure.insight import read_history
from tenure.settings import Settings

BEGINNING = datetime(2027, 1, 11, 9, tzinfo=UTC)
YEAR = """
process: pcer-year
version: 1
subject: person
data: {mark: {type: scale, min: 1, max: 5}}
states:
  plan:   {task: {to: subject, title: Your goals, due: 10 workdays}}
  agree:  {task: {to: subject.manager, title: Agree, due: 5 workdays}}
  rate:   {task: {to: subject.manager, title: Rate, fields: [mark], due: 5 workdays}}
  sent:   {do: [{emit: review.submitted, with: {person: subject.id, rating: data.mark}}]}
  talk:   {task: {to: subject.manager, title: Talk, due: 5 workdays}}
  told:   {do: [{emit: review.closed, with: {person: subject.id, cycle: '"2027"'}}]}
  closed: {end: done}
records: {rating: {of: subject, value: data.mark, calibrated: true, valid: 12 months}}
"""
PLAN = """
process: development-plan
version: 1
subject: person
states:
  draft:  {task: {to: subject, title: Your plan, due: 10 workdays}}
  agree:  {task: {to: subject.manager, title: Agree, due: 5 workdays}}
  agreed: {do: [{emit: plan.agreed, with: {person: subject.id}}]}
  start:  {task: {to: subject, title: Begin, due: 30 days}}
  closed: {end: achieved}
"""
# How far cases are played, by which of ten they are.
STEPS = {"pcer-year": ("plan", "agree", "rate", "talk"), "development-plan": ("draft", "agree")}


def played(database: Database, people: int) -> Directory:
    """The company after half a year."""
    dice = random.Random(7)
    directory = Directory()
    service = Service(database=database, tools=Tools(directory=directory, entropy=dice.randbytes))
    database.write(lambda tx: hire(tx.session(), people))
    now = BEGINNING
    for source in (YEAR, PLAN):
        service.publish(source, "bench.yaml", None, now)
    for n in range(people):
        for process in STEPS:
            service.start(process, f"p_{n}", {}, None, now)
    for process, steps in STEPS.items():
        for step, state in enumerate(steps):
            now += timedelta(days=14)
            answer(service, database, process, state, step / len(steps), now)
    return directory


def hire(session: Session, people: int) -> None:
    """One manager for every ten, nobody above them."""
    session.add_all(PersonRow(id=f"p_{n}", number=str(n)) for n in range(people))
    session.flush()
    session.add_all(
        PersonVersionRow(
            person=f"p_{n}",
            valid_from=date(2026, 1, 1),
            name=f"Person {n}",
            email=f"p{n}@example.com",
            department=f"Unit {n % 40}",
            manager=f"p_{n // 10 * 10}" if n % 10 else f"p_{(n + 10) % people}",
        )
        for n in range(people)
    )


def answer(
    service: Service, database: Database, process: str, state: str, left: float, now: datetime
) -> None:
    """Most of the tasks of a state, fewer from step to step."""
    with database.read() as session:
        tasks = session.exec(
            select(TaskRow.public_id, AssignmentRow.person)
            .join(AssignmentRow, AssignmentRow.task_id == TaskRow.id)  # type: ignore[arg-type]
            .join(CaseRow, CaseRow.id == TaskRow.case_id)  # type: ignore[arg-type]
            .where(CaseRow.process == process, TaskRow.status == "open", TaskRow.state == state)
        ).all()
    for n, (task, person) in enumerate(tasks):
        if n % 20 < left * 4:
            continue  # some never answer
        answers = {"mark": 1 + n % 5} if state == "rate" else {}
        service.submit(
            Submission(task=task, button="submit", answers=answers, by=person, request="r"), now
        )


READ = """
SELECT c.name, c.process, c.subject, c.opened_at, c.closed_at, c.outcome FROM "case" c;
SELECT name, correlation, at, raised_by, body FROM signal;
SELECT r.kind, r.about, r.value, r.attributes, r.valid_from, r.valid_until, c.name
  FROM record r JOIN "case" c ON c.id = r.case_id;
SELECT c.name, t.key, c.process, t.state, t.opened_at, t.due_at, t.closed_at, t.outcome
  FROM task t JOIN "case" c ON c.id = t.case_id;
SELECT person, valid_from, active, title, department, employment, manager FROM person_version;
SELECT c.process, count(*) FROM event e JOIN "case" c ON c.id = e.case_id
  WHERE e.kind = 'task.handed_over' GROUP BY c.process
"""


def limit(file: Path) -> None:
    connection = sqlite3.connect(file)
    for statement in READ.split(";"):
        connection.execute(statement).fetchall()
    connection.close()


@contextmanager
def timed(into: list[float]) -> Iterator[None]:
    started = time.process_time()
    yield
    into.append((time.process_time() - started) * 1000)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=2500)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tenure.db"
        with Database.open(str(file)) as database:
            directory = played(database, given.people)
            with database.read() as session:
                events = session.connection().exec_driver_sql("SELECT count(*) FROM event").scalar()
            print(f"{2 * given.people} cases, {events} lines of history")
            measure(database, directory, file, given.rounds)


def measure(database: Database, directory: Directory, file: Path, rounds: int) -> None:
    now = BEGINNING + timedelta(days=200)
    reader, settings = Reader(directory=directory), Settings()
    times: dict[str, list[float]] = {"limit": [], "read": [], "figures": [], "detectors": []}
    slowest: dict[str, float] = {}
    for _ in range(rounds):
        with timed(times["limit"]):
            limit(file)
        with timed(times["read"]), database.read() as session:
            history = read_history(session, reader, settings, now)
        with timed(times["figures"]):
            each(METRICS, lambda one, known: one.measure(known), history, slowest)
        with timed(times["detectors"]):
            each(DETECTORS, lambda one, known: one.look(known), history, slowest)
    middle = {name: statistics.median(found) for name, found in times.items()}
    whole = middle["read"] + middle["figures"] + middle["detectors"]
    for name, value in middle.items():
        print(f"{name:10} {value:8.1f} ms  {value / middle['limit']:6.1f} x limit")
    print(f"{'page':10} {whole:8.1f} ms  {whole / middle['limit']:6.1f} x limit")
    for name in sorted(slowest, key=lambda one: -slowest[one])[:5]:
        print(f"  {name:28} {slowest[name]:8.1f} ms")


def each(
    catalogue: Any, ask: Callable[[Any, History], object], history: History, into: dict[str, float]
) -> None:
    for name, one in catalogue.items():
        spent: list[float] = []
        with timed(spent):
            ask(one, history)
        into[name] = spent[0]


if __name__ == "__main__":
    main()
