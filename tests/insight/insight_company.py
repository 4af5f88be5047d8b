"""A company of thirty that lives through a year on a virtual clock, over the real service."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from insight_processes import PROCESSES, SHIPPED
from sqlmodel import col, select
from support.world import found

from engine.directory import plan_people, read_sheet
from engine.service import Accepted, Service, Submission
from engine.store import Database
from engine.store.tables import AssignmentRow, CaseRow, IncidentRow, TaskRow

BEGINNING = datetime(2026, 11, 2, 9, tzinfo=UTC)
HEADER = "number,name,email,manager,department,location,country,zone,grade,employment,roles"
PEOPLE = (
    ("cy", "", "Board", "employee", ""),
    ("sue", "cy", "Board", "employee", "executive-sponsor"),
    ("fay", "cy", "HR", "employee", "head-of-hr; hr-partner@Sales; hr-partner@IT"),
    ("bob", "cy", "Board", "employee", "head-of-sales"),
    ("eve", "cy", "IT", "employee", "head-of-it"),
    ("olaf", "cy", "Ops", "employee", "head-of-ops"),
    *((f"s{n}", "bob", "Sales", "employee", "") for n in range(1, 10)),
    *((f"i{n}", "eve", "IT", "employee", "") for n in range(1, 7)),
    *((f"o{n}", "olaf", "Ops", "employee", "") for n in range(1, 4)),
    ("kim", "bob", "Sales", "contractor", ""),
    ("lou", "fay", "HR", "contractor", ""),
    ("max", "fay", "HR", "contractor", ""),
)


@dataclass(kw_only=True)
class Company:
    """The service, the day that it is, and short words for what people do."""

    database: Database
    service: Service
    now: datetime = BEGINNING
    ids: dict[str, str] = field(default_factory=dict)  # person ids by first name

    def on(self, day: str, hour: int = 9) -> "Company":
        """Lets the days pass until then, each with its timers, letters aside."""
        until = datetime.combine(date.fromisoformat(day), time(hour), UTC)
        assert until >= self.now
        while self.now < until:
            self.now = min(until, self.now + timedelta(days=7))
            self.settle()
        return self

    def settle(self) -> None:
        """Everything that is due now, and what comes of it."""
        while True:
            moved = self.service.advance(500, self.now).events
            for cohort in self.service.launches(self.now):
                self.service.launch(cohort, 500, self.now)
                moved += 1
            if not moved:
                return

    def people(self, *rows: tuple[str, ...], full: bool = False) -> None:
        """Brings the directory up to date as of today."""
        lines = [
            f"{name},{name.title()},{name}@example.com,{manager},{unit},Berlin,DE-BE,Europe/Berlin,"
            f"{'L2' if name[0] == 's' and name[1:].isdigit() else 'L3'},{employment},{roles}"
            for name, manager, unit, employment, roles in rows
        ]
        sheet = read_sheet("\n".join([HEADER, *lines]).encode())
        with self.database.read() as session:
            plan = plan_people(sheet, session.connection(), self.now.date(), full=full)
        self.service.import_people(plan, None, self.now)
        with self.database.read() as session:
            roster = self.service.tools.directory.facts(session, self.now).roster
        self.ids = dict(roster.by_number)
        self.settle()

    def gone(self, *names: str) -> None:
        """They are not in the file any more."""
        with self.database.read() as session:
            roster = self.service.tools.directory.facts(session, self.now).roster
        kept = []
        for one in roster.people.values():
            if one["active"] and one["number"] not in names:
                manager = roster.people[one["manager"]]["number"] if one["manager"] else ""
                roles = "; ".join(
                    role if unit is None else f"{role}@{unit}"
                    for (role, unit), people in roster.roles.items()
                    if one["id"] in people
                )
                manager = "" if manager in names else manager
                kept.append((one["number"], manager, one["department"], one["employment"], roles))
        self.people(*kept, full=True)

    def start(self, process: str, subject: str | None, **data: Any) -> str:
        whom = self.ids.get(subject, subject) if subject else None
        case = self.service.start(process, whom, data, None, self.now)
        self.settle()
        return case

    def answer(self, case: str, state: str, button: str = "submit", **answers: Any) -> None:
        """Whoever holds the case's one open task of a state answers it."""
        with self.database.read() as session:
            task, person = session.exec(
                select(TaskRow.public_id, AssignmentRow.person)
                .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
                .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
                .where(
                    CaseRow.name == case,
                    TaskRow.status == "open",
                    col(TaskRow.state).in_(_as_written(state)),
                    col(AssignmentRow.ended_at).is_(None),
                )
            ).first() or (None, None)
        assert task is not None, (case, state)
        assert person is not None
        done = self.service.submit(
            Submission(task=task, button=button, answers=answers, by=person, request="r"), self.now
        )
        assert isinstance(done, Accepted), done
        self.settle()

    def answer_all(self, case: str, state: str, **answers: Any) -> None:
        """Everybody who is asked in a state."""
        while self.asks(case, state):
            self.answer(case, state, **answers)

    def asks(self, case: str, state: str) -> bool:
        with self.database.read() as session:
            return (
                session.exec(
                    select(TaskRow.id)
                    .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
                    .where(
                        CaseRow.name == case,
                        TaskRow.status == "open",
                        col(TaskRow.state).in_(_as_written(state)),
                    )
                ).first()
                is not None
            )

    def case(self, process: str, subject: str | None) -> str:
        """The newest case of a process about somebody, or about nobody."""
        with self.database.read() as session:
            name = session.exec(
                select(CaseRow.name)
                .where(
                    CaseRow.process == process,
                    col(CaseRow.subject).is_not_distinct_from(self.ids.get(subject or "", subject)),
                )
                .order_by(col(CaseRow.id).desc())
            ).first()
        assert name is not None, (process, subject)
        return name

    def incidents(self) -> list[str]:
        with self.database.read() as session:
            return list(
                session.exec(
                    select(IncidentRow.message).where(col(IncidentRow.closed_at).is_(None))
                )
            )


def founded(database: Database) -> Company:
    """On its first day: everybody is there, and every process is published."""
    company = Company(database=database, service=found(database))
    company.people(*PEOPLE)
    for source in PROCESSES:
        company.service.publish(source, "test.yaml", None, company.now)
    for name in SHIPPED:
        text = files("definitions").joinpath(f"{name}.yaml").read_text("utf-8")
        company.service.publish(text, f"{name}.yaml", None, company.now)
    return company


def _as_written(state: str) -> tuple[str, ...]:
    """The state itself, or what the engine puts into one that does more than ask."""
    return (state, f"{state}.task", f"{state}.item.task")
