"""Anonymous answers in the hands of those who give, read and keep them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from attackers import copy_of
from support.office import Office
from support.world import World, loaded
from test_anonymous_attack import PULSE

from engine.audit.verify import verify
from engine.loader import load_text
from engine.scenarios import play_all
from engine.service import Accepted, Held, Refused
from engine.store.tables import DraftRow
from engine.verify import verify as prove

ROUND = PULSE.replace(
    'set: {mean: "mean(ask.answers.map(a, a.mark))"}',
    'set: {mean: "size(ask.answers) > 0 ? mean(ask.answers.map(a, a.mark)) : 0.0"}',
)


def begin(world: World, source: str = ROUND) -> str:
    world.publish_unproved(source)
    return world.start("pulse", peers=["p_bob", "p_dan", "p_eve"])


def give(world: World, peer: str, mark: int = 4, why: str = "because") -> object:
    return world.answer(world.task(f"ask[p_{peer}]"), peer, mark=mark, why=why)


def data(world: World, case: str) -> dict:
    import orjson

    return orjson.loads(world.case(case).snapshot)["data"]


def test_the_answers_count_once_the_round_is_over(world):
    case = begin(world)
    for peer, mark in (("bob", 3), ("dan", 4), ("eve", 5)):
        assert isinstance(give(world, peer, mark), Accepted)

    assert data(world, case)["mean"] == 4
    assert verify(world.database).ok


def test_what_was_pressed_is_read_like_that_of_other_tasks(world):
    case = begin(
        world,
        ROUND.replace(
            "mean(ask.answers.map(a, a.mark))", "size(ask.answers.filter(a, a.outcome == 'submit'))"
        ),
    )
    for peer in ("bob", "dan", "eve"):
        give(world, peer)

    assert data(world, case)["mean"] == 3


def test_fewer_than_asked_for_are_thrown_away_unread(world):
    case = begin(world)
    give(world, "bob", why="UNREAD-1")
    give(world, "dan", why="UNREAD-2")
    world.later(days=20).advance()

    assert data(world, case)["mean"] == 0
    assert b"UNREAD" not in copy_of(world.database).text()
    assert copy_of(world.database).tables["sealed_answer"] == []
    assert verify(world.database).ok


def test_one_person_who_answers_for_several_is_one_person(world):
    case = begin(world)
    for peer in ("dan", "eve"):
        world.service.reassign(world.task(f"ask[p_{peer}]"), "p_bob", None, "", world.now)
    for peer in ("bob", "dan", "eve"):
        world.answer(world.task(f"ask[p_{peer}]"), "bob", mark=5, why="me again")

    assert data(world, case)["mean"] == 0


def test_a_cancelled_round_leaves_nothing_behind(world):
    case = begin(world)
    give(world, "bob")
    assert len(copy_of(world.database).tables["sealed_answer"]) == 1
    world.service.cancel(case, None, "not now", world.now)

    assert copy_of(world.database).tables["sealed_answer"] == []


def test_without_its_key_a_round_waits_for_it(world):
    case = begin(world)
    for peer in ("bob", "dan", "eve"):
        if peer != "eve":
            give(world, peer)
    service = world.service
    world.service = replace(service, tools=replace(service.tools, pool_key=bytes(32)))
    with pytest.raises(Refused, match="TENURE_POOL_KEY"):
        give(world, "eve")
    world.service = service
    give(world, "eve")

    assert data(world, case)["mean"] == 4


def test_a_round_that_ends_on_a_machine_with_another_key_is_an_incident(world):
    world.publish(ROUND)
    case = world.start("pulse", peers=["p_bob", "p_dan", "p_eve", "p_fay"])
    for peer in ("bob", "dan", "eve"):
        give(world, peer)
    service = world.service
    world.service = replace(service, tools=replace(service.tools, pool_key=bytes(32)))
    world.later(days=20).advance()
    (incident,) = world.incidents()
    assert "TENURE_POOL_KEY" in incident.message
    assert "mean" not in data(world, case)
    world.service = service
    assert world.service.retry(incident.id, None, world.now) is None

    assert data(world, case)["mean"] == 4
    assert verify(world.database).ok


def test_an_answer_that_waits_behind_an_incident_is_sealed_too(world):
    case = begin(
        world,
        ROUND.replace("size(ask.answers) > 0", "data.missing").replace(
            "  mean:", "  missing: {type: yes_no, required: false}\n  mean:"
        ),
    )
    give(world, "bob")
    give(world, "dan")
    assert isinstance(give(world, "eve", why="HELD-WORD"), Held)

    assert b"HELD-WORD" not in copy_of(world.database).text()
    assert "mean" not in data(world, case)


def test_too_long_an_answer_is_refused_in_a_sentence(world):
    begin(world)
    with pytest.raises(Refused, match="too long together"):
        give(world, "bob", why="x" * 40_000)


def test_a_draft_is_read_only_in_the_browser_it_was_written_in(office: Office):
    begin(office.world)
    task = office.world.task("ask[p_bob]")
    mine = office.seated(task, "bob")
    page = mine.get(f"/task/{task}").text
    assert "Nobody with your name" in page
    assert "at least 3 people" in page
    form = {".revision": "0", "mark": "2", "why": "DRAFT-4714", ".do": "continue"}
    assert mine.post(f"/task/{task}", data=form).status_code == 303

    assert "DRAFT-4714" in mine.get(f"/task/{task}/check").text
    assert b"DRAFT-4714" not in copy_of(office.world.database).text()
    elsewhere = office.seated(task, "bob").get(f"/task/{task}").text
    assert "DRAFT-4714" not in elsewhere
    assert "another browser" in elsewhere

    sent = mine.post(f"/task/{task}", data={".revision": "1", ".do": "submit"})
    assert sent.headers["location"] == f"/task/{task}/done"
    receipt = mine.get(f"/task/{task}/done").text
    assert "DRAFT-4714" not in receipt
    assert "not even this page can show it again" in receipt
    assert office.world.rows(DraftRow) == []
    assert b"DRAFT-4714" not in copy_of(office.world.database).text()


def test_a_scenario_plays_them(world):
    tested = (
        ROUND
        + """
tests:
  - name: three answer
    people: {subject: ann, manager: bob}
    start: {peers: [dan, eve, fay]}
    play:
      - dan ask: {mark: 2, why: a}
      - eve ask: {mark: 3, why: b}
      - fay ask: {mark: 4, why: c}
    expect: {at: tell, data: {mean: 3}}
  - name: two are too few
    people: {subject: ann, manager: bob}
    start: {peers: [dan, eve, fay]}
    play:
      - dan ask: {mark: 2, why: a}
      - eve ask: {mark: 3, why: b}
      - clock: +10 workdays
    expect: {at: tell, data: {mean: 0}}
"""
    )
    report = play_all(loaded(tested, "pulse.yaml"))

    assert [result.failure for result in report.results] == [None, None]


def test_the_example_of_the_reference_is_sound_and_needs_its_minimum():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "language.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(process: pulse\n.*?)```", page, flags=re.DOTALL)

    assert prove(load_text(example, "pulse.yaml")) == ()
    found = prove(load_text(example.replace("min: 5, ", ""), "pulse.yaml"))
    assert [one.code for one in found] == ["W420"]
