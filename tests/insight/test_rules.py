"""Where a rule begins and ends: the very day, the very instant, the notice that was taken back."""

import pytest
from insight_tables import case, history, person, record, task, told

from analytics.insight import ABSENT, DETECTORS, METRICS

CLOSED = told("review.closed", 60, "PCE-1", person="p_ann")


CATALOGUE = {f"{kind}{n}" for kind, last in (("MT", 16), ("FM", 18), ("CN", 12))
             for n in range(1, last + 1)}  # fmt: skip


def test_everything_that_the_catalogue_names_is_told_or_it_is_said_why_not():
    told_of = {one.id for one in (*METRICS.values(), *DETECTORS.values())}
    not_told = {one.id for one in ABSENT}

    assert told_of | not_told == CATALOGUE
    assert told_of & not_told == set()


def number(name, *rows):
    return METRICS[name].measure(history(rows)).number


@pytest.mark.parametrize(("days", "rate"), [(59, 1.0), (30, 1.0), (29.9, 0.0), (60, 0.0)], ids=str)
def test_a_plan_counts_if_it_is_agreed_on_within_thirty_days_of_the_review(days, rate):
    assert number("action-rate", CLOSED, told("plan.agreed", days, person="p_ann")) == rate


@pytest.mark.parametrize(
    ("opened", "agreed", "closed", "rate"),
    [
        (90, 80, None, 1.0),
        (90, 80, 50, 1.0),
        (90, 80, 61, 0.0),  # it was over by then
        (90, 20, None, 0.0),  # nobody had agreed on it yet
    ],
)
def test_a_plan_that_is_under_way_counts_if_it_was_agreed_on(opened, agreed, closed, rate):
    plan = case("development-plan", "p_ann", opened, closed, "achieved", name="DEV-1")

    assert (
        number("action-rate", CLOSED, plan, told("plan.agreed", agreed, "DEV-1", person="p_ann"))
        == rate
    )


@pytest.mark.parametrize(
    ("days", "n"), [(364.9, 1), (365, 0), (31, 1), (30, 1), (29.9, 0)], ids=str
)
def test_reviews_of_the_last_twelve_months_count_once_their_thirty_days_are_over(days, n):
    one = METRICS["action-rate"].measure(history([told("review.closed", days, person="p_ann")]))

    assert one.n == n


@pytest.mark.parametrize(
    ("closed", "due", "outcome", "share"),
    [
        (9, 9, "submit", 1.0),  # at the very instant
        (8.99, 9, "submit", 0.0),
        (9, 9, "withdrawn", None),  # nobody had to answer any more
        (8, 9, "withdrawn", 0.0),  # it was late when it was withdrawn
        (None, 9, "", 0.0),
        (None, -1, "", None),  # not due yet
        (370, 365, "submit", None),  # too long ago
    ],
)
def test_a_task_is_in_time_until_the_very_instant_at_which_it_is_due(closed, due, outcome, share):
    rows = [task("REV-1", "review", "rate", 400, closed, due, outcome)]

    assert number("on-time", *rows) == share


@pytest.mark.parametrize(
    ("notices", "stayed"),
    [
        ([], 4 / 5),  # nobody said why: of their own will
        ([told("notice.given", 50, person="p_0", cause="resigned")], 4 / 5),
        ([told("notice.given", 50, person="p_0", cause="retired")], 1.0),
        ([told("notice.given", 90, person="p_0", cause="resigned"),
          told("notice.withdrawn", 80, person="p_0"),
          told("notice.given", 50, person="p_0", cause="dismissed")], 1.0),
        ([told("notice.given", 90, person="p_0", cause="retired"),
          told("notice.withdrawn", 80, person="p_0")], 4 / 5),
    ],
)  # fmt: skip
def test_the_best_are_kept_unless_they_leave_of_their_own_will(notices, stayed):
    rows = [person(f"p_{n}") for n in range(6)]
    rows += [record("rating", f"p_{n}", 500, 4 if n < 5 else 3) for n in range(6)]
    rows += [person("p_0", 30, active=False), *notices]

    assert number("high-performer-retention", *rows) == pytest.approx(stayed)


def test_who_was_rated_better_only_later_is_not_in_the_group():
    rows = [person(f"p_{n}") for n in range(6)]
    rows += [record("rating", f"p_{n}", 500, 4) for n in range(5)]
    rows += [record("rating", "p_5", 100, 5), person("p_5", 30, active=False)]

    assert number("high-performer-retention", *rows) == 1.0


@pytest.mark.parametrize(("since", "share"), [(51, 1.0), (50, 0.0), (1000, 1.0)], ids=str)
def test_somebody_is_from_inside_who_was_an_employee_the_day_before(since, share):
    filled = told("role.filled", 50, person="p_ann", position="cfo", interim=False)

    assert number("internal-fill-rate", filled, person("p_ann", since)) == share
    kim = person("p_ann", since, employment="contractor")
    assert number("internal-fill-rate", filled, kim) == 0.0


@pytest.mark.parametrize(("present", "share"), [(2, 1.0), (1, 0.0), (3, 1.0), (None, 0.0)], ids=str)
def test_a_session_counts_at_which_two_thirds_were_present(present, share):
    told_ = told("calibration.published", 9, "CAL-1", cycle="2027",
                 ratings=[{"person": "p_ann", "rating": 3}])  # fmt: skip
    kept = record("calibration", "Sales", 9, 1, name="CAL-1", present=present, committee=3)

    assert number("calibration-coverage", told_, kept, person("p_ann")) == share


def test_the_same_mark_of_another_cycle_is_no_move():
    rows = [person(f"p_{n}") for n in range(5)]
    ratings = [{"person": f"p_{n}", "rating": 3} for n in range(5)]
    rows.append(told("calibration.published", 9, "CAL-1", cycle="2027", ratings=ratings))
    for n in range(5):
        rows.append(told("review.submitted", 20, person=f"p_{n}", cycle="2027", rating=3))
        rows.append(told("review.submitted", 15, person=f"p_{n}", cycle="2026", rating=5))

    assert number("calibration-movement", *rows) == 0.0


@pytest.mark.parametrize(
    ("kind", "days", "stale"),
    [("rating", 366, 1.0), ("rating", 364, 0.0), ("skills", 91, 1.0), ("skills", 89, 0.0),
     ("potential", 91, 1.0), ("flight_risk", 61, 1.0), ("flight_risk", 59, 0.0)],
)  # fmt: skip
def test_each_kind_of_record_has_its_age(kind, days, stale):
    assert number("stale-data", person("p_ann"), record(kind, "p_ann", days, 3)) == stale


@pytest.mark.parametrize(
    ("name", "process", "outcome", "field", "value"),
    [
        ("goal-attainment", "goal-setting", "scored", "results", [{"reached": 80}]),
        ("feedback-frequency", "feedback-request", "given", "heard", [{"did": "x" * 50}]),
    ],
)
def test_what_was_erased_is_not_counted_as_nothing_without_a_word(
    name, process, outcome, field, value
):
    rows = [person(f"p_{n}") for n in range(6)]
    rows += [case(process, f"p_{n}", 60, 9, outcome, **{field: value}) for n in range(5)]
    kept = METRICS[name].measure(history(rows))
    rows.append(case(process, "p_5", 60, 9, outcome))

    one = METRICS[name].measure(history(rows))

    assert (one.number, one.notes) == (
        kept.number,
        ("1 not counted: their answers were erased.",),
    )


def test_an_interview_is_a_step_that_is_called_so_not_one_around_it():
    rows = [
        case("recruiting", "rep", 90, 20, "filled", name="REC-1"),
        case("candidate-application", "p_ann", 80, 30, "hired", name="CAN-1", parent="REC-1"),
        task("CAN-1", "candidate-application", "path.interviews", 60, 59),
        task("CAN-1", "candidate-application", "interview_loop.debrief", 50, 49),
        task("CAN-1", "candidate-application", "path.interviews", 60, 59, outcome="withdrawn"),
        told("role.filled", 20, "REC-1", position="rep", person="p_ann", interim=False),
    ]

    assert number("interviews-per-hire", *rows) == 1.0
    assert (
        number(
            "candidates-per-opening",
            *rows,
            told("requisition.approved", 85, "REC-1", position="rep"),
        )
        == 1.0
    )
