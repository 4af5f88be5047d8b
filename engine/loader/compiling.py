"""Expressions and texts of a definition, compiled, with every problem placed in the document."""

from typing import Final

from engine.core.expression import BOOL, Expr, ExpressionRefused, Problem, Template, Type
from engine.core.expression.problems import applied
from engine.document import Change, Node, Scalar
from engine.loader.findings import wrong_shape
from engine.loader.scopes import Scope, World

_EATEN: Final = frozenset("!&*%@`")  # unquoted text must not begin with one of these


def expression(
    world: World,
    node: Node,
    scope: Scope,
    what: str,
    wants: Type | None = None,
    *,
    may_be_empty: bool = False,
) -> Expr | None:
    """The compiled expression of a value; `true`, `12` and the like stand for themselves."""
    if not isinstance(node, Scalar) or node.value is None or not node.text.strip():
        wrong_shape(world.findings, node, what, "an expression", "data.rating >= 4")
        return None
    return expression_at(world, node, node.text, 0, scope, wants=wants, may_be_empty=may_be_empty)


def condition(world: World, node: Node, scope: Scope, what: str) -> Expr | None:
    return expression(world, node, scope, what, BOOL)


def expression_at(
    world: World,
    scalar: Scalar,
    source: str,
    offset: int,
    scope: Scope,
    *,
    wants: Type | None = None,
    may_be_empty: bool = False,
) -> Expr | None:
    """The same for an expression that begins inside a longer text."""
    try:
        expr = world.environment.within(scope).compile(
            source, wants=wants, may_be_empty=may_be_empty
        )
    except ExpressionRefused as refused:
        _refuse(world, scalar, offset, refused)
        return None
    _count_manager_steps(world, expr.reads)
    world.origins.note(expr, world.findings.document.place(scalar, offset, len(source)))
    return expr


def _count_manager_steps(world: World, reads: frozenset[tuple[str, ...]]) -> None:
    """Notes how many `.manager` steps are taken in a row, for what is looked up ahead."""
    for path in reads:
        steps = 0
        for word in path:
            steps = steps + 1 if word == "manager" else 0
            world.manager_steps = max(world.manager_steps, steps)


def template(world: World, node: Node | None, scope: Scope, what: str) -> Template | None:
    """Text with `{{ placeholders }}`."""
    if node is None:
        return None
    if not isinstance(node, Scalar) or node.value is None:
        wrong_shape(world.findings, node, what, "text", "Tell {{ subject.name }} the result")
        return None
    try:
        made = world.environment.within(scope).template(node.text)
    except ExpressionRefused as refused:
        _refuse(world, node, 0, refused)
        return None
    _count_manager_steps(world, made.reads)
    world.origins.note(made, node.span)
    return made


def plain_template(world: World, text: str) -> Template:
    """A text of ours as a template: it has no placeholders."""
    return world.environment.template(text)


def _refuse(world: World, scalar: Scalar, offset: int, refused: ExpressionRefused) -> None:
    document = world.findings.document
    for problem in refused.problems:
        world.findings.add(
            problem.code,
            document.place(scalar, offset + problem.column, problem.length),
            problem.message.rstrip("."),
            help=problem.help,
            fix=_changes(world, scalar, offset, refused.source, problem),
        )


def _changes(
    world: World, scalar: Scalar, offset: int, source: str, problem: Problem
) -> tuple[Change, ...]:
    """The edits of an expression as changes of the file; quotes come around what YAML would eat."""
    if not problem.fix:
        return ()
    whole = applied(source, problem.fix)
    if scalar.style == "" and source == scalar.text and whole[:1] in _EATEN:
        text = "'" + whole.replace("'", "''") + "'"
        return (Change(span=scalar.span, text=text),)
    place = world.findings.document.place
    return tuple(
        Change(span=place(scalar, offset + edit.start, edit.end - edit.start), text=edit.text)
        for edit in problem.fix
    )
