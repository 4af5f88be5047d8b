"""Of few people nothing is told that would tell of one of them; a missing number says what lacks."""

from itertools import product

import pytest
from insight_tables import case, history, person, record, told

from analytics.insight import METRICS, words
from analytics.insight.groups import REST, told_groups, told_splits


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"a": 5, "b": 6}, {"a": 5, "b": 6}),
        ({"a": 3, "b": 2, "c": 7}, {"c": 7, "*": 5}),
        ({"a": 1, "b": 6, "c": 9}, {"c": 9, "*": 7}),  # else all less the others tells of a
        ({"a": 1, "b": 8}, {"*": 9}),
        ({"a": 4}, {}),
        ({"a": 2, "b": 2}, {}),
    ],
)
def test_small_groups_are_told_together_or_not_at_all(sizes, expected):
    groups = {name: [float(size)] * size for name, size in sizes.items()}

    found = {name if len(name) == 1 else "*": len(values) for name, values in told_groups(groups)}

    assert found == expected


def test_no_group_that_is_told_and_no_difference_of_two_is_small():
    """Whatever the sizes: all people less any of the groups that are told are none, or five."""
    for first in range(12):
        for second in range(12):
            for third in range(12):
                groups = {"a": [1.0] * first, "b": [1.0] * second, "c": [1.0] * third}
                sizes = [len(values) for _, values in told_groups(groups)]
                left = first + second + third - sum(sizes)

                assert all(size >= 5 for size in sizes), (first, second, third)
                assert left == 0 or not sizes, (first, second, third)


def split(*sizes: tuple[str, str, int]) -> list[dict[str, int]]:
    """Groups by the first and by the second letter, with so many people of each pair."""
    people = [(first, second, n) for first, second, size in sizes for n in range(size)]
    splits = told_splits(people, (lambda one: one[0], lambda one: one[1]))
    return [{name: len(group) for name, group in groups} for groups in splits]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([("a", "x", 5), ("a", "y", 5)], [{"a": 10}, {"x": 5, "y": 5}]),
        ([("a", "x", 5), ("a", "y", 6), ("b", "y", 5)], [{"a": 11, "b": 5}, {"x": 5, "y": 11}]),
        # y less b would tell of one person of a
        ([("a", "x", 5), ("a", "y", 1), ("b", "y", 5)], [{"a": 6, "b": 5}, {}]),
        ([("a", "x", 5), ("a", "y", 5), ("a", "z", 1), ("b", "z", 9)],
         [{"a": 11, "b": 9}, {"y": 5, REST: 15}]),
        ([("a", "", 9)], [{"a": 9}, {}]),
        ([("a", "x", 4)], [{}, {}]),
    ],
)  # fmt: skip
def test_groups_by_two_things_do_not_tell_of_few_together(sizes, expected):
    assert split(*sizes) == expected


def test_whatever_the_sizes_no_part_that_two_groups_share_is_small():
    for first, second, third, fourth in product(range(0, 12, 2), repeat=4):
        people = [(name, n) for name, size in zip(
            ("ax", "ay", "bx", "by"), (first, second, third, fourth), strict=True
        ) for n in range(size)]  # fmt: skip
        by_first, by_second = told_splits(people, (lambda one: one[0][0], lambda one: one[0][1]))

        shared = [len({*one} & {*two}) for _, one in by_first for _, two in by_second]

        assert [size for size in shared if 0 < size < 5] == [], (first, second, third, fourth)


def test_ratings_are_told_by_who_gave_them_and_by_grade_where_that_tells_of_nobody():
    rows = [person("p_bob"), person("p_cy")]
    for n in range(12):
        rater, grade = ("p_bob", "L2") if n < 6 else ("p_cy", "L3")
        rows.append(person(f"p_{n}", grade=grade))
        rows.append(record("rating", f"p_{n}", 9, 3 if n < 6 else 5, rated_by=rater))
        rows.append(told("review.submitted", 20, person=f"p_{n}", rater=rater, rating=3))

    told_of = {
        part.label: (part.number, part.n)
        for part in METRICS["rating-distribution"].measure(history(rows)).parts
        if part.label.startswith("mean of")
    }

    assert told_of == {
        "mean of Sales": (4.0, 12), "mean of Sales, before calibration": (3.0, 12),
        "mean of those rated by {p_bob}": (3.0, 6),
        "mean of those rated by {p_bob}, before calibration": (3.0, 6),
        "mean of those rated by {p_cy}": (5.0, 6),
        "mean of those rated by {p_cy}, before calibration": (3.0, 6),
        "mean of grade L2": (3.0, 6), "mean of grade L2, before calibration": (3.0, 6),
        "mean of grade L3": (5.0, 6), "mean of grade L3, before calibration": (3.0, 6),
    }  # fmt: skip


@pytest.mark.parametrize("people", [1, 4, 5])
def test_ratings_of_fewer_than_five_are_not_told(people):
    rows = [person(f"p_{n}") for n in range(9)]
    rows += [record("rating", f"p_{n}", 10, 3) for n in range(people)]

    one = METRICS["rating-distribution"].measure(history(rows))

    if people < 5:
        assert (one.number, one.parts, one.rows) == (None, (), ())
        assert one.missing == f"Not told of fewer than 5 people: there are {people}."
    else:
        assert one.number == 3
        assert all(row.number is None and row.counts is None for row in one.rows)


def test_many_goals_of_few_people_are_not_told_either():
    rows = [person("p_ann")]
    rows += [
        case("goal-setting", "p_ann", 90, 9, "scored", results=[{"reached": 80}] * 9)
        for _ in range(2)
    ]

    one = METRICS["goal-attainment"].measure(history(rows))

    assert (one.number, one.missing) == (None, "Not told of fewer than 5 people: there are 1.")


def test_what_cannot_be_computed_says_what_is_missing_and_is_never_zero():
    rows = [person(f"p_{n}") for n in range(30)]

    measured = {name: metric.measure(history(rows)) for name, metric in METRICS.items()}

    assert measured["rating-distribution"].missing == "No valid ratings yet: 0 of 30 people."
    without = {name for name, one in measured.items() if one.number is None}
    assert all(measured[name].missing for name in without)
    # What remains can be said of thirty people about whom nothing is known.
    assert measured.keys() - without == {
        "feedback-frequency", "reviews-closed", "goals-agreed", "calibration-coverage",
        "retention", "recognised", "people-without-rating", "plans-per-person",
    }  # fmt: skip


def test_an_empty_company_has_a_sentence_for_every_figure():
    measured = [metric.measure(history([])) for metric in METRICS.values()]

    assert [one for one in measured if one.number is not None or not one.missing] == []


def test_a_share_of_fewer_than_five_is_told_as_a_count():
    metric = METRICS["internal-fill-rate"]
    rows = [person("p_ann")]
    rows += [
        told("role.filled", days, person=who, position="x", interim=False)
        for days, who in ((1, "p_ann"), (2, "p_bob"), (3, "p_ann"))
    ]

    assert words.value(metric, metric.measure(history(rows))) == "2 of 3"
    rows += [
        told("role.filled", days, person="p_ann", position="x", interim=False) for days in (4, 5)
    ]
    assert words.value(metric, metric.measure(history(rows))) == "80 % (4 of 5)"


def test_who_is_not_employed_is_in_no_figure_about_employees():
    rows = [
        person("p_ann"),
        person("p_kim", employment="contractor"),
        person("p_gus", employment="guest"),
        person("p_bob"),
        person("p_bob", 10, active=False),
        person("p_new", -1),
    ]

    assert METRICS["people-without-rating"].measure(history(rows)).n == 1


def test_what_came_later_is_not_known_yet():
    rows = [
        person("p_ann"),
        case("development-plan", "p_ann", 20, 5, "achieved", name="DEV-1"),
        told("review.closed", 60, person="p_ann"),
        told("plan.agreed", 25, person="p_ann", by="DEV-1"),
    ]
    then = history(rows).at.replace(month=2, day=1)  # 29 days before

    assert METRICS["plans-per-person"].measure(history(rows)).part == 1  # it is closed: none
    assert METRICS["reviews-without-plan"].measure(history(rows, then)).part == 1
    assert history(rows, then).told("plan.agreed") == ()
