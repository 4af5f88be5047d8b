"""Conditions over a finite grid: for each value that can matter, one that stands for it.

A comparison with a constant divides a number line into the parts below, at and above it; a choice
has its options; whatever else an expression computes is a value of its own that may be anything.
Trying one value of each part tries them all, so the answer is exact as long as no comparison joins
two computed values (`Grid.exact`), and whatever is found is a real case as long as none is computed
(`Grid.real`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
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
from engine.core.form import Field, FieldType
from engine.verify.terms import ABSENT, FAILED, Term

MOST_POINTS: Final = 20_000
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDER: Final = frozenset(_TURNED)

Point = Mapping[str, Any]
Test = Callable[[Point], Any]


@dataclass(kw_only=True, slots=True)
class Grid:
    """The terms of some conditions, and the points that stand for all there are."""

    describe: Callable[[tuple[str, ...]], tuple[str, Field | None, tuple[str, ...]]]
    terms: dict[str, Term] = field(default_factory=dict)
    exact: bool = True  # no part of the line was left out

    @property
    def real(self) -> bool:
        """Whether each point can happen; a computed value may depend on another term."""
        return not any(term.computed for term in self.terms.values())

    def test(self, expr: Expr) -> Test:
        """The condition as a function of a point; True, False or FAILED."""
        return self._compiled(expr, expr.tree)

    def representatives(self) -> Mapping[str, list[Any]]:
        """For each term one value of every part that conditions tell apart."""
        self._share()
        return {key: term.values() for key, term in self.terms.items()}

    def decided(self, tests: Sequence[Test]) -> Iterator[tuple[Point, tuple[Any, ...]]]:
        """What conditions answer at every point; at most MOST_POINTS of them.

        Points that differ only in what no condition looks at there are one.
        """
        values = self.representatives()
        waiting: list[tuple[dict[str, Any], tuple[Any, ...]]] = [({}, ())]
        left = MOST_POINTS
        while waiting:
            point, answers = waiting.pop()
            try:
                while len(answers) < len(tests):
                    answers = (*answers, tests[len(answers)](point))
            except KeyError as missing:
                key = missing.args[0]
                waiting += [({**point, key: value}, answers) for value in reversed(values[key])]
                continue
            if not left:
                self.exact = False
                return
            left -= 1
            yield {key: point.get(key, found[0]) for key, found in values.items()}, answers

    def _share(self) -> None:
        """Terms that are compared with one another need each other's constants."""
        for _ in self.terms:
            for term in self.terms.values():
                for other in term.others:
                    term.constants |= self.terms[other].constants
                    for end in (self.terms[other].low, self.terms[other].high):
                        term.constants |= set() if end is None else {end}
                    term.constants |= set(self.terms[other].options)

    def _compiled(self, expr: Expr, node: Node) -> Test:
        match node:
            case Literal(value=value):
                return lambda _: value
            case Unary(operator="!", operand=operand):
                inner = self._compiled(expr, operand)
                return lambda point: _negated(inner(point))
            case Binary(operator="&&" | "||" as sign):
                left, right = self._compiled(expr, node.left), self._compiled(expr, node.right)
                return _joined(left, right, decides=sign == "||")
            case Binary(operator="==" | "!=" | "<" | "<=" | ">" | ">=" as sign):
                return self._comparison(expr, node, sign)
            case Binary(operator="in", right=ListOf(items=items)):
                return self._among(expr, node.left, items)
            case Conditional():
                test = self._compiled(expr, node.condition)
                then = self._compiled(expr, node.then)
                otherwise = self._compiled(expr, node.otherwise)
                return lambda point: _chosen(test(point), then, otherwise, point)
            case Call(name="has", target=None, arguments=(asked,)) if path_of(asked) is not None:
                return self._has(expr, asked)
            case _:
                key = self.key(expr, node)
                return lambda point: FAILED if point[key] is ABSENT else point[key]

    def _has(self, expr: Expr, asked: Node) -> Test:
        key = self.key(expr, asked)
        self.terms[key].may_be_absent = True
        return lambda point: point[key] is not ABSENT

    def _comparison(self, expr: Expr, node: Binary, sign: str) -> Test:
        left, right = self.side(expr, node.left), self.side(expr, node.right)
        match left, right:
            case (Key(key=key), Constant(value=value)) | (Constant(value=value), Key(key=key)):
                term = self.terms[key]
                term.constants.add(value)
                term.tests.add((sign if isinstance(left, Key) else _TURNED.get(sign, sign), value))
                if sign in _ORDER and term.kind is Kind.TEXT:
                    self.exact = False
            case Key(key=one), Key(key=two):
                self.terms[one].others.add(two)
                self.terms[two].others.add(one)
                if len(self.terms[one].others | self.terms[two].others) > 2:
                    self.exact = False
            case _:
                pass
        return _compared(_reader(left), _reader(right), sign)

    def _among(self, expr: Expr, sought: Node, items: tuple[Node, ...]) -> Test:
        left = self.side(expr, sought)
        tests: list[Test] = []
        for item in items:
            right = self.side(expr, item)
            if isinstance(left, Key) and isinstance(right, Constant):
                self.terms[left.key].constants.add(right.value)
                self.terms[left.key].tests.add(("==", right.value))
            else:
                self.exact = False
            tests.append(_compared(_reader(left), _reader(right), "=="))

        def among(point: Point) -> Any:
            answers = [test(point) for test in tests]
            return FAILED if FAILED in answers else any(answer is True for answer in answers)

        return among

    def side(self, expr: Expr, node: Node) -> "Key | Constant":
        constant = _constant(node)
        return constant if constant is not None else Key(key=self.key(expr, node))

    def key(self, expr: Expr, node: Node) -> str:
        found = expr.types.get(node)
        kind = found.kind if found is not None else Kind.ANY
        path = path_of(node)
        if path is None:
            key = _bare(" ".join(expr.source[node.start : node.end].split()))
            term = self.terms.setdefault(key, Term(key=key, kind=kind, computed=True))
            if isinstance(node, Call) and node.name == "size":
                term.low, term.whole = 0, True
            return key
        key, declared, options = self.describe(path)
        if key not in self.terms:
            self.terms[key] = _declared(key, kind, declared)
            self.terms[key].options = options or (found.options if found is not None else ())
        return key


def _bare(text: str) -> str:
    """Without brackets around all of it: `(a)` is the same thing as `a`."""
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for place, sign in enumerate(text):
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if depth == 0 and place < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Constant:
    value: Any


def _declared(key: str, kind: Kind, declared: Field | None) -> Term:
    term = Term(key=key, kind=kind)
    if declared is not None and kind is Kind.NUMBER and len(key.split(".")) <= 2:
        term.low, term.high = declared.min, declared.max
        term.whole = declared.type in (FieldType.SCALE, FieldType.INTEGER)
    return term


def _constant(node: Node) -> Constant | None:
    match node:
        case Literal(value=value):
            return Constant(value=value)
        case Unary(operator="-", operand=Literal(value=int() | float() as value)):
            return Constant(value=-value)
        case Call(name="date" | "datetime", target=None, arguments=(Literal(value=str(text)),)):
            try:
                when = datetime.fromisoformat(text)
            except ValueError:
                return None
            day = date(when.year, when.month, when.day).toordinal()
            return Constant(value=day + (when.hour * 60 + when.minute) / 1440)
        case _:
            return None


def _reader(side: Key | Constant) -> Test:
    if isinstance(side, Constant):
        value = side.value
        return lambda _: value
    key = side.key
    return lambda point: FAILED if point[key] is ABSENT else point[key]


def _negated(answer: Any) -> Any:
    return answer if answer is FAILED else not answer


def _joined(left: Test, right: Test, *, decides: bool) -> Test:
    """`||` (True decides) and `&&` (False does), whatever a failing other side would say."""

    def joined(point: Point) -> Any:
        one = left(point)
        if one is decides:
            return decides
        two = right(point)
        if two is decides:
            return decides
        return FAILED if FAILED in (one, two) else not decides

    return joined


def _chosen(answer: Any, then: Test, otherwise: Test, point: Point) -> Any:
    if answer is FAILED:
        return FAILED
    return then(point) if answer is True else otherwise(point)


def _compared(left: Test, right: Test, sign: str) -> Test:
    return lambda point: compared(left(point), right(point), sign)


def compared(one: Any, two: Any, sign: str) -> Any:
    """What a comparison of two values says; FAILED if it says nothing."""
    if one is FAILED or two is FAILED:
        return FAILED
    if sign == "==":
        return _same(one, two)
    if sign == "!=":
        return not _same(one, two)
    if isinstance(one, str) is not isinstance(two, str):
        return FAILED
    match sign:
        case "<":
            return one < two
        case "<=":
            return one <= two
        case ">":
            return one > two
        case _:
            return one >= two


def _same(one: Any, two: Any) -> bool:
    """`true` is no number."""
    return isinstance(one, bool) is isinstance(two, bool) and one == two
