"""What is known of successors: read from shared records, frozen, and worked out again later."""

from datetime import timedelta

import pytest
from support.invariants import check_everything
from support.world import World

from analytics import ANALYTICS
from engine.queries.advice import AdviceGiven, advice_given
from engine.service.evidence import named
from engine.store.tables import PersonVersionRow

RECORDS = """
process: facts
version: 1
data:
  mark:    {type: integer, from: start, required: false}
  band:    {type: text, from: start, required: false}
  done:    {type: integer, from: start, required: false}
  rater:   {type: person, from: start, required: false}
  skills:  {type: table, columns: {skill: {type: text}, level: {type: integer}, last_used: {type: date}}, from: start, required: false}
states: {closed: {end: done}}
records:
  rating:      {if: has(data.mark), of: subject, value: data.mark, calibrated: true, valid: 12 months, rated_by: 'has(data.rater) ? data.rater.id : ""'}
  potential:   {if: has(data.band), of: subject, value: data.band, raters: 2, valid: 6 months}
  skills:      {if: has(data.skills), of: subject, value: data.skills, verified: true, valid: 90 days}
  development: {if: has(data.done), of: subject, value: 4, done: data.done, stretch: 1, valid: 12 months}
"""
BENCH = """
process: bench
version: 1
subject: position
data:
  plan:   {type: table, columns: {person: {type: person}, band: {type: text}}, from: start}
  needs:  {type: table, columns: {skill: {type: text}, level: {type: integer}}, from: start}
  impact: {type: integer, from: start}
states: {closed: {end: done}}
records:
  succession:         {of: subject, value: data.plan, valid: 12 months}
  critical:           {of: subject, value: data.impact, scarcity: 3, valid: 12 months}
  capability_profile: {of: subject, value: data.needs}
"""
LOOK = """
process: look
version: 1
subject: none
states:
  look: {advise: {run: succession_readiness, with: {position: "'head-of-sales'"}, to: {role: it-desk}}, on: {accept: closed, dismiss: closed, other: closed}}
  closed: {end: done}
"""
NEEDS = [{"skill": "leading", "level": 2}]


@pytest.fixture
def benched(world: World) -> World:
    """Ann is known well, Bob hardly, and Dan is named for another position."""
    for source in (RECORDS, BENCH, LOOK):
        world.publish(source)
    world.start(
        "facts",
        mark=5,
        band="high",
        done=2,
        rater="p_bob",
        skills=[{"skill": "leading", "level": 2, "last_used": "2027-03-01"}],
    )
    world.start("facts", "p_bob", mark=3)
    people = [{"person": f"p_{one}", "band": "now"} for one in ("ann", "bob")]
    world.start("bench", "head-of-sales", plan=people, needs=NEEDS, impact=4)
    world.start(
        "bench", "head-of-it", plan=[{"person": "p_dan", "band": "now"}], needs=NEEDS, impact=2
    )
    return world


def advice(world: World) -> AdviceGiven:
    name = world.start("look", None)
    number = world.case(name).id
    with world.database.read() as session:
        (found,) = advice_given(session, number)
    return found


def test_who_is_named_for_a_position_is_looked_at_with_what_is_known_of_them(benched: World):
    found = advice(benched)
    ann, bob = found.kept["input"]

    assert (ann["person"], ann["position"], ann["risk"]) == ("p_ann", "head-of-sales", 12)
    assert ann["rating"]["case"] == "FAC-0001"
    assert ann["needs"] == [{"skill": "leading", "level": 2}]
    _, told, furthest = found.kept["findings"]
    # 25 + 20 + 30 + 7.5 (a stretch task) + 5 (two of four actions)
    assert (told["subject"], told["number"]) == ("p_ann", pytest.approx(87.5, abs=0.1))
    assert (furthest["subject"], furthest["number"], furthest["notable"]) == ("p_bob", 15, True)
    assert bob["skills"] is None
    again = ANALYTICS["succession_readiness"].run(found.kept["input"], found.kept["parameters"])
    assert again == found.kept["findings"]
    check_everything(benched.database)


def test_evidence_expires_and_a_rater_who_left_is_seen(benched: World):
    def leaves(tx):
        session = tx.session()
        session.add(
            PersonVersionRow(
                person="p_bob",
                valid_from=(benched.now + timedelta(days=1)).date(),
                name="Bob",
                email="bob@example.org",
                department="Sales",
                active=False,
            )
        )

    benched.database.write(leaves)
    benched.later(days=200)
    (ann,) = advice(benched).kept["input"]  # Bob, who left, is not looked at either

    assert ann["rating"]["rater_left"] is True
    (overall, told) = ANALYTICS["succession_readiness"].run([ann], {"position": ""})
    assert "whoever rated has left" in told["statement"]
    assert "high, seen by 2, expired" in told["statement"]
    assert "skills have expired" in told["statement"]
    assert overall["n"] == 1


def test_everybody_who_is_named_is_found_while_the_plan_of_the_position_holds(benched: World):
    def found(day: int) -> list[tuple[str, str]]:
        with benched.database.read() as session:
            people = named(session.connection(), benched.now + timedelta(days=day))
        return [(one.position, one.person) for one in people]

    assert found(0) == [
        ("head-of-it", "p_dan"),
        ("head-of-sales", "p_ann"),
        ("head-of-sales", "p_bob"),
    ]
    assert found(400) == []
