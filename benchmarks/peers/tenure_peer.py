"""Tenure behind the contract of the peers' harness (`adapters/base.py` there).

    (nothing)  one answer after the other through the public service
    group16    16 answers to a transaction, a savepoint each, as when 16 people answer at once
    batch      500 to a transaction, as cohorts and timers are worked off

Nothing of a case is kept between two calls. What is kept is the address of each open task, which
a person has from the mail; reading it is inside the harness's clock (`barrier`).
"""

import os
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from adapters.base import Adapter

from engine.directory import Directory, Place, apply_people, plan_people, read_sheet
from engine.forms import check, validator
from engine.loader import load_text
from engine.service import Accepted, Service, Submission, Tools
from engine.store import Database, Transaction

VARIANTS = {"": 1, "group16": 16, "batch": 500}
EMPLOYEES = 1_000  # case i is about employee i modulo this; the import is no part of a case

_ADDRESSES = """
    SELECT "case".name, task.state, task.public_id
    FROM task JOIN "case" ON "case".id = task.case_id WHERE task.status = 'open'
"""

Answer = tuple[int, str, dict[str, Any], str]  # case, task, answers, number of the person


class Tenure(Adapter):  # type: ignore[misc] - the harness's base class is untyped
    """The whole engine on a SQLite file: WAL, synchronous=FULL."""

    def __init__(self, variant: str) -> None:
        self.size = VARIANTS[variant]
        self.durable = "WAL FULL" + (f", {self.size} per commit" if self.size > 1 else "")
        if self.size > 1:
            self.run_round = self._run_round
        self.cases: dict[str, int] = {}  # the harness's number by our name
        self.addresses: dict[tuple[int, str], str] = {}  # public id of each open task

    def setup(self, wd: str) -> None:
        self.path = Path(wd) / "tenure.db"
        self.database = Database.open(str(self.path))
        directory = Directory(home=Place(country="DE", zone="Europe/Berlin"))
        self.service = Service(
            database=self.database, tools=Tools(directory=directory, entropy=os.urandom)
        )
        self.database.write(_hire)
        source = Path(__file__).with_name("onboarding.yaml").read_text("utf-8")
        self.service.publish(source, "onboarding.yaml", None, datetime.now(UTC))
        definition = load_text(source, "onboarding.yaml").definition
        assert definition is not None
        self.forms = {name: (form, validator(form)) for name, form in definition.forms.items()}
        # What a stranger may see: a connection of its own, outside of the engine.
        self.outside = sqlite3.connect(self.path)
        self.people = dict(self.outside.execute("SELECT number, id FROM person"))

    def start_case(self, i: int, data: dict[str, Any]) -> None:
        subject = self.people[f"E{i % EMPLOYEES:06d}"]
        name = self.service.start("onboarding", subject, data, None, datetime.now(UTC))
        self.cases[name] = i

    def barrier(self) -> None:
        """The mails of the next round: which task has which address."""
        self.addresses = {
            (self.cases[case], state.removesuffix(".task").rpartition(".")[2]): public_id
            for case, state, public_id in self.outside.execute(_ADDRESSES)
        }

    def submit(self, i: int, task: str, data: dict[str, Any], actor: str) -> None:
        answered = self.service.submit(self._submission((i, task, data, actor)), datetime.now(UTC))
        assert isinstance(answered, Accepted), answered

    def _run_round(self, answers: Sequence[Answer]) -> list[float]:
        latencies: list[float] = []
        for first in range(0, len(answers), self.size):
            started = time.perf_counter()
            part = [self._submission(one) for one in answers[first : first + self.size]]
            for answered in self.service.submit_many(part, datetime.now(UTC)):
                assert isinstance(answered, Accepted), answered
            latencies += [time.perf_counter() - started] * len(part)
        return latencies

    def _submission(self, answer: Answer) -> Submission:
        """Validated by the form, as a page does before it calls the service."""
        i, task, data, actor = answer
        form, compiled = self.forms[task]
        faults = check(form, data, known={}, exists=lambda _: True, using=compiled)
        assert not faults, faults
        return Submission(
            task=self.addresses[i, task],
            button="submit",
            answers=data,
            by=self.people[actor],
            request="benchmark",
        )

    def check(self) -> dict[str, int]:
        def count(what: str) -> int:
            (number,) = self.outside.execute(f"SELECT count(*) FROM {what}").fetchone()
            return int(number)

        return {
            "done": count("\"case\" WHERE outcome = 'done'"),
            "events": count("event"),
            "open": count("task WHERE status = 'open'"),
            "letters": count("outbox"),
            "incidents": count("incident"),
        }

    def db_bytes(self) -> int:
        self.outside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return self.path.stat().st_size

    def close(self) -> None:
        self.outside.close()
        self.database.close()


def make(variant: str = "") -> Tenure:
    return Tenure(variant)


def _hire(tx: Transaction) -> None:
    sheet = read_sheet(_company().encode())
    plan = plan_people(sheet, tx.connection, date(2020, 1, 1))
    assert not plan.problems, plan.problems[:3]
    apply_people(tx, plan, None, datetime.now(UTC), os.urandom)


def _company() -> str:
    """50 managers, 20 units with one person each for computers, equipment and pay, employees."""
    lines = ["number,name,email,manager,department,location,country,zone,roles"]
    place = "Berlin,DE,Europe/Berlin"

    def line(number: str, manager: str, unit: str, role: str) -> str:
        return f"{number},Person {number},{number}@example.org,{manager},{unit},{place},{role}"

    lines += [line(f"manager{n}", "", "Management", "") for n in range(50)]
    for role in ("it", "facilities", "payroll"):
        lines += [line(f"{role}{n}", "", "Services", f"{role}@Unit {n}") for n in range(20)]
    lines += [line(f"E{n:06d}", f"manager{n % 50}", f"Unit {n % 20}", "") for n in range(EMPLOYEES)]
    return "\n".join(lines) + "\n"
