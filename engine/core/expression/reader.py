"""Where the reading of an expression stands, how deep it may go, and what it says when it stops."""

from dataclasses import dataclass, field
from typing import Final, NoReturn

from engine.core.expression.problems import SYNTAX, TOO_LONG, Edit, Findings
from engine.core.expression.tokens import Token, TokenKind, Unreadable
from engine.core.expression.tree import Conditional, Node

MAX_NESTING: Final = 24
MAX_OPERATIONS: Final = 120


@dataclass(slots=True)
class Reader:
    source: str
    tokens: list[Token]
    findings: Findings
    at: int = 0
    nesting: int = 0
    operations: int = 0
    # brackets that are open, for "is not closed"
    brackets: list[Token] = field(default_factory=list)

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.tokens[self.at]
        if token.kind is not TokenKind.END:
            self.at += 1
        return token

    def sees(self, *signs: str) -> bool:
        return self.token.kind is TokenKind.SIGN and self.token.text in signs

    def sees_word(self, *words: str) -> bool:
        return self.token.kind is TokenKind.NAME and self.token.text in words

    def slice(self, node: Node) -> str:
        return self.source[node.start : node.end]


def deeper(reader: Reader) -> None:
    reader.nesting += 1
    if reader.nesting > MAX_NESTING:
        token = reader.token
        reader.findings.add(
            TOO_LONG,
            f"This is nested more than {MAX_NESTING} deep.",
            (token.start, token.end),
            help="Split it: let a `decide` row or a `set` hold a part of it.",
        )
        raise Unreadable


def one_more(reader: Reader, token: Token) -> None:
    reader.operations += 1
    if reader.operations > MAX_OPERATIONS:
        reader.findings.add(
            TOO_LONG,
            f"This expression has more than {MAX_OPERATIONS} steps.",
            (token.start, token.end),
            help="Split it: let a `decide` row or a `set` hold a part of it.",
        )
        raise Unreadable


def refuse_here(reader: Reader, message: str, span: tuple[int, int]) -> NoReturn:
    reader.findings.add(SYNTAX, message + ".", span)
    raise Unreadable


def refuse_missing(reader: Reader) -> NoReturn:
    token = reader.token
    if token.kind is not TokenKind.END:
        message = f"A value is missing before `{token.text}`"
        refuse_here(reader, message, (token.start, token.end))
    if reader.brackets:
        opened = reader.brackets[-1]
        refuse_here(reader, f"`{opened.text}` is not closed", (opened.start, opened.end))
    before = reader.tokens[reader.at - 1]
    if before.text == "%":
        reader.findings.add(
            SYNTAX,
            "A percentage is a number without a sign.",
            (before.start, before.end),
            edits=[Edit(start=before.start, end=before.end, text="")],
        )
        raise Unreadable
    refuse_here(reader, "The expression stops in the middle", (before.start, before.end))


def refuse_leftover(reader: Reader, node: Node) -> NoReturn:
    token = reader.token
    span = (token.start, token.end)
    if token.text in (")", "]", "}"):
        reader.findings.add(SYNTAX, f"`{token.text}` closes a bracket that was never opened.", span)
    elif token.text == ",":
        reader.findings.add(
            SYNTAX,
            "A comma only separates the items of a list or of a function.",
            span,
            help="Decimals are written with a point: 0.5",
        )
    elif token.text == "?" and isinstance(node, Conditional):
        reader.findings.add(SYNTAX, "A second `?` needs brackets around the first.", span)
    else:
        reader.findings.add(
            SYNTAX,
            f"`{token.text}` follows a complete expression.",
            span,
            help="Join two conditions with && or ||; a text stands in quotes.",
        )
    raise Unreadable


def refuse_unclosed(reader: Reader, opening: Token) -> NoReturn:
    token = reader.token
    if token.kind is TokenKind.END:
        refuse_here(reader, f"`{opening.text}` is not closed", (opening.start, opening.end))
    reader.findings.add(
        SYNTAX,
        f"`{token.text}` is not expected here.",
        (token.start, token.end),
        help="An operator such as && or == is missing before it, or a text stands without quotes.",
    )
    raise Unreadable
