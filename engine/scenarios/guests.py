"""Guests of a scenario: whoever is named where a form asks for one, and is nobody else already."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.core.form import Field, FieldType
from engine.forms import with_guests
from engine.forms.address import same_address
from engine.scenarios.cast import Cast, guest


def enlisted(cast: Cast, fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with ids in place of names and addresses; new guests are in the cast then."""
    asked = tuple(fields)
    kept = with_guests(asked, answers, lambda typed: _by_address(cast, typed))
    for person in _named(asked, kept):
        cast.people.setdefault(person, guest(person))
    return kept


def _by_address(cast: Cast, typed: Mapping[str, Any]) -> str:
    """Who has that address, or somebody new who is called like the first of their names."""
    address = same_address(str(typed["email"]))
    for person, known in cast.people.items():
        if same_address(str(known.get("email", ""))) == address:
            return person
    person = str(typed["name"]).split()[0].lower()
    while person in cast.people:
        person += "_too"
    cast.people[person] = {**guest(person), "name": typed["name"], "email": typed["email"]}
    return person


def _named(fields: Iterable[Field], answers: Mapping[str, Any]) -> list[str]:
    found = []
    for field in fields:
        value = answers.get(field.name)
        if field.type is FieldType.GUEST and isinstance(value, str):
            found.append(value)
        elif field.type is FieldType.TABLE and isinstance(value, list):
            rows = (row for row in value if isinstance(row, Mapping))
            found += [person for row in rows for person in _named(field.columns, row)]
    return found
