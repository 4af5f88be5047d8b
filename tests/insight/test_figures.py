"""What figures count and what they leave out: weights, signs, actions, sources, costs, answers."""

from datetime import timedelta

import pytest
from insight_tables import TODAY, case, history, person, record, task, told

from analytics.insight import METRICS, words


def measured(name, *rows):
    return METRICS[name].measure(history(rows))


def scored(*people):
    """A closed goal-setting case for each, with these goals and weights."""
    return [
        case("goal-setting", f"p_{n}", 90, 9, "scored", results=[
            {"goal": "G", "reached": reached, **({} if weight is None else {"weight": weight})}
            for reached, weight in goals
        ])
        for n, goals in enumerate(people)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("goals", "reached"),
    [
        ([(80, None), (40, None)], 60),
        ([(80, 3), (40, 1)], 70),
        ([(80, 3), (40, None)], 70),  # 1 where nothing was agreed on
        ([(80, 9), (40, 3)], 70),  # as large as somebody may write it
        ([(80, 0), (40, 1)], 60),  # nothing counts nothing
    ],
)
def test_goals_count_by_weight(goals, reached):
    one = measured("goal-attainment", *scored(*[goals] * 5))

    assert (one.number, one.n) == (pytest.approx(reached), 10)
    assert {part.label: part.number for part in one.parts}["if every goal weighed the same"] == 60


def test_nobody_weighs_more_because_they_write_larger_weights():
    one = measured("goal-attainment", *scored([(100, 10)], *[[(50, 1)]] * 4))

    assert one.number == pytest.approx(60)


@pytest.mark.parametrize(
    ("looked", "share"), [(40, 1.0), (26, 1.0), (25.9, 0.0), (41, 0.0)], ids=str
)
def test_a_sign_is_looked_at_if_somebody_decided_within_14_days(looked, share):
    rows = [record("flight_risk", "p_ann", 40), told("risk.looked_at", looked, person="p_ann")]

    assert measured("signals-looked-at", *rows).number == share


def test_a_sign_of_which_nobody_decided_anything_is_missed():
    assert measured("signals-looked-at", record("flight_risk", "p_ann", 14)).number == 0.0


def test_a_sign_of_this_week_is_not_counted_as_missed():
    sign = record("flight_risk", "p_ann", 13.9, "noticed")

    assert measured("signals-looked-at", sign).number is None
    looked = told("risk.looked_at", 9, person="p_ann")
    assert measured("signals-looked-at", sign, looked).number == 1.0


@pytest.mark.parametrize(
    ("opened", "closed", "outcome", "share"),
    [
        (200, 110, "submit", 1.0),  # on the very last day
        (200, 109.9, "submit", 0.0),
        (200, None, "", 0.0),
        (200, 120, "withdrawn", None),
        (89.9, None, "", None),
        (50, 20, "submit", 1.0),
        (366, None, "", None),  # too long ago
    ],
)
def test_an_action_after_an_exit_counts_if_it_was_done_in_90_days(opened, closed, outcome, share):
    rows = [case("exit", "p_gus", 300, name="EXI-1")]
    rows.append(task("EXI-1", "exit", "act", opened, closed, outcome=outcome))
    rows.append(task("EXI-1", "exit", "learn", opened, closed, outcome=outcome))

    assert measured("exit-actions", *rows).number == share


def test_sources_are_told_of_open_applications_and_hires_of_closed_ones():
    rows = [
        case("candidate-application", "p_a", 50, 9, "hired", name="CAN-1"),
        case("candidate-application", "p_b", 50, 9, "turned_down", name="CAN-2"),
        case("candidate-application", "p_c", 50, name="CAN-3"),
        case("candidate-application", "p_d", 50, 9, "hired", name="CAN-4"),
        told("candidate.applied", 50, "CAN-1", person="p_a", source="our ad"),
        told("candidate.applied", 50, "CAN-2", person="p_b", source="our ad"),
        told("candidate.applied", 50, "CAN-3", person="p_c", source="agency"),
        told("candidate.applied", 50, "CAN-4", person="p_d"),
    ]

    one = measured("hires-by-source", *rows)

    assert (one.number, one.n, one.part) == (0.5, 2, 1)
    assert {part.label: (part.number, part.n) for part in one.parts} == {
        "came by: agency": (1 / 3, 3), "hired of those who came by: agency": (None, 0),
        "came by: our ad": (2 / 3, 3), "hired of those who came by: our ad": (0.5, 2),
    }  # fmt: skip
    assert one.notes == ("1 not counted: nobody said how they were found.",)


def search(closed, outcome, amount=None, currency="EUR"):
    data = {} if amount is None else {"cost": {"amount": amount, "currency": currency}}
    return case("recruiting", "rep", closed + 40, closed, outcome, **data)


def test_what_found_nobody_is_paid_by_who_was_found():
    rows = [search(9, "filled", "1000.50"), search(20, "called_off", "500"), search(30, "filled")]
    rows += [search(366, "filled", "9000"), case("recruiting", "rep", 9)]

    one = measured("cost-per-hire", *rows)

    assert (one.number, one.n) == (1500.5, 1)
    assert words.value(METRICS["cost-per-hire"], one) == "1500.50 EUR"
    assert one.notes == ("1 not counted: nobody said what they cost.",)


def test_costs_in_two_currencies_are_not_added():
    one = measured("cost-per-hire", search(9, "filled", "10"), search(9, "filled", "20", "CHF"))

    assert (one.number, one.missing) == (
        None, "The costs are in several currencies: see each of them.",
    )  # fmt: skip
    assert {part.label: part.number for part in one.parts} == {"in CHF": 20, "in EUR": 10}


def test_money_that_found_nobody_is_no_cost_of_a_hire():
    one = measured("cost-per-hire", search(9, "called_off", "10"))

    assert (one.number, one.missing) == (
        None, "No search whose cost is known has filled a seat yet.",
    )  # fmt: skip


def test_every_answer_weighs_the_same_and_departments_of_few_are_in_no_number():
    rows = [
        record("engagement", "Sales", 20, 4.0, answers=10, asked=12),
        record("engagement", "Law", 20, 3.0, answers=5, asked=8),
        record("engagement", "IT", 20, 1.0, answers=4, asked=5),
        record("engagement", "Ops", 20, 1.0, until=9, answers=9, asked=9),
    ]

    one = measured("engagement", *rows)

    assert (one.number, one.n) == (pytest.approx(55 / 15), 15)
    assert {part.label: (part.number, part.n) for part in one.parts} == {
        "who was asked and answered": (0.75, 20), "Sales": (4.0, 10), "Law": (3.0, 5),
    }  # fmt: skip
    assert one.notes == ("1 not counted: fewer than 5 answered.",)


@pytest.mark.parametrize(("days", "share"), [(364.9, 1.0), (365, 0.0)], ids=str)
def test_thanks_count_for_a_year(days, share):
    rows = [person("p_ann"), told("recognition.given", days, person="p_ann")]

    assert measured("recognised", *rows).number == share


@pytest.mark.parametrize(
    ("written", "until", "share"),
    [(60, None, 1.0), (50, None, 1.0), (40, None, 0.0), (90, 51, 0.0)],
)
def test_thanks_stand_beside_a_rating_if_they_were_there_then(written, until, share):
    sent = told("review.submitted", 50, "PCE-1", person="p_ann", rating=3)

    one = measured("reviews-with-thanks", sent, record("recognition", "p_ann", written, [], until))

    assert one.number == share


def test_the_instant_that_is_looked_at_is_what_the_tables_are_cut_off_at():
    rows = [person("p_ann"), told("recognition.given", 0, person="p_ann")]

    assert METRICS["recognised"].measure(history(rows, TODAY)).number == 1.0
    assert METRICS["recognised"].measure(history(rows, TODAY - timedelta(1))).number == 0.0
