"""What happened to whom a case is about, as a sentence."""

from collections.abc import Mapping
from typing import Any

from engine.queries.telling import Telling, listed


def subject_changed(told: Telling) -> str:
    body: Mapping[str, Any] = told.private.get("body") or {}
    who = told.name(body["person"]) if "person" in body else "Whom the case is about"
    match told.about:
        case "person.joined":
            return f"{who} works here again{_on(body)}."
        case "person.left":
            return f"{who} has left{_on(body)}."
        case "person.moved":
            parts = [_moved(name, body) for name in body.get("what") or ()]
            return f"{who} moved{_on(body)}: {listed(parts)}." if parts else f"{who} moved."
        case "manager.changed":
            return f"{who} reports to {_manager(told, body)}{_on(body)}."
        case "person.paused":
            until = f" until {body['until']}" if "until" in body else ""
            return f"{who} is on leave from {body.get('from')}{until}."
        case "person.resumed":
            return f"{who} is back from leave{_on(body)}."
        case _:
            return f"{who}: {str(told.about).replace('.', ' ')}{_on(body)}."


def _on(body: Mapping[str, Any]) -> str:
    return f" as of {body['on']}" if "on" in body else ""


def _moved(name: str, body: Mapping[str, Any]) -> str:
    words = name.replace("_", " ")
    return f"{words} {body.get(f'from_{name}', 'none')} → {body.get(f'to_{name}', 'none')}"


def _manager(told: Telling, body: Mapping[str, Any]) -> str:
    to = told.name(body["to"]) if "to" in body else "nobody"
    return f"{to}, no more to {told.name(body['from'])}" if "from" in body else to
