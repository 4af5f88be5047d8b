"""Prefect sends events and logs from background threads; they must be empty before the server goes.

Left alone they try to reach a server that is gone, again and again, and the process does not end.
"""

from concurrent.futures import wait
from time import monotonic


def records(seconds: float) -> None:
    """Wait until everything recorded so far has arrived; what has not by then is dropped."""
    from prefect.events.worker import (  # noqa: PLC0415 - importing flows must not import Prefect
        EventsWorker,
    )
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415 - the same

    deadline = monotonic() + seconds
    workers = [
        worker
        for worker in list(EventsWorker._instances.values())  # type: ignore[misc]  # noqa: SLF001 - no public list
        if isinstance(worker, EventsWorker | APILogWorker)
    ]
    ends = [worker._drain(at_exit=True) for worker in workers]  # noqa: SLF001 - returns its future
    wait(ends, timeout=max(0.1, deadline - monotonic()))
    for worker, end in zip(workers, ends, strict=True):
        if not end.done():
            _drop(worker._queue)  # noqa: SLF001 - nothing public empties it


def _drop(queue: object) -> None:
    from queue import Queue  # noqa: PLC0415

    if isinstance(queue, Queue):
        with queue.mutex:
            queue.queue.clear()
        queue.put_nowait(None)  # the worker's own sign that it is over
