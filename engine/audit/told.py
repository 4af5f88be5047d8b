"""What the first line of a macrostep keeps of its event, and the event read back from it.

What the line's own columns say already is not written a second time into its private part.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.core.event_codec import decode_event, encode_event
from engine.core.events import Event
from engine.core.instants import from_micros
from engine.directory.facts import ReplayFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Everything that a step is made of, besides the case."""

    event: Event
    now: datetime
    facts: ReplayFacts


def told_of(
    event: Event,
    *,
    at: int,
    actor: str | None,
    object: str | None,  # noqa: A002 - the column's name
    public: Mapping[str, Any],
) -> dict[str, Any]:
    """The parts of an event that the columns of its line do not tell."""
    body = encode_event(event)
    columns = _columns(body["kind"], at, actor, object, public)
    return {
        name: value for name, value in body.items() if name not in columns or columns[name] != value
    }


def read_told(
    *,
    kind: str,
    at: int,
    actor: str | None,
    object: str | None,  # noqa: A002 - the column's name
    public: Mapping[str, Any],
    private: Mapping[str, Any],
) -> Told:
    """Raises KeyError, TypeError or ValueError for what is not the first line of a macrostep."""
    body = {**_columns(kind, at, actor, object, public), **private["event"]}
    return Told(
        event=decode_event(body),
        now=from_micros(at),
        facts=ReplayFacts(private.get("facts", {})),
    )


def _columns(
    kind: str, at: int, actor: str | None, about: str | None, public: Mapping[str, Any]
) -> dict[str, Any]:
    """What the columns say of an event of that kind, by the names that the event has for it."""
    told: dict[str, Any] = {"kind": kind, "at": at}
    match kind:
        case "task.answered":
            told |= {"task": about, "by": actor, "button": public["outcome"]}
        case "timer.fired":
            told |= {"timer": about, "at": public["due"]}
        case "signal.arrived":
            told |= {"name": about}
        case "subcase.closed":
            told |= {"subcase": about, "outcome": public["outcome"]}
        case "task.claimed":
            told |= {"task": about, "by": actor}
        case "task.reassigned":
            told |= {"task": about, "by": actor, "to": public["to"]}
        case "case.cancelled":
            told |= {"by": actor}
    return told
