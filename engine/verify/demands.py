"""What an expression cannot do without, and what its answer says about what `has` asks for."""

from collections.abc import Iterator

from engine.core.expression import Expr, Template
from engine.core.expression.functions import MACROS
from engine.core.expression.tree import (
    Binary,
    Call,
    Conditional,
    Name,
    Node,
    Select,
    Unary,
    children,
    path_of,
)

Path = tuple[str, ...]
Paths = frozenset[Path]
_NONE: Paths = frozenset()


def demanded(what: Expr | Template) -> Paths:
    """The paths that must have a value for it to have an answer."""
    if isinstance(what, Template):
        parts = [demanded(part) for part in what.parts if not isinstance(part, str)]
        return frozenset().union(*parts)
    return frozenset(_demands(what.tree, _NONE, frozenset()))


def there_if(expr: Expr, answer: bool) -> Paths:
    """The paths that have a value wherever the condition gave this answer."""
    return _there(expr.tree, answer)


def _there(node: Node, answer: bool) -> Paths:
    match node:
        case Unary(operator="!", operand=operand):
            return _there(operand, not answer)
        case Binary(operator="&&" | "||" as sign):
            left, right = _there(node.left, answer), _there(node.right, answer)
            both = (sign == "&&") is answer
            return left | right if both else left & right
        case Call(name="has", target=None, arguments=(asked,)) if answer:
            path = path_of(asked, loose=True)
            return _NONE if path is None else frozenset((path,))
        case Binary(operator="==" | "!=" | "<" | "<=" | ">" | ">=" | "in"):
            return frozenset(_demands(node, _NONE, frozenset()))
        case _:
            return _NONE


def _demands(node: Node, known: Paths, bound: frozenset[str]) -> Iterator[Path]:
    path = path_of(node)
    if path is not None:
        if path[0] not in bound and path not in known:
            yield path
        return
    match node:
        case Binary(operator="&&" | "||" as sign):
            # Either side may be looked at first: a failing one does not count if the other decides.
            goes_on = sign == "&&"
            yield from _demands(node.left, known | _asked(node.right, answer=goes_on), bound)
            yield from _demands(node.right, known | _there(node.left, goes_on), bound)
        case Conditional():
            yield from _demands(node.condition, known, bound)
            yield from _demands(node.then, known | _there(node.condition, True), bound)
            yield from _demands(node.otherwise, known | _there(node.condition, False), bound)
        case Call(name="has", target=None, arguments=(asked,)):
            yield from _owner(asked, known, bound)
        case Select(optional=True):
            yield from _owner(node, known, bound)
        case Call(target=target) if target is not None and node.name in MACROS:
            yield from _demands(target, known, bound)
            variable = node.arguments[0]
            inner = bound | ({variable.name} if isinstance(variable, Name) else set())
            for argument in node.arguments[1:]:
                yield from _demands(argument, known, inner)
        case _:
            for child in children(node):
                yield from _demands(child, known, bound)


def _asked(node: Node, *, answer: bool) -> Paths:
    """Only what `has` asks about: a plain comparison would fail together with the other side."""
    match node:
        case Call(name="has"):
            return _there(node, answer)
        case Unary(operator="!", operand=operand):
            return _asked(operand, answer=not answer)
        case Binary(operator="&&" | "||" as sign) if (sign == "&&") is answer:
            return _asked(node.left, answer=answer) | _asked(node.right, answer=answer)
        case _:
            return _NONE


def _owner(node: Node, known: Paths, bound: frozenset[str]) -> Iterator[Path]:
    """What stands before the last dot; the whole of a case file or a state may be asked about."""
    if isinstance(node, Select):
        path = path_of(node.operand, loose=True)
        if path is None or len(path) > 1:
            yield from _demands(node.operand, known, bound)
