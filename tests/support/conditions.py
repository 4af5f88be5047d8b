"""Conditions that nobody would write, made up for those who must decide them all the same."""

from hypothesis import strategies as st

from engine.core.expression import BOOL, NUMBER, Environment, choice, record
from engine.verify.guards import Grid

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
