"""Empty seats, leaves and departures join: who hears of what, and who is asked only once."""

import json
from datetime import date, timedelta
from importlib.resources import files

import pytest
from sqlmodel import col, select
from support.invariants import check_everything
from support.world import World, found, hire

from engine.core.codec import decode_snapshot
from engine.store import Database
from engine.store.tables import CaseRow, HolderRow, MemberRow

FIRM = {
    "cy": (None, "Board"),
    "hed": ("cy", "HR"),
    "hal": ("hed", "HR"),
    "eve": ("cy", "IT"),
    "fay": ("eve", "IT"),
    "bob": ("cy", "Sales"),
    "ann": ("bob", "Sales"),
    "cid": ("bob", "Sales"),
    "ben": ("bob", "Sales"),
}
ROLES = (
    ("head-of-hr", None, "hed"),
    ("hr-partner", "Sales", "hal"),
    ("executive-sponsor", None, "cy"),
    ("head-of-sales", None, "ann"),
    ("sales-lead", "Sales", "cid"),
)
PLAN = """
process: plan
version: 1
subject: position
states: {closed: {end: done}}
data: {who: {type: people, from: start}}
records: {succession: {of: subject, value: 'data.who.map(p, {"person": p.id, "band": "now"})', cover: '"p_bob"'}}
"""
LIMITS = {"cover": "p_bob", "limits": "Orders up to 50 000.", "cover_until": "2027-12-31"}


@pytest.fixture
def world(database: Database) -> World:
    def fill(tx):
        hire(tx, FIRM)
        since = date(2020, 1, 1)
        tx.session().add_all(
            HolderRow(role=role, unit=unit, person=f"p_{person}", valid_from=since)
            for role, unit, person in ROLES
        )
        tx.session().add(MemberRow(queue="it-desk", person="p_eve", valid_from=since))

    database.write(fill)
    world = World(database=database, service=found(database))
    for name in ("exit", "leave-of-absence", "seat-handover", "succession-activation"):
        world.publish(files("definitions").joinpath(f"{name}.yaml").read_text("utf-8"))
    world.publish(PLAN)
    return world


def go_on(world: World) -> None:
    """What was heard starts cases, and they go on until nothing is left to do now."""
    world.advance()
    while found_some := world.service.launches(world.now):
        for cohort in found_some:
            while world.service.launch(cohort, 10, world.now).more:
                pass
        world.advance()


def cases(world: World, process: str) -> dict[str, CaseRow]:
    """By what they are about; a second one about the same would hide the first, and is counted."""
    with world.database.read() as session:
        rows = session.exec(
            select(CaseRow).where(CaseRow.process == process).order_by(col(CaseRow.id))
        ).all()
    by_subject = {str(row.subject): row for row in rows}
    assert len(by_subject) == len(rows)
    return by_subject


def stands(row: CaseRow) -> tuple[str | None, tuple[str, ...], dict]:
    """Its outcome, where it is, and its file."""
    snapshot = decode_snapshot(json.loads(row.snapshot))
    return snapshot.outcome, tuple(snapshot.configuration), dict(snapshot.data)


def vacate(world: World, seat: str, person: str) -> str:
    """Somebody's notice, and the name of the case about their seat."""
    body = {
        "position": seat,
        "person": f"p_{person}",
        "last_day": "2027-06-30",
        "cause": "resigned",
    }
    world.service.signal("role.vacated", body, None, None, world.now)
    go_on(world)
    return cases(world, "succession-activation")[seat].name


def ask_for_leave(world: World, until: str) -> str:
    case = world.start("leave-of-absence", "p_ann")
    world.answer(
        world.task("ask", case), "ann", kind="parental", from_day="2027-04-01", until=until
    )
    world.answer(
        world.task("entitled", case),
        "hal",
        "it_is_theirs",
        kind="parental",
        from_day="2027-04-01",
        until=until,
    )
    go_on(world)
    return case


def test_a_long_leave_is_covered_nobody_is_asked_to_take_the_seat_and_it_ends_with_them_back(world):
    world.start("plan", "head-of-sales", who=["p_ben"])
    leave = ask_for_leave(world, "2027-09-30")
    world.answer("name_cover", "bob", **LIMITS)
    go_on(world)
    seat = cases(world, "succession-activation")["head-of-sales"]
    assert stands(seat)[1] == ("away",)
    assert stands(seat)[2]["cause"] == "on leave"

    world.answer(
        world.task("hand_over", leave), "ann", deputy="p_ben", handed="The offer for Lyon is due."
    )
    world.answer(world.task("stand_in", leave), "ben", "i_stand_in")
    world.later(days=32)
    go_on(world)
    world.answer(world.task("away", leave), "hal", "back_already")
    go_on(world)

    assert cases(world, "succession-activation")["head-of-sales"].outcome == "incumbent_back"
    assert world.incidents() == []
    check_everything(world.database)


def test_a_short_leave_empties_no_seat(world):
    world.start("plan", "head-of-sales", who=["p_ben"])
    ask_for_leave(world, "2027-04-20")

    assert cases(world, "succession-activation") == {}


def test_two_empty_seats_do_not_ask_the_same_person(world):
    for seat in ("head-of-sales", "sales-lead@Sales"):
        world.start("plan", seat, who=["p_ben"])
    head = vacate(world, "head-of-sales", "ann")
    world.answer(world.task("name_cover", head), "bob", **LIMITS)
    world.answer(world.task("look", head), "hed", verdict="ask them")
    world.answer(world.task("agree", head), "bob", verdict="ask them")
    lead = vacate(world, "sales-lead@Sales", "cid")
    world.answer(world.task("name_cover", lead), "bob", **LIMITS)

    _, places, file = stands(world.case(lead))
    assert places == ("searching",)
    assert file["passed"] == [{"person": "p_ben", "why": f"promised to {head}"}]
    assert stands(world.case(head))[1] == ("offer",)
    check_everything(world.database)


def test_whoever_declined_one_seat_can_be_asked_for_another(world):
    for seat in ("head-of-sales", "sales-lead@Sales"):
        world.start("plan", seat, who=["p_ben"])
    head = vacate(world, "head-of-sales", "ann")
    world.answer(world.task("name_cover", head), "bob", **LIMITS)
    world.answer(world.task("look", head), "hed", verdict="ask them")
    world.answer(world.task("agree", head), "bob", verdict="ask them")
    world.answer(
        world.task("offer", head),
        "ben",
        take_it="I do not",
        begins="2027-07-01",
        rather_not="Two small children.",
    )
    lead = vacate(world, "sales-lead@Sales", "cid")
    world.answer(world.task("name_cover", lead), "bob", **LIMITS)

    assert stands(world.case(lead))[1] == ("look",)


def test_somebody_gone_without_a_word_is_seen_off_and_their_seat_is_covered_at_once(world):
    world.start("plan", "head-of-sales", who=["p_ben"])
    body = {"person": "p_ann", "on": "2027-03-01"}
    world.service.signal("person.left", body, "p_ann", None, world.now)
    go_on(world)
    (leaving,) = (row.name for row in cases(world, "exit").values())
    world.service.claim(world.task("access_first", leaving), "p_eve", world.now)
    world.answer(world.task("access_first", leaving), "eve", "closed")
    world.answer(
        "plan",
        "bob",
        last_day="2027-03-01",
        cause="left without notice",
        announce="I tell the team today.",
    )
    go_on(world)

    seat = cases(world, "succession-activation")["head-of-sales"]
    assert stands(seat)[1] == ("cover_today",)
    assert ("note", "p_bob") in world.letters(case_id=seat.id)
    assert world.incidents() == []


def test_a_seat_has_one_case_however_often_it_is_said_to_be_empty(world):
    """The notice says so, and months later the directory does."""
    world.start("plan", "head-of-sales", who=["p_ben"])
    vacate(world, "head-of-sales", "ann")
    world.later(days=1)
    body = {"position": "head-of-sales", "person": "p_ann", "on": "2027-06-30"}
    world.service.signal("role.vacated", body, None, None, world.now + timedelta(minutes=1))
    go_on(world)

    assert list(cases(world, "succession-activation")) == ["head-of-sales"]
