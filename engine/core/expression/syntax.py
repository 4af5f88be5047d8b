"""Reads an expression into a tree, and the commonest slips of the pen as what was meant."""

from typing import Final

from engine.core.expression.problems import SYNTAX, Edit, Findings
from engine.core.expression.reader import (
    Reader,
    deeper,
    one_more,
    refuse_here,
    refuse_leftover,
    refuse_missing,
    refuse_unclosed,
)
from engine.core.expression.tokens import Token, TokenKind, Unreadable
from engine.core.expression.tree import (
    Binary,
    Call,
    Conditional,
    Index,
    ListOf,
    Literal,
    Name,
    Node,
    RecordOf,
    Select,
    Unary,
)

RESERVED_NAMES: Final = frozenset(
    [
        "true",
        "false",
        "null",
        "in",
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "is",
        "True",
        "False",
        "None",
        "nil",
        "NULL",
        "has",
    ]
)


STRENGTH: Final = {
    "||": 2, "&&": 3,
    "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_RELATION: Final = 4
MAX_STRENGTH: Final = 6
_WORDS: Final = {"and": "&&", "or": "||", "AND": "&&", "OR": "||", "And": "&&", "Or": "||"}
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_MISSPELT: Final = {
    "True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
    "None": "null", "NULL": "null", "Null": "null", "nil": "null",
}  # fmt: skip
_NOT: Final = frozenset({"not", "NOT", "Not"})


def parse(source: str, words: list[Token], findings: Findings) -> Node:
    """The tree of one expression; raises Unreadable after noting why.

    Slips that have one meaning are noted with the corrected text and read on as meant, so that the
    rest of the expression is checked in the same go.
    """
    reader = Reader(source=source, tokens=words, findings=findings)
    if reader.token.kind is TokenKind.END:
        findings.add(SYNTAX, "There is no expression here.", (0, len(source)))
        raise Unreadable
    node = _expression(reader, 0)
    if words[reader.at].kind is not TokenKind.END:
        refuse_leftover(reader, node)
    return node


def _expression(reader: Reader, strength: int) -> Node:
    deeper(reader)
    left = _unary(reader)
    while True:
        token = reader.token
        operator = _operator(reader)
        if operator is not None and STRENGTH[operator] > strength:
            one_more(reader, token)
            left = _binary(reader, left, operator)
        elif operator is None and strength == 0 and reader.sees("?"):
            one_more(reader, token)
            left = _conditional(reader, left)
        elif operator is None and strength == 0 and reader.sees_word("if"):
            one_more(reader, token)
            left = _python_conditional(reader, left)
        else:
            break
    reader.nesting -= 1
    return left


def _operator(reader: Reader) -> str | None:
    """The operator that stands here, also when it was written as a word; nothing is consumed."""
    token = reader.token
    if token.kind is TokenKind.SIGN:
        return token.text if token.text in STRENGTH else None
    if token.kind is not TokenKind.NAME:
        return None
    if token.text == "in":
        return "in"
    if token.text in _WORDS:
        return _WORDS[token.text]
    following = reader.tokens[reader.at + 1].text
    if token.text in _NOT and following == "in":
        return "in"
    if token.text in ("is", "IS"):
        return "!=" if following in _NOT else "=="
    return None


def _binary(reader: Reader, left: Node, operator: str) -> Node:
    token = reader.next()
    negated = _note_word(reader, token, operator)
    right = _expression(reader, STRENGTH[operator])
    node: Node = Binary(
        operator=operator,
        left=left,
        right=right,
        operator_start=token.start,
        start=left.start,
        end=right.end,
    )
    if negated is not None:
        written = f"!({reader.slice(left)} in {reader.slice(right)})"
        reader.findings.add(
            SYNTAX,
            "`not in` is written as !(… in …).",
            negated,
            edits=[Edit(start=left.start, end=right.end, text=written)],
            sure=True,
        )
        node = Unary(operator="!", operand=node, start=left.start, end=right.end)
    following = _operator(reader)
    if (
        STRENGTH[operator] == _RELATION
        and operator != "in"
        and following is not None
        and following != "in"
        and STRENGTH[following] == _RELATION
    ):
        node = _chained(reader, node, right)
    return node


def _note_word(reader: Reader, token: Token, operator: str) -> tuple[int, int] | None:
    """Notes an operator written as a word; gives back where `not in` stands."""
    if token.kind is not TokenKind.NAME or token.text == "in":
        return None
    if token.text in _NOT:
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


def _chained(reader: Reader, first: Node, middle: Node) -> Node:
    operator = _operator(reader)
    assert operator is not None
    token = reader.token
    one_more(reader, token)
    second = _binary(reader, middle, operator)
    reader.findings.add(
        SYNTAX,
        "Two comparisons are joined with &&.",
        (token.start, token.end),
        edits=[
            Edit(start=middle.end, end=middle.end, text=f" && {reader.slice(middle)}"),
        ],
        sure=True,
    )
    return Binary(
        operator="&&",
        left=first,
        right=second,
        operator_start=token.start,
        start=first.start,
        end=second.end,
    )


def _conditional(reader: Reader, condition: Node) -> Node:
    question = reader.next()
    then = _expression(reader, 1)
    if not reader.sees(":"):
        refuse_here(reader, "`? … : …` needs both results", (question.start, question.end))
    reader.next()
    otherwise = _expression(reader, 0)
    return Conditional(
        condition=condition,
        then=then,
        otherwise=otherwise,
        start=condition.start,
        end=otherwise.end,
    )


def _python_conditional(reader: Reader, then: Node) -> Node:
    word = reader.next()
    condition = _expression(reader, 1)
    span = (word.start, word.end)
    if not reader.sees_word("else"):
        reader.findings.add(
            SYNTAX, "`if` is not part of an expression.", span, help="Write: condition ? yes : no"
        )
        raise Unreadable
    reader.next()
    otherwise = _expression(reader, 0)
    return _rewritten(reader, word, then.start, (condition, then, otherwise))


def _rewritten(reader: Reader, word: Token, start: int, parts: tuple[Node, Node, Node]) -> Node:
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


def _if_then_else(reader: Reader) -> Node:
    word = reader.next()
    condition = _expression(reader, 1)
    span = (word.start, word.end)
    if reader.sees_word("then"):
        reader.next()
        then = _expression(reader, 1)
        if reader.sees_word("else"):
            reader.next()
            otherwise = _expression(reader, 0)
            return _rewritten(reader, word, word.start, (condition, then, otherwise))
    reader.findings.add(
        SYNTAX,
        "`if` is not part of an expression.",
        span,
        help="Write only the condition, or: condition ? yes : no",
    )
    raise Unreadable


def _unary(reader: Reader) -> Node:
    token = reader.token
    if reader.sees("!", "-") or reader.sees_word(*_NOT):
        deeper(reader)
        one_more(reader, token)
        reader.next()
        word = token.kind is TokenKind.NAME
        operand = _negated_word(reader, token) if word else _unary(reader)
        reader.nesting -= 1
        operator = "-" if token.text == "-" else "!"
        return Unary(operator=operator, operand=operand, start=token.start, end=operand.end)
    return _member(reader, _primary(reader))


def _negated_word(reader: Reader, token: Token) -> Node:
    """`not a == b` denies the whole comparison, unlike `!a == b`."""
    operand = _expression(reader, _RELATION - 1)
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
    return operand


def _primary(reader: Reader) -> Node:
    token = reader.token
    match token.kind:
        case TokenKind.NUMBER | TokenKind.TEXT:
            reader.next()
            return Literal(value=token.value, start=token.start, end=token.end)
        case TokenKind.NAME if token.text in ("if", "IF"):
            return _if_then_else(reader)
        case TokenKind.NAME if token.text not in ("in", "and", "or", "else", "then"):
            return _name(reader)
        case TokenKind.SIGN if token.text == "(":
            return _bracketed(reader)
        case TokenKind.SIGN if token.text == "[":
            items, end = _items(reader, "]")
            return ListOf(items=items, start=token.start, end=end)
        case TokenKind.SIGN if token.text == "{":
            return _record(reader)
        case _:
            return refuse_missing(reader)


def _name(reader: Reader) -> Node:
    token = reader.next()
    if token.text in _MISSPELT and not reader.sees("(", "."):
        meant = _MISSPELT[token.text]
        if meant != "null":
            reader.findings.add(
                SYNTAX,
                f"`{token.text}` is written `{meant}` here.",
                (token.start, token.end),
                edits=[Edit(start=token.start, end=token.end, text=meant)],
                sure=True,
            )
        return Literal(value=_CONSTANTS[meant], start=token.start, end=token.end)
    if token.text in _CONSTANTS:
        return Literal(value=_CONSTANTS[token.text], start=token.start, end=token.end)
    if reader.sees("("):
        arguments, end = _items(reader, ")")
        return Call(
            name=token.text,
            target=None,
            arguments=arguments,
            name_start=token.start,
            start=token.start,
            end=end,
        )
    return Name(name=token.text, start=token.start, end=token.end)


def _bracketed(reader: Reader) -> Node:
    opening = reader.next()
    reader.brackets.append(opening)
    inner = _expression(reader, 0)
    if not reader.sees(")"):
        refuse_unclosed(reader, opening)
    reader.brackets.pop()
    closing = reader.next()
    return _widened(inner, opening.start, closing.end)


def _widened(node: Node, start: int, end: int) -> Node:
    """The same node, covering its brackets: a corrected text must keep them."""
    match node:
        case Binary():
            return Binary(
                operator=node.operator,
                left=node.left,
                right=node.right,
                operator_start=node.operator_start,
                start=start,
                end=end,
            )
        case Conditional():
            return Conditional(
                condition=node.condition,
                then=node.then,
                otherwise=node.otherwise,
                start=start,
                end=end,
            )
        case Unary():
            return Unary(operator=node.operator, operand=node.operand, start=start, end=end)
        case _:
            return node


def _items(reader: Reader, closing: str) -> tuple[tuple[Node, ...], int]:
    opening = reader.next()
    reader.brackets.append(opening)
    items: list[Node] = []
    while not reader.sees(closing):
        one_more(reader, reader.token)
        items.append(_expression(reader, 0))
        if reader.sees(","):
            reader.next()
        elif not reader.sees(closing):
            refuse_unclosed(reader, opening)
    reader.brackets.pop()
    return tuple(items), reader.next().end


def _record(reader: Reader) -> Node:
    opening = reader.next()
    reader.brackets.append(opening)
    entries: list[tuple[Node, Node]] = []
    while not reader.sees("}"):
        one_more(reader, reader.token)
        key = _expression(reader, 1)
        if not reader.sees(":"):
            refuse_unclosed(reader, opening)
        reader.next()
        entries.append((key, _expression(reader, 0)))
        if reader.sees(","):
            reader.next()
        elif not reader.sees("}"):
            refuse_unclosed(reader, opening)
    reader.brackets.pop()
    return RecordOf(entries=tuple(entries), start=opening.start, end=reader.next().end)


def _member(reader: Reader, node: Node) -> Node:
    while reader.sees(".", "["):
        token = reader.next()
        one_more(reader, token)
        optional = reader.sees("?")
        if optional:
            reader.next()
        if token.text == "[":
            node = _index(reader, node, token, optional=optional)
        else:
            node = _field(reader, node, token, optional=optional)
    return node


def _index(reader: Reader, node: Node, opening: Token, *, optional: bool) -> Node:
    reader.brackets.append(opening)
    index = _expression(reader, 0)
    if not reader.sees("]"):
        refuse_unclosed(reader, opening)
    reader.brackets.pop()
    end = reader.next().end
    return Index(operand=node, index=index, optional=optional, start=node.start, end=end)


def _field(reader: Reader, node: Node, dot: Token, *, optional: bool) -> Node:
    word = reader.token
    if word.kind is not TokenKind.NAME:
        refuse_here(reader, "The name of a field is missing after the dot", (dot.start, dot.end))
    reader.next()
    if reader.sees("(") and not optional:
        arguments, end = _items(reader, ")")
        return Call(
            name=word.text,
            target=node,
            arguments=arguments,
            name_start=word.start,
            start=node.start,
            end=end,
        )
    return Select(
        operand=node,
        field=word.text,
        optional=optional,
        field_start=word.start,
        start=node.start,
        end=word.end,
    )
