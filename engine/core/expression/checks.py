"""Our own pass over an expression: names, fields, types and comparisons, before CEL sees any of it.

CEL refuses a whole number against a decimal one and knows neither people nor choices; this pass
knows what an author means, and says in the author's words what cannot work.
"""

from collections.abc import Mapping
from typing import assert_never

from engine.core.expression.calls import check_call
from engine.core.expression.checking import Checking, described, refuse_optional, replacing
from engine.core.expression.comparisons import check_binary, condition
from engine.core.expression.kinds import (
    ANY,
    BOOL,
    DURATION,
    EMPTY,
    NUMBER,
    TEXT,
    Kind,
    Type,
    field_names,
    field_type,
    fits,
    joined,
    list_of,
    optional_of,
    record,
)
from engine.core.expression.problems import (
    IMPOSSIBLE,
    UNKNOWN_FIELD,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Edit,
    Findings,
    closest,
    only_near,
)
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
    maybe_path,
)


def checked(
    source: str,
    node: Node,
    scope: Mapping[str, Type],
    findings: Findings,
    *,
    wants: Type | None,
    may_be_empty: bool = False,
) -> dict[Node, Type]:
    """The type of every node; problems go to `findings`.

    `may_be_empty` lets the whole be a path such as `data.?remark`.
    """
    checking = Checking(source=source, scope=scope, findings=findings, visit=_visit)
    found = checking.type_of(node)
    if wants is not None and not _told(findings, node):
        _against(checking, node, found, wants)
    elif found.kind is Kind.OPTIONAL and not (may_be_empty and maybe_path(node)):
        refuse_optional(checking, node)
    return checking.types


def _told(findings: Findings, node: Node) -> bool:
    """Whether a problem about the whole expression is already noted."""
    return any(
        f.problem.column == node.start and f.problem.length >= node.end - node.start
        for f in findings.found
    )


def _against(checking: Checking, node: Node, found: Type, wants: Type) -> None:
    if found.kind is Kind.OPTIONAL:
        refuse_optional(checking, node)
    elif wants.kind is Kind.BOOL:
        condition(checking, node, "A condition is wanted here")
    elif not fits(found, wants):
        help_ = None
        if wants.kind is Kind.TEXT:
            help_ = f"Write: string({checking.text(node)})" if found.kind is Kind.NUMBER else None
        if wants.kind is Kind.DATE and found.kind is Kind.DATETIME:
            help_ = f"Take its day: date({checking.text(node)})"
        checking.refuse(
            WRONG_TYPE,
            f"{described(wants)} is wanted, and this is {described(found)}.".capitalize(),
            node,
            help=help_,
        )
    elif wants.options and isinstance(node, Literal) and node.value not in wants.options:
        near = closest(str(node.value), wants.options)
        listed = ", ".join(f'"{option}"' for option in wants.options[:8])
        checking.refuse(
            IMPOSSIBLE,
            f'"{node.value}" is not one of the options.',
            node,
            edits=replacing(node, f'"{near}"') if near else (),
            help=f"The options are {listed}.",
        )


def _visit(checking: Checking, node: Node) -> Type:
    match node:
        case Literal():
            return _literal(checking, node)
        case Name():
            return _name(checking, node)
        case Select():
            return _select(checking, node)
        case Index():
            return _index(checking, node)
        case Call():
            return check_call(checking, node)
        case ListOf():
            return list_of(_common(checking, node.items)) if node.items else EMPTY
        case RecordOf():
            return _record(checking, node)
        case Unary():
            return _unary(checking, node)
        case Binary():
            return check_binary(checking, node)
        case Conditional():
            return _conditional(checking, node)
        case _:
            assert_never(node)


def _literal(checking: Checking, node: Literal) -> Type:
    match node.value:
        case bool():
            return BOOL
        case float():
            return NUMBER
        case str():
            return TEXT
        case None:
            return checking.refuse(
                WRONG_TYPE,
                "There is no empty value here.",
                node,
                help="A field that nobody filled in is asked with has(field).",
            )
        case _:
            assert_never(node.value)


def _name(checking: Checking, node: Name) -> Type:
    if node.name in checking.bound:
        return checking.bound[node.name]
    if node.name in checking.scope:
        return checking.scope[node.name]
    for owner, owned in checking.scope.items():
        if owned.kind is Kind.RECORD and owned.fields is not None and node.name in owned.fields:
            return checking.refuse(
                UNKNOWN_NAME,
                f"There is nothing called `{node.name}`; did you mean {owner}.{node.name}?",
                node,
                edits=replacing(node, f"{owner}.{node.name}"),
            )
    near = closest(node.name, (*checking.bound, *checking.scope))
    asked = f"; did you mean {near}?" if near else "."
    known = ", ".join(list(checking.scope)[:8])
    return checking.refuse(
        UNKNOWN_NAME,
        f"There is nothing called `{node.name}`{asked}",
        node,
        edits=replacing(node, near) if near else (),
        help=None if near else f"Known here: {known}. A text stands in quotes.",
    )


def _select(checking: Checking, node: Select) -> Type:
    owner = checking.type_of(node.operand)
    inside = owner.kind is Kind.OPTIONAL
    if inside:
        owner = owner.item or ANY
    return _field(checking, node, owner, node.field, optional=node.optional or inside)


def _field(
    checking: Checking, node: Select | Index, owner: Type, name: str, *, optional: bool
) -> Type:
    found = field_type(owner, name)
    if found is not None:
        return optional_of(found) if optional else found
    text = checking.text(node.operand)
    start = node.field_start if isinstance(node, Select) else node.index.start
    end = start + len(name) if isinstance(node, Select) else node.index.end
    near = closest(name, field_names(owner))
    if owner.kind not in (Kind.RECORD, Kind.PERSON):
        message = f"`{text}` is {described(owner)} and has no fields."
        help_ = _fieldless_help(owner, text, name)
    elif near:
        message = f"`{text}` has no field `{name}`; did you mean {text}.{near}?"
        help_ = None
    else:
        message = f"`{text}` has no field `{name}`."
        help_ = f"It has {', '.join(field_names(owner)[:12]) or 'no fields at all'}."
    written = near if isinstance(node, Select) else f'"{near}"'
    checking.findings.add(
        UNKNOWN_FIELD,
        message,
        (start, end),
        edits=[Edit(start=start, end=end, text=str(written))] if near else (),
        help=help_,
        sure=only_near(name, field_names(owner)),
    )
    return ANY


def _fieldless_help(owner: Type, text: str, name: str) -> str | None:
    if owner.kind is Kind.LIST:
        if name in ("length", "count", "size"):
            return f"Write: size({text})"
        return f"Ask its items: {text}.exists(x, x.{name} == …)"
    if name in ("days", "hours", "year", "month", "day"):
        return f"Write: {name}({text})"
    return None


def _index(checking: Checking, node: Index) -> Type:
    owner = checking.type_of(node.operand)
    inside = owner.kind is Kind.OPTIONAL
    if inside:
        owner = owner.item or ANY
    optional = node.optional or inside
    if isinstance(node.index, Literal) and isinstance(node.index.value, str):
        checking.types[node.index] = TEXT
        if owner.kind is not Kind.LIST:
            return _field(checking, node, owner, node.index.value, optional=optional)
    key = checking.type_of(node.index)
    match owner.kind:
        case Kind.ANY:
            found = ANY
        case Kind.LIST if fits(key, NUMBER):
            found = owner.item or ANY
        case Kind.LIST:
            return checking.refuse(
                WRONG_TYPE, f"A list is indexed by a number, not by {described(key)}.", node.index
            )
        case Kind.RECORD | Kind.PERSON if fits(key, TEXT):
            found = owner.item or ANY
        case Kind.RECORD | Kind.PERSON:
            help_ = f"Write: {checking.text(node.index)}.id" if key.kind is Kind.PERSON else None
            return checking.refuse(
                WRONG_TYPE,
                f"The entries of a record have texts as names, not {described(key)}.",
                node.index,
                help=help_,
            )
        case _:
            return checking.refuse(
                WRONG_TYPE,
                f"`{checking.text(node.operand)}` is {described(owner)} and has no entries.",
                node.operand,
            )
    return optional_of(found) if optional else found


def _common(checking: Checking, items: tuple[Node, ...]) -> Type:
    """The one type of several items; ANY when they are of several kinds."""
    found: Type | None = None
    for item in items:
        one = checking.type_of(item)
        if one.kind is Kind.OPTIONAL:
            refuse_optional(checking, item)
            one = ANY
        found = one if found is None else joined(found, one) or ANY
    return found or ANY


def _record(checking: Checking, node: RecordOf) -> Type:
    fields: dict[str, Type] = {}
    for key, value in node.entries:
        if not isinstance(key, Literal) or not isinstance(key.value, str):
            checking.refuse(WRONG_TYPE, "The name of an entry is a text in quotes.", key)
            continue
        fields[key.value] = _common(checking, (value,))
    return record(fields)


def _unary(checking: Checking, node: Unary) -> Type:
    if node.operator == "!":
        condition(checking, node.operand, "`!` turns a condition around")
        return BOOL
    found = checking.type_of(node.operand)
    if found.kind is Kind.DURATION:
        return DURATION
    if not fits(found, NUMBER):
        return checking.refuse(
            WRONG_TYPE, f"`-` takes a number, and this is {described(found)}.", node
        )
    return NUMBER


def _conditional(checking: Checking, node: Conditional) -> Type:
    condition(checking, node.condition, "`? :` starts with a condition")
    then, otherwise = checking.type_of(node.then), checking.type_of(node.otherwise)
    result = joined(then, otherwise)
    if result is None:
        return checking.refuse(
            WRONG_TYPE,
            f"The two results are {described(then)} and {described(otherwise)}.",
            node,
            help="Both results are of one kind.",
        )
    return result
