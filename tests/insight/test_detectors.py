"""Each detector finds what its rule says, tells since when, and is silent once it is put right."""

from dataclasses import dataclass

import pytest
from insight_tables import (
    Row,
    ago,
    case,
    history,
    person,
    record,
    seat,
    task,
    told,
)

from analytics.insight import DETECTORS

ANN, BOB, CY = person("p_ann", manager="p_bob"), person("p_bob", manager="p_cy"), person("p_cy")
FIRM = [ANN, BOB, CY]
LISTED = [{"person": "p_ann", "band": "now"}]
CRITICAL = record("critical", "cfo", 300, "yes", name="CRI-1")
LIST = record("succession", "cfo", 50, LISTED, name="SUC-1")
NAMED = told("successor.named", 50, "SUC-1", person="p_ann", position="cfo", band="now")
VACATED = told("role.vacated", 20, "EXI-1", position="cfo", person="p_bob", last_day="2028-02-20")
CLOSED = told("review.closed", 60, "PCE-1", person="p_ann")
PLAN = case("development-plan", "p_ann", 58, name="DEV-1")
SUBMITTED = told(
    "review.submitted", 60, "PCE-1", person="p_ann", cycle="2027", rater="p_bob", rating=3
)
STARTED = told("person.started", 60, "ONB-1", person="p_ann", start_date="2028-01-03",
               probation_ends="2028-06-30")  # fmt: skip


APPROVED = told("requisition.approved", 60, "REC-7", position="rep")
TALKS = [task("CAN-1", "candidate-application", "path.interviews", 40, 39) for _ in range(5)]
TO_DO = task("EXI-1", "exit", "act", 100)
COMPLAINED = told("plan.agreed", 40, "DEV-1", person="p_ann", occasion="after a complaint")
SIGN = record("flight_risk", "p_ann", 20, "noticed", name="STA-1")
PAID = told("pay.decided", 20, "PCE-1", person="p_ann", cycle="2027")
PROFILE = record("capability_profile", "cfo", 40, [], name="PRO-1")
GOALS = told("goals.agreed", 90, "GOA-1", person="p_ann")


def agreed(days: float) -> Row:
    return told("plan.agreed", days, "DEV-1", person="p_ann")


def published(days: float, rating: int, **more: str) -> Row:
    rows = [{"person": "p_ann", "rating": rating, **more}]
    return told("calibration.published", days, "CAL-1", cycle="2027", ratings=rows)


def team(rater: str, marks: list[float], kind: str = "rating") -> list[Row]:
    """People whom one manager rated, one each."""
    rows = []
    for n, mark in enumerate(marks):
        rows += [
            person(f"{rater}_{n}"),
            record(kind, f"{rater}_{n}", 20, mark, rated_by=rater, calibrated=True),
        ]
    return rows


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is found, and what makes an end of it."""

    name: str
    rows: list[Row]
    subject: str = "p_ann"
    since: float | None  # days ago; None: it has no day
    cases: tuple[str, ...] = ()
    mended: tuple[list[Row], ...]  # each of them alone: what was added
    without: tuple[Row, ...] = ()  # each of them alone: what was not there


RULES = [
    Rule(name="review-without-action", rows=[*FIRM, CLOSED], since=30, cases=("PCE-1",),
         mended=([agreed(40), PLAN], [agreed(5), PLAN],
                 [case("development-plan", "p_ann", 90, name="DEV-1"), agreed(80)],
                 [told("review.closed", 20, person="p_ann")],
                 [person("p_ann", 3, active=False)]), without=(CLOSED,)),
    Rule(name="feedback-without-development", since=30, cases=("FEE-1",),
         rows=[*FIRM, told("feedback.given", 60, "FEE-1", person="p_ann", to_develop=True)],
         mended=([agreed(5)], [PLAN], [person("p_ann", 3, active=False)])),
    Rule(name="role-without-readiness", rows=[*FIRM, CRITICAL, LIST], subject="cfo", since=0,
         cases=("SUC-1",),
         mended=([record("skills", "p_ann", 80, [])], [record("potential", "p_ann", 80, 3)],
                 [record("development", "p_ann", 80, 2)], [record("critical", "cfo", 5, "no")])),
    Rule(name="untouched-list", subject="cfo", since=10, cases=("SUC-1",),
         rows=[*FIRM, record("succession", "cfo", 100, LISTED, name="SUC-1")],
         mended=([record("succession", "cfo", 20, LISTED)],)),
    Rule(name="vacancy-without-activation", rows=[*FIRM, LIST, VACATED], subject="cfo", since=18,
         cases=("EXI-1",),
         mended=([case("succession-activation", "cfo", 19)],
                 [told("role.filled", 5, position="cfo", person="p_ann", interim=False)],
                 [told("notice.withdrawn", 5, person="p_bob")])),
    Rule(name="undeveloped-list", rows=[*FIRM, LIST, PLAN], subject="cfo", since=50,
         cases=("SUC-1",), mended=([agreed(30)], [record("development", "p_ann", 30, 2)])),
    Rule(name="successor-without-plan", rows=[*FIRM, LIST, NAMED], since=50, cases=("SUC-1",),
         mended=([case("development-plan", "p_ann", 49)], [case("development-plan", "p_ann", 9)],
                  [record("succession", "cfo", 9, [])],
                  [told("successor.named", 40, "SUC-1", person="p_ann", position="cfo",
                        furthest=False)]), without=(NAMED,)),
    Rule(name="rating-difference", subject="p_bob", since=None,
         mended=([record("rating", f"p_bob_{n}", 9, 2, rated_by="p_bob") for n in range(11)],),
         rows=[*FIRM, *team("p_bob", [5] * 11 + [4]), *team("p_cy", [2] * 11 + [3])]),
    Rule(name="uncalibrated-decision", rows=[*FIRM, NAMED], since=50, cases=("SUC-1",),
         mended=([record("rating", "p_ann", 60, 4, calibrated=True)],), without=(NAMED,)),
    Rule(name="seat-without-potential", since=5, cases=("SUC-2",),
         rows=[*FIRM, told("role.filled", 5, "SUC-2", position="cfo", person="p_ann", interim=False)],
         mended=([record("potential", "p_ann", 30, "high")],)),
    Rule(name="stale-rating", rows=[*FIRM, record("rating", "p_ann", 400, 4, name="PCE-1")],
         since=35, cases=("PCE-1",), mended=([record("rating", "p_ann", 10, 4)],)),
    Rule(name="stale-rating", since=7.5, cases=("PCE-1",), mended=([record("rating", "p_ann", 10, 4)],),
         rows=[*FIRM, person("p_gus"), person("p_gus", 7, active=False),
               record("rating", "p_ann", 90, 4, name="PCE-1", rated_by="p_gus")]),
    Rule(name="stale-rating", since=90, cases=("PCE-1",),
         rows=[person("p_ann", title="Lead"),
               record("rating", "p_ann", 90, 4, name="PCE-1", title="Clerk")],
         mended=([person("p_ann", 3, title="Clerk")],)),
    Rule(name="empty-critical-seat", rows=[*FIRM, LIST, VACATED], subject="cfo", since=9.5,
         cases=("EXI-1",),
         mended=([told("role.filled", 5, position="cfo", person="p_ann", interim=True)],
                 [told("last_day.changed", 5, person="p_bob", last_day="2028-04-30")],
                 [told("notice.withdrawn", 5, person="p_bob")])),
    Rule(name="exit-without-notice", rows=[ANN, person("p_ann", 30, active=False)], since=30.5,
         mended=([told("notice.given", 40, person="p_ann", cause="resigned")],)),
    Rule(name="two-plans", rows=[*FIRM, PLAN, case("development-plan", "p_ann", 9, name="DEV-2")],
         since=9, cases=("DEV-1", "DEV-2"), mended=([person("p_ann", 3, active=False)],),
         without=(PLAN,)),
    Rule(name="potential-like-performance", subject="p_bob", since=None, cases=("REC-1",),
         rows=[*FIRM, *team("p_bob", [1, 2, 3, 4, 5]), *team("p_bob", [1, 2, 3, 4, 5], "potential")],
         mended=([record("potential", "p_bob_0", 1, 5)],)),
    Rule(name="change-without-reason", rows=[*FIRM, SUBMITTED, published(40, 4)], since=40,
         cases=("CAL-1",), mended=(), without=(SUBMITTED,)),
    Rule(name="slow-hiring", subject="rep", since=15, cases=("REC-7",),
         rows=[case("recruiting", "rep", 70, name="REC-7"),
               APPROVED], mended=(), without=(APPROVED,)),
    Rule(name="many-interviews", since=50, cases=("CAN-1",), mended=(), without=tuple(TALKS),
         rows=[case("candidate-application", "p_ann", 50, name="CAN-1"), *TALKS]),
    Rule(name="person-without-path", rows=[ANN], since=None,
         mended=([PLAN], [record("development", "p_ann", 9, 2)], [person("p_ann", 9, active=False)])),
    Rule(name="single-holder", since=9, cases=("SKI-1",),
         rows=[*FIRM, CRITICAL, seat("cfo", "p_ann"),
               record("skills", "p_ann", 9, [{"skill": "Tax", "level": 3}], name="SKI-1"),
               record("skills", "p_bob", 9, [{"skill": "Tax", "level": 2}])],
         mended=([record("skills", "p_bob", 2, [{"skill": "Tax", "level": 4}])],
                 [record("skills", "p_ann", 2, [{"skill": "Tax", "level": 2}])])),
    Rule(name="talent-on-weak-ratings", rows=[*FIRM, NAMED], subject="the organisation", since=50,
         cases=("SUC-1",), without=(NAMED,),
         mended=([record("rating", one, 60, 4) for one in ("p_ann", "p_bob", "p_cy")],)),
    Rule(name="review-waiting", rows=[*FIRM, SUBMITTED, case("pcer-year", "p_ann", 90, name="PCE-1")],
         since=30, cases=("PCE-1",), mended=([published(9, 3)],), without=(SUBMITTED,)),
    Rule(name="hire-without-onboarding", since=8, cases=("OFF-1",),
         rows=[ANN, told("offer.accepted", 10, "OFF-1", person="p_ann", position="rep")],
         mended=([case("onboarding", "p_ann", 9)], [case("onboarding", "p_ann", 3)])),
    Rule(name="hire-without-goals", rows=[ANN, STARTED], since=30, cases=("ONB-1",),
         mended=([told("goals.agreed", 40, "GOA-1", person="p_ann")],
                 [told("goals.agreed", 4, "GOA-1", person="p_ann")])),
    Rule(name="probation-forgotten", rows=[ANN, STARTED], since=58, cases=("ONB-1",),
         mended=([case("probation-review", "p_ann", 50)],)),
    Rule(name="exit-action-open", subject="p_gus", since=10, cases=("EXI-1",), mended=(),
         rows=[case("exit", "p_gus", 120, name="EXI-1"), TO_DO], without=(TO_DO,)),
    Rule(name="plans-only-after-complaints", rows=[*FIRM, COMPLAINED], subject="Sales", since=40,
         cases=("DEV-1",), without=(COMPLAINED,),
         mended=([told("plan.agreed", 9, "DEV-2", person="p_bob", occasion="own wish")],
                 [person("p_ann", 3, unit="Law")], [person("p_ann", 3, active=False)])),
    Rule(name="never-recognised", rows=[ANN], since=None,
         mended=([told("recognition.given", 364, "REC-9", person="p_ann")],
                 [person("p_ann", 9, active=False)])),
    Rule(name="never-recognised", since=366,
         rows=[ANN, told("recognition.given", 366, "REC-9", person="p_ann")],
         mended=([told("recognition.given", 9, "REC-9", person="p_ann")],)),
    Rule(name="signal-not-looked-at", rows=[ANN, SIGN], since=6, cases=("STA-1",), without=(SIGN,),
         mended=([told("risk.looked_at", 1, "STA-1", person="p_ann")],
                 [record("flight_risk", "p_ann", 5, "noticed")],
                 [person("p_ann", 3, active=False)])),
    Rule(name="pay-without-calibration", rows=[ANN, PAID], since=20, cases=("PCE-1",),
         mended=([published(21, 3)],), without=(PAID,)),
    Rule(name="pay-without-calibration", rows=[ANN, PAID, published(19, 3)], since=20,
         cases=("PCE-1",), mended=([published(20, 3)],)),
    Rule(name="goals-before-profile", rows=[ANN, seat("cfo", "p_ann"), PROFILE, GOALS], since=10,
         cases=("PRO-1", "GOA-1"), without=(PROFILE, GOALS),
         mended=([told("goals.agreed", 30, "GOA-2", person="p_ann")],
                 [record("capability_profile", "cfo", 20, [])],
                 [person("p_ann", 3, active=False)])),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.name} {n}" for n, rule in enumerate(RULES)])
def test_it_finds_what_its_rule_says(rule: Rule):
    found = DETECTORS[rule.name].look(history(rule.rows))

    (row,) = [one for one in found if one.subject == rule.subject]
    assert row.at == (None if rule.since is None else ago(rule.since))
    assert row.cases == rule.cases


RIGHT = [
    *((rule, [*rule.rows, *more]) for rule in RULES for more in rule.mended),
    *(
        (rule, [row for row in rule.rows if row is not one])
        for rule in RULES
        for one in rule.without
    ),
]


@pytest.mark.parametrize(
    ("rule", "rows"), RIGHT, ids=[f"{rule.name} {n}" for n, (rule, _) in enumerate(RIGHT)]
)
def test_it_is_silent_once_it_is_put_right(rule: Rule, rows: list[Row]):
    found = DETECTORS[rule.name].look(history(rows))

    assert [one for one in found if one.subject == rule.subject] == []


def test_every_detector_has_a_story_in_which_it_finds_something_and_one_in_which_it_does_not():
    assert {rule.name for rule in RULES} == DETECTORS.keys()
    assert {rule.name for rule, _ in RIGHT} == DETECTORS.keys()


def test_a_change_with_a_reason_is_none_of_our_business():
    rows = [*FIRM, SUBMITTED, published(40, 4, reason="comparison with similar work")]

    assert DETECTORS["change-without-reason"].look(history(rows)) == ()


@pytest.mark.parametrize(("closed", "outcome"), [(5, "submit"), (95, "submit"), (5, "withdrawn")])
def test_an_action_after_an_exit_is_open_until_somebody_has_done_it_or_nobody_has_to(
    closed, outcome
):
    rows = [case("exit", "p_gus", 120, name="EXI-1")]
    rows.append(task("EXI-1", "exit", "act", 100, closed, outcome=outcome))
    rows.append(task("EXI-1", "exit", "learn", 100))

    assert DETECTORS["exit-action-open"].look(history(rows)) == ()


def test_pay_on_the_calibration_of_another_cycle_or_of_others_is_found():
    other = [{"person": "p_bob", "rating": 3}]
    rows = [ANN, PAID, told("calibration.published", 30, cycle="2027", ratings=other)]
    rows.append(
        told("calibration.published", 30, cycle="2026", ratings=[{"person": "p_ann", "rating": 3}])
    )

    assert len(DETECTORS["pay-without-calibration"].look(history(rows))) == 1


def test_what_is_missing_longest_comes_first():
    rows = [person("p_ann"), person("p_bob")]
    rows += [
        told("review.closed", days, person=who) for days, who in ((50, "p_ann"), (90, "p_bob"))
    ]

    found = DETECTORS["review-without-action"].look(history(rows))

    assert [row.subject for row in found] == ["p_bob", "p_ann"]
