"""The two sides of a sign: their types, and the slips that make one side meaningless."""

import re
from typing import Final

from engine.core.expression.checking import (
    Checking,
    is_null,
    refuse_optional,
    replacing,
    unknown_name,
)
from engine.core.expression.kinds import ANY, Kind, Type
from engine.core.expression.problems import IMPOSSIBLE, UNKNOWN_NAME, closest
from engine.core.expression.tree import Binary, ListOf, Literal, Name, Node, path_of

INSTANTS: Final = frozenset({Kind.DATE, Kind.DATETIME})
_BARE_TEXT: Final = re.compile(r"[^\W\d][\w-]*")


def sides_of(checking: Checking, node: Binary) -> tuple[Type, Type] | None:
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
