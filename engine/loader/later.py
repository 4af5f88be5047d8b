"""The `tests:` of a definition, which other rooms read: its shape is checked here."""

from typing import Any

from engine.document import Mapping, Node, Scalar, Sequence
from engine.loader.findings import Findings, as_mapping, wrong_shape


def plain(node: Node) -> Any:
    """A node as dictionaries, lists and values."""
    match node:
        case Mapping():
            return {entry.name: plain(entry.value) for entry in node.entries}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar():
            return node.value


def check_tests(findings: Findings, root: Mapping) -> None:
    if (tests := root.get("tests")) is not None:
        _tests(findings, tests)


def _tests(findings: Findings, node: Node) -> None:
    if not isinstance(node, Sequence):
        wrong_shape(findings, node, "`tests`", "a list", "- {name: …, play: […], expect: {…}}")
        return
    for item in node.items:
        test = as_mapping(findings, item, "a test", "{name: …, play: […], expect: {…}}")
        if test is not None and test.get("name") is None:
            findings.add("E203", test, "a test needs `name`", help="say what it shows")
