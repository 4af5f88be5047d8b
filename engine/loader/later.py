"""Blocks that other rooms read: their shape is checked here, their meaning there."""

from typing import Any

from engine.document import Mapping, Node, Scalar, Sequence
from engine.loader.durations import PhraseRefused, duration
from engine.loader.findings import Findings, as_mapping, as_text, wrong_shape


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
    """`retention` and `tests`."""
    if (retention := root.get("retention")) is not None:
        _retention(findings, retention)
    if (tests := root.get("tests")) is not None:
        _tests(findings, tests)


def _retention(findings: Findings, node: Node) -> None:
    pairs = as_mapping(findings, node, "`retention`", "answers: 2 years")
    for entry in () if pairs is None else pairs.entries:
        text = as_text(findings, entry.value, f"`{entry.name}`", "2 years")
        if text is None:
            continue
        try:
            duration(text.text)
        except PhraseRefused as refused:
            place = findings.document.place(text, refused.offset, refused.length)
            findings.add("E216", place, refused.message, help=refused.help)


def _tests(findings: Findings, node: Node) -> None:
    if not isinstance(node, Sequence):
        wrong_shape(findings, node, "`tests`", "a list", "- {name: …, play: […], expect: {…}}")
        return
    for item in node.items:
        test = as_mapping(findings, item, "a test", "{name: …, play: […], expect: {…}}")
        if test is not None and test.get("name") is None:
            findings.add("E203", test, "a test needs `name`", help="say what it shows")
