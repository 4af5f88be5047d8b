"""Prefect's part: what runs on a clock, what is retried, what is spread over machines.

Importing this room does not import Prefect; `start` does, in a thread.
"""

from flows.dispatch import Status
from flows.hand import Hand, start
from flows.ports import (
    Advanced,
    Claimed,
    Delivered,
    Due,
    Launched,
    Sealed,
    Transient,
    Work,
)
from flows.search import PrefectAwayError, Run, runs_of
from flows.server import ServerError
from flows.settings import Settings
from flows.versions import check_versions

__all__ = [
    "Advanced",
    "Claimed",
    "Delivered",
    "Due",
    "Hand",
    "Launched",
    "PrefectAwayError",
    "Run",
    "Sealed",
    "ServerError",
    "Settings",
    "Status",
    "Transient",
    "Work",
    "check_versions",
    "runs_of",
    "start",
]
