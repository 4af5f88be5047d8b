"""The grid decides conditions as CEL does, and its points stand for every value there is."""

from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st
from support.conditions import ENVIRONMENT, GRADES, conditions, grid

from engine.core.expression import BOOL, ExpressionFailed
from engine.verify.terms import ABSENT, FAILED


def as_cel_says(expr, point):
    filled = {name: value for name, value in point.items() if value is not ABSENT}
    try:
        return expr.eval({"data": filled})
    except ExpressionFailed:
        return FAILED


@settings(max_examples=300, deadline=None)
@given(conditions)
def test_every_point_is_decided_as_cel_decides_it(source):
    expr = ENVIRONMENT.compile(source, wants=BOOL)
    asked = grid()
    test = asked.test(expr)

    for point, (answer,) in islice(asked.decided([test]), 300):
        assert answer == as_cel_says(expr, point), point


@settings(max_examples=200, deadline=None)
@given(
    conditions,
    st.fixed_dictionaries(
        {
            "rating": st.floats(-4, 9),
            "score": st.floats(-4, 9),
            "grade": st.sampled_from(GRADES),
            "sure": st.booleans(),
        }
    ),
)
def test_whatever_a_condition_can_say_some_point_says(source, values):
    expr = ENVIRONMENT.compile(source, wants=BOOL)
    asked = grid()
    test = asked.test(expr)

    assert expr.eval({"data": values}) in {answer for _, (answer,) in asked.decided([test])}
    assert asked.exact


def test_of_two_fields_in_the_same_part_either_may_be_the_larger():
    asked = grid()
    above = asked.test(ENVIRONMENT.compile("data.rating > 0", wants=BOOL))
    less = asked.test(ENVIRONMENT.compile("data.rating < data.score", wants=BOOL))

    assert {answers for _, answers in asked.decided([above, less])} == {
        (True, True), (True, False), (False, True), (False, False)
    }  # fmt: skip
