"""One run of forgetting: by the nightly housekeeping, and by the command."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.service import Erasure, Service


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """What a run did."""

    erased: int  # cases
    held: int  # cases that a legal hold kept
    swept: bool  # whether the database's free pages hold nothing of it any more


def forget(service: Service, due: Sequence[Erasure], now: datetime) -> Forgotten:
    """Case by case, each in a transaction of its own; cut off, it is simply run again."""
    erased = sum(service.erase(each, None, now) for each in due)
    swept = service.database.forget_old_pages() if erased else True
    return Forgotten(erased=erased, held=len(due) - erased, swept=swept)
