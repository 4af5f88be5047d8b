"""Which operators work on which values: the part of the check about two sides of a sign."""

import re
from typing import Final

from engine.core.expression.arithmetic import check_arithmetic
from engine.core.expression.checking import (
    Checking,
    described,
    refuse_optional,
    replacing,
)
from engine.core.expression.kinds import (
    ANY,
    BOOL,
    TEXT,
    Kind,
    Type,
    fits,
)
from engine.core.expression.problems import (
    IMPOSSIBLE,
    NOT_A_CONDITION,
    WRONG_TYPE,
    closest,
)
from engine.core.expression.sides import INSTANTS, sides_of
from engine.core.expression.tree import (
    Binary,
    Conditional,
    ListOf,
    Literal,
    Node,
    path_of,
)

_ORDERED: Final = INSTANTS | {Kind.NUMBER, Kind.TEXT, Kind.DURATION, Kind.ANY}
_DATE_TEXT: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_binary(checking: Checking, node: Binary) -> Type:
    match node.operator:
        case "&&" | "||":
            for side in (node.left, node.right):
                condition(checking, side, f"`{node.operator}` joins two conditions")
            return BOOL
        case "==" | "!=":
            _equality(checking, node)
            return BOOL
        case "<" | "<=" | ">" | ">=":
            _order(checking, node)
            return BOOL
        case "in":
            _membership(checking, node)
            return BOOL
        case _:
            return check_arithmetic(checking, node)


def condition(checking: Checking, node: Node, why: str) -> None:
    """Refuses a part that is not yes or no where a condition stands."""
    found = checking.type_of(node)
    if fits(found, BOOL):
        return
    if found.kind is Kind.OPTIONAL:
        refuse_optional(checking, node)
        return
    text = checking.text(node)
    help_ = "Compare it with something."
    match found.kind:
        case Kind.NUMBER if not isinstance(node, Conditional | Binary):
            help_ = f"Compare it: {text} > 0"
        case Kind.TEXT if isinstance(node, Literal):
            help_ = 'Repeat what it is compared with: x == "a" || x == "b"'
        case Kind.TEXT if found.options:
            help_ = f'Compare it: {text} == "{found.options[0]}"'
        case Kind.LIST:
            help_ = f"Write: size({text}) > 0"
        case _ if path_of(node) is not None:
            help_ = f"To ask whether it is filled in, write: has({text})"
        case _:
            pass
    checking.refuse(NOT_A_CONDITION, f"{why}, and this is {described(found)}.", node, help=help_)


def _equality(checking: Checking, node: Binary) -> None:
    sides = sides_of(checking, node)
    if sides is None:
        return
    left, right = sides
    _option(checking, node.left, right)
    _option(checking, node.right, left)
    if _date_in_quotes(checking, node, left, right) or _person_as_text(checking, node, left, right):
        return
    if not fits(left, right):
        checking.refuse(
            IMPOSSIBLE,
            f"{described(left)} is never equal to {described(right)}.".capitalize(),
            node,
            help=_bridge(checking, node, left, right),
        )


def _bridge(checking: Checking, node: Binary, left: Type, right: Type) -> str | None:
    kinds = {left.kind, right.kind}
    if kinds == {Kind.DATE, Kind.DATETIME}:
        moment = node.left if left.kind is Kind.DATETIME else node.right
        return f"Take its day: date({checking.text(moment)})"
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if (
            kinds == {Kind.NUMBER, Kind.TEXT}
            and isinstance(side, Literal)
            and isinstance(side.value, str)
            and re.fullmatch(r"-?\d+(\.\d+)?", side.value)
        ):
            return f"A number stands without quotes: {checking.text(other)} and {side.value}"
    if kinds == {Kind.BOOL, Kind.TEXT}:
        return "yes and no are written true and false."
    if Kind.LIST in kinds:
        return "To ask whether it is among them, write: value in list"
    return None


def _option(checking: Checking, side: Node, against: Type) -> None:
    """A literal compared with a choice must be one of its options."""
    if not against.options or not isinstance(side, Literal) or not isinstance(side.value, str):
        return
    if side.value in against.options:
        return
    near = closest(side.value, against.options)
    listed = ", ".join(f'"{option}"' for option in against.options[:8])
    checking.findings.add(
        IMPOSSIBLE,
        f'"{side.value[:40]}" is not one of the options.',
        (side.start, side.end),
        edits=replacing(side, f'"{near}"') if near else (),
        help=f"The options are {listed}{', …' if len(against.options) > 8 else ''}.",
    )


def _date_in_quotes(checking: Checking, node: Binary, left: Type, right: Type) -> bool:
    for side, found, other in ((node.left, left, right), (node.right, right, left)):
        if found.kind is Kind.TEXT and other.kind in INSTANTS and isinstance(side, Literal):
            text = str(side.value)
            word = "date" if _DATE_TEXT.fullmatch(text) else "datetime"
            checking.refuse(
                IMPOSSIBLE,
                "A text is not compared with a date.",
                side,
                edits=replacing(side, f'{word}("{text}")') if text[:4].isdigit() else (),
                help=None if text[:4].isdigit() else 'Write date("2027-01-31").',
            )
            return True
    return False


def _person_as_text(checking: Checking, node: Binary, left: Type, right: Type) -> bool:
    for side, found, other in ((node.left, left, right), (node.right, right, left)):
        if found.kind is Kind.PERSON and other.kind is Kind.TEXT:
            text = checking.text(side)
            checking.refuse(
                IMPOSSIBLE,
                "A person is not a text; compare their id, name or email.",
                side,
                edits=replacing(side, f"{text}.id"),
            )
            return True
    return False


def _order(checking: Checking, node: Binary) -> None:
    sides = sides_of(checking, node)
    if sides is None:
        return
    left, right = sides
    if _date_in_quotes(checking, node, left, right):
        return
    for side, found in ((node.left, left), (node.right, right)):
        if found.kind not in _ORDERED:
            checking.refuse(
                WRONG_TYPE,
                f"`{node.operator}` does not order {described(found)}.",
                side,
                help=f"Write: size({checking.text(side)})" if found.kind is Kind.LIST else None,
            )
            return
        if found.options:
            listed = ", ".join(f'"{option}"' for option in found.options[:3])
            checking.refuse(
                WRONG_TYPE,
                f"`{node.operator}` would order these options by their letters.",
                node,
                help=f"Name the ones you mean: {checking.text(side)} in [{listed}]",
            )
            return
    instants = left.kind in INSTANTS and right.kind in INSTANTS
    if not instants and not fits(left, right):
        checking.refuse(
            IMPOSSIBLE,
            f"{described(left)} is not comparable with {described(right)}.".capitalize(),
            node,
            help=_bridge(checking, node, left, right),
        )


def _membership(checking: Checking, node: Binary) -> None:
    sides = sides_of(checking, node)
    if sides is None:
        return
    left, right = sides
    match right.kind:
        case Kind.ANY:
            return
        case Kind.LIST:
            _member_of(checking, node, left, right)
        case Kind.RECORD if fits(left, TEXT):
            return
        case Kind.TEXT if fits(left, TEXT):
            written = f"{checking.text(node.right)}.contains({checking.text(node.left)})"
            checking.refuse(
                WRONG_TYPE,
                "`in` looks into a list, not into a text.",
                node,
                edits=replacing(node, written),
            )
        case _:
            checking.refuse(
                WRONG_TYPE,
                f"`in` looks into a list, and this is {described(right)}.",
                node.right,
            )


def _member_of(checking: Checking, node: Binary, left: Type, right: Type) -> None:
    item = right.item or ANY
    _option(checking, node.left, item)
    if isinstance(node.right, ListOf):
        for literal in node.right.items:
            _option(checking, literal, left)
    if not fits(left, item):
        checking.refuse(
            IMPOSSIBLE,
            f"{described(left)} is never in {described(right)}.".capitalize(),
            node,
            help=_member_help(checking, node, left, item),
        )


def _member_help(checking: Checking, node: Binary, left: Type, item: Type) -> str | None:
    sought, items = checking.text(node.left), checking.text(node.right)
    if left.kind is Kind.PERSON:
        return f"Write: {sought}.id in {items}"
    if item.kind is Kind.PERSON:
        return f"Write: {items}.exists(x, x.id == {sought})"
    return None
