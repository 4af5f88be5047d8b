"""One macrostep: the only way a case changes."""

from datetime import datetime

from engine.core.chart import Definition
from engine.core.events import Event
from engine.core.facts import Facts
from engine.core.macrostep import run
from engine.core.snapshot import Snapshot
from engine.core.telling import (
    Assigned,
    Compensated,
    Entered,
    Exited,
    Paused,
    Preempted,
    Resumed,
    Skipped,
    Step,
    Taken,
    Transitioned,
)

__all__ = [
    "Assigned",
    "Compensated",
    "Entered",
    "Exited",
    "Paused",
    "Preempted",
    "Resumed",
    "Skipped",
    "Step",
    "Taken",
    "Transitioned",
    "step",
]


def step(
    definition: Definition, snapshot: Snapshot | None, event: Event, now: datetime, facts: Facts
) -> Step:
    """What `event` makes of the case: pure, bounded, and total for every event of a started case.

    `snapshot` is None for `CaseStarted` alone. Whatever cannot be decided (a condition that fails,
    no row that fits, an endless circle) leaves the snapshot as it was and comes back as one
    blocking `OpenIncident`; a `CaseStarted` that failed gives a snapshot without configuration,
    which the same event may start again. Instants relative to entry count from the event's
    effective time (`event.at`; `case.opened_at` for `CaseStarted`), so that a timer that fired
    late after a downtime does not postpone what follows it.
    """
    return run(definition, snapshot, event, now, facts)
