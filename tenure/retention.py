"""One run of forgetting: by the nightly housekeeping, and by the command."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.service import Erasure, Service


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """What a run did."""

    erased: int  # cases
    guests: int  # whose name and address are gone
    held: int  # cases that a legal hold kept
    swept: bool  # whether the database's free pages hold nothing of it any more


def forget(
    service: Service, due: Sequence[Erasure], guests: Collection[str], now: datetime
) -> Forgotten:
    """Case by case, each in a transaction of its own; cut off, it is simply run again."""
    erased = sum(service.erase(each, None, now) for each in due)
    gone = len(service.forget_guests(guests, now)) if guests else 0
    swept = service.database.forget_old_pages() if erased or gone else True
    return Forgotten(erased=erased, guests=gone, held=len(due) - erased, swept=swept)
