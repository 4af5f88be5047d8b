"""The shared records of a rehearsal: written by cases, read by the expressions of others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.core.effects import WriteRecord
from engine.core.instants import to_micros


@dataclass(slots=True, kw_only=True, eq=False)
class Book:
    """Append-only; which one is valid is looked at as of the beginning of the day."""

    _entries: dict[tuple[str, str], list[Mapping[str, Any]]] = field(default_factory=dict)

    def write(self, record: WriteRecord, now: datetime) -> None:
        until = record.valid_until
        entry = {
            "value": record.value,
            "attributes": dict(record.attributes),
            "from": to_micros(now),
            "until": None if until is None else to_micros(until),
        }
        self._entries.setdefault((record.kind, record.of), []).append(entry)

    def as_of(self, day: datetime) -> Callable[[str, str], Mapping[str, Any] | None]:
        """The look-up of a day: the newest record that is valid when it begins, else the newest."""
        begins = to_micros(day)

        def look_up(kind: str, about: str) -> Mapping[str, Any] | None:
            entries = self._entries.get((kind, about), [])
            return next(filter(holds, reversed(entries)), entries[-1] if entries else None)

        def holds(entry: Mapping[str, Any]) -> bool:
            return entry["until"] is None or bool(entry["until"] > begins)

        return look_up
