"""What a translation into CEL remembers on its way: slots, loops, and the parts it is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.core.expression.by_name import Asked
from engine.core.expression.kinds import ANY, Kind, Type
from engine.core.expression.library import MAX_SLOTS
from engine.core.expression.tree import Binary, Literal, Node, Unary, path_of
from engine.core.expression.values import (
    MAX_TEXT,
    MAX_TEXT_IN_LOOP,
    Read,
    convert_for,
    identity,
    reading,
)

MAX_ITEMS: Final = 10_000
MAX_ITEMS_IN_LOOP: Final = 1_000
INSTANTS: Final = frozenset({Kind.DATE, Kind.DATETIME})


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


@dataclass(kw_only=True, slots=True)
class Writer:
    types: Mapping[Node, Type]
    # how any part is written, which parts of parts need as well
    parts: Callable[["Writer", Node], str]
    # what it asks by name of what has no keys, such as records
    asked: Asked
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

    def write(self, node: Node) -> str:
        return self.parts(self, node)

    def kind(self, node: Node) -> Kind:
        return self.types.get(node, ANY).kind


def value_slot(writer: Writer, path: tuple[str, ...], found: Type) -> str:
    limit, longest = MAX_ITEMS, MAX_TEXT
    if found.kind is Kind.LIST:
        longest = MAX_TEXT_IN_LOOP
    if writer.bound:
        limit, longest = MAX_ITEMS_IN_LOOP, MAX_TEXT_IN_LOOP
    instant = found.kind in INSTANTS
    return writer.slot(
        "read in loop" if writer.bound else "read",
        path,
        reading(path, convert_for(found, limit, longest, writer.asked)),
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


def stamped(writer: Writer, node: Node, written: str) -> str:
    """Dates are text inside lists and records; here one comes out."""
    return f"timestamp({written})" if writer.kind(node) in INSTANTS else written


def whole(writer: Writer, node: Node) -> str:
    """A number where CEL wants a whole one; one that is not whole fails there."""
    if isinstance(node, Literal) and isinstance(node.value, float) and node.value.is_integer():
        return str(int(node.value))
    return writer.write(node)


def owner(writer: Writer, node: Node) -> str:
    """What stands before a dot or a bracket."""
    written = writer.write(node)
    return f"({written})" if isinstance(node, Binary | Unary) else written


def instant_of(writer: Writer, written: str) -> str:
    writer.zone = True
    return f"instant({written}, zone)"


def identity_of(writer: Writer, node: Node) -> str:
    path = writer.path(node)
    if path is not None:
        return writer.slot("identity", path, reading(path, identity))
    return f'{owner(writer, node)}["id"]'
