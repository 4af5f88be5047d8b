"""Analytics against figures worked out by hand, and what they must never tell."""

import random

import pytest

from analytics import ANALYTICS
from engine.core.advice import CATALOGUE

DAY = 86_400_000_000


def run(name, rows, **parameters):
    return ANALYTICS[name].run(rows, {**CATALOGUE[name].parameters, **parameters})


def rated(**units):
    return [
        {"person": f"{unit}{number}", "unit": unit, "value": value}
        for unit, values in units.items()
        for number, value in enumerate(values)
    ]


def test_the_catalogue_and_the_analytics_are_the_same():
    assert set(ANALYTICS) == set(CATALOGUE)


@pytest.mark.parametrize("name", sorted(ANALYTICS))
def test_too_little_is_said_to_be_too_little(name):
    (finding,) = run(name, [])

    assert finding["statement"].startswith("Not enough data: 0 ")
    assert finding["notable"] is False


# --- ratings ---


def test_a_unit_far_from_all_others_is_notable_and_chance_is_not():
    rows = rated(
        Sales=[5, 5, 4, 5, 5, 4, 5, 5, 5, 4, 5, 5],
        IT=[3, 3, 2, 3, 4, 3, 3, 2, 3, 3, 4, 3],
        HR=[3, 4, 3, 2, 3, 3, 4, 3, 3, 2, 3, 3],
    )
    everybody, hr, it, sales = run("rating_distribution", rows)

    assert everybody["number"] == pytest.approx(129 / 36, abs=1e-4)
    assert "5: 25 %" in everybody["statement"]
    assert sales["number"] == pytest.approx(57 / 12 - 72 / 24, abs=1e-4)
    assert sales["low"] == pytest.approx(1.4019, abs=1e-3)  # 1.75 - 1.96 * sqrt(s²/12 + s²/24)
    assert (sales["notable"], sales["n"]) == (True, 12)
    assert "may be the team or its raters" in sales["statement"]
    assert it["number"] < 0
    assert hr["number"] < 0


def test_a_small_team_is_notable_too_if_hardly_any_other_would_look_so():
    rows = rated(Sales=[5, 5, 5, 5, 5, 4], IT=[3, 3, 2, 3, 4, 3], HR=[3, 4, 3, 2, 3, 3, 4])
    _, hr, it, sales = run("rating_distribution", rows)

    assert [one["notable"] for one in (hr, it, sales)] == [False, False, True]
    assert (sales["low"], sales["high"]) == (None, None)
    assert sales["statement"].endswith("it may be the team or its raters. Too few for an interval.")


def test_a_small_team_that_many_others_would_look_like_is_not_notable():
    rows = rated(Sales=[4, 4, 3, 4, 3], IT=[3, 3, 4, 3, 3], HR=[3, 4, 3, 2, 3, 3, 4])

    assert not any(one["notable"] for one in run("rating_distribution", rows))


def test_with_no_true_difference_hardly_anything_is_notable():
    dice = random.Random(7)
    alarms = 0
    for _ in range(60):
        rows = rated(**{f"u{n}": [dice.choice((2, 3, 3, 4)) for _ in range(15)] for n in range(8)})
        alarms += any(each["notable"] for each in run("rating_distribution", rows))

    assert alarms <= 8  # at 5 % three are expected


def test_small_groups_are_told_only_together():
    rows = rated(Sales=[3, 4, 3, 4, 3, 4], Board=[5, 5, 5], Press=[1, 2])
    told = run("rating_distribution", rows)

    assert [each["subject"] for each in told] == [None, "Sales", "all small units together"]
    assert told[2]["n"] == 5


def test_small_groups_that_are_too_few_together_cannot_be_worked_out():
    rows = rated(Sales=[3, 4, 3, 4, 3, 4], IT=[4, 4, 4, 4, 4, 4], Board=[5, 1])
    told = run("rating_distribution", rows)

    assert [each["subject"] for each in told] == [None, "IT", "Sales"]
    assert told[0]["n"] == 12
    assert all("Board" not in repr(each) for each in told)


def test_the_difference_to_everybody_else_does_not_give_a_small_group_away():
    """From a mean, a difference and the numbers of people the rest could be solved."""
    told = run("rating_distribution", rated(Sales=[3.0] * 6, IT=[4.0] * 6, Board=[5.0, 1.0]))
    without = run("rating_distribution", rated(Sales=[3.0] * 6, IT=[4.0] * 6))

    assert told == without


# --- span of control ---


def people(**reports):
    rows = [{"person": "top", "manager": None, "unit": "Board"}]
    for manager, count in reports.items():
        rows.append({"person": manager, "manager": "top", "unit": "x"})
        rows += [{"person": f"{manager}{n}", "manager": manager, "unit": "x"} for n in range(count)]
    return rows


def test_who_has_few_or_many_reports_is_named_and_the_rest_is_not():
    overall, many, few = run("span_of_control", people(amy=15, ben=6, cat=1))

    assert "4 managers have a median of 4.5 reports; 2 of them" in overall["statement"]
    assert (many["subject"], many["number"], many["notable"]) == ("amy", 15, True)
    assert (few["subject"], few["notable"]) == ("cat", False)
    assert few["statement"] == "{subject} has 1 direct report, which is few."


def test_a_manager_who_has_left_has_no_span():
    rows = [{"person": "a", "manager": "gone", "unit": "x"}]
    (finding,) = run("span_of_control", rows)

    assert "Not enough data" in finding["statement"]


# --- waiting times ---


def waited(state, days, *, answered=True, due=None):
    return {
        "state": state,
        "opened_at": 0,
        "closed_at": int(days * DAY) if answered else None,
        "due_at": None if due is None else due * DAY,
        "until": int(days * DAY),
    }


def test_the_median_counts_what_is_still_open_as_waiting():
    rows = [waited("ask", days, due=4) for days in (1, 2, 3, 10)]
    rows += [waited("ask", 12, answered=False, due=4) for _ in range(4)]
    (ask,) = run("waiting_times", rows)

    # 4 of 8 are answered by day 10, where the share that still waits is first one half.
    assert ask["number"] == 10
    assert "62 % were late" in ask["statement"]


def test_a_step_that_is_mostly_unanswered_has_no_median_and_waits_longest():
    rows = [waited("ask", 1) for _ in range(5)]
    rows += [waited("sign", 30, answered=False) for _ in range(5)]
    sign, ask = run("waiting_times", rows)

    assert (sign["subject"], sign["number"], sign["notable"]) == ("sign", None, True)
    assert "fewer than half have been answered" in sign["statement"]
    assert (ask["number"], ask["notable"]) == (1.0, False)
