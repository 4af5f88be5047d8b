"""The commonest slips of the pen: each is noted with the corrected text and read on as meant."""

from engine.core.expression.operators import MISSPELT, NOT, RELATION, STRENGTH, operator_at
from engine.core.expression.problems import SYNTAX, Edit
from engine.core.expression.reader import Reader
from engine.core.expression.tokens import Token, TokenKind
from engine.core.expression.tree import (
    Binary,
    Call,
    Conditional,
    Index,
    Literal,
    Name,
    Node,
    Select,
    Unary,
)


def note_word(reader: Reader, token: Token, operator: str) -> tuple[int, int] | None:
    """Notes an operator written as a word; gives back where `not in` stands."""
    if token.kind is not TokenKind.NAME or token.text == "in":
        return None
    if token.text in NOT:
        return token.start, reader.next().end
    end = reader.next().end if operator == "!=" else token.end
    written = reader.source[token.start : end]
    reader.findings.add(
        SYNTAX,
        f"`{written}` is written `{operator}` here.",
        (token.start, end),
        edits=[Edit(start=token.start, end=end, text=operator)],
        sure=True,
    )
    return None


def note_not_in(reader: Reader, found: Binary, span: tuple[int, int]) -> Node:
    """`a not in b`, read on as `!(a in b)`."""
    left, right = found.left, found.right
    written = f"!({reader.slice(left)} in {reader.slice(right)})"
    reader.findings.add(
        SYNTAX,
        "`not in` is written as !(… in …).",
        span,
        edits=[Edit(start=left.start, end=right.end, text=written)],
        sure=True,
    )
    return Unary(operator="!", operand=found, start=left.start, end=right.end)


def is_chain(reader: Reader, operator: str) -> bool:
    """Whether a second comparison follows at once: `1 < rating < 5`."""
    following = operator_at(reader)
    return all(
        sign is not None and sign != "in" and STRENGTH[sign] == RELATION
        for sign in (operator, following)
    )


def note_chain(reader: Reader, middle: Node, token: Token) -> None:
    """`token` is the sign of the second comparison, which wants its left side written again."""
    reader.findings.add(
        SYNTAX,
        "Two comparisons are joined with &&.",
        (token.start, token.end),
        edits=[Edit(start=middle.end, end=middle.end, text=f" && {reader.slice(middle)}")],
        sure=True,
    )


def rewritten(reader: Reader, word: Token, start: int, parts: tuple[Node, Node, Node]) -> Node:
    """A choice in another language's words, read on as the conditional it means."""
    condition, then, otherwise = parts
    written = " ? ".join((reader.slice(condition), reader.slice(then)))
    reader.findings.add(
        SYNTAX,
        "A choice between two values is written as condition ? yes : no.",
        (word.start, word.end),
        edits=[Edit(start=start, end=otherwise.end, text=f"{written} : {reader.slice(otherwise)}")],
    )
    return Conditional(
        condition=condition, then=then, otherwise=otherwise, start=start, end=otherwise.end
    )


def note_negation(reader: Reader, token: Token, operand: Node) -> None:
    """`not a == b` denies the whole comparison, unlike `!a == b`."""
    simple = isinstance(operand, Name | Select | Call | Literal | Index)
    inner = reader.slice(operand)
    edits = [Edit(start=token.start, end=operand.start, text="!")]
    if not simple and not inner.startswith("("):
        edits = [
            Edit(start=token.start, end=operand.start, text="!("),
            Edit(start=operand.end, end=operand.end, text=")"),
        ]
    reader.findings.add(
        SYNTAX,
        f"`{token.text}` is written `!` here.",
        (token.start, token.end),
        edits=edits,
        sure=True,
    )


def note_misspelt(reader: Reader, token: Token) -> str:
    """`True` and its kin; gives back the constant that is meant."""
    meant = MISSPELT[token.text]
    if meant != "null":
        reader.findings.add(
            SYNTAX,
            f"`{token.text}` is written `{meant}` here.",
            (token.start, token.end),
            edits=[Edit(start=token.start, end=token.end, text=meant)],
            sure=True,
        )
    return meant
