"""Sixty people and ten managers through one performance year, with a calibration in the middle.

Every text that somebody writes about somebody else is unmistakable, so that it is found wherever
it comes out. `swapped` plays the same story with every 4 a 5 and every 5 a 4: the two take the
same ways, so whoever reads anything else in it has read a rating.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from privacy_firm import (
    CHANGES,
    FIRM,
    LATE,
    MANAGERS,
    MARKS,
    PEOPLE,
    PROCESSES,
    REASON,
    ROLES,
    manager,
    neighbour,
    sheet_of_who_stays,
    told,
)
from privacy_ways_out import mails
from sqlmodel import col, select
from support.office import Client, Office, office_of
from support.world import World, found, hire

from engine.core.codec import decode_snapshot
from engine.directory import plan_people, read_sheet
from engine.store import Database
from engine.store.tables import AssignmentRow, HolderRow, TaskRow


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Something that somebody read."""

    stage: str
    reader: str
    what: str
    text: str


@dataclass(kw_only=True)
class Company:
    """The story as far as it has come."""

    office: Office
    swapped: bool
    cases: dict[str, str] = field(default_factory=dict)
    session: str = ""
    seats: dict[tuple[str, str], Client] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    voters: dict[str, set[str]] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.office.world

    def mark(self, number: int) -> int:
        return {4: 5, 5: 4}.get(number, number) if self.swapped else number

    def rated(self, person: str) -> int:
        return self.mark(MARKS[PEOPLE.index(person) % len(MARKS)])

    def data(self, case: str) -> dict[str, Any]:
        return dict(decode_snapshot(json.loads(self.world.case(case).snapshot)).data)

    def look_around(self, stage: str, *, everywhere: bool = False) -> None:
        """Everybody opens every mail and page that they have; also what they had, and may not."""
        for way in mails(self.office):
            assert way.reader is not None
            self._read(stage, way.reader, way.name.partition(" #")[0], way.text)
        held = self._held()
        for seat in held:
            if seat not in self.seats:
                self.seats[seat] = self.office.seated(*seat)
        for task, person in self.seats if everywhere else held:
            self._get(stage, task, person, f"/task/{task}")
        if everywhere:
            for person, task in {person: task for task, person in self.seats}.items():
                for path in (
                    f"/task/{task}/done",
                    "/tasks",
                    "/cases",
                    f"/cases/{self.cases[PEOPLE[0]]}",
                ):
                    self._get(stage, task, person, path)

    def _get(self, stage: str, task: str, person: str, path: str) -> None:
        self._read(stage, person, path, self.seats[task, person].get(path).text)

    def _read(self, stage: str, reader: str, what: str, text: str) -> None:
        self.readings.append(Reading(stage=stage, reader=reader, what=what, text=text))

    def _held(self) -> list[tuple[str, str]]:
        with self.world.database.read() as session:
            held = session.exec(
                select(TaskRow.public_id, AssignmentRow.person)
                .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
                .where(col(AssignmentRow.ended_at).is_(None), TaskRow.status == "open")
                .order_by(col(AssignmentRow.id))
            ).all()
        return [(task, person.removeprefix("p_")) for task, person in held]


def founded(database: Database, *, swapped: bool = False) -> Company:
    database.write(lambda tx: hire(tx, FIRM))
    database.write(
        lambda tx: tx.session().add_all(
            HolderRow(role=role, unit=unit, person=f"p_{person}", valid_from=date(2020, 1, 1))
            for role, unit, person in ROLES
        )
    )
    world = World(database=database, service=found(database), now=day(11))
    for name in PROCESSES:
        world.publish(files("definitions").joinpath(f"{name}.yaml").read_text("utf-8"))
    return Company(office=office_of(world), swapped=swapped)


def day(number: int, month: int = 1) -> datetime:
    return datetime(2027, month, number, 9, tzinfo=UTC)


def play(company: Company) -> None:
    """From the plans of the year until half of the people were told."""
    plan(company)
    company.look_around("planned")
    evaluate(company)
    for person in PEOPLE:
        if person != LATE:
            rate(company, person)
    company.look_around("reviewed")
    for person in PEOPLE:
        if person != LATE:
            pass_on(company, person)
    company.look_around("rated", everywhere=True)
    gather(company)
    meet(company)
    decide(company)
    company.look_around("decided")
    publish(company)
    company.look_around("published", everywhere=True)
    for person in told():
        company.world.answer(
            company.world.task("talk", company.cases[person]), manager(person), told_on="2027-03-01"
        )
    company.look_around("told")


def plan(company: Company) -> None:
    world = company.world
    goals = [{"goal": "Ship it", "measure": "shipped", "due": "2027-06-01"}]
    for person in PEOPLE:
        case = world.start(
            "pcer-year", f"p_{person}", cycle="2027", evaluate_from="2027-01-15", months_in_role=12
        )
        company.cases[person] = case
        world.answer(
            world.task("plan", case),
            person,
            expectations="Sell more than last year.",
            goals=goals,
            peers=[f"p_{neighbour(person)}"],
        )
        world.answer(world.task("agree", case), FIRM[person][0] or "", "accept", goals=goals)


def evaluate(company: Company) -> None:
    world = company.world
    world.now = day(15)
    world.advance()
    company.look_around("asked")
    for person, case in company.cases.items():
        peer = neighbour(person)
        evidence = f"SELF-{person} is what I am proud of."
        world.answer(world.task("evaluate.self", case), person, self_mark=3, self_evidence=evidence)
        world.answer(
            world.task(f"evaluate.peers[p_{peer}]", case), peer, keeps="Says it, and listens."
        )
    world.advance()


def rate(company: Company, person: str) -> None:
    world = company.world
    world.answer(
        world.task("rate", company.cases[person]),
        FIRM[person][0] or "",
        rating=company.rated(person),
        why=f"WHY-{person} shipped it, and helped two others to ship theirs.",
        strengths=f"KEEP-{person}",
        growth=f"NEXT-{person}",
    )


def pass_on(company: Company, person: str) -> None:
    """HR reads a low rating, the managers' manager one that is unusual."""
    world, case, mark = company.world, company.cases[person], company.rated(person)
    if mark <= 2:
        world.answer(world.task("wording", case), "fay", "fine")
    if mark >= 4 or mark == 1:
        world.answer(world.task("second_look", case), "sue", "approve")
    world.advance()


def gather(company: Company) -> None:
    """The session opens after the ratings, a manager leaves before reading, and one is late."""
    world = company.world
    company.session = world.start(
        "calibration-session",
        None,
        cycle="2027",
        department="Sales",
        rated_by="2027-01-20",
        members_in="Board",
    )
    world.now = day(21)
    world.advance()
    committee = [f"p_{boss}" for boss in (*MANAGERS, "eve")]
    world.answer("prepare", "fay", committee=committee, session_on="2027-02-01")
    company.look_around("prepared")
    for boss in MANAGERS[:-1]:
        world.answer(
            f"pre_read[p_{boss}]", boss, too_high=["p_cvq"], saw=f"SAW-{boss}: not as much."
        )
    leave(company)
    rate(company, LATE)
    pass_on(company, LATE)
    world.now = day(28)  # neither eve nor the leaver's manager has read
    world.advance()
    world.answer("figures", "fay", "leave_it", reason="Nothing to compare with yet.")
    company.look_around("agenda")
    world.answer(
        "agenda", "fay", agenda=[f"p_{c.person}" for c in CHANGES], session_on="2027-02-01"
    )


def leave(company: Company) -> None:
    """The last manager goes, and their neighbour leads their people."""
    world = company.world
    with world.database.read() as session:
        sheet = read_sheet(sheet_of_who_stays())
        change = plan_people(sheet, session.connection(), world.now.date(), full=True)
    world.service.import_people(change, None, world.now)
    world.advance()


def meet(company: Company) -> None:
    """Five of eleven come; a week later everybody does."""
    world = company.world
    world.now = day(1, 2)
    world.advance()
    here = [f"p_{boss}" for boss in MANAGERS[:9]]
    world.answer("attendance", "fay", committee=[*here, "p_eve"], present=here[:5])
    world.answer("call_again", "fay", session_on="2027-02-08")
    world.now = day(8, 2)
    world.advance()
    world.answer("attendance", "fay", committee=[*here, "p_eve"], present=[*here, "p_eve", "p_fay"])
    world.advance()


def decide(company: Company) -> None:
    world = company.world
    for change in CHANGES:
        world.answer("session", "fay", "propose_a_change")
        world.answer("whose", "fay", employee=f"p_{change.person}")
        world.answer(
            "propose",
            "fay",
            "put_to_the_vote",
            proposed=company.mark(change.to),
            reason=REASON,
            evidence=f"EVIDENCE-{change.person} grew as fast as the market did.",
            speaker="p_aoss",
        )
        asked = company.voters[change.person] = voters(world)
        if change is CHANGES[0]:
            company.look_around("voting")
        for person in sorted(asked):
            if person in voters(world):  # the vote may be decided
                world.answer(f"vote[p_{person}]", person, change.votes)
        if change.second is not None:
            world.answer("second_level", "sue", change.second)
        world.advance()
    world.answer("session", "fay", "all_discussed")


def voters(world: World) -> set[str]:
    keys = [key for key in world.open_tasks() if key.startswith("vote[")]
    return {key.split("[p_")[1].split("]")[0] for key in keys}


def publish(company: Company) -> None:
    world = company.world
    world.answer("approval", "sue", "discuss_again", remark="Is nobody forgotten?")
    world.answer("session", "fay", "all_discussed")
    world.answer("approval", "sue", "publish")
    world.advance()
