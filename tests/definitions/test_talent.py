"""Skills and potential on a real database: what is kept, what is read again, and who sees nothing."""

import html
import json
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from sqlmodel import col, select
from support.invariants import check_everything
from support.office import Office, office_of
from support.world import World, found, hire

from engine.core.codec import decode_snapshot
from engine.store import Database
from engine.store.tables import CaseRow, HolderRow, RecordRow, TaskRow

MORNING = datetime(2027, 1, 11, 9, tzinfo=UTC)
FIRM = {
    "cy": (None, "Board"),
    "fay": ("cy", "HR"),
    "eve": ("cy", "IT"),
    "bob": ("cy", "Sales"),
    "ann": ("bob", "Sales"),
    "ben": ("bob", "Sales"),
    "cid": ("bob", "Sales"),
}
ROLES = (("hr-partner", "Sales", "fay"), ("head-of-hr", None, "cy"))
RATE = """\
process: rate
version: 1
data: {mark: {type: integer, from: start}}
states: {closed: {end: done}}
records: {rating: {of: subject, value: data.mark, calibrated: true, valid: 12 months, rated_by: subject.manager.id}}
"""
PROCESSES = (
    "skills-inventory",
    "potential-assessment",
    "committee-meeting",
    "talent-review",
    "development-plan",
)
SAW = "Took over the fair in May within two days, and had it run well."


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    sqlite_database.write(lambda tx: hire(tx, FIRM))
    sqlite_database.write(
        lambda tx: tx.session().add_all(
            HolderRow(role=role, unit=unit, person=f"p_{person}", valid_from=date(2020, 1, 1))
            for role, unit, person in ROLES
        )
    )
    world = World(database=sqlite_database, service=found(sqlite_database), now=MORNING)
    world.publish(RATE)
    for name in PROCESSES:
        world.publish(files("definitions").joinpath(f"{name}.yaml").read_text("utf-8"))
    return office_of(world)


def data_of(world: World, case: str) -> dict:
    return dict(decode_snapshot(json.loads(world.case(case).snapshot)).data)


def page(office: Office, state: str, person: str) -> str:
    task = office.world.task(state)
    return html.unescape(office.seated(task, person).get(f"/task/{task}").text)


def kept(world: World, kind: str) -> dict[str, tuple]:
    return {
        row.about.removeprefix("p_"): (json.loads(row.value), json.loads(row.attributes))
        for row in world.rows(RecordRow)
        if row.kind == kind
    }


def open_cases(world: World, process: str) -> list[str]:
    with world.database.read() as session:
        return list(
            session.exec(
                select(CaseRow.subject).where(
                    CaseRow.process == process, col(CaseRow.closed_at).is_(None)
                )
            )
        )


def case_about(world: World, process: str, person: str) -> str:
    (name,) = (
        row.name
        for row in world.rows(CaseRow)
        if (row.process, row.subject) == (process, f"p_{person}")
    )
    return name


def go_on(world: World) -> None:
    """Everything that is due, also the cases that rules start."""
    world.advance()
    for cohort in world.service.launches(world.now):
        while world.service.launch(cohort, 10, world.now).more:
            pass
    world.advance()


def inventory(world: World, person: str, level: int) -> None:
    case = world.start("skills-inventory", f"p_{person}")
    row = {"skill": "coaching", "level": level, "last_used": "2026-12-01"}
    world.answer(world.task("claim", case), person, claimed=[{**row, "wants": True}])
    world.answer(world.task("confirm", case), "bob", confirmed=[row])
    world.answer(world.task("read", case), person, "agree")
    assert world.case(case).outcome == "published"


def test_what_somebody_said_last_time_stands_in_the_next_form_also_when_it_is_stale(
    office: Office,
):
    world = office.world
    inventory(world, "ann", 3)
    value, attributes = kept(world, "skills")["ann"]

    assert value == [{"skill": "coaching", "level": 3, "last_used": "2026-12-01"}]
    assert (attributes["verified"], attributes["confirmed_by"]) == (True, "p_bob")
    assert attributes["wants"] == ["coaching"]

    world.later(days=200)
    world.start("skills-inventory", "p_ann")
    form = page(office, "claim", "ann")

    assert '<option value="coaching" selected>' in form
    assert 'name="claimed.0.level" value="0"' in form  # a scale that begins at 0
    assert 'name="claimed.0.last_used.year" type="text" inputmode="numeric" value="2026"' in form
    check_everything(world.database)


def test_skills_are_asked_again_on_the_monday_before_they_are_stale(office: Office):
    world = office.world
    inventory(world, "ann", 3)
    inventory(world, "ben", 2)
    world.now = MORNING + timedelta(days=63)  # a Monday; the records hold for 90 days
    go_on(world)
    assert open_cases(world, "skills-inventory") == []

    world.now = MORNING + timedelta(days=70, hours=1)
    go_on(world)

    assert sorted(open_cases(world, "skills-inventory")) == ["p_ann", "p_ben"]


def test_two_write_apart_the_committee_decides_and_no_box_leaves_it(office: Office):
    world = office.world
    for person, mark in (("ann", 4), ("ben", 3)):
        world.start("rate", f"p_{person}", mark=mark)
    review = world.start("talent-review", None, period="2027", department="Sales")
    everybody = [{"person": f"p_{one}", "second": "p_eve"} for one in ("ann", "ben", "cid")]
    world.answer(
        "prepare",
        "fay",
        reviewed=everybody,
        committee=["p_bob", "p_eve", "p_cy"],
        session_on="2027-02-01",
    )
    assert "Cid (never rated)" in page(office, "exceptions", "fay")
    world.answer("exceptions", "fay")  # cid is left out

    world.advance()
    for person, points in (("ann", 4), ("ben", 2)):
        case = case_about(world, "potential-assessment", person)
        for side, rater in (("by_manager", "bob"), ("by_second", "eve")):
            world.answer(
                world.task(f"apart.{side}", case),
                rater,
                adaptability=points,
                learning=points,
                leadership=points,
                aspiration=points,
                evidence=SAW,
            )
    world.advance()
    world.now = datetime(2027, 2, 1, 9, tzinfo=UTC)
    world.advance()
    world.answer(
        "attendance",
        "fay",
        committee=["p_bob", "p_eve", "p_cy"],
        present=["p_eve", "p_cy"],
    )
    world.advance()
    assert "Ann: high / high" in page(office, "session", "fay")
    world.answer(
        "session",
        "fay",
        actions=[
            {"person": "p_ann", "action": "stretch", "what": "Leads the fair.", "owner": "p_bob"},
            {"person": "p_ben", "action": "none", "what": "Is new here.", "owner": "p_bob"},
        ],
    )
    go_on(world)

    assert kept(world, "potential")["ann"] == ("high", {"raters": 2})
    assert kept(world, "potential")["ben"][0] == "low"
    assert kept(world, "talent")["ann"] == (
        "stretch",
        {"performance": "high", "uncalibrated": False},
    )
    assert open_cases(world, "development-plan") == ["p_ann"]
    assert "Leads the fair." in page(office, "act[p_ann].begun", "bob")
    with world.database.read() as session:
        told = session.exec(select(TaskRow.title).where(TaskRow.status == "open")).all()
    assert all("high" not in str(title) for title in told)
    assert data_of(world, review)["one_sided"] == []
    assert world.incidents() == []
    check_everything(world.database)
