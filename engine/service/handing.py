"""Several tasks given to somebody else at once: each by itself, and a refusal stops no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.service.errors import Refused, Unknown
from engine.service.service import Service


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """What became of one of the tasks."""

    task: str  # its public id
    case: str | None  # None: it was refused
    refused: str | None = None  # why, a sentence


def hand_over(
    service: Service, tasks: Sequence[str], to: str, by: str | None, reason: str, now: datetime
) -> tuple[Handed, ...]:
    """Gives open tasks to a person, in the order given, drafts and all.

    A transaction for each: what was given stays given if this is cut off, and the same again
    refuses that as given already.
    """
    return tuple(_one(service, task, to, by, reason, now) for task in tasks)


def _one(
    service: Service, task: str, to: str, by: str | None, reason: str, now: datetime
) -> Handed:
    try:
        case = service.reassign(task, to, by, reason, now)
    except (Refused, Unknown) as refused:
        return Handed(task=task, case=None, refused=str(refused))
    return Handed(task=task, case=case)
