"""A bell that any thread rings and that several waiters hear, each at its own time."""

import asyncio
import threading


class Bell:
    """Belongs to one event loop; a ring between two waits is heard at the second one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ears: list[asyncio.Event] = []

    def hang(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            self._loop = loop

    def take_down(self) -> None:
        with self._lock:
            self._loop = None

    def ring(self) -> None:
        """From any thread, at any time, also before the loop runs and after it has ended."""
        with self._lock:
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._wake)

    def listener(self) -> asyncio.Event:
        ear = asyncio.Event()
        self._ears.append(ear)
        return ear

    def forget(self, ear: asyncio.Event) -> None:
        self._ears.remove(ear)

    def _wake(self) -> None:
        for ear in self._ears:
            ear.set()


async def heard(ear: asyncio.Event, seconds: float) -> bool:
    """Whether the bell rang before the seconds were over; the next call waits for a new ring."""
    try:
        await asyncio.wait_for(ear.wait(), seconds)
    except TimeoutError:
        return False
    ear.clear()
    return True
