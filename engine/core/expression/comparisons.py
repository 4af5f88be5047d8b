"""Which operators work on which values: the part of the check about two sides of a sign."""

import re
from typing import Final

from engine.core.expression.checking import (
    Checking,
    described,
    is_null,
    refuse_optional,
    replacing,
    unknown_name,
)
from engine.core.expression.kinds import (
    ANY,
    BOOL,
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
from engine.core.expression.problems import (
    IMPOSSIBLE,
    NOT_A_CONDITION,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Edit,
    closest,
)
from engine.core.expression.tree import (
    Binary,
    Call,
    Conditional,
    ListOf,
    Literal,
    Name,
    Node,
    path_of,
)

_INSTANTS: Final = frozenset({Kind.DATE, Kind.DATETIME})
_ORDERED: Final = _INSTANTS | {Kind.NUMBER, Kind.TEXT, Kind.DURATION, Kind.ANY}
_BARE_TEXT: Final = re.compile(r"[^\W\d][\w-]*")
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
            return _arithmetic(checking, node)


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


def _sides(checking: Checking, node: Binary) -> tuple[Type, Type] | None:
    """Both types; None when a mistake about one side has been told."""
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if is_null(side):
            _refuse_null(checking, node, other)
            return None
    for side, other in ((node.right, node.left), (node.left, node.right)):
        if _unquoted(checking, side, other):
            checking.type_of(other)
            return None
    left, right = checking.type_of(node.left), checking.type_of(node.right)
    if Kind.OPTIONAL in (left.kind, right.kind):
        refuse_optional(checking, node.left if left.kind is Kind.OPTIONAL else node.right)
        return None
    return left, right


def _refuse_null(checking: Checking, node: Binary, other: Node) -> None:
    checking.type_of(other)
    text = checking.text(other)
    asked = {"==": f"!has({text})", "!=": f"has({text})"}.get(node.operator)
    edits = replacing(node, asked) if asked and path_of(other) is not None else ()
    checking.refuse(
        IMPOSSIBLE,
        "A field that nobody filled in has no value to compare with.",
        node,
        edits=edits,
        help=None if edits else "Ask with has(field).",
    )


def _unquoted(checking: Checking, side: Node, other: Node) -> bool:
    """Text without quotes: `data.grade == L4`, also with hyphens."""
    text = checking.text(side)
    first = side
    while isinstance(first, Binary) and first.operator == "-":
        first = first.left
    if not unknown_name(checking, first) or _BARE_TEXT.fullmatch(text) is None:
        return False
    against = checking.type_of(other)
    if against.kind is Kind.LIST and not isinstance(other, ListOf):
        against = against.item or ANY
    if against.kind is not Kind.TEXT or isinstance(other, Literal):
        return False
    assert isinstance(first, Name)
    near = closest(text, (*checking.bound, *checking.scope))
    if against.options and text not in against.options:
        text = closest(text, against.options) or text
    elif near is not None and not against.options:
        return False
    checking.refuse(
        UNKNOWN_NAME,
        f"There is nothing called `{checking.text(side)}`; a text stands in quotes.",
        side,
        edits=replacing(side, f'"{text}"'),
    )
    return True


def _equality(checking: Checking, node: Binary) -> None:
    sides = _sides(checking, node)
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
        if found.kind is Kind.TEXT and other.kind in _INSTANTS and isinstance(side, Literal):
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
    sides = _sides(checking, node)
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
    instants = left.kind in _INSTANTS and right.kind in _INSTANTS
    if not instants and not fits(left, right):
        checking.refuse(
            IMPOSSIBLE,
            f"{described(left)} is not comparable with {described(right)}.".capitalize(),
            node,
            help=_bridge(checking, node, left, right),
        )


def _membership(checking: Checking, node: Binary) -> None:
    sides = _sides(checking, node)
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


def _arithmetic(checking: Checking, node: Binary) -> Type:
    sides = _sides(checking, node)
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
    if left.kind in _INSTANTS and right.kind is Kind.DURATION:
        return _moved(left, node.right)
    if node.operator == "-":
        if left.kind in _INSTANTS and right.kind in _INSTANTS:
            return DURATION
    elif left.kind is Kind.DURATION and right.kind in _INSTANTS:
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
    if left.kind in _INSTANTS and right.kind is Kind.NUMBER:
        by = checking.text(node.right)
        return f"Write: {checking.text(node.left)} {node.operator} days({by}), or add_workdays(…)"
    if Kind.DURATION in kinds and Kind.NUMBER in kinds:
        span = node.left if left.kind is Kind.DURATION else node.right
        return f"Count its days: days({checking.text(span)})"
    return None
