"""Reviews hand their ratings to the session of their department, and get back what it publishes."""

import html
import json
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest
from sqlmodel import col, select
from support.office import Office, office_of
from support.world import World, found, hire

from engine.core.codec import decode_snapshot
from engine.store import Database
from engine.store.tables import CaseRow, HolderRow, RecordRow, SignalRow, TaskRow

MORNING = datetime(2027, 1, 11, 9, tzinfo=UTC)
FIRM = {
    "cy": (None, "Board"),
    "sue": (None, "Board"),
    "fay": ("cy", "HR"),
    "eve": ("cy", "IT"),
    "bob": ("cy", "Sales"),
    "cleo": ("cy", "Sales"),
    "dan": ("cy", "Sales"),
    "ann": ("bob", "Sales"),
    "ben": ("cleo", "Sales"),
    "gus": ("dan", "Sales"),
}
ROLES = (
    ("hr-partner", "Sales", "fay"),
    ("executive-sponsor", "Sales", "sue"),
    ("head-of-hr", None, "sue"),
)
PROCESSES = (
    "pcer-year",
    "committee-meeting",
    "calibration-decision",
    "calibration-session",
    "rating-appeal",
)
GOALS = [{"goal": "Ship it", "measure": "shipped", "due": "2027-06-01"}]


def definition(name: str) -> str:
    return files("definitions").joinpath(f"{name}.yaml").read_text("utf-8")


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    """A department of three managers with one report each, HR, and somebody from elsewhere."""
    sqlite_database.write(lambda tx: hire(tx, FIRM))
    sqlite_database.write(
        lambda tx: tx.session().add_all(
            HolderRow(role=role, unit=unit, person=f"p_{person}", valid_from=date(2020, 1, 1))
            for role, unit, person in ROLES
        )
    )
    world = World(database=sqlite_database, service=found(sqlite_database), now=MORNING)
    for name in PROCESSES:
        world.publish(definition(name))
    return office_of(world)


def data_of(world: World, case: str) -> dict:
    return dict(decode_snapshot(json.loads(world.case(case).snapshot)).data)


def heard(world: World) -> dict[str | None, list[str]]:
    """Whose ratings each review was told."""
    return {
        row.correlation: [rating["person"] for rating in json.loads(row.body)["ratings"]]
        for row in world.rows(SignalRow)
        if row.name == "calibration.published"
    }


def owners(world: World, state: str) -> list[str]:
    """Who has open tasks of a state, by their keys: `vote[p_bob].task#1`."""
    with world.database.read() as session:
        keys = session.exec(select(TaskRow.key).where(col(TaskRow.status) == "open")).all()
    return sorted(key.split("[p_")[1].split("]")[0] for key in keys if key.startswith(f"{state}["))


def to_be_told(world: World) -> list[str]:
    """About whom managers are asked to tell a result."""
    with world.database.read() as session:
        about = session.exec(
            select(CaseRow.subject)
            .join(TaskRow, col(TaskRow.case_id) == col(CaseRow.id))
            .where(TaskRow.status == "open", TaskRow.state == "talk")
        ).all()
    return sorted(str(person).removeprefix("p_") for person in about)


def begin_review(world: World, person: str, manager: str, mark: int) -> str:
    """A performance year, until its manager has rated."""
    case = world.start(
        "pcer-year", f"p_{person}", cycle="2027", evaluate_from="2027-01-10", months_in_role=12
    )
    world.answer(
        world.task("plan", case),
        person,
        expectations="Sell more than last year.",
        goals=GOALS,
        peers=["p_eve"],
    )
    world.answer(world.task("agree", case), manager, "accept", goals=GOALS)
    world.advance()
    world.answer(
        world.task("evaluate.self", case),
        person,
        self_mark=4,
        self_evidence="We shipped it at last.",
    )
    world.answer(
        world.task("evaluate.peers[p_eve]", case), "eve", keeps="Says what she thinks, and listens."
    )
    world.answer(
        world.task("rate", case), manager, rating=mark, why="Shipped it, and helped others to ship."
    )
    world.advance()
    return case


def begin_session(
    world: World, department: str = "Sales", rated_by: str = "2027-01-20", members_in: str = "Board"
) -> str:
    case = world.start(
        "calibration-session",
        None,
        cycle="2027",
        department=department,
        rated_by=rated_by,
        members_in=members_in,
    )
    world.advance()
    return case


def prepare(world: World, **more: Any) -> None:
    """From the day on which ratings are in until the session is open."""
    world.now = datetime(2027, 1, 21, 9, tzinfo=UTC)
    world.advance()
    committee = ["p_bob", "p_cleo", "p_dan", "p_eve"]
    world.answer("prepare", "fay", committee=committee, session_on="2027-01-22", **more)
    for person in ("bob", "cleo", "dan", "eve"):
        world.answer(f"pre_read[p_{person}]", person)
    world.answer("figures", "fay", "leave_it", reason="Nothing to compare with yet.")
    world.answer("agenda", "fay", agenda=["p_ann"], session_on="2027-01-22")
    world.now = datetime(2027, 1, 22, 9, tzinfo=UTC)
    world.advance()
    world.answer("attendance", "fay", committee=committee, present=[*committee, "p_fay"])
    world.advance()


def propose(world: World, person: str, mark: int) -> None:
    world.answer("session", "fay", "propose_a_change")
    world.answer("whose", "fay", employee=f"p_{person}")
    world.answer(
        "propose",
        "fay",
        "put_to_the_vote",
        proposed=mark,
        reason="comparison with similar work",
        evidence="Her region grew as fast as the market did.",
        speaker="p_bob",
    )


def test_waiting_reviews_get_exactly_what_the_session_publishes(office: Office):
    """One review comes before the session is open, one after; nobody sees a rating too early."""
    world = office.world
    early = begin_review(world, "ann", "bob", 3)
    session = begin_session(world)
    late = begin_review(world, "ben", "cleo", 3)
    prepare(world)

    ratings = data_of(world, session)["ratings"]
    assert [(row["person"], row["rater"], row["rating"]) for row in ratings] == [
        ("p_ann", "p_bob", 3),
        ("p_ben", "p_cleo", 3),
    ]

    propose(world, "ann", 4)
    assert owners(world, "vote") == ["cleo", "dan", "eve"]  # not bob, whose report she is
    world.answer("vote[p_cleo]", "cleo", "support")
    world.answer("vote[p_eve]", "eve", "support")
    world.advance()
    world.answer("session", "fay", "all_discussed")
    assert data_of(world, early)["rating"] == 3

    world.answer("approval", "sue", "publish")
    world.advance()

    assert world.case(session).outcome == "published"
    assert (data_of(world, early)["rating"], data_of(world, late)["rating"]) == (4, 3)
    assert data_of(world, early)["reason"] == "comparison with similar work"
    assert data_of(world, early)["session"] == session
    assert data_of(world, late)["reason"] == "as the manager rated"
    assert heard(world) == {"2027|p_ann": ["p_ann"], "2027|p_ben": ["p_ben"]}
    assert world.incidents() == []
    (record,) = world.rows(RecordRow)
    assert json.loads(record.attributes)["raised"] == 1


def test_a_review_that_was_not_calibrated_goes_on_waiting(office: Office):
    world = office.world
    begin_session(world)
    begin_review(world, "ann", "bob", 3)
    ben = begin_review(world, "ben", "cleo", 3)
    prepare(world, off=["p_ben"])
    world.answer("session", "fay", "all_discussed")
    world.answer("approval", "sue", "publish")
    world.advance()

    assert to_be_told(world) == ["ann"]
    assert "session" not in data_of(world, ben)
    assert world.incidents() == []


def test_who_is_on_the_committee_is_rated_in_another_session(office: Office):
    world = office.world
    sales = begin_session(world)
    board = begin_session(world, "Board", "2027-01-25", "Supervisory board")
    bob = begin_review(world, "bob", "cy", 3)
    begin_review(world, "ann", "bob", 3)
    prepare(world)
    late = begin_review(world, "dan", "cy", 3)

    assert [row["person"] for row in data_of(world, sales)["ratings"]] == ["p_ann"]
    assert [row["person"] for row in data_of(world, board)["ratings"]] == ["p_bob", "p_dan"]

    world.answer("session", "fay", "all_discussed")
    world.answer("approval", "sue", "publish")
    world.advance()

    assert to_be_told(world) == ["ann"]
    assert {world.case(case).outcome for case in (bob, late)} == {None}
    assert world.incidents() == []


def test_an_appeal_is_looked_at_by_others_and_told_like_the_first_rating(office: Office):
    world = office.world
    begin_session(world)
    ann = begin_review(world, "ann", "bob", 3)
    prepare(world)
    world.answer("session", "fay", "all_discussed")
    world.answer("approval", "sue", "publish")
    world.advance()
    world.answer("talk", "bob", told_on="2027-01-25")
    world.answer("acknowledge", "ann", agrees="I appeal", comment="Nobody saw the second shop.")
    world.advance()
    for cohort in world.service.launches(world.now):
        world.service.launch(cohort, 10, world.now)
    seen = {"facts": "The second shop opened in May and earns money."}
    world.answer("hear", "fay", **seen, panel=["p_bob", "p_eve"])
    assert owners(world, "look") == []  # bob has rated her
    world.answer("hear", "fay", **seen, panel=["p_cleo", "p_eve"])
    for person in ("cleo", "eve"):
        world.answer(f"look[p_{person}]", person, mark=4, saw="The second shop is her work.")
    assert data_of(world, ann)["rating"] == 3

    world.answer("decide", "sue", decided=4, because="The second shop is work of this year.")
    world.advance()
    assert "Rating to tell" in page(office, "talk", "bob")
    world.answer("talk", "bob", told_on="2027-02-10")
    mine = page(office, "acknowledge", "ann")
    assert "4 of 5 (The second shop is work of this year.)" in mine
    world.answer("acknowledge", "ann", agrees="I agree")
    world.advance()

    (rating,) = [row for row in world.rows(RecordRow) if row.kind == "rating"]
    assert (rating.about, json.loads(rating.value)) == ("p_ann", 4)
    assert world.incidents() == []


def test_who_rated_does_not_vote_though_somebody_else_is_the_manager_now(office: Office):
    """A manager who left the person's line in the middle is still on their own side."""
    world = office.world
    begin_session(world)
    prepare(world, missing=[{"person": "p_ann", "rater": "p_dan", "rating": 3}])

    propose(world, "ann", 4)

    assert owners(world, "vote") == ["cleo", "eve"]


def test_pages_show_what_a_reader_and_the_sponsor_need_and_let_neither_change_it(office: Office):
    world = office.world
    begin_session(world)
    begin_review(world, "ann", "bob", 3)
    begin_review(world, "ben", "cleo", 3)
    world.now = datetime(2027, 1, 21, 9, tzinfo=UTC)
    world.advance()
    committee = ["p_bob", "p_cleo", "p_dan", "p_eve"]
    world.answer("prepare", "fay", committee=committee, session_on="2027-01-22")

    read = page(office, "pre_read[p_bob]", "bob")
    assert "Ben 3" in read
    assert "Ann" not in read  # his own report

    for person in ("bob", "cleo", "dan", "eve"):
        world.answer(f"pre_read[p_{person}]", person)
    world.answer("figures", "fay", "leave_it", reason="Nothing to compare with yet.")
    world.answer("agenda", "fay", agenda=["p_ann"], session_on="2027-01-22")
    world.now = datetime(2027, 1, 22, 9, tzinfo=UTC)
    world.advance()
    world.answer("attendance", "fay", committee=committee, present=committee)
    world.advance()
    world.answer("session", "fay", "all_discussed")

    approval = page(office, "approval", "sue")
    assert "Ann 3; Ben 3" in approval
    assert 'name="ratings' not in approval


def page(office: Office, state: str, person: str) -> str:
    answer = office.seated(office.world.task(state), person).get(
        f"/task/{office.world.task(state)}"
    )
    return html.unescape(answer.text)
