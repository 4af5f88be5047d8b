"""Compiles the expressions and texts of one scope, and answers them for the values of a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.core.expression.checks import checked
from engine.core.expression.expr import Expr, plan
from engine.core.expression.kinds import Type
from engine.core.expression.library import Failure, Library, new_library
from engine.core.expression.problems import (
    TOO_LONG,
    WRONG_TYPE,
    ExpressionRefused,
    Findings,
)
from engine.core.expression.syntax import parse
from engine.core.expression.template import Template, compile_parts
from engine.core.expression.tokens import Unreadable, tokens
from engine.core.expression.writer import TooManyReads

MAX_LENGTH: Final = 500


@dataclass(frozen=True, slots=True, eq=False)
class Environment:
    """Keep one per definition: it costs about a millisecond to build, and is safe to share.

    `scope` maps the names an expression may use to their types.
    """

    # the names an expression may use
    scope: Mapping[str, Type]
    # the library's part, which knows no scope and serves them all
    _library: Library = field(default_factory=new_library, repr=False)

    def within(self, more: Mapping[str, Type]) -> "Environment":
        """The same with further names, as inside an `each`; costs nothing."""
        return Environment({**self.scope, **more}, self._library)

    def compile(
        self, source: str, *, wants: Type | None = None, may_be_empty: bool = False
    ) -> Expr:
        """Raises ExpressionRefused with all problems found.

        What `may_be_empty` can be `data.?remark`, and then gives None for a field nobody filled.
        """
        findings = Findings(source=source)
        if len(source) > MAX_LENGTH:
            findings.add(
                TOO_LONG,
                f"This expression has {len(source)} characters; {MAX_LENGTH} are allowed.",
                (MAX_LENGTH, len(source)),
                help="Split it: let a `decide` row or a `set` hold a part of it.",
            )
            raise ExpressionRefused(source, findings.problems())
        try:
            node = parse(source, tokens(source, findings), findings)
        except Unreadable:
            raise ExpressionRefused(source, findings.problems()) from None
        types = checked(source, node, self.scope, findings, wants=wants, may_be_empty=may_be_empty)
        if findings.found:
            raise ExpressionRefused(source, findings.problems())
        try:
            return plan(self._library, source, node, types, wants=wants)
        except TooManyReads:
            findings.add(TOO_LONG, "This expression reads too many fields.", (0, len(source)))
        except Failure as failure:
            _note(findings, str(failure))
        raise ExpressionRefused(source, findings.problems())

    def template(self, text: str) -> Template:
        """Raises ExpressionRefused with all problems of all placeholders."""
        return compile_parts(text, self.compile)


def _note(findings: Findings, words: str) -> None:
    """What our own pass lets through and CEL does not: its columns are those of its own text."""
    whole = (0, len(findings.source))
    if "CANCELLED" in words or "recursion" in words.lower():
        findings.add(TOO_LONG, "This is nested too deeply.", whole)
        return
    reason = words.partition("\n")[0].rpartition("ERROR: ")[2] or "no reason given"
    findings.add(WRONG_TYPE, f"This cannot be evaluated: {reason}.", whole)


def compile_expression(
    source: str, scope: Mapping[str, Type], *, wants: Type | None = None
) -> Expr:
    """One expression on its own; for several keep an Environment."""
    return Environment(scope).compile(source, wants=wants)


def compile_template(text: str, scope: Mapping[str, Type]) -> Template:
    """One text with `{{ … }}` placeholders on its own; for several keep an Environment."""
    return Environment(scope).template(text)
