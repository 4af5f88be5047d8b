"""The shared records of a scenario: those its people bring along, and those it writes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from engine.core.effects import WriteRecord
from engine.core.instants import to_micros
from engine.scenarios.written import NotAsWritten


def brought(kind: str, written: Any) -> Mapping[str, Any]:
    """`4` or `{value: 4, calibrated: true, valid_until: 2026-06-30}`, as the core reads it."""
    entry = dict(written) if isinstance(written, Mapping) else {"value": written}
    since, until = entry.pop("valid_from", None), entry.pop("valid_until", None)
    return {
        "value": entry.pop("value", None),
        "attributes": entry,
        "from": 0 if since is None else _midnight(kind, "valid_from", since),
        "until": None if until is None else _midnight(kind, "valid_until", until),
    }


def kept(record: WriteRecord, now: datetime) -> Mapping[str, Any]:
    until = record.valid_until
    return {
        "value": record.value,
        "attributes": dict(record.attributes),
        "from": to_micros(now),
        "until": None if until is None else to_micros(until),
    }


def _midnight(kind: str, name: str, written: Any) -> int:
    try:
        day = date.fromisoformat(str(written))
    except ValueError:
        raise NotAsWritten(
            f"`{name}: {written}` of the record `{kind}` is no date; write one such as 2026-06-30."
        ) from None
    return to_micros(datetime.combine(day, time(), UTC))
