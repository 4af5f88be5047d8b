"""Scenarios as text: the steps that stand in a file, and a play written down as an author would."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.document import Mapping as Table
from engine.document import Scalar, Sequence, Span
from engine.loader.later import plain
from engine.scenarios.written import NotAsWritten

# What reads the same without quotes: a word or some, that no YAML takes for anything else.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*( [A-Za-z_][A-Za-z0-9_.-]*)*")
_TAKEN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def steps_of(node: Table) -> list[tuple[Span, str, Any]]:
    """The steps of `play:` and the closing `expect:`, each with its place in the file."""
    steps: list[tuple[Span, str, Any]] = []
    play = node.get("play")
    for item in play.items if isinstance(play, Sequence) else ():
        if isinstance(item, Scalar):  # `- bob agree` presses the only button
            steps.append((item.span, item.text, None))
            continue
        if not isinstance(item, Table) or len(item.entries) != 1:
            raise NotAsWritten("Write each step as one line, such as `- ann plan: {…}`.")
        entry = item.entries[0]
        steps.append((item.span, entry.key.text, plain(entry.value)))
    last = node.entry("expect")
    if last is not None:
        steps.append((last.key.span, "expect", plain(last.value)))
    return steps


def scenario_text(
    name: str,
    people: Mapping[str, Any],
    start: Mapping[str, Any],
    starts_by: Any,
    at: str | None,
    steps: Iterable[tuple[str, Any]],
    expected: Mapping[str, Any],
) -> str:
    """An item of `tests:`, to be put under that key as it is."""
    lines = [f"  - name: {flow(name)}"]
    if people:
        lines.append(f"    people: {flow(people)}")
    if start:
        lines.append(f"    start: {flow(start)}")
    if starts_by is not None:
        lines.append(f"    starts_by: {flow(starts_by)}")
    if at is not None:
        lines.append(f"    at: {at}")
    told = [
        f"      - {_key(step)}" if value is None else f"      - {_key(step)}: {flow(value)}"
        for step, value in steps
    ]
    if told:
        lines += ["    play:", *told]
    if expected:
        lines.append(f"    expect: {flow(expected)}")
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """A value on one line; what could be read as something else stands in quotes."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_key(k)}: {flow(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case str():
            return _word(value)
        case _:
            return json.dumps(value)


def _key(name: Any) -> str:
    text = str(name)
    return text if _PLAIN.fullmatch(text) and text.lower() not in _TAKEN else _quoted(text)


def _word(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):  # a date stays text until somebody asks for one
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # an escaped half of a pair is no character
