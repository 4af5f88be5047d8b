"""What people say of each other and of their work, and who reads it: thanks, pulses, talks to stay."""

import html
import json
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from support.office import Office, office_of
from support.world import World, world_of

from engine.core.codec import decode_snapshot
from engine.store import Database
from engine.store.tables import HolderRow, RecordRow

JANUARY = datetime(2027, 1, 4, 9, tzinfo=UTC)
GOALS = [{"goal": "Ship it", "measure": "shipped", "due": "2027-06-01"}]
MARKS = ("glad_here", "of_use", "have_it", "counts", "learning")


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    """Eve does what HR does for all departments."""
    world = world_of(sqlite_database)
    world.now = JANUARY
    sqlite_database.write(
        lambda tx: tx.session().add(
            HolderRow(role="head-of-hr", person="p_eve", valid_from=date(2026, 1, 1))
        )
    )
    for name in ("recognition", "engagement-pulse", "pcer-year", "stay-interview"):
        world.publish(files("definitions").joinpath(f"{name}.yaml").read_text("utf-8"))
    return office_of(world)


def page(office: Office, task: str, person: str) -> str:
    return html.unescape(office.seated(task, person).get(f"/task/{task}").text)


def thank(world: World, by: str, did: str, share: str) -> None:
    case = world.start("recognition", "p_ann", given_by=f"p_{by}")
    world.answer(world.task("write", case), by, did=did, effect="They ordered again.")
    world.answer(world.task("read", case), "ann", share=share)
    world.advance()


def data_of(world: World, case: str) -> dict:
    return dict(decode_snapshot(json.loads(world.case(case).snapshot)).data)


def test_the_manager_reads_beside_the_rating_what_the_person_let_them_read(office: Office):
    world = office.world
    thank(world, "dan", "She calmed the customer on Monday.", "my manager")
    thank(world, "eve", "She wrote down what nobody had.", "my manager")
    thank(world, "fay", "She lent me her notes for the talk.", "nobody")
    case = world.start("pcer-year", "p_ann", cycle="2027", evaluate_from="2027-01-10",
                       months_in_role=12)  # fmt: skip
    world.answer(world.task("plan", case), "ann", expectations="Sell more than last year.",
                 goals=GOALS, peers=["p_eve"])  # fmt: skip
    world.answer(world.task("agree", case), "bob", "accept", goals=GOALS)
    world.later(days=10).advance()
    world.answer(world.task("evaluate.self", case), "ann", self_mark=4,
                 self_evidence="We shipped it at last.")  # fmt: skip
    world.answer(world.task("evaluate.peers[p_eve]", case), "eve",
                 keeps="Says what she thinks, and listens.")  # fmt: skip

    read = page(office, world.task("rate", case), "bob")

    assert "She calmed the customer on Monday. ... She wrote down what nobody had." in read
    assert "She lent me her notes" not in read
    assert "none scored yet" in read


def test_a_pulse_keeps_means_and_no_answer(office: Office):
    world = office.world
    case = world.start("engagement-pulse", None, period="2027 Q1", department="IT")
    people = ["ann", "bob", "cy", "dan", "eve"]
    world.answer("whom", "eve", asked=[f"p_{name}" for name in people])
    for n, name in enumerate(people):
        world.answer(f"ask[p_{name}]", name, **dict.fromkeys(MARKS, 1 + n))
    world.advance()

    read = page(office, world.task("act", case), "eve")
    world.answer("act", "eve", change="Everybody gets a second screen in May.")
    world.advance()

    assert "glad 3, of use 3, have what they need 3" in read
    assert data_of(world, case)["engagement"] == 3
    (kept,) = [row for row in world.rows(RecordRow) if row.kind == "engagement"]
    assert (kept.about, json.loads(kept.value)) == ("IT", 3)
    assert not {*MARKS} & data_of(world, case).keys()


def test_who_is_to_be_kept_is_talked_with_and_reads_nothing_of_a_sign(office: Office):
    world = office.world
    signal = {"person": "p_ann", "action": "retain", "what": "Asked for another team twice."}
    world.service.signal("action.assigned", signal, None, None, world.now)
    world.advance()
    for cohort in world.service.launches(world.now):
        world.service.launch(cohort, 500, world.now)
    world.advance()
    (looks,) = world.open_tasks().values()
    assert "Asked for another team twice." in page(office, looks, "eve")
    world.answer(looks, "eve", "talk", because="She has asked for it twice.", talks="p_cy")

    talk = page(office, world.task("talk"), "cy")

    assert "Asked for another team" not in talk
    assert "asked for it twice" not in talk
    assert [row.value for row in world.rows(RecordRow) if row.kind == "flight_risk"] == [
        '"noticed"'
    ]
    assert {person for _, person in world.letters()} == {"p_eve", "p_cy"}
