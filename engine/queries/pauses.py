"""What a paused case waits for, for whoever looks at it."""

from dataclasses import dataclass
from datetime import datetime

from engine.core.index import chart_of
from engine.core.snapshot import Snapshot
from engine.queries.atlas import Atlas


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseLine:
    """A reason for which no deadline of the case counts."""

    since: datetime
    reason: str  # the event that stopped the clock
    until: str | None  # the event that lets it go on; None: this tenure cannot read the definition


def pauses(atlas: Atlas, snapshot: Snapshot) -> tuple[PauseLine, ...]:
    """The oldest first; none while the clock runs."""
    if snapshot.paused_since is None:
        return ()
    ends = {} if atlas.definition is None else chart_of(atlas.definition).pauses
    return tuple(
        PauseLine(
            since=each.since,
            reason=each.reason,
            until=ends[each.reason].until if each.reason in ends else None,
        )
        for each in snapshot.pauses
        if each.until is None
    )
