"""Reads an expression into a tree, and the commonest slips of the pen as what was meant."""

from dataclasses import replace

from engine.core.expression.operators import (
    CONSTANTS,
    MISSPELT,
    NOT,
    RELATION,
    STRENGTH,
    operator_at,
)
from engine.core.expression.problems import SYNTAX, Findings
from engine.core.expression.reader import (
    Reader,
    deeper,
    one_more,
    refuse_here,
    refuse_leftover,
    refuse_missing,
    refuse_unclosed,
)
from engine.core.expression.slips import (
    is_chain,
    note_chain,
    note_misspelt,
    note_negation,
    note_not_in,
    note_word,
    rewritten,
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
        operator = operator_at(reader)
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


def _binary(reader: Reader, left: Node, operator: str) -> Node:
    token = reader.next()
    negated = note_word(reader, token, operator)
    right = _expression(reader, STRENGTH[operator])
    found = Binary(
        operator=operator,
        left=left,
        right=right,
        operator_start=token.start,
        start=left.start,
        end=right.end,
    )
    node: Node = found if negated is None else note_not_in(reader, found, negated)
    if is_chain(reader, operator):
        node = _chained(reader, node, right)
    return node


def _chained(reader: Reader, first: Node, middle: Node) -> Node:
    operator = operator_at(reader)
    assert operator is not None
    token = reader.token
    one_more(reader, token)
    second = _binary(reader, middle, operator)
    note_chain(reader, middle, token)
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
    return rewritten(reader, word, then.start, (condition, then, otherwise))


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
            return rewritten(reader, word, word.start, (condition, then, otherwise))
    reader.findings.add(
        SYNTAX,
        "`if` is not part of an expression.",
        span,
        help="Write only the condition, or: condition ? yes : no",
    )
    raise Unreadable


def _unary(reader: Reader) -> Node:
    token = reader.token
    if reader.sees("!", "-") or reader.sees_word(*NOT):
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
    operand = _expression(reader, RELATION - 1)
    note_negation(reader, token, operand)
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
    if token.text in MISSPELT and not reader.sees("(", "."):
        meant = note_misspelt(reader, token)
        return Literal(value=CONSTANTS[meant], start=token.start, end=token.end)
    if token.text in CONSTANTS:
        return Literal(value=CONSTANTS[token.text], start=token.start, end=token.end)
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
    return _covering_brackets(inner, opening.start, closing.end)


def _covering_brackets(node: Node, start: int, end: int) -> Node:
    """The same node, with its brackets: a corrected text must keep them."""
    if isinstance(node, Binary | Conditional | Unary):
        return replace(node, start=start, end=end)
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
