"""Functions, loops and optional values: the part of the check about everything with brackets."""

import re
from typing import Final

from engine.core.expression.checking import Checking, described, replacing
from engine.core.expression.comparisons import condition
from engine.core.expression.computing import date_from, datetime_from
from engine.core.expression.functions import (
    AGGREGATES,
    ALL_NAMES,
    ELSEWHERE,
    FUNCTIONS,
    MACROS,
    OPTIONALS,
    Signature,
)
from engine.core.expression.kinds import (
    ANY,
    BOOL,
    NUMBER,
    Kind,
    Type,
    field_names,
    field_type,
    fits,
    joined,
    list_of,
)
from engine.core.expression.operators import RESERVED_NAMES
from engine.core.expression.problems import (
    SYNTAX,
    TOO_LONG,
    UNKNOWN_FIELD,
    UNKNOWN_NAME,
    WRONG_TYPE,
    closest,
)
from engine.core.expression.tree import Call, Index, Literal, Name, Node, Select

MAX_LOOPS: Final = 2
_SIZED: Final = frozenset({Kind.LIST, Kind.TEXT, Kind.RECORD, Kind.ANY})
_DURATION_TEXT: Final = re.compile(r"-?(\d+(\.\d+)?(h|m|s|ms|us|ns))+")


def check_call(checking: Checking, node: Call) -> Type:
    if node.target is not None and node.name in MACROS:
        return _loop(checking, node, node.target)
    if node.target is None and node.name == "has":
        return _has(checking, node)
    if node.target is not None and node.name in OPTIONALS:
        return _optional(checking, node, node.target)
    given = (*(() if node.target is None else (node.target,)), *node.arguments)
    types = tuple(checking.type_of(part) for part in given)
    if node.name == "size":
        return _size(checking, node, given, types)
    known = FUNCTIONS.get(node.name)
    if known is None:
        return _unknown(checking, node)
    if known[0].method != (node.target is not None):
        return _wrong_place(checking, node, known[0], given)
    return _matching(checking, node, known, given, types)


def _unknown(checking: Checking, node: Call) -> Type:
    span = (node.name_start, node.name_start + len(node.name))
    near = closest(node.name, ALL_NAMES)
    help_ = ELSEWHERE.get(node.name)
    if help_ is None and near is not None:
        help_ = f"Did you mean {near}?"
    checking.findings.add(UNKNOWN_NAME, f"There is no function `{node.name}`.", span, help=help_)
    return ANY


def _wrong_place(
    checking: Checking, node: Call, signature: Signature, given: tuple[Node, ...]
) -> Type:
    parts = [checking.text(part) for part in given]
    if not parts:
        parts = ["…"]
    inner = ", ".join(parts[1:] if signature.method else parts)
    written = f"{parts[0]}.{node.name}({inner})" if signature.method else f"{node.name}({inner})"
    return checking.refuse(
        WRONG_TYPE,
        f"`{node.name}` is written {'after a dot' if signature.method else 'in front'}.",
        node,
        edits=replacing(node, written) if given else (),
    )


def _matching(
    checking: Checking,
    node: Call,
    known: tuple[Signature, ...],
    given: tuple[Node, ...],
    types: tuple[Type, ...],
) -> Type:
    right_count = [s for s in known if len(s.parameters) == len(given)]
    if not right_count:
        return checking.refuse(
            WRONG_TYPE,
            f"`{node.name}` is given {len(node.arguments)} values.",
            node,
            help=f"It is used like this: {_usage(known)}",
        )
    fitting = [s for s in right_count if all(map(fits, types, s.parameters))]
    if not fitting:
        return _misfit(checking, node, right_count, given, types)
    _literals(checking, node)
    if node.name in AGGREGATES and len(given) > 1:
        _aggregate_field(checking, given, types)
    results = {s.result.kind for s in fitting}
    return fitting[0].result if len(results) == 1 else ANY


def _misfit(
    checking: Checking,
    node: Call,
    known: list[Signature],
    given: tuple[Node, ...],
    types: tuple[Type, ...],
) -> Type:
    for at, (part, found) in enumerate(zip(given, types, strict=True)):
        wanted = [s.parameters[at] for s in known]
        if any(fits(found, one) for one in wanted):
            continue
        if node.name == "contains" and at == 0 and found.kind is Kind.LIST:
            written = f"{checking.text(given[1])} in {checking.text(part)}"
            return checking.refuse(
                WRONG_TYPE,
                "A list is asked with `in`.",
                node,
                edits=replacing(node, written),
            )
        words = " or ".join(dict.fromkeys(described(one) for one in wanted))
        return checking.refuse(
            WRONG_TYPE,
            f"`{node.name}` takes {words} here, and this is {described(found)}.",
            part,
            help=f"It is used like this: {_usage(tuple(known))}",
        )
    return checking.refuse(WRONG_TYPE, f"`{node.name}` does not take these values together.", node)


def _usage(known: tuple[Signature, ...]) -> str:
    shown = []
    for signature in known:
        words = [str(taken) for taken in signature.parameters]
        if signature.method:
            shown.append(f"{words[0]}.{signature.name}({', '.join(words[1:])})")
        else:
            shown.append(f"{signature.name}({', '.join(words)})")
    return " or ".join(dict.fromkeys(shown))


def _literals(checking: Checking, node: Call) -> None:
    """A date written out is read now, not on the day the case gets here."""
    reader = {"date": date_from, "datetime": datetime_from}.get(node.name)
    if not node.arguments or not isinstance(node.arguments[0], Literal):
        return
    value = node.arguments[0].value
    if not isinstance(value, str):
        return
    if reader is not None:
        try:
            reader(value)
        except ValueError as error:
            checking.refuse(WRONG_TYPE, f"{error}.", node.arguments[0])
    elif node.name == "duration" and _DURATION_TEXT.fullmatch(value) is None:
        checking.refuse(
            WRONG_TYPE,
            f'"{value[:40]}" is not a duration.',
            node.arguments[0],
            help='Write days(5), or hours and minutes as duration("36h30m").',
        )


def _aggregate_field(checking: Checking, given: tuple[Node, ...], types: tuple[Type, ...]) -> None:
    item = types[0].item or ANY
    named = given[1]
    if not isinstance(named, Literal) or not isinstance(named.value, str):
        return
    found = field_type(item, named.value)
    if found is None:
        near = closest(named.value, field_names(item))
        checking.refuse(
            UNKNOWN_FIELD,
            f'The items of {checking.text(given[0])} have no field "{named.value[:40]}".',
            named,
            edits=replacing(named, f'"{near}"') if near else (),
        )
        return
    wanted = types[2] if len(types) > 2 else NUMBER
    if len(types) > 2 and found.kind is Kind.PERSON:
        found = Type(kind=Kind.TEXT) if wanted.kind is Kind.TEXT else found
    if not fits(found, wanted):
        checking.refuse(
            WRONG_TYPE,
            f'"{named.value}" is {described(found)}, not {described(wanted)}.',
            given[-1],
        )
    elif len(types) > 2 and found.options and isinstance(given[2], Literal):
        value = given[2].value
        if isinstance(value, str) and value not in found.options:
            near = closest(value, found.options)
            checking.refuse(
                WRONG_TYPE,
                f'"{value[:40]}" is not one of the options of "{named.value}".',
                given[2],
                edits=replacing(given[2], f'"{near}"') if near else (),
            )


def _size(checking: Checking, node: Call, given: tuple[Node, ...], types: tuple[Type, ...]) -> Type:
    if len(given) != 1:
        return checking.refuse(WRONG_TYPE, "`size` takes one list or text.", node)
    if types[0].kind not in _SIZED:
        return checking.refuse(
            WRONG_TYPE, f"`size` takes a list or text, and this is {described(types[0])}.", given[0]
        )
    return NUMBER


def _has(checking: Checking, node: Call) -> Type:
    if len(node.arguments) == 1:
        asked = node.arguments[0]
        literal_index = isinstance(asked, Index) and isinstance(asked.index, Literal)
        if isinstance(asked, Select) or literal_index:
            found = checking.type_of(asked)
            if found.kind is not Kind.OPTIONAL:
                return BOOL
        elif isinstance(asked, Name):
            checking.type_of(asked)
            if asked.name not in checking.bound:
                return BOOL
    return checking.refuse(
        WRONG_TYPE, "`has` asks about one field.", node, help="Write: has(data.field)"
    )


def _optional(checking: Checking, node: Call, target: Node) -> Type:
    found = checking.type_of(target)
    if found.kind is not Kind.OPTIONAL:
        help_ = "Put a question mark before the field: data.?field.orValue(0)"
        return checking.refuse(
            WRONG_TYPE, f"`{node.name}` belongs to a field that may be absent.", node, help=help_
        )
    item = found.item or ANY
    if len(node.arguments) != (node.name == "orValue"):
        return checking.refuse(
            WRONG_TYPE, f"`{node.name}` is given {len(node.arguments)} values.", node
        )
    if node.name == "hasValue":
        return BOOL
    if node.name == "value":
        return item
    otherwise = checking.type_of(node.arguments[0])
    result = joined(item, otherwise)
    if result is None:
        return checking.refuse(
            WRONG_TYPE,
            f"The field is {described(item)}, and its replacement {described(otherwise)}.",
            node.arguments[0],
        )
    return result


def _loop(checking: Checking, node: Call, target: Node) -> Type:
    owner = checking.type_of(target)
    span = (node.name_start, node.name_start + len(node.name))
    if owner.kind not in (Kind.LIST, Kind.ANY):
        checking.findings.add(
            WRONG_TYPE, f"`{node.name}` goes through a list, and this is {described(owner)}.", span
        )
        return ANY
    allowed = (2, 3) if node.name == "map" else (2,)
    if len(node.arguments) not in allowed or not isinstance(node.arguments[0], Name):
        checking.findings.add(
            SYNTAX,
            f"`{node.name}` takes a name for the item, and what is asked of it.",
            span,
            help=f"Write: {checking.text(target)}.{node.name}(x, …)",
        )
        return ANY
    variable = node.arguments[0]
    name = variable.name
    if checking.knows(name) or name in RESERVED_NAMES:
        return checking.refuse(
            SYNTAX, f"`{name}` already means something; the item needs a name of its own.", variable
        )
    if len(checking.bound) >= MAX_LOOPS:
        checking.findings.add(
            TOO_LONG,
            f"Loops stand at most {MAX_LOOPS} deep in each other.",
            span,
            help='Use count_where(list, "field", value) or mean(list, "field").',
        )
        return ANY
    item = owner.item or ANY
    checking.bound[name] = checking.types[variable] = item
    try:
        return _loop_result(checking, node, owner)
    finally:
        del checking.bound[name]


def _loop_result(checking: Checking, node: Call, owner: Type) -> Type:
    if node.name == "map":
        for asked in node.arguments[1:-1]:
            condition(checking, asked, "`map` picks by a condition")
        return list_of(checking.type_of(node.arguments[-1]))
    condition(checking, node.arguments[1], f"`{node.name}` asks a condition of each item")
    return owner if node.name == "filter" else BOOL
