"""The tree of a document: values with the place they were written at, and nothing else."""

from dataclasses import dataclass
from typing import TypeAlias

from engine.document.diagnostics import Diagnostic
from engine.document.places import place_in_scalar
from engine.document.spans import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """One value without parts."""

    # What it means in the core schema of YAML 1.2.
    value: str | int | float | bool | None
    # The characters as written, without quotes, escapes or folding.
    text: str
    # Empty for plain text, else the character that opened it: ' " | or >.
    style: str = ""
    # From the first character, quotes included, to the last.
    span: Span

    @property
    def quoted(self) -> bool:
        """Written in quotes or as a block, and therefore text whatever it looks like."""
        return self.style != ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sequence:
    """A list."""

    # Its items in order.
    items: "tuple[Node, ...]"
    # From the first dash or bracket to the end of the last item.
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One `key: value` of a mapping."""

    # The key; always text.
    key: Scalar
    # What stands after the colon; an absent value is a Scalar of None.
    value: "Node"

    @property
    def name(self) -> str:
        """The key's text."""
        return self.key.text

    @property
    def span(self) -> Span:
        """From the key to the end of the value."""
        first, last = self.key.span, self.value.span
        return Span(
            line=first.line,
            column=first.column,
            end_line=last.end_line,
            end_column=last.end_column,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Mapping:
    """Keys with values, in the order of the file; no key occurs twice."""

    # Its entries in order.
    entries: tuple[Entry, ...]
    # From the first key or brace to the end of the last value.
    span: Span

    @property
    def names(self) -> tuple[str, ...]:
        """All keys in order."""
        return tuple(entry.key.text for entry in self.entries)

    def entry(self, name: str) -> Entry | None:
        """The entry of that key."""
        return next((entry for entry in self.entries if entry.key.text == name), None)

    def get(self, name: str) -> "Node | None":
        """The value of that key."""
        found = self.entry(name)
        return None if found is None else found.value


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One file that was read without errors."""

    # The file's name as it is shown.
    name: str
    # Its text, without a byte order mark.
    source: str
    # The tree.
    root: Node
    # SHA-256 of the exact bytes, in hexadecimal.
    sha256: str
    # What is allowed and yet probably a slip.
    warnings: tuple[Diagnostic, ...] = ()

    def place(self, scalar: Scalar, offset: int, length: int = 1) -> Span:
        """Where `scalar.text[offset : offset + length]` stands in the source.

        Exact for plain and quoted text, escapes and folded lines included. In `|` and `>` blocks
        it is exact for everything but white space. An offset outside the text is moved to its
        nearest end.
        """
        return place_in_scalar(
            self.source, scalar.span, scalar.style, scalar.text, offset=offset, length=length
        )
