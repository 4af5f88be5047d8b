"""What analytics found for a task or a case, as whoever decides reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlmodel import Session, col, select

from engine.audit.advice import KIND, input_hash
from engine.core.instants import from_micros
from engine.store.tables import EventPrivateRow, EventRow

Named = Callable[[str, str], str]  # what a finding is about (`person`), and its id


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingLine:
    """One finding in words."""

    sentence: str
    interval: str | None  # `95 % interval 0.10 to 0.70`
    n: int
    notable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AdviceGiven:
    """One run of an analytic."""

    task: str  # OpenTask.key
    analytic: str
    version: int
    at: datetime
    rows: int  # of the frozen table
    kept: Mapping[str, Any] | None  # `parameters`, `input`, `sha256`, `findings`; None: erased

    def lines(self, name_of: Named) -> tuple[FindingLine, ...]:
        findings = self.kept["findings"] if self.kept is not None else ()
        return tuple(_line(finding, name_of) for finding in findings)

    @property
    def unaltered(self) -> bool:
        """Whether the frozen table is the one whose hash was kept with it."""
        return self.kept is not None and input_hash(self.kept) == self.kept["sha256"]


def advice_given(
    session: Session, case_id: int, task: str | None = None
) -> tuple[AdviceGiven, ...]:
    """Of a case, the oldest first; or only of one of its tasks."""
    asked = (
        select(EventRow, EventPrivateRow)
        .join(EventPrivateRow, col(EventPrivateRow.event_id) == col(EventRow.id), isouter=True)
        .where(col(EventRow.case_id) == case_id, col(EventRow.kind) == KIND)
        .order_by(col(EventRow.seq))
    )
    if task is not None:
        asked = asked.where(col(EventRow.object) == task)
    return tuple(_given(row, private) for row, private in session.exec(asked))


def _given(row: EventRow, private: EventPrivateRow | None) -> AdviceGiven:
    public = orjson.loads(row.public)
    return AdviceGiven(
        task=row.object or "",
        analytic=public["analytic"],
        version=public["version"],
        at=from_micros(row.at),
        rows=public["rows"],
        kept=None if private is None else orjson.loads(private.payload),
    )


def _line(finding: Mapping[str, Any], name_of: Named) -> FindingLine:
    subject = finding["subject"]
    name = "" if subject is None else name_of(finding["about"], subject)
    low, high = finding["low"], finding["high"]
    return FindingLine(
        sentence=finding["statement"].replace("{subject}", name),
        interval=None if low is None else f"95 % interval {low:+.2f} to {high:+.2f}",
        n=finding["n"],
        notable=finding["notable"],
    )
