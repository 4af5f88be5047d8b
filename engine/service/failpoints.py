"""Named places where a test can kill the process, to see what a restart finds."""

import os
import signal
from dataclasses import dataclass, field
from typing import Self

NAMES = (
    "publish.written",
    "submit.loaded",
    "submit.written",
    "submit.committed",
    "start.written",
    "start.committed",
    "apply.case",
    "apply.history",
    "apply.tasks",
    "apply.timers",
    "apply.outbox",
    "apply.subcases",
    "advance.between",
    "advance.written",
    "advance.committed",
    "signal.kept",
    "signal.written",
    "directory.raised",
    "outbox.claimed",
    "outbox.briefed",
    "outbox.sent",
    "launch.between",
    "schedule.between",
    "schedule.written",
    "migrate.between",
    "migrate.committed",
    "file.kept",
    "retention.erased",
)


@dataclass(slots=True, kw_only=True)
class Failpoints:
    """Off unless told; the n-th time the named place is reached, the process dies as if cut off."""

    name: str | None = None
    number: int = 1  # which visit of the place kills
    _visits: int = field(default=0, init=False)

    @classmethod
    def parse(cls, text: str | None) -> Self:
        """From `name:n`; ValueError names the places there are."""
        if not text:
            return cls()
        name, _, number = text.partition(":")
        if name not in NAMES or not (number or "1").isdecimal() or number == "0":
            raise ValueError(
                f"{text!r} is no failpoint. Write name:n with one of {', '.join(NAMES)}."
            )
        return cls(name=name, number=int(number or "1"))

    def reach(self, name: str) -> None:
        if self.name != name:
            return
        self._visits += 1
        if self._visits == self.number:
            os.kill(os.getpid(), signal.SIGKILL)
