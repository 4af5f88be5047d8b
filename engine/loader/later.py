"""Blocks that other rooms read: their shape is checked here, their meaning there."""

import re
from typing import Any, Final

from engine.document import Mapping, Node, Scalar, Sequence
from engine.loader.findings import Findings, as_mapping, wrong_shape

_FROM: Final = re.compile(r"from [1-9]\d{0,6}")


def plain(node: Node) -> Any:
    """A node as dictionaries, lists and values."""
    match node:
        case Mapping():
            return {entry.name: plain(entry.value) for entry in node.entries}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar():
            return node.value


def check_later(findings: Findings, root: Mapping) -> None:
    """`migrate`, `starts` and `tests`."""
    if (migrate := root.get("migrate")) is not None:
        _migrate(findings, migrate)
    starts = root.get("starts")
    if isinstance(starts, Scalar):
        wrong_shape(findings, starts, "`starts`", "`key: value` pairs or a list of them")
    if (tests := root.get("tests")) is not None:
        _tests(findings, tests)


def _migrate(findings: Findings, node: Node) -> None:
    pairs = as_mapping(findings, node, "`migrate`", "from 2: {states: {old: new}, else: stay}")
    for entry in () if pairs is None else pairs.entries:
        if _FROM.fullmatch(entry.name) is None:
            findings.add(
                "E220", entry.key, f"`{entry.name}` names no version", help="write `from 2:`"
            )
        as_mapping(findings, entry.value, f"`{entry.name}`", "{states: {old: new}, else: stay}")


def _tests(findings: Findings, node: Node) -> None:
    if not isinstance(node, Sequence):
        wrong_shape(findings, node, "`tests`", "a list", "- {name: …, play: […], expect: {…}}")
        return
    for item in node.items:
        test = as_mapping(findings, item, "a test", "{name: …, play: […], expect: {…}}")
        if test is not None and test.get("name") is None:
            findings.add("E203", test, "a test needs `name`", help="say what it shows")
