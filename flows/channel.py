"""The way to the mail server: while it is in trouble no letter is so much as claimed."""

import threading
from datetime import datetime, timedelta

_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(minutes=15)


class Channel:
    """Remembers a server that asks for patience or is not there. Shared by all threads.

    What every letter would find out by itself costs a task run and a time-out each. After a pause
    that grows as long as nothing leaves, a few letters look again. A restart looks at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pause = timedelta()
        self._until: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self._until is None or now >= self._until

    def close(self, now: datetime) -> None:
        """It is in trouble; letters that had begun before say the same and change nothing."""
        with self._lock:
            if self.is_open(now):
                self._pause = min(max(self._pause * 2, _FIRST), _LONGEST)
                self._until = now + self._pause

    def open(self) -> None:
        """Something left by it."""
        with self._lock:
            self._pause, self._until = timedelta(), None
