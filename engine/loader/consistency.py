"""Options of a field that contradict its type or each other."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from engine.core.form import Field, FieldType
from engine.document import Entry
from engine.loader.findings import Findings

Refuse = Callable[[str, str], None]

_MOST_MARKS: Final = 100
_MEASURED: Final = (
    FieldType.TEXT,
    FieldType.LONGTEXT,
    FieldType.INTEGER,
    FieldType.NUMBER,
    FieldType.MONEY,
    FieldType.PERCENT,
    FieldType.SCALE,
    FieldType.PEOPLE,
    FieldType.CHOICES,
    FieldType.TABLE,
)
_CHOOSING: Final = (FieldType.CHOICE, FieldType.CHOICES)


def checked(findings: Findings, entry: Entry, field: Field) -> Field:
    """Options that contradict the type or each other."""

    def refuse(message: str, help_text: str) -> None:
        findings.add("E227", entry.key, message, help=help_text)

    name, kind = field.name, field.type
    if kind in _CHOOSING and not field.options:
        refuse(f"`{name}` has nothing to choose from", "add `options: [good, damaged]`")
    if field.options and kind not in _CHOOSING:
        refuse(f"`{name}` has `options`, but its type is `{kind}`", "make it `type: choice`")
    if kind is FieldType.TABLE and not field.columns:
        refuse(f"the table `{name}` has no columns", "add `columns: {goal: {type: text}}`")
    if field.columns and kind is not FieldType.TABLE:
        refuse(f"`{name}` has `columns`, but its type is `{kind}`", "make it `type: table`")
    if kind is FieldType.COMPUTED and field.compute is None:
        refuse(
            f"`{name}` does not say what it is computed from", "add `compute:` with an expression"
        )
    if field.compute is not None and kind is not FieldType.COMPUTED:
        refuse(f"`{name}` has `compute`, but its type is `{kind}`", "make it `type: computed`")
    if (field.min is not None or field.max is not None) and kind not in _MEASURED:
        refuse(f"`min` and `max` mean nothing for a `{kind}`", "leave them out")
    if field.min is not None and field.max is not None and field.min > field.max:
        refuse(f"`{name}` has a `min` above its `max`", "exchange the two")
    if kind is FieldType.FILE and field.from_start:
        refuse(f"`{name}` is a file, which only a task can ask for", "leave out `from: start`")
    if kind is FieldType.SCALE:
        field = _scale(field, refuse)
    elif field.anchors:
        refuse(f"`{name}` has `anchors`, but its type is `{kind}`", "make it `type: scale`")
    return field


def _scale(field: Field, refuse: Refuse) -> Field:
    """A scale runs from 1 to 5 unless it says otherwise."""
    low, high = (1 if field.min is None else field.min), (5 if field.max is None else field.max)
    if low != int(low) or high != int(high) or not low < high <= low + _MOST_MARKS:
        refuse(f"`{field.name}` is no scale of marks", "give whole numbers: `min: 1, max: 5`")
        return field
    odd = [mark for mark in field.anchors if not low <= mark <= high]
    if odd:
        refuse(
            f"`{field.name}` explains the mark {odd[0]}, which its scale does not have",
            f"its marks run from {int(low)} to {int(high)}",
        )
    return replace(field, min=low, max=high)
