"""A house with a few people and a process, so that there is something to look at."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from engine.directory import Directory, apply_people, plan_people, read_sheet
from engine.service import Service, Submission, Tools
from engine.store import Database
from engine.store.tables import AssignmentRow, TaskRow

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PEOPLE = (
    "number,name,email,manager,department,location,country,zone,roles,queues\n"
    "1,Cy Boss,cy@example.com,,Board,Berlin,DE-BE,Europe/Berlin,head-of-hr,\n"
    "2,Bob Ray,bob@example.com,1,Sales,Berlin,,,hr-partner@Sales,it-desk\n"
    "3,Ann Lee,ann@example.com,2,Sales,Berlin,,,,it-desk\n"
    "4,Dan Fox,dan@example.com,2,Sales,Berlin,,,,\n"
)
REVIEW = """\
process: review
version: 1
title: Review
subject: person
key: one per subject
calendar: subject.location
people:
  manager: subject.manager
  boss: subject.manager.manager
data:
  year: {type: text, from: start}
  rating: {type: scale, min: 1, max: 5, seen_by: [manager, boss], until: talk}
  share: {type: percent}
  secret: {type: text, sensitive: true, required: false}
forms:
  self: {fields: {words: {type: longtext}}}
  rating: {fields: [rating, share, secret]}
states:
  self:
    task: {to: subject, form: self, due: 10 workdays}
    remind: [3 workdays before due, at due]
    late: {after: 5 workdays, go: rate}
  rate:
    task: {to: manager, form: rating, due: 5 workdays, title: "Rate {{ subject.name }}'s year"}
    late:
      - {after: 3 workdays, tell: boss}
    on:
      submit:
        - {if: "data.rating >= 4", go: second_look}
        - {otherwise: kit}
  second_look:
    task: {to: boss, due: 3 workdays, buttons: [approve, reject]}
    on: {approve: kit, reject: rate}
  kit:
    task: {to: {queue: it-desk}, due: 3 workdays, title: Take the laptop back}
  talk:
    task: {to: manager, fields: {told_on: {type: date}}, due: 10 workdays}
  closed: {end: done}
"""


@dataclass(frozen=True, kw_only=True)
class House:
    """A running engine with its people."""

    database: Database
    service: Service
    directory: Directory
    ids: dict[str, str]  # person ids by first name

    def start(self, name: str = "ann", now: datetime = NOW, year: str = "2026") -> str:
        return self.service.start("review", self.ids[name], {"year": year}, self.ids["bob"], now)

    def task(self, case: str, state: str, name: str) -> str:
        """The public id of the open task that somebody holds."""
        with self.database.read() as session:
            return session.exec(
                select(TaskRow.public_id)
                .join(AssignmentRow, AssignmentRow.task_id == TaskRow.id)
                .where(
                    TaskRow.status == "open",
                    TaskRow.state == state,
                    AssignmentRow.person == self.ids[name],
                    AssignmentRow.ended_at.is_(None),
                )
            ).one()

    def answer(
        self,
        case: str,
        state: str,
        name: str,
        button: str = "submit",
        now: datetime = NOW,
        **answers: object,
    ) -> object:
        task = self.task(case, state, name)
        return self.service.submit(
            Submission(task=task, button=button, answers=answers, by=self.ids[name], request="r1"),
            now,
        )


def counting(first: int) -> Callable[[int], bytes]:
    """Counts instead of rolling dice: every id is new, every run the same."""
    count = itertools.count(first)
    return lambda size: next(count).to_bytes(32, "big")[-min(size, 32) :].rjust(size, b"\1")


@pytest.fixture
def entropy() -> Callable[[int], bytes]:
    return counting(1_000)


def furnish(database: Database) -> None:
    """The people and the process."""
    entropy = counting(1)
    service = Service(database=database, tools=Tools(directory=Directory(), entropy=entropy))
    database.write(
        lambda tx: apply_people(
            tx,
            plan_people(read_sheet(PEOPLE.encode()), tx.connection, date(2026, 1, 1)),
            None,
            NOW,
            entropy,
        )
    )
    service.publish(REVIEW, "review.yaml", None, NOW)


def house_in(database: Database, entropy: Callable[[int], bytes]) -> House:
    directory = Directory()
    with database.read() as session:
        people = directory.facts(session, NOW).roster.people
    return House(
        database=database,
        service=Service(database=database, tools=Tools(directory=directory, entropy=entropy)),
        directory=directory,
        ids={one["name"].partition(" ")[0].lower(): person for person, one in people.items()},
    )


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("furnished") / "tenure.db"
    with Database.open(str(file)) as database:
        furnish(database)
    return file


@pytest.fixture
def house(tmp_path: Path, furnished: Path, entropy: Callable[[int], bytes]) -> Iterator[House]:
    """On SQLite; tests that depend on the kind of database take `either_house`."""
    with Database.open(str(shutil.copy(furnished, tmp_path / "tenure.db"))) as database:
        yield house_in(database, entropy)


@pytest.fixture
def either_house(database: Database, entropy: Callable[[int], bytes]) -> House:
    """Once on SQLite and once on PostgreSQL."""
    furnish(database)
    return house_in(database, entropy)
