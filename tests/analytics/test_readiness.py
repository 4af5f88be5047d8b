"""Readiness against figures worked out by hand: every part, its expiry, the bands and the choice."""

import pytest

from analytics import ANALYTICS
from analytics.checklist import WEIGHTS, parts_of
from analytics.readiness import assess, furthest

DAY = 86_400_000_000
NOW = 1_000 * DAY


def kept(days=10, until=None, **more):
    end = None if until is None else NOW + until * DAY
    return {"at": NOW - days * DAY, "until": end, "case": "CAS-0001", **more}


def rating(value=4, *, calibrated=True, left=False, changed=False, **more):
    return kept(value=value, calibrated=calibrated, rater_left=left, role_changed=changed, **more)


def potential(value="high", raters=2, **more):
    return kept(value=value, raters=raters, **more)


def skill(level, used=0, name="leading"):
    return {"skill": name, "level": level, "used": NOW - round(used * 365.25) * DAY}


def skills(*rows, verified=True, **more):
    return kept(value=list(rows), verified=verified, **more)


def development(done, of=4, stretch=0, **more):
    return kept(done=done, of=of, stretch=stretch, **more)


def row(person="ann", position="head-of-sales", **more):
    empty = dict.fromkeys(("covers", "shown", "rating", "potential", "skills"))
    return {
        "person": person,
        "position": position,
        "risk": 0.0,
        "needs": [{"skill": "leading", "level": 2}],
        "named": kept(),
        "development": None,
        "acting": None,
        "now": NOW,
        **empty,
        **more,
    }


READY = row(
    rating=rating(5),
    potential=potential("high"),
    skills=skills(skill(2)),
    acting=kept(),
    development=development(4),
)

PARTS = [
    # performance
    ("performance", {}, 0, "never rated"),
    ("performance", {"rating": rating(5)}, 1, "rated 5, calibrated"),
    ("performance", {"rating": rating(4)}, 1, "rated 4, calibrated"),
    ("performance", {"rating": rating(3)}, 0.6, "rated 3, calibrated"),
    ("performance", {"rating": rating(2)}, 0.2, "rated 2, calibrated"),
    ("performance", {"rating": rating(1)}, 0, "rated 1, calibrated"),
    ("performance", {"rating": rating(5, calibrated=False)}, 0, "rated 5, not calibrated"),
    ("performance", {"rating": rating(5, until=0)}, 0, "rated 5, expired"),
    ("performance", {"rating": rating(5, until=1)}, 1, "rated 5, calibrated"),
    ("performance", {"rating": rating(5, left=True)}, 0, "rated 5, whoever rated has left"),
    ("performance", {"rating": rating(5, changed=True)}, 0, "rated 5, in another role"),
    # potential
    ("potential", {}, 0, "never assessed"),
    ("potential", {"potential": potential("high")}, 1, "high, seen by 2"),
    ("potential", {"potential": potential("middle")}, 0.6, "middle, seen by 2"),
    ("potential", {"potential": potential("low")}, 0.2, "low, seen by 2"),
    ("potential", {"potential": potential("high", raters=1)}, 0, "high, seen by 1"),
    ("potential", {"potential": potential("high", until=-1)}, 0, "high, seen by 2, expired"),
    (
        "potential",
        {"potential": potential("high", days=90), "rating": rating(days=9)},
        1,
        "high, seen by 2, before the last rating",
    ),
    # skills
    ("skills", {}, 0, "no skills are known"),
    ("skills", {"needs": []}, 0, "nobody said what it needs"),
    (
        "skills",
        {"needs": [], "covers": 60.0},
        0.6,
        "covers 60 % of what it takes, as the committee sees it",
    ),
    ("skills", {"covers": 100.0}, 0, "no skills are known"),
    ("skills", {"skills": skills(skill(2))}, 1, "100% of 1 needed"),
    ("skills", {"skills": skills(skill(4))}, 1, "100% of 1 needed"),
    ("skills", {"skills": skills(skill(1))}, 0.5, "50% of 1 needed"),
    ("skills", {"skills": skills(skill(2, used=1))}, 0.5, "50% of 1 needed"),
    ("skills", {"skills": skills(skill(4, used=2))}, 0.5, "50% of 1 needed"),
    ("skills", {"skills": skills(skill(2, name="selling"))}, 0, "0% of 1 needed"),
    (
        "skills",
        {"skills": skills(skill(2), verified=False)},
        0.7,
        "70% of 1 needed, not confirmed by their manager",
    ),
    ("skills", {"skills": skills(skill(2), until=0)}, 0, "skills have expired"),
    # proof
    ("proof", {}, 0, "nothing of the kind was done yet"),
    ("proof", {"acting": kept()}, 1, "has acted in such a role"),
    ("proof", {"acting": kept(until=0)}, 0, "nothing of the kind was done yet"),
    ("proof", {"shown": "The fair"}, 1, "has done such a thing: The fair"),
    ("proof", {"development": development(1, stretch=1)}, 0.5, "has done a stretch task"),
    ("proof", {"development": development(0, stretch=1)}, 0, "nothing of the kind was done yet"),
    # plan
    ("plan", {}, 0, "no plan was finished"),
    ("plan", {"development": development(1)}, 0.25, "1 of 4 actions done"),
    ("plan", {"development": development(4)}, 1, "4 of 4 actions done"),
    ("plan", {"development": development(4, until=0)}, 0, "4 of 4 actions done, expired"),
]


@pytest.mark.parametrize(("name", "more", "share", "said"), PARTS)
def test_a_part_counts_as_much_as_its_evidence_holds(name, more, share, said):
    (part,) = (part for part in parts_of(row(**more)) if part.name == name)

    assert part.share == pytest.approx(share, abs=1e-3)
    assert part.said == said
    assert (part.missing is None) == (part.share >= (0.8 if name == "skills" else 1))
    if part.days is not None:
        assert part.source == "CAS-0001"


def test_the_parts_add_up_to_a_hundred_and_show_their_age():
    (ready,) = assess([READY])

    assert sum(WEIGHTS.values()) == 100
    assert (ready.score, ready.low, ready.high) == (100, 100, 100)
    assert ready.missing == ()
    assert [part.days for part in ready.parts] == [10] * 5


BANDS = [
    (READY, 100, "now"),
    # 85 points, but nothing was ever done: not now
    ({**READY, "acting": None}, 85, "within a year"),
    # 90 points, with a performance that counts for something
    ({**READY, "rating": rating(3)}, 90, "now"),
    # the same without any that counts
    ({**READY, "rating": rating(5, until=0)}, 75, "within a year"),
    # half of the skills
    ({**READY, "skills": skills(skill(1))}, 85, "within a year"),
    (
        row(rating=rating(4), skills=skills(skill(2)), development=development(2)),
        60,
        "within a year",
    ),
    (row(rating=rating(4), potential=potential("high")), 45, "in one or two years"),
    (row(rating=rating(3), potential=potential("high")), 35, "in one or two years"),
    (row(rating=rating(3), potential=potential("middle")), 27, "in three years or more"),
    (row(), 0, "in three years or more"),
]


@pytest.mark.parametrize(("one", "points", "band"), BANDS)
def test_ready_now_wants_more_than_points(one, points, band):
    (found,) = assess([one])

    assert found.score == pytest.approx(points, abs=0.01)
    assert found.band == band


def test_the_furthest_is_chosen_and_equals_go_to_the_higher_risk():
    people = assess(
        [
            READY,
            row("ben", "head-of-it", rating=rating(4), risk=4.0),
            row("cid", "head-of-law", skills=skills(skill(2)), potential=potential(), risk=9.0),
            row("dee", "head-of-ads", rating=rating(4), risk=16.0),
        ]
    )
    choice = furthest(people)

    assert choice.chosen.person == "dee"  # 25 points as ben has; more hangs on it
    assert (choice.same, choice.trials) == (243, 243)


def test_a_choice_that_hangs_on_the_weights_says_so():
    """25 points of performance against 30 of skills: apart by less than a fifth moves."""
    people = assess(
        [row("ben", rating=rating(4)), row("cid", skills=skills(skill(2)), position="head-of-law")]
    )
    choice = furthest(people)

    assert choice.chosen.person == "ben"
    assert [each.person for each in choice.others] == ["cid"]
    # cid where skills weigh 24 and performance 25 or 30: two of nine pairs, 27 times each
    assert choice.trials - choice.same == 54


def test_what_an_analytic_says_of_each_names_parts_ages_and_cases():
    overall, ann, ben = ANALYTICS["succession_readiness"].run(
        [READY, row("ben", "head-of-it", rating=rating(3, days=40))], {"position": ""}
    )

    assert (
        "2 named. Furthest from ready is the one for head-of-it, with 15 of 100."
        in (overall["statement"])
    )
    assert "It stays the same however the weights are moved by a fifth." in overall["statement"]
    assert (ann["subject"], ann["notable"], ann["number"]) == ("ann", False, 100)
    assert (ben["subject"], ben["notable"], ben["number"], ben["n"]) == ("ben", True, 15, 1)
    assert "performance 15 of 25 (rated 3, calibrated, 40 days old, CAS-0001)" in ben["statement"]
    assert (
        "Next: their skills: leading; a view of their potential by two people" in (ben["statement"])
    )
    assert ben["low"] < 15 < ben["high"]


def test_of_people_of_whom_nothing_is_known_that_is_said():
    overall, _ = ANALYTICS["succession_readiness"].run([row()], {"position": ""})

    assert "Nothing is known of anybody yet." in overall["statement"]
