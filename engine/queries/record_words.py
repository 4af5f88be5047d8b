"""Shared records as people read them: names for ids, and how old a thing is."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.directory.roster import Roster

_FEW_DAYS = 60  # up to here an age is told in days
_MONTH = 30.44


def spoken(value: Any, attributes: Mapping[str, Any], roster: Roster) -> str:
    """`4, calibrated: true, rated_by: Ann Lee (has left)`."""
    said = [_value(value, roster)]
    said += [f"{name}: {_value(one, roster)}" for name, one in attributes.items()]
    return ", ".join(said)


def age(since: datetime, now: datetime) -> str:
    """`today`, `12 days`, `18 months`."""
    days = (now - since).days
    if days < 1:
        return "today"
    if days < _FEW_DAYS:
        return f"{days} day{'s' * (days > 1)}"
    return f"{round(days / _MONTH)} months"


def _value(value: Any, roster: Roster) -> str:
    match value:
        case str():
            person = roster.people.get(value)
            if person is None:
                return value
            return str(person["name"]) if person["active"] else f"{person['name']} (has left)"
        case list():
            return "; ".join(_value(one, roster) for one in value) or "none"
        case dict():
            return " ".join(f"{name}: {_value(one, roster)}" for name, one in value.items())
        case _:
            return json.dumps(value)
