"""Who could follow: one plan of 90 days for a position, and a profile that others can read."""

import json
from datetime import date
from importlib.resources import files

import pytest
from support.invariants import check_everything
from support.world import World, found, hire

from engine.store import Database
from engine.store.tables import CaseRow, HolderRow, RecordRow, SignalRow

FIRM = {
    "cy": (None, "Board"),
    "hed": ("cy", "HR"),
    "eve": ("cy", "IT"),
    "fay": ("cy", "Service"),
    "gus": ("cy", "Product"),
    "bob": ("cy", "Sales"),
    "ann": ("bob", "Sales"),
    "ben": ("ann", "Sales"),
    "cid": ("ann", "Sales"),
}
NEEDS = [{"skill": "negotiating", "level": 3}]


@pytest.fixture
def world(sqlite_database: Database) -> World:
    since = date(2020, 1, 1)
    sqlite_database.write(lambda tx: hire(tx, FIRM))
    sqlite_database.write(
        lambda tx: tx.session().add_all(
            HolderRow(role=role, person=f"p_{person}", valid_from=since)
            for role, person in (("head-of-hr", "hed"), ("executive-sponsor", "cy"))
        )
    )
    world = World(database=sqlite_database, service=found(sqlite_database))
    for name in ("succession-planning", "development-plan"):
        world.publish(files("definitions").joinpath(f"{name}.yaml").read_text("utf-8"))
    return world


def nominate(world: World, covers: dict[str, int]) -> None:
    """Bob names them, the readiest first, and two agree."""
    world.answer(
        "nominate",
        "bob",
        successors=[
            {"person": f"p_{person}", "band": "in a year", "covers": much}
            for person, much in covers.items()
        ],
        cover="p_fay",
        committee=["p_fay", "p_gus"],
    )
    for person in covers:
        if f"asking[p_{person}].ask#1" in world.open_tasks():
            world.answer(f"asking[p_{person}].ask", person, "think_of_me")
    for member in ("fay", "gus"):
        world.answer(f"vote[p_{member}]", member, "agree")
    world.advance()
    for cohort in world.service.launches(world.now):
        world.service.launch(cohort, 10, world.now)


def planned(world: World) -> list[str]:
    """Whose development plan is open."""
    return [str(row.subject) for row in world.rows(CaseRow) if row.process == "development-plan"]


def named(world: World) -> dict[str, bool]:
    told = [json.loads(row.body) for row in world.rows(SignalRow) if row.name == "successor.named"]
    return {body["person"]: body["furthest"] for body in told}


def test_of_all_who_are_named_one_begins_a_plan_and_the_next_one_once_they_are_furthest(world):
    world.start("succession-planning", "head-of-sales", holder="p_ann")
    world.answer("flag", "hed", "critical", impact=4, scarcity=3, risk="perhaps")
    world.answer("role", "ann", must_have="Win and keep twenty customers.", needs=NEEDS)
    nominate(world, {"ben": 80, "cid": 40})

    assert named(world) == {"p_ben": False, "p_cid": True}
    assert planned(world) == ["p_cid"]
    (profile,) = [row for row in world.rows(RecordRow) if row.kind == "capability_profile"]
    assert (profile.about, json.loads(profile.value)) == ("head-of-sales", NEEDS)

    world.later(days=100)
    world.advance()
    world.answer("refresh", "bob", "it_has_changed")
    nominate(world, {"cid": 90, "ben": 80})

    assert planned(world) == ["p_cid", "p_ben"]
    assert world.incidents() == []
    check_everything(world.database)
