"""What can be added, taken away, multiplied and divided, and what comes of it."""

from engine.core.expression.checking import Checking, described, replacing
from engine.core.expression.kinds import (
    ANY,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    Kind,
    Type,
    fits,
    joined,
)
from engine.core.expression.problems import WRONG_TYPE, Edit
from engine.core.expression.sides import INSTANTS, sides_of
from engine.core.expression.tree import Binary, Call, Node


def check_arithmetic(checking: Checking, node: Binary) -> Type:
    sides = sides_of(checking, node)
    if sides is None:
        return ANY
    left, right = sides
    result = _result(node, left, right)
    if result is not None:
        return result
    return checking.refuse(
        WRONG_TYPE,
        f"`{node.operator}` does not work on {described(left)} and {described(right)}.",
        node,
        edits=_spelt_out(checking, node, left, right),
        help=_arithmetic_help(checking, node, left, right),
    )


def _spelt_out(checking: Checking, node: Binary, left: Type, right: Type) -> tuple[Edit, ...]:
    """A number joined to a text is turned into one."""
    if node.operator != "+" or {left.kind, right.kind} != {Kind.TEXT, Kind.NUMBER}:
        return ()
    number = node.left if left.kind is Kind.NUMBER else node.right
    return replacing(number, f"string({checking.text(number)})")


def _result(node: Binary, left: Type, right: Type) -> Type | None:
    kinds = (left.kind, right.kind)
    both_any = Kind.ANY in kinds
    if node.operator in ("*", "/", "%"):
        return NUMBER if fits(left, NUMBER) and fits(right, NUMBER) else None
    if kinds == (Kind.NUMBER, Kind.NUMBER):
        return NUMBER
    if kinds == (Kind.DURATION, Kind.DURATION):
        return DURATION
    if left.kind in INSTANTS and right.kind is Kind.DURATION:
        return _moved(left, node.right)
    if node.operator == "-":
        if left.kind in INSTANTS and right.kind in INSTANTS:
            return DURATION
    elif left.kind is Kind.DURATION and right.kind in INSTANTS:
        return _moved(right, node.left)
    elif kinds == (Kind.TEXT, Kind.TEXT):
        return TEXT
    elif kinds == (Kind.LIST, Kind.LIST):
        return joined(left, right)
    unfit = {Kind.BOOL, Kind.PERSON, Kind.RECORD}
    if node.operator == "-":
        unfit |= {Kind.TEXT, Kind.LIST}
    if not both_any or (set(kinds) & unfit):
        return None
    return NUMBER if Kind.NUMBER in kinds else TEXT if Kind.TEXT in kinds else ANY


def _moved(start: Type, by: Node) -> Type:
    """Whole days away from a date is a date; anything else is a moment."""
    whole_days = isinstance(by, Call) and by.name == "days"
    return DATE if start.kind is Kind.DATE and whole_days else DATETIME


def _arithmetic_help(checking: Checking, node: Binary, left: Type, right: Type) -> str | None:
    kinds = {left.kind, right.kind}
    if left.kind in INSTANTS and right.kind is Kind.NUMBER:
        by = checking.text(node.right)
        return f"Write: {checking.text(node.left)} {node.operator} days({by}), or add_workdays(…)"
    if Kind.DURATION in kinds and Kind.NUMBER in kinds:
        span = node.left if left.kind is Kind.DURATION else node.right
        return f"Count its days: days({checking.text(span)})"
    return None
