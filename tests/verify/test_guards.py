"""The grid decides conditions as CEL does, and its points stand for every value there is."""

from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.expression import (
    BOOL,
    NUMBER,
    Environment,
    ExpressionFailed,
    choice,
    record,
)
from engine.verify.guards import ABSENT, FAILED, Grid

GRADES = ("L3", "L4", "L5")
TYPES = {"rating": NUMBER, "score": NUMBER, "grade": choice(*GRADES), "sure": BOOL}
ENVIRONMENT = Environment({"data": record(TYPES)})

numbers = st.integers(-2, 7)
signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
fields = st.sampled_from(["rating", "score"])
atoms = st.one_of(
    st.tuples(fields, signs, numbers).map(lambda it: f"data.{it[0]} {it[1]} {it[2]}"),
    st.tuples(numbers, signs, fields).map(lambda it: f"{it[0]} {it[1]} data.{it[2]}"),
    signs.map(lambda sign: f"data.rating {sign} data.score"),
    st.sampled_from(GRADES).map(lambda grade: f'data.grade == "{grade}"'),
    st.lists(st.sampled_from(GRADES), min_size=1, unique=True).map(
        lambda some: "data.grade in [{}]".format(", ".join(f'"{one}"' for one in some))
    ),
    st.just("data.sure"),
    st.sampled_from(sorted(TYPES)).map(lambda name: f"has(data.{name})"),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
            lambda it: f"({it[0]} {it[1]} {it[2]})"
        ),
        inner.map(lambda it: f"!({it})"),
        st.tuples(inner, inner, inner).map(lambda it: f"({it[0]} ? {it[1]} : {it[2]})"),
    ),
    max_leaves=6,
)


def grid() -> Grid:
    return Grid(describe=lambda path: (path[-1], None, ()))


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

    for point in islice(asked.points(), 300):
        assert test(point) == as_cel_says(expr, point), point


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

    assert expr.eval({"data": values}) in {test(point) for point in asked.points()}
    assert asked.exact
