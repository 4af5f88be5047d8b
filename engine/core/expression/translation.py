"""Writes a checked expression down in CEL, with a slot for everything it reads from the case.

A path such as `data.rating` becomes one slot: only what is read is converted, an absent field is a
slot without a value (CEL then decides `||` and `&&` without it where that is sound), and no name of
a process can clash with a name of CEL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, assert_never

from engine.core.expression.computing import AGGREGATE_FUNCTIONS, count_where
from engine.core.expression.functions import AGGREGATES, FUNCTIONS, MACROS, OPTIONALS, Signature
from engine.core.expression.kinds import ANY, Kind, Type, fits
from engine.core.expression.library import MAX_SLOTS
from engine.core.expression.operators import MAX_STRENGTH, STRENGTH
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
    path_of,
)
from engine.core.expression.values import (
    MAX_TEXT,
    MAX_TEXT_IN_LOOP,
    Convert,
    Read,
    Unfit,
    convert_for,
    identities,
    identity,
    presence,
    reading,
    sized,
)

MAX_ITEMS: Final = 10_000
MAX_ITEMS_IN_LOOP: Final = 1_000
_INSTANTS: Final = frozenset({Kind.DATE, Kind.DATETIME})


class TooManyReads(Exception):  # noqa: N818
    """The expression reads more than there are slots."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    # its variable in CEL
    name: str
    # what it reads, as the author wrote it: data.rating
    label: str
    # how to get it from the values
    read: Read


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    # the expression in CEL
    cel: str
    slots: tuple[Slot, ...]
    # needs the calendar of the case
    calendar: bool
    # needs the variable `zone`
    zone: bool


@dataclass(kw_only=True, slots=True)
class _Writer:
    types: Mapping[Node, Type]
    slots: dict[tuple[str, ...], Slot] = field(default_factory=dict)
    # the variables of the loops around this place, under their names in CEL
    bound: dict[str, str] = field(default_factory=dict)
    calendar: bool = False
    zone: bool = False
    variables: int = 0

    def slot(self, key: str, path: tuple[str, ...], read: Read, *, instant: bool = False) -> str:
        found = self.slots.get((key, *path))
        if found is None:
            if len(self.slots) >= MAX_SLOTS:
                raise TooManyReads
            name = f"{'t' if instant else 'v'}{len(self.slots)}"
            found = Slot(name=name, label=".".join(path), read=read)
            self.slots[(key, *path)] = found
        return found.name

    def path(self, node: Node) -> tuple[str, ...] | None:
        """The path a node reads from the case; None inside a loop's item or a calculation."""
        found = path_of(node)
        return None if found is None or found[0] in self.bound else found

    def kind(self, node: Node) -> Kind:
        return self.types.get(node, ANY).kind


def translated(node: Node, types: Mapping[Node, Type]) -> Translation:
    writer = _Writer(types=types)
    cel = _write(writer, node)
    return Translation(
        cel=cel,
        slots=tuple(writer.slots.values()),
        calendar=writer.calendar,
        zone=writer.zone,
    )


def _write(writer: _Writer, node: Node) -> str:
    path = writer.path(node)
    if path is not None:
        return _value_slot(writer, path, writer.types.get(node, ANY))
    match node:
        case Literal():
            return _literal(node.value)
        case Name():
            return _stamped(writer, node, writer.bound[node.name])
        case Select():
            if writer.kind(node) is Kind.OPTIONAL:
                return _optional(writer, node)
            return _stamped(writer, node, f"{_owner(writer, node.operand)}[{quoted(node.field)}]")
        case Index():
            if writer.kind(node) is Kind.OPTIONAL:
                return _optional(writer, node)
            key = _whole(writer, node.index)
            return _stamped(writer, node, f"{_owner(writer, node.operand)}[{key}]")
        case Call():
            return _call(writer, node)
        case ListOf():
            return f"[{', '.join(_write(writer, item) for item in node.items)}]"
        case RecordOf():
            entries = (f"{_write(writer, k)}: {_write(writer, v)}" for k, v in node.entries)
            return f"{{{', '.join(entries)}}}"
        case Unary():
            return _unary(writer, node)
        case Binary():
            return _binary(writer, node)
        case Conditional():
            parts = (node.condition, node.then, node.otherwise)
            condition, then, otherwise = (_write(writer, part) for part in parts)
            return f"({condition} ? {then} : {otherwise})"
        case _:
            assert_never(node)


def _value_slot(writer: _Writer, path: tuple[str, ...], found: Type) -> str:
    limit, longest = MAX_ITEMS, MAX_TEXT
    if found.kind is Kind.LIST:
        longest = MAX_TEXT_IN_LOOP
    if writer.bound:
        limit, longest = MAX_ITEMS_IN_LOOP, MAX_TEXT_IN_LOOP
    instant = found.kind in _INSTANTS
    return writer.slot(
        "read in loop" if writer.bound else "read",
        path,
        reading(path, convert_for(found, limit, longest)),
        instant=instant,
    )


def quoted(text: str) -> str:
    """A text as CEL writes it."""
    letters = []
    for letter in text:
        if letter in '\\"':
            letters.append("\\" + letter)
        elif ord(letter) < 32 or ord(letter) == 127:
            letters.append(f"\\u{ord(letter):04x}")
        else:
            letters.append(letter)
    return f'"{"".join(letters)}"'


def _literal(value: bool | float | str | None) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case str():
            return quoted(value)
        case None:
            return "null"
        case _:
            assert_never(value)


def _stamped(writer: _Writer, node: Node, written: str) -> str:
    """Dates are text inside lists and records; here one comes out."""
    return f"timestamp({written})" if writer.kind(node) in _INSTANTS else written


def _whole(writer: _Writer, node: Node) -> str:
    """A number where CEL wants a whole one; one that is not whole fails there."""
    if isinstance(node, Literal) and isinstance(node.value, float) and node.value.is_integer():
        return str(int(node.value))
    return _write(writer, node)


def _optional(writer: _Writer, node: Select | Index) -> str:
    steps: list[str] = []
    required = 0
    at: Node = node
    while isinstance(at, Select | Index):
        if isinstance(at, Select):
            steps.append(at.field)
        elif isinstance(at.index, Literal) and isinstance(at.index.value, str):
            steps.append(at.index.value)
        else:
            break
        required = 0 if at.optional else required + 1
        at = at.operand
    key = quoted(node.field) if isinstance(node, Select) else _whole(writer, node.index)
    if not isinstance(at, Name) or at.name in writer.bound:
        return f"{_owner(writer, node.operand)}[?{key}]"
    path = (at.name, *reversed(steps))
    # All steps before the first question mark have to be filled in.
    first = next(n for n in _chain(node) if n.optional)
    needed = len(path_of(first.operand) or ())
    asked = writer.slot(f"present {needed}", path, presence(path, needed))
    item = writer.types.get(node, ANY).item or ANY
    value = _value_slot(writer, path, item)
    return f"({asked} ? optional.of({value}) : optional.none())"


def _chain(node: Node) -> list[Select | Index]:
    """The steps of a path, the outermost owner first."""
    steps: list[Select | Index] = []
    while isinstance(node, Select | Index):
        steps.append(node)
        node = node.operand
    return steps[::-1]


def _unary(writer: _Writer, node: Unary) -> str:
    inner = _operand(writer, node.operand, MAX_STRENGTH)
    if node.operator == "-" and writer.kind(node.operand) is Kind.DURATION:
        return f'(duration("0s") - {inner})'
    return f"{node.operator}{inner}"


def _binary(writer: _Writer, node: Binary) -> str:
    kinds = (writer.kind(node.left), writer.kind(node.right))
    if node.operator == "in":
        return _membership(writer, node, kinds)
    if node.operator in ("==", "!=") and Kind.PERSON in kinds:
        left, right = _identity(writer, node.left), _identity(writer, node.right)
        return f"{left} {node.operator} {right}"
    strength = STRENGTH[node.operator]
    left = _operand(writer, node.left, strength - 1)
    right = _operand(writer, node.right, strength)
    if node.operator in ("==", "!=", "<", "<=", ">", ">="):
        if kinds[0] is Kind.ANY and kinds[1] in _INSTANTS:
            left = _instant(writer, left)
        elif kinds[1] is Kind.ANY and kinds[0] in _INSTANTS:
            right = _instant(writer, right)
    if node.operator == "/" and not (isinstance(node.right, Literal) and node.right.value):
        return f"divided({left}, {right})"
    if node.operator == "%":
        return f"remainder({left}, {right})"
    return f"{left} {node.operator} {right}"


def _operand(writer: _Writer, node: Node, strength: int) -> str:
    """In brackets only where they are needed: CEL reads no more than 32 inside each other."""
    written = _write(writer, node)
    loose = isinstance(node, Binary) and STRENGTH[node.operator] <= strength
    return f"({written})" if loose else written


def _owner(writer: _Writer, node: Node) -> str:
    """What stands before a dot or a bracket."""
    written = _write(writer, node)
    return f"({written})" if isinstance(node, Binary | Unary) else written


def _instant(writer: _Writer, written: str) -> str:
    writer.zone = True
    return f"instant({written}, zone)"


def _identity(writer: _Writer, node: Node) -> str:
    path = writer.path(node)
    if path is not None:
        return writer.slot("identity", path, reading(path, identity))
    return f'{_owner(writer, node)}["id"]'


def _membership(writer: _Writer, node: Binary, kinds: tuple[Kind, Kind]) -> str:
    item = (writer.types.get(node.right, ANY).item or ANY).kind
    path = writer.path(node.right)
    if Kind.PERSON in (kinds[0], item):
        sought = _identity(writer, node.left)
        if path is not None:
            return f"{sought} in {writer.slot('identities', path, reading(path, identities))}"
        return _any_of(writer, node.right, f'["id"] == {sought}', "{0}{1}")
    sought = _operand(writer, node.left, STRENGTH["in"])
    if kinds[0] in _INSTANTS and not isinstance(node.right, ListOf):
        return _any_of(writer, node.right, f" == {sought}", "timestamp({0}){1}")
    return f"{sought} in {_operand(writer, node.right, STRENGTH['in'])}"


def _any_of(writer: _Writer, items: Node, test: str, form: str) -> str:
    name = f"y{writer.variables}"
    writer.variables += 1
    return f"{_owner(writer, items)}.exists({name}, {form.format(name, test)})"


def _call(writer: _Writer, node: Call) -> str:
    if node.target is not None and node.name in MACROS:
        return _loop(writer, node, node.target)
    if node.target is None and node.name == "has":
        return _has(writer, node.arguments[0])
    if node.target is not None and node.name in OPTIONALS:
        given = ", ".join(_write(writer, argument) for argument in node.arguments)
        return f"{_owner(writer, node.target)}.{node.name}({given})"
    parts = (*(() if node.target is None else (node.target,)), *node.arguments)
    if node.name == "size":
        path = writer.path(parts[0])
        if path is not None:
            return writer.slot("size", path, reading(path, sized))
        return f"double(size({_write(writer, parts[0])}))"
    if node.name in AGGREGATES:
        counted = _aggregate(writer, node, parts)
        if counted is not None:
            return counted
    return _function(writer, node, parts)


def _function(writer: _Writer, node: Call, parts: tuple[Node, ...]) -> str:
    types = [writer.types.get(part, ANY) for part in parts]
    signature = next(
        s
        for s in FUNCTIONS[node.name]
        if len(s.parameters) == len(parts) and all(map(fits, types, s.parameters))
    )
    writer.calendar = writer.calendar or signature.calendar
    written = [_argument(writer, signature, at, part) for at, part in enumerate(parts)]
    return signature.cel.format(*written)


def _argument(writer: _Writer, signature: Signature, at: int, part: Node) -> str:
    wanted, kind = signature.parameters[at].kind, writer.kind(part)
    if at in signature.whole:
        literal = isinstance(part, Literal)
        return _whole(writer, part) if literal else f"int({_write(writer, part)})"
    if wanted in _INSTANTS and kind is Kind.ANY:
        return _instant(writer, _write(writer, part))
    if wanted is Kind.ANY and kind is Kind.PERSON:
        return _identity(writer, part)
    if wanted is Kind.ANY and kind in _INSTANTS:
        return f"string({_write(writer, part)})"
    return _owner(writer, part) if signature.method and at == 0 else _write(writer, part)


def _aggregate(writer: _Writer, node: Call, parts: tuple[Node, ...]) -> str | None:
    """Over a whole list of the case the answer is worked out before CEL: no list is too long."""
    path = writer.path(parts[0])
    given = [part.value for part in parts[1:] if isinstance(part, Literal)]
    if path is None or len(given) != len(parts) - 1:
        return None
    spelling = FUNCTIONS[node.name][0].cel.partition("(")[0]
    aggregate = AGGREGATE_FUNCTIONS.get(spelling, count_where)
    key = f"{node.name} {given!r}"
    return writer.slot(key, path, reading(path, _over(aggregate, given)))


def _over(aggregate: Callable[..., float], given: list[Any]) -> Convert:
    def convert(value: Any, _zone: object) -> float:
        if not isinstance(value, list | tuple):
            raise Unfit("is not filled in" if value is None else "is not a list")
        try:
            return aggregate(value, *given)
        except ValueError as error:
            raise Unfit(f"has no such result: {error}") from error

    return convert


def _has(writer: _Writer, asked: Node) -> str:
    path = writer.path(asked)
    if path is not None:
        needed = min(1, len(path) - 1)
        return writer.slot(f"present {needed}", path, presence(path, needed))
    match asked:
        case Select():
            return f"({quoted(asked.field)} in {_owner(writer, asked.operand)})"
        case Index():
            return f"({_whole(writer, asked.index)} in {_owner(writer, asked.operand)})"
        case _:
            raise AssertionError("the check allows `has` only for fields")


def _loop(writer: _Writer, node: Call, target: Node) -> str:
    items = _owner(writer, target)
    variable = node.arguments[0]
    assert isinstance(variable, Name)
    name = f"x{writer.variables}"
    writer.variables += 1
    writer.bound[variable.name] = name
    inner = ", ".join(_write(writer, argument) for argument in node.arguments[1:])
    del writer.bound[variable.name]
    return f"{items}.{node.name}({name}, {inner})"
