"""What the flows need from the rest of the house, so that they hold no rule and know no table.

Everything here is synchronous and called from several threads at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol


class Transient(Exception):  # noqa: N818 - it names a condition that passes, not a defect
    """A trouble that is expected to pass within seconds: try the same effect again."""

    def __init__(self, sentence: str, retry_after: timedelta = timedelta(seconds=1)) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """What could be claimed right now; zero everywhere means that nobody has to be woken."""

    # outbox rows whose time has come and that nobody holds
    letters: int = 0
    # timers that have fallen due
    timers: int = 0
    # signals, sub-case results and other inbox entries that wait for their case
    events: int = 0
    # cohorts with people left to start
    launches: int = 0
    # history entries that wait for their seal
    sealing: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """One outbox row, held for the length of a lease."""

    # the row's number in the outbox
    id: int
    # the name of its task run, without personal data: "mail case-ONB-0042 #917"
    name: str
    # which try this is, counted from one, over all leases
    attempt: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """How a delivery ended; the database knows it already."""

    # deferred: the row waits in the outbox with its own backoff; failed: given up for good
    state: Literal["sent", "deferred", "cancelled", "failed"]
    # why, for the outbox page; it may name people and never reaches Prefect
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Advanced:
    """One batch of cases that took their next step."""

    # cases that were looked at
    cases: int
    # events that they took
    events: int
    # whether there is another batch right now
    more: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """One stretch of the history that was sealed."""

    # history entries that got their place in the log
    events: int
    # whether there are more right now
    more: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Launched:
    """How far a cohort has come after one more chunk."""

    # people whose case was started or refused, counted from the beginning
    done: int
    # people of the cohort
    total: int
    # people whose start was refused, counted from the beginning
    refused: int
    # whether there is another chunk
    more: bool


class Work(Protocol):
    """The queue and the memory: the database behind a few verbs."""

    def due(self, now: datetime) -> Due:
        """What is claimable now; asked twice a second, so it must be cheap."""

    def claim_letters(
        self, limit: int, lease: timedelta, worker: str, now: datetime
    ) -> tuple[Claimed, ...]:
        """Up to `limit` outbox rows, nobody else's until the lease ends."""

    def recover(self, worker: str, now: datetime) -> int:
        """Give back what a life of this worker that ended in the middle still holds; how much."""

    def deliver(self, claimed: Claimed, now: datetime) -> Delivered:
        """Render, send and mark one row; raises Transient for what passes in seconds."""

    def release(self, claimed: Claimed, note: str | None, now: datetime) -> None:
        """Give a claimed row back, with backoff; without a `note` nobody has tried it."""

    def advance(self, limit: int, now: datetime) -> Advanced:
        """Let up to `limit` cases take what is due for them, in one transaction."""

    def seal(self, limit: int, now: datetime) -> Sealed:
        """Seal up to `limit` history entries, if nobody else is sealing."""

    def launch(self, cohort_id: int, limit: int, now: datetime) -> Launched:
        """Start the next `limit` people of a cohort, in one transaction."""

    def launches(self, now: datetime) -> tuple[int, ...]:
        """The cohorts with people left to start."""

    def digests(self, now: datetime) -> int:
        """Write the morning's summaries into the outbox, each once a day; how many."""

    def housekeeping(self, now: datetime) -> str:
        """The nightly work (people sync, retention, insight, checkpoints); what was done."""
