"""A small firm with a service, for tests that play cases."""

import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import inspect, text
from sqlmodel import SQLModel, col, select

from analytics import ANALYTICS
from engine.directory import Directory, Place
from engine.document import Diagnostic
from engine.loader import Loaded, load_text
from engine.service import Answered, Definitions, Service, Submission, Tools
from engine.service.failpoints import Failpoints
from engine.service.publishing import Sound, publish
from engine.store import Database, Transaction
from engine.store.tables import (
    CaseRow,
    HolderRow,
    IncidentRow,
    LocationRow,
    MemberRow,
    OutboxRow,
    PersonRow,
    PersonVersionRow,
    TaskRow,
)
from engine.verify import verify

_PUBLIC_ID = 30  # characters of a public id; no state of the tests has so long a name
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)

# name: (manager, department)
PEOPLE = {
    "ann": ("bob", "Sales"),
    "bob": ("cy", "Sales"),
    "cy": (None, "Board"),
    "dan": ("bob", "Sales"),
    "eve": ("cy", "IT"),
    "fay": ("eve", "IT"),
}


def hire(tx: Transaction, people: Mapping[str, tuple[str | None, str]] = PEOPLE) -> None:
    """Everybody in Berlin since 2020; eve heads the it-desk, eve and fay work its queue."""
    session = tx.session()
    session.add(LocationRow(name="Berlin", country="DE", zone="Europe/Berlin"))
    session.add_all(PersonRow(id=f"p_{name}", number=f"n-{name}") for name in people)
    session.flush()
    session.add_all(
        PersonVersionRow(
            person=f"p_{name}",
            valid_from=date(2020, 1, 1),
            name=name.title(),
            email=f"{name}@example.org",
            location="Berlin",
            department=department,
            manager=None if manager is None else f"p_{manager}",
        )
        for name, (manager, department) in people.items()
    )
    session.add(HolderRow(role="it-desk", person="p_eve", valid_from=date(2020, 1, 1)))
    session.add_all(
        MemberRow(queue="it", person=f"p_{name}", valid_from=date(2020, 1, 1))
        for name in ("eve", "fay")
    )


def entropy(seed: int = 0) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes


@cache
def loaded(source: str, name: str) -> Loaded:
    """Compiled once for all tests of a process; a definition does not depend on its file's name."""
    return load_text(source, name)


_PROVED: dict[int, tuple[Diagnostic, ...]] = {}


def proved(compiled: Loaded) -> tuple[Diagnostic, ...]:
    """The findings about what `loaded` gave, which lives as long as the process."""
    if id(compiled) not in _PROVED:
        _PROVED[id(compiled)] = verify(compiled)
    return _PROVED[id(compiled)]


@dataclass(kw_only=True)
class World:
    """A service, a clock that the test moves, and short words for what tests ask."""

    database: Database
    service: Service
    now: datetime = MONDAY
    _requests: Any = field(default_factory=itertools.count)

    def later(self, **span: float) -> "World":
        self.now += timedelta(**span)
        return self

    def publish(self, source: str) -> None:
        self.service.publish(source, "test.yaml", None, self.now)

    def publish_unproved(self, source: str) -> None:
        """A version from before a proof was known, which runs on: what was published is final."""
        definition = load_text(source, "test.yaml").definition
        assert definition is not None
        sound = Sound(source=source, definition=definition, findings=())
        tools = self.service.tools
        self.database.write(lambda tx: publish(tools, tx, sound, None, self.now))

    def start(self, process: str, subject: str | None = "p_ann", **data: Any) -> str:
        return self.service.start(process, subject, data, None, self.now)

    def open_tasks(self, case: str | None = None) -> dict[str, str]:
        """Public ids of open tasks by key."""
        query = select(TaskRow.key, TaskRow.public_id).where(col(TaskRow.status) == "open")
        if case is not None:
            query = query.join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id)).where(
                col(CaseRow.name) == case
            )
        with self.database.read() as session:
            return dict(session.exec(query.order_by(col(TaskRow.id))).all())

    def task(self, state: str, case: str | None = None) -> str:
        """The public id of the one open task of a state."""
        found = [
            number
            for key, number in self.open_tasks(case).items()
            if key.partition("#")[0].removesuffix(".task") == state
        ]
        assert len(found) == 1, (state, self.open_tasks(case))
        return found[0]

    def answer(
        self,
        task: str,
        by: str,
        button: str = "submit",
        assurance: str = "link",
        **answers: Any,
    ) -> Answered:
        """`task` is a public id or a state."""
        number = task if len(task) == _PUBLIC_ID else self.task(task)
        return self.service.submit(
            Submission(
                task=number,
                button=button,
                answers=answers,
                by=f"p_{by}",
                assurance=assurance,
                request=f"r{next(self._requests)}",
            ),
            self.now,
        )

    def advance(self, limit: int = 500) -> int:
        """Rounds until nothing is left to do now; how many events were taken."""
        total = 0
        while True:
            done = self.service.advance(limit, self.now)
            total += done.events
            if not done.events:
                return total

    def case(self, name: str) -> CaseRow:
        with self.database.read() as session:
            return session.exec(select(CaseRow).where(CaseRow.name == name)).one()

    def incidents(self) -> Sequence[IncidentRow]:
        with self.database.read() as session:
            return session.exec(
                select(IncidentRow)
                .where(col(IncidentRow.closed_at).is_(None))
                .order_by(col(IncidentRow.id))
            ).all()

    def letters(self, **where: Any) -> list[tuple[str, str | None]]:
        """Kinds and receivers of outbox rows, in order."""
        query = select(OutboxRow).order_by(col(OutboxRow.id))
        for name, value in where.items():
            query = query.where(getattr(OutboxRow, name) == value)
        with self.database.read() as session:
            return [(row.kind, row.person) for row in session.exec(query)]

    def rows(self, row: type[SQLModel]) -> Sequence[Any]:
        """In the order of their keys: PostgreSQL gives any order that was not asked for."""
        with self.database.read() as session:
            return session.exec(select(row).order_by(*inspect(row).primary_key)).all()

    def history(self, case: str) -> list[str]:
        """Kinds of a case's lines, in order."""
        with self.database.read() as session:
            return [
                kind
                for (kind,) in session.connection().execute(
                    text(
                        'SELECT kind FROM event JOIN "case" ON "case".id = event.case_id '
                        'WHERE "case".name = :name ORDER BY event.seq'
                    ),
                    {"name": case},
                )
            ]


def found(
    database: Database,
    *,
    seed: int = 0,
    failpoints: Failpoints | None = None,
    definitions: Definitions | None = None,
) -> Service:
    """A service over a database whose people are there already."""
    return Service(
        database=database,
        tools=Tools(
            directory=Directory(home=Place(country="DE", zone="Europe/Berlin")),
            entropy=entropy(seed),
            failpoints=failpoints or Failpoints(),
            analysts=ANALYTICS,
            definitions=definitions or Definitions(load=loaded, verify=proved),
        ),
    )


def world_of(database: Database) -> World:
    database.write(hire)
    return World(database=database, service=found(database))
