"""What a case is started with, where nobody said it."""

from collections.abc import Mapping
from typing import Any

from engine.core.form import Field, FieldType
from engine.rehearsal.behaviour import dice
from engine.rehearsal.cases import Play
from engine.rehearsal.processes import Process
from engine.rehearsal.values import Drawing, value

_OWN = 70  # percent of people asked for at a start who are whoever starts it


def given_at_start(
    play: Play,
    process: Process,
    number: int,
    subject: str | None,
    said: Mapping[str, Any],
    by: str | None = None,
) -> dict[str, Any]:
    """A text that is part of the key is the year, so that processes of one cycle find each other.

    A department is the subject's.
    """
    known = (play.facts.person(subject) if subject else None) or {}
    found = dict(said)
    for field in process.version.start_form.fields:
        if field.name in found:
            continue
        if field.name == "department" and known.get("department"):
            found[field.name] = known["department"]
        elif field.type is FieldType.TEXT and field.name in (process.definition.key or ()):
            found[field.name] = str(play.day.year)
        elif field.required or field.required_if:
            found[field.name] = _drawn(play, process, number, subject, field, by)
    return found


def _drawn(
    play: Play, process: Process, number: int, subject: str | None, field: Field, by: str | None
) -> Any:
    rolled = dice(play.seed, process.name, number, "start", field.name)
    if by is not None and field.type is FieldType.PERSON and rolled.random() * 100 < _OWN:
        return by
    return value(
        field,
        Drawing(
            rolled=rolled,
            behaviour=play.behaviour,
            hints=process.hints,
            people=play.people,
            but=frozenset({subject} if subject else ()),
            by={},
            now=play.now,
            data={},
        ),
    )
