"""A copy of the database with anonymous answers cannot be joined to their authors."""

import random

import pytest
from attackers import ATTACKS, Copy, Guess, Loot, answered_in_order, copy_of
from support.world import World

from engine.audit.verify import verify
from engine.service import submitting

PEERS = ("bob", "dan", "eve", "fay")
CASES = 40
CHANCE = 1 / len(PEERS)
# Matching four names by chance hits one of them on average, with a variance of one: four standard
# deviations above that over all cases.
MORE_THAN_CHANCE = CHANCE + 4 * CASES**0.5 / (CASES * len(PEERS))

PULSE = """
process: pulse
version: 1
subject: person
people: {manager: subject.manager}
data:
  peers: {type: people, min: 3, from: start}
  mean:  {type: number, required: false}
states:
  ask:
    each: peer in data.peers
    task:
      to: peer
      anonymous: true
      due: 5 workdays
      fields: {mark: {type: scale}, why: {type: longtext}}
    late: {after: 2 workdays, go: done}
    set: {mean: "mean(ask.answers.map(a, a.mark))"}
  tell:
    task: {to: manager, due: 2 workdays, fields: {ok: {type: yes_no}}}
  closed: {end: done}
"""


def play(world: World) -> tuple[Loot, Guess]:
    """Forty rounds, each with answers in a random order; what is known, and the truth."""
    world.publish(PULSE)
    dice = random.Random(4)
    truth: Guess = {}
    known = {}
    copies: list[Copy] = []
    for number in range(CASES):
        case = world.start("pulse", "p_ann", peers=[f"p_{peer}" for peer in PEERS])
        answers = []
        for peer in dice.sample(PEERS, len(PEERS)):
            # Of different lengths: who writes much is known for it.
            word = f"W{dice.getrandbits(64):016x}" + "x" * dice.randrange(40)
            answer = {"mark": dice.randint(1, 5), "why": word}
            task = world.task(f"ask[p_{peer}]", case)
            world.answer(task, peer, **answer)
            truth[case, f"p_{peer}"] = word
            answers.append(answer)
            world.later(minutes=7)
            if number < 3:
                copies.append(copy_of(world.database))
        known[case] = dice.sample(answers, len(answers))
    copy = copy_of(world.database)
    authors = answered_in_order(copy)
    return Loot(copy=copy, known=known, earlier=copies, authors=authors), truth


def hits(guess: Guess, truth: Guess) -> float:
    """The share of the answers that the attacker gave to the right author."""
    return sum(guess.get(who) == word for who, word in truth.items()) / len(truth)


@pytest.fixture
def played(world: World) -> tuple[World, Loot, Guess]:
    return world, *play(world)


def test_no_attack_on_a_copy_of_the_database_is_better_than_chance(played):
    world, loot, truth = played

    assert all(word.encode() in loot.copy.text() for word in truth.values())  # they are there
    assert {len(people) for people in loot.authors.values()} == {len(PEERS)}
    for attack in ATTACKS:
        assert hits(attack(loot), truth) <= MORE_THAN_CHANCE, attack.__name__
    assert verify(world.database).ok


def test_no_answer_can_be_read_before_its_round_is_over(played):
    _, loot, truth = played

    for copy in loot.earlier:
        over = {case for case, people in answered_in_order(copy).items() if len(people) == 4}
        text = copy.text()
        for (case, _), word in truth.items():
            if case not in over:
                assert word.encode() not in text
        assert {len(row["box"]) for row in copy.tables["sealed_answer"]} <= {32_768 + 28}
    assert not loot.copy.tables["sealed_answer"]


def test_the_attackers_would_find_an_author_that_is_stored(world, monkeypatch):
    monkeypatch.setattr(submitting, "sealed_event", lambda *given: given[-1])
    loot, truth = play(world)

    best = {attack.__name__: hits(attack(loot), truth) for attack in ATTACKS}
    assert best["by_nearness_in_rows"] >= 0.7
    assert best["by_commitment"] >= 0.7
    assert best["by_comparing_copies"] >= 0.04
    if loot.copy.raw:
        assert best["by_nearness_in_bytes"] > 0.5
