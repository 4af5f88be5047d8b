"""A second reasoner about conditions: z3, where it is installed (`tenure[z3]`).

The grid tries values, and has an end. A solver has none, so tables that are too large for the grid,
or compare more than two fields with each other, are given to it. On whatever both can decide they
agree; a test holds them to that.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from engine.core.expression import Expr, Kind
from engine.core.expression.tree import (
    Binary,
    Call,
    Conditional,
    ListOf,
    Literal,
    Node,
    Unary,
    path_of,
)
from engine.verify.guards import Constant, Grid, Key, Point
from engine.verify.terms import ABSENT, NUMERIC, Term

_MILLISECONDS: Final = 2_000  # for one question; then nothing is said
_SIGNS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": lambda one, two: one == two,
    "!=": lambda one, two: one != two,
    "<": lambda one, two: one < two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    ">=": lambda one, two: one >= two,
}


class Undecided(Exception):  # noqa: N818 - it is an answer
    """The solver does not know, or does not know such conditions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Formula:
    """A condition that may fail: when it is true, and when it is false; otherwise it fails."""

    true: Any
    false: Any


@cache
def solver() -> Any:
    """z3, or None where it is not installed."""
    return import_module("z3") if find_spec("z3") is not None else None


@dataclass(kw_only=True, slots=True)
class Question:
    """What can be asked about conditions over the terms of one grid."""

    grid: Grid
    z3: Any
    _names: dict[str, Any] = field(default_factory=dict)
    _absent: dict[str, Any] = field(default_factory=dict)

    def formula(self, expr: Expr) -> Formula:
        """Raises Undecided."""
        return self._formula(expr, expr.tree)

    def point(self, *wanted: Any) -> Point | None:
        """Values for which all of it is so; None if there are none. Raises Undecided."""
        asked = self.z3.Solver()
        asked.set("timeout", _MILLISECONDS)
        asked.add(*wanted, *self._bounds())
        answer = asked.check()
        if answer == self.z3.unsat:
            return None
        if answer != self.z3.sat:
            raise Undecided
        model = asked.model()
        return {key: self._value(model, key) for key in self.grid.terms if key in self._names}

    # --- conditions ---

    def _formula(self, expr: Expr, node: Node) -> Formula:
        z3 = self.z3
        match node:
            case Literal(value=bool(value)):
                return Formula(true=z3.BoolVal(value), false=z3.BoolVal(not value))
            case Unary(operator="!", operand=operand):
                inner = self._formula(expr, operand)
                return Formula(true=inner.false, false=inner.true)
            case Binary(operator="&&" | "||" as sign):
                one, two = self._formula(expr, node.left), self._formula(expr, node.right)
                both, either = (z3.And, z3.Or) if sign == "&&" else (z3.Or, z3.And)
                return Formula(true=both(one.true, two.true), false=either(one.false, two.false))
            case Binary(operator="==" | "!=" | "<" | "<=" | ">" | ">=" as sign):
                return self._comparison(
                    self.grid.side(expr, node.left), self.grid.side(expr, node.right), sign
                )
            case Binary(operator="in", right=ListOf(items=items)):
                left = self.grid.side(expr, node.left)
                same = [self._comparison(left, self.grid.side(expr, i), "==") for i in items]
                known = [z3.Or(each.true, each.false) for each in same]
                some = z3.Or(*(each.true for each in same))
                return Formula(true=z3.And(some, *known), false=z3.And(z3.Not(some), *known))
            case Conditional():
                test = self._formula(expr, node.condition)
                then = self._formula(expr, node.then)
                other = self._formula(expr, node.otherwise)
                return Formula(
                    true=z3.Or(z3.And(test.true, then.true), z3.And(test.false, other.true)),
                    false=z3.Or(z3.And(test.true, then.false), z3.And(test.false, other.false)),
                )
            case Call(name="has", target=None, arguments=(asked,)) if path_of(asked) is not None:
                absent = self._absence(self.grid.key(expr, asked))
                return Formula(true=z3.Not(absent), false=absent)
            case _:
                key = self.grid.key(expr, node)
                name = self._name(key)
                if name.sort() != z3.BoolSort():
                    raise Undecided
                there = z3.Not(self._absence(key))
                return Formula(true=z3.And(there, name), false=z3.And(there, z3.Not(name)))

    def _comparison(self, left: Key | Constant, right: Key | Constant, sign: str) -> Formula:
        z3 = self.z3
        one, two = self._side(left), self._side(right)
        keys = [side.key for side in (left, right) if isinstance(side, Key)]
        there = z3.And(True, *(z3.Not(self._absence(key)) for key in keys))
        if _family(one, z3) != _family(two, z3):
            if sign not in ("==", "!="):
                raise Undecided
            answer = z3.BoolVal(sign == "!=")
        else:
            answer = _SIGNS[sign](one, two)
        return Formula(true=z3.And(there, answer), false=z3.And(there, z3.Not(answer)))

    def _side(self, side: Key | Constant) -> Any:
        if isinstance(side, Key):
            return self._name(side.key)
        value = side.value
        match value:
            case bool():
                return self.z3.BoolVal(value)
            case int() | float():
                return self.z3.RealVal(repr(value))
            case str():
                return self.z3.StringVal(value)
            case _:
                raise Undecided

    # --- terms ---

    def _name(self, key: str) -> Any:
        if key not in self._names:
            self._names[key] = self._fresh(key, self.grid.terms[key])
        return self._names[key]

    def _fresh(self, key: str, term: Term) -> Any:
        if term.kind is Kind.BOOL:
            return self.z3.Bool(key)
        if term.kind in NUMERIC:
            return self.z3.Int(key) if term.whole else self.z3.Real(key)
        kinds = {type(constant) for constant in term.constants if constant is not ABSENT}
        if term.kind is Kind.TEXT or kinds == {str}:
            return self.z3.String(key)
        if kinds and kinds <= {int, float}:
            return self.z3.Real(key)
        raise Undecided

    def _absence(self, key: str) -> Any:
        if key not in self._absent:
            asked = self.grid.terms[key].may_be_absent
            self._absent[key] = self.z3.Bool(f"{key} is empty") if asked else self.z3.BoolVal(False)
            self._name(key)
        return self._absent[key]

    def _bounds(self) -> list[Any]:
        found = []
        for key, name in self._names.items():
            term = self.grid.terms[key]
            if term.options and name.sort() == self.z3.StringSort():
                found.append(self.z3.Or(*(name == option for option in term.options)))
            if term.low is not None:
                found.append(name >= self.z3.RealVal(repr(term.low)))
            if term.high is not None:
                found.append(name <= self.z3.RealVal(repr(term.high)))
        return found

    def _value(self, model: Any, key: str) -> Any:
        absent = self._absent.get(key)
        if absent is not None and self.z3.is_true(model.eval(absent, model_completion=True)):
            return ABSENT
        value = model.eval(self._names[key], model_completion=True)
        if self.z3.is_string_value(value):
            return value.as_string()
        if self.z3.is_bool(value):
            return self.z3.is_true(value)
        number = float(value.as_fraction()) if self.z3.is_rational_value(value) else value.as_long()
        return int(number) if number == int(number) else number


def _family(value: Any, z3: Any) -> str:
    if value.sort() == z3.BoolSort():
        return "yes or no"
    return "text" if value.sort() == z3.StringSort() else "number"
