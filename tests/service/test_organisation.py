"""160 reviews in the middle of their evaluation, and every change of a real organisation."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlmodel import col, select
from support.imports import as_csv
from support.organisation import ORGANISATION, people_and_changes
from support.world import entropy, loaded, proved

from engine.audit import verify
from engine.directory import Directory, Place, Roster, plan_people, read_sheet
from engine.rehearsal import read_timeline
from engine.service import Definitions, Service, Submission, Tools
from engine.store import Database
from engine.store.tables import (
    CaseRow,
    DraftRow,
    EventPrivateRow,
    EventRow,
    IncidentRow,
    TaskRow,
)

PCER = (Path(__file__).parents[2] / "definitions" / "pcer-year.yaml").read_text("utf-8")
DAY = date(2022, 1, 31)
FIRST = datetime(2022, 2, 1, 9, tzinfo=UTC)
REVIEWS = 160
GOALS = {"goal": "Ship it", "measure": "shipped", "due": "2022-06-01"}

pytestmark = pytest.mark.skipif(
    not (ORGANISATION / "changes.csv").exists(),
    reason=f"the organisation's files are not beside the checkout ({ORGANISATION})",
)

_OWNERS = text(
    "SELECT task.id, task.key, task.case_id, assignment.person FROM task"
    " LEFT JOIN assignment ON assignment.task_id = task.id AND assignment.ended_at IS NULL"
    " WHERE task.status = 'open'"
)


@dataclass(kw_only=True)
class House:
    """The real service, and what became of the people day by day."""

    database: Database
    service: Service
    now: datetime = FIRST
    requests: int = 0
    said: dict[str, list[tuple[str, Any, Any]]] = field(default_factory=lambda: defaultdict(list))

    def people(self, roster: Roster) -> None:
        """Everybody as of a day; what that changes for each person is kept for later."""
        with self.database.read() as session:
            plan = plan_people(
                read_sheet(as_csv(roster)), session.connection(), self.now.date(), full=True
            )
        assert plan.problems == ()
        before = self.here()
        self.service.import_people(plan, None, self.now)
        after = self.here()
        for person in before.keys() & after.keys():
            for name in ("manager", "title", "department"):
                was, is_now = before[person][name], after[person][name]
                if was != is_now:
                    self.said[person].append((name, was, is_now))

    def here(self) -> dict[str, Any]:
        directory = self.service.tools.directory
        with self.database.read() as session:
            people = directory.roster(session, directory.day(self.now)).people
        return {person: one for person, one in people.items() if one["active"]}

    def advance(self) -> None:
        while self.service.advance(500, self.now).events:
            pass

    def answer(self, task: str, by: str, button: str = "submit", **answers: Any) -> None:
        self.requests += 1
        submission = Submission(
            task=task, button=button, answers=answers, by=by, request=f"r{self.requests}"
        )
        self.service.submit(submission, self.now)

    def tasks(self, state: str) -> list[tuple[str, str, int]]:
        """Open tasks of a state: public id, who has it, number of the case."""
        with self.database.read() as session:
            rows = session.connection().execute(
                text(
                    "SELECT task.public_id, assignment.person, task.case_id FROM task"
                    " JOIN assignment ON assignment.task_id = task.id"
                    " AND assignment.ended_at IS NULL"
                    " WHERE task.status = 'open' AND task.state = :state ORDER BY task.id"
                ),
                {"state": state},
            )
            return [tuple(row) for row in rows]

    def rows(self, row: type) -> Any:
        with self.database.read() as session:
            return session.exec(select(row)).all()


@pytest.fixture
def house(sqlite_database: Database) -> House:
    tools = Tools(
        directory=Directory(home=Place(country="", zone="UTC")),
        entropy=entropy(),
        definitions=Definitions(load=loaded, verify=proved),
        grace=timedelta(0),
    )
    return House(database=sqlite_database, service=Service(database=sqlite_database, tools=tools))


def open_reviews(house: House) -> None:
    """160 people have agreed on their goals, and some have begun to evaluate."""
    house.service.publish(PCER, "pcer-year.yaml", None, FIRST)
    everybody = sorted(house.here())
    data = {"cycle": "2022", "evaluate_from": "2022-02-02", "months_in_role": 12}
    for person in everybody[:REVIEWS]:
        house.service.start("pcer-year", person, data, None, FIRST)
    for number, (task, person, _) in enumerate(house.tasks("plan")):
        peers = [everybody[(number + step) % len(everybody)] for step in (3, 7, 11)]
        told = {"expectations": "Sell more than last year.", "goals": [GOALS], "peers": peers}
        house.answer(task, person, **told)
    for task, person, _ in house.tasks("agree"):
        house.answer(task, person, "accept", goals=[GOALS])
    house.now += timedelta(days=1)
    house.advance()
    for number, (task, person, _) in enumerate(house.tasks("evaluate.self")):
        if number % 3 == 0:
            house.answer(task, person, self_mark=4, self_evidence=f"We shipped it, {person}.")
        elif number % 3 == 1:
            house.service.save_draft(task, {"self_evidence": [task]}, 0, person, house.now)
    for number, (task, person, _) in enumerate(house.tasks("evaluate.peers")):
        if number % 4 == 0:
            house.answer(task, person, keeps="Says what she thinks and listens.")
        elif number % 4 == 1:
            house.service.save_draft(task, {"keeps": [task]}, 0, person, house.now)


def begin_ratings(house: House, begun: dict[int, str]) -> None:
    """Whoever rates has begun to write, once."""
    numbers = {row.public_id: row.id for row in house.rows(TaskRow) if row.state == "rate"}
    for task, person, _ in house.tasks("rate"):
        number = numbers[task]
        if number not in begun:
            house.service.save_draft(task, {"why": [f"Seen by {person}"]}, 0, person, house.now)
            begun[number] = f"Seen by {person}"


def test_nothing_is_lost_while_the_organisation_changes_under_160_reviews(house: House):
    people, changes = people_and_changes(DAY)
    timeline = read_timeline(people, changes, DAY)
    house.people(timeline.rosters[0])
    open_reviews(house)
    assert Counter(case.outcome for case in house.rows(CaseRow)) == {None: REVIEWS}
    submitted = answers_of(house)
    begun: dict[int, str] = {}
    tasks = 0

    for roster in timeline.rosters[1:]:
        house.now = max(house.now, datetime.combine(roster.day, time(6), UTC))
        house.advance()
        house.people(roster)
        house.advance()
        begin_ratings(house, begun)
        tasks += everybody_is_present(house)

    outcomes = Counter(case.outcome for case in house.rows(CaseRow))
    here = house.here()
    for case in house.rows(CaseRow):
        assert (case.outcome == "left") == (case.subject not in here), case.name
    assert outcomes["left"] + outcomes[None] == REVIEWS
    assert outcomes["left"] > 40
    nothing_is_lost(house, submitted, begun)
    told = every_change_is_told(house)
    verdict = verify(house.database)
    assert verdict.ok, verdict
    assert verdict.replayed == REVIEWS
    print(  # noqa: T201 - the figures, for whoever runs it with `-s`
        f"{len(timeline.rosters) - 1} days of change: {outcomes['left']} reviews ended since their "
        f"subject left, {outcomes[None]} are open; {tasks:,} looks at open tasks; {len(begun)} "
        f"drafts; {told}; {verdict}"
    )


def everybody_is_present(house: House) -> int:
    """How many open tasks there are; each with somebody who works here."""
    here = house.here()
    with house.database.read() as session:
        rows = session.connection().execute(_OWNERS).all()
    stray = [(key, person) for _, key, _, person in rows if person not in here]
    assert stray == [], house.now
    return len({number for number, *_ in rows})


def answers_of(house: House) -> dict[str, dict[str, Any]]:
    """What was submitted, case by case."""
    return {case.name: orjson.loads(case.snapshot)["data"] for case in house.rows(CaseRow)}


def nothing_is_lost(
    house: House, submitted: dict[str, dict[str, Any]], begun: dict[int, str]
) -> None:
    now = answers_of(house)
    for case, data in submitted.items():
        assert {name: now[case][name] for name in data} == data, case
    drafts = {row.task_id: orjson.loads(row.answers) for row in house.rows(DraftRow)}
    assert {number: drafts[number]["why"][0] for number in begun} == begun
    assert len(begun) > 100


def every_change_is_told(house: House) -> dict[str, int]:
    """Owners and managers can be told from the histories alone."""
    with house.database.read() as session:
        lines = session.exec(
            select(CaseRow, EventRow, EventPrivateRow)
            .join(EventRow, col(EventRow.case_id) == col(CaseRow.id))
            .join(EventPrivateRow, col(EventPrivateRow.event_id) == col(EventRow.id), isouter=True)
            .order_by(col(EventRow.id))
        ).all()
    owners: dict[tuple[int, str], list[str]] = {}
    heard: dict[str, list[tuple[str, Any, Any]]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for case, line, private in lines:
        counts[line.kind] += 1
        public = orjson.loads(line.public)
        if line.kind == "task.opened":
            owners[case.id, line.object] = public["owners"]
        elif line.kind == "task.handed_over":
            assert owners[case.id, line.object] == public["before"]
            owners[case.id, line.object] = public["owners"]
        elif line.kind == "subject.changed":
            body = orjson.loads(private.payload)["body"]
            assert body["person"] == case.subject
            if line.object == "manager.changed":
                heard[case.name].append(("manager", body.get("from"), body.get("to")))
            for name in body.get("what", ()):
                heard[case.name].append((name, body.get(f"from_{name}"), body.get(f"to_{name}")))
    with house.database.read() as session:
        for _, key, case_id, person in session.connection().execute(_OWNERS):
            assert owners[case_id, key] == [person]
    for case in house.rows(CaseRow):
        if case.outcome is None:
            assert sorted(heard[case.name], key=str) == sorted(house.said[case.subject], key=str)
    assert [row for row in house.rows(IncidentRow) if row.code == "no-owner"] == []
    assert counts["task.handed_over"] > 100
    assert counts["subject.changed"] > 100
    return {kind: counts[kind] for kind in ("task.handed_over", "subject.changed", "case.closed")}
