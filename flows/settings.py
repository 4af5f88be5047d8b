"""What the entrance tells the flows once, at start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything the flows are told; the defaults suit one machine with SQLite."""

    # tenure's folder; Prefect's database, log and password go into its subfolder "prefect"
    folder: Path
    # the time now, aware, in UTC; injected, since only the runtime reads the clock
    clock: Callable[[], datetime]
    # where an empty database of Prefect's is kept between folders; making one takes six seconds
    cache: Path | None = None
    # an operator's Prefect server, ".../api"; None starts one in this process
    api_url: str | None = None
    # the loopback port of the server in this process; None takes a free one
    port: int | None = None
    # whether the server in this process shows Prefect's own pages
    dashboard: bool = True
    # the name of this process among several; a restart finds its crashed runs by it
    worker: str = "tenure-1"
    # the place whose mornings and nights count, as an IANA name
    timezone: str = "UTC"
    # when the digests go out, as a cron line in that time zone
    digests_at: str = "0 7 * * *"
    # when the nightly work runs, as a cron line in that time zone
    housekeeping_at: str = "0 2 * * *"
    # letters a second over all processes; None sets no limit
    letters_per_second: float | None = None
    # letters that are on their way at the same time in this process
    letters_in_flight: int = 64
    # threads that call the synchronous house
    threads: int = 8
    # how long a claimed letter is nobody else's; longer than one try and its short retries
    lease: timedelta = timedelta(minutes=5)
    # the pauses of the short retries; what outlasts them goes back to the outbox
    short_retries: tuple[float, ...] = (1.0, 3.0)
    # cases in one transaction
    cases_in_batch: int = 500
    # people of a cohort in one transaction
    cohort_chunk: int = 500
    # history entries sealed at once
    seal_batch: int = 5_000
    # seconds between two looks at the database when nobody rings
    look_seconds: float = 0.5
    # seconds that a flow waits for more before it ends
    linger_seconds: float = 2.0
    # seconds after which a busy flow makes room for the next one
    longest_flow_seconds: float = 120.0
    # seconds between two questions for scheduled work
    schedule_look_seconds: float = 2.0
    # the longest pause, in seconds, between two tries while Prefect does not answer
    longest_pause_seconds: float = 30.0
