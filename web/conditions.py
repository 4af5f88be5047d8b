"""Questions that count only after a certain answer: shown and hidden by the style sheet alone.

The sheet has a few numbered rules: a question of class `if-3` shows while something of class
`on-3` is chosen. What counts is decided when the page is read, by the same expression.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.core.form import Field, FieldType, Form, marks_of
from engine.forms import holds

RULES = 12  # that tenure.css has; a question beyond them is always shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """What a question hangs on."""

    rule: int  # of the sheet, from 1
    question: str  # the field of the page that decides
    values: frozenset[str]  # of its inputs: those after which the question counts


def conditions(form: Form, known: Mapping[str, Any]) -> dict[str, Condition]:
    """By field. A question that hangs on several answers, or on none that is chosen, has none."""
    asked = {field.name: field for field in form.fields}
    found: dict[str, Condition] = {}
    for field in form.fields:
        decider = _decider(field, asked)
        if decider is None or field.required_if is None or len(found) == RULES:
            continue
        values = frozenset(
            typed
            for typed, value in _choices(decider)
            if holds(field.required_if, {decider.name: value}, known)
        )
        found[field.name] = Condition(rule=len(found) + 1, question=decider.name, values=values)
    return found


def hangs_on_the_page(field: Field, form: Form) -> bool:
    """Whether an answer of the page decides if this one is required."""
    return bool(_read_by(field) & {each.name for each in form.fields})


def _decider(field: Field, asked: Mapping[str, Field]) -> Field | None:
    read = _read_by(field) & asked.keys()
    if len(read) != 1 or field.type in (FieldType.TABLE, FieldType.COMPUTED):
        return None
    (name,) = read
    chosen = (FieldType.YES_NO, FieldType.CHOICE, FieldType.SCALE)
    return asked[name] if name != field.name and asked[name].type in chosen else None


def _read_by(field: Field) -> set[str]:
    paths = field.required_if.reads if field.required_if is not None else ()
    return {path[1] if path[0] == "data" and len(path) > 1 else path[0] for path in paths}


def _choices(field: Field) -> Iterator[tuple[str, Any]]:
    """What the page posts for each choice, and the answer that it becomes."""
    match field.type:
        case FieldType.YES_NO:
            yield from (("yes", True), ("no", False))
        case FieldType.SCALE:
            yield from ((str(mark), mark) for mark in marks_of(field))
        case _:
            yield from ((option, option) for option in field.options)
