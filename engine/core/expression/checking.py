"""What one check of one expression knows and collects on its way through the tree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.core.expression.kinds import ANY, Kind, Type
from engine.core.expression.problems import WRONG_TYPE, Edit, Findings
from engine.core.expression.tree import Literal, Name, Node


@dataclass(kw_only=True, slots=True)
class Checking:
    source: str
    # the variables of the process
    scope: Mapping[str, Type]
    findings: Findings
    # reads one node, and all below it
    visit: "Callable[[Checking, Node], Type]"
    # the type of every node visited
    types: dict[Node, Type] = field(default_factory=dict)
    # the variables of the loops around this place
    bound: dict[str, Type] = field(default_factory=dict)

    def type_of(self, node: Node) -> Type:
        known = self.types.get(node)
        if known is None:
            known = self.types[node] = self.visit(self, node)
        return known

    def text(self, node: Node) -> str:
        return self.source[node.start : node.end]

    def refuse(
        self,
        code: str,
        message: str,
        node: Node,
        *,
        edits: tuple[Edit, ...] = (),
        help: str | None = None,  # noqa: A002  (it is the field's name)
    ) -> Type:
        """Notes a problem; the node counts as ANY so that one mistake is told once."""
        self.findings.add(code, message, (node.start, node.end), edits=edits, help=help)
        self.types[node] = ANY
        return ANY

    def knows(self, name: str) -> bool:
        return name in self.bound or name in self.scope


def is_null(node: Node) -> bool:
    return isinstance(node, Literal) and node.value is None


def unknown_name(checking: Checking, node: Node) -> bool:
    return isinstance(node, Name) and not checking.knows(node.name)


def replacing(node: Node, text: str) -> tuple[Edit, ...]:
    return (Edit(start=node.start, end=node.end, text=text),)


def described(kind: Kind | Type) -> str:
    """A kind with its article, for the middle of a sentence."""
    word = str(kind)
    if word in ("yes/no", "anything", "text"):
        return word
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def refuse_optional(checking: Checking, node: Node) -> Type:
    return checking.refuse(
        WRONG_TYPE,
        "This field may be absent: say what counts then.",
        node,
        help=f"Write: {checking.text(node)}.orValue(…)",
    )
