"""People and values for a definition whose author has not written a test yet."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from engine.core.chart import Definition
from engine.core.form import Field, FieldType
from engine.core.people import ByExpression, ByQueue, ByRole, OwnerRule
from engine.scenarios import FIRST_DAY, Script

_NAMES = ("ann", "bob", "cy", "dan", "eve", "fay", "gus", "hal", "ida", "jan", "kim", "lea")
COLLEAGUES = ("quinn", "rosa", "sam", "tess", "uma")  # who can be found where a person is asked for


def invented(definition: Definition) -> Script:
    """A script that only begins: somebody for everyone the definition names."""
    names = _names()
    people: dict[str, Any] = {}
    if definition.subject == "person":
        people["subject"] = next(names)
    for name, rule in definition.people.items():
        if _can_be_named(rule):
            people[name] = next(names)
    for name in _directly_asked(definition):
        people.setdefault(name, next(names))
    start = {field.name: _value(field) for field in definition.data.values() if field.from_start}
    return Script(name="a case of my own", people=people, start=start, at=FIRST_DAY)


def _names() -> Iterator[str]:
    yield from _NAMES
    yield from (f"person_{number}" for number in count(1))


def _can_be_named(rule: OwnerRule) -> bool:
    """Whether a scenario's `people:` can say whom it gives; `data.buddy` is in the case file."""
    match rule.source:
        case ByRole() | ByQueue():
            return True
        case ByExpression(expr=expr):
            steps = expr.source.replace(" ", "").split(".")
            return steps[0] == "subject" and set(steps[1:]) == {"manager"}


def _directly_asked(definition: Definition) -> Iterator[str]:
    """Roles and queues that tasks name without going through `people:`."""
    given = {_asks(rule) for rule in definition.people.values()}
    for state in definition.states:
        for task in (state.task, *state.side_tasks):
            name = _asks(task.to) if task else None
            if name is not None and name not in given:
                yield name


def _asks(rule: OwnerRule) -> str | None:
    """The role or the queue that a rule goes to first."""
    match rule.source:
        case ByRole(role=name) | ByQueue(queue=name):
            return name
        case ByExpression():
            return None


def _value(field: Field) -> Any:
    least = int(field.min or 0)
    match field.type:
        case FieldType.TEXT | FieldType.LONGTEXT:
            return field.label.ljust(least, ".")
        case FieldType.INTEGER | FieldType.NUMBER | FieldType.PERCENT | FieldType.SCALE:
            return least or 1
        case FieldType.MONEY:
            return {"amount": "1000.00", "currency": "EUR"}
        case FieldType.DATE:
            return _later().isoformat()
        case FieldType.DATETIME:
            return f"{_later().isoformat()}T09:00:00+00:00"
        case FieldType.YES_NO:
            return True
        case FieldType.CHOICE:
            return field.options[0]
        case FieldType.CHOICES:
            return list(field.options[: max(least, 1)])
        case FieldType.PERSON:
            return COLLEAGUES[0]
        case FieldType.PEOPLE:
            return list(COLLEAGUES[: max(least, 2)])
        case FieldType.TABLE:
            row: Mapping[str, Any] = {column.name: _value(column) for column in field.columns}
            return [row] * max(least, 1)
        case FieldType.FILE:
            return {"name": "file.pdf", "size": 1, "sha256": "0" * 64}
        case FieldType.ATTEST:
            return {"name": "Ann", "at": f"{FIRST_DAY.isoformat()}T09:00:00+00:00"}
        case FieldType.COMPUTED:
            return None


def _later() -> date:
    return FIRST_DAY + timedelta(days=28)
