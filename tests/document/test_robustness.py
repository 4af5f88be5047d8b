"""Whatever the bytes: a document or a refusal with places inside the text, and in bounded time."""

import time

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.document import Document, DocumentRefused, Mapping, Scalar, Sequence, frame, parse
from engine.document.spans import split_lines

PIECES = st.sampled_from(
    ["a", "b:", ": ", "key: ", "k:v", "- ", "-", "? ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n\n    ", "\r\n",
     "\t", "\n\t", '"', "'", "#", " # ", "&x ", "*x", "!t ", "!", "|", ">", "|-\n  ", "\\", "\\x4", "\\UFFFFFFFF",
     "{{ x }}", "%", "%YAML 1.1\n", "---\n", "...", "<<: ", "@", "`", "1", "true", "~", "é", "😀", "日", "\x00",
     "\x85", "\u2028", "\ufeff", "\ud800", " "]
)  # fmt: skip
YAMLISH = st.lists(PIECES, max_size=40).map("".join)


def spans(node):
    yield node.span
    match node:
        case Sequence():
            for item in node.items:
                yield from spans(item)
        case Mapping():
            for entry in node.entries:
                yield from spans(entry.key)
                yield from spans(entry.value)
        case Scalar():
            pass


def attempt(source):
    try:
        document = parse(source, "f.yaml")
    except DocumentRefused as refused:
        text, found = refused.source, list(refused.diagnostics)
        places, is_refused = [], True
    else:
        assert isinstance(document, Document)
        text, found = document.source, list(document.warnings)
        places, is_refused = list(spans(document.root)), False
    assert is_refused == any(each.severity == "error" for each in found)
    lines = split_lines(text)
    places += [each.span for each in found] + [mark.span for each in found for mark in each.also]
    for span in places:
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 2
        assert (span.line, span.column) <= (span.end_line, span.end_column)
    for each in found:
        frame(each, text, color=True, unicode=False, width=70)


@settings(max_examples=500, deadline=None)
@given(YAMLISH)
@example("a:")
@example("? ")
def test_nearly_yaml_is_a_document_or_a_refusal(source):
    attempt(source)


@settings(max_examples=200, deadline=None)
@given(YAMLISH)
def test_the_same_holds_without_the_loader_written_in_c(source):
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CSafeLoader", raising=False)
        attempt(source)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_a_document_or_a_refusal(source):
    attempt(source)


@settings(max_examples=200, deadline=None)
@given(st.binary())
def test_any_bytes_are_a_document_or_a_refusal(source):
    attempt(source)


BOMBS = {
    "brackets": "[" * 100_000,
    "braces": "{a: " * 60_000,
    "dashes": "- " * 100_000,
    "questions": "? " * 100_000,
    "one scalar": "a: " + "x" * 260_000,
    "many keys": "".join(f"k{number}: 1\n" for number in range(25_000)),
    "one key": "k: 1\n" * 40_000,
    "tags": "- !a\n" * 40_000,
    "digits": "a: " + "9" * 250_000,
    "comments": "- x #b\n" * 30_000,
    "open quote": 'a: "' + "\n" * 200_000,
    "open list": "[" + "a, " * 60_000,
    "controls": "\x01\n" * 100_000,
    "spaces": "a: b\n c" + " " * 200_000 + "# :\n d: e: f",
    "spaces before a stop": "a" + " " * 100_000 + "x\n b: c: d",
    "dashes in a line": "a: b\n " + "- " * 60_000 + "@\n  x: y",
    "blank lines": "a:\n" + "\n" * 200_000 + " - b\n c: d",
    "quotes": "a: " + "'" * 250_001,
    "repairs": 'k: "a" b\n' * 25_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_seconds_at_most(name):
    start = time.process_time()
    attempt(BOMBS[name])

    assert time.process_time() - start < 8
