"""A rehearsal carried out: in parts where cases do not touch each other, on every core there is."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from traceback import format_exc

from rich.console import Console
from rich.progress import Progress

from engine.rehearsal import Setup, Tally, add_up, rehearse
from tenure.cli.terminal import screen_of

_PART = 100  # cases played together: few enough to see the bar move
_WORTH_IT = 3  # parts from which on further processes are


class PartFailedError(RuntimeError):
    """Something went wrong in another process; the message is its traceback."""


def carry_out(setup: Setup) -> Tally:
    """The tally; a bar on standard error where somebody looks at it.

    How many processes share the work changes nothing about the result: each case has dice of its
    own, and the parts are added up in the order of the cohort.
    """
    count = len(setup.cohort)
    if not setup.independent:
        with _bar(None):
            return rehearse(setup)
    parts = [range(first, first + _PART) for first in range(1, count + 1, _PART)]
    return add_up(_with_bar(_played(setup, parts), count))


def _played(setup: Setup, parts: Sequence[range]) -> Iterator[Tally]:
    hands = min(_cores(), len(parts))
    # Where a process cannot be copied as it stands, definitions cannot get to another one.
    if hands < 2 or len(parts) < _WORTH_IT or sys.platform != "linux":
        yield from (rehearse(setup.part(part)) for part in parts)
        return
    with _workers(setup, parts, hands) as results:
        for place, _ in enumerate(parts):
            found = results[place % hands].recv()
            if isinstance(found, str):
                raise PartFailedError(found)
            yield found


@contextmanager
def _workers(setup: Setup, parts: Sequence[range], hands: int) -> Iterator[list[Connection]]:
    """One pipe for each process; it sends the tallies of its parts in their order."""
    copying = multiprocessing.get_context("fork")
    results, processes = [], []
    for first in range(hands):
        mine, theirs = copying.Pipe(duplex=False)
        process = copying.Process(target=_work, args=(setup, parts[first::hands], theirs))
        process.start()
        theirs.close()
        results.append(mine)
        processes.append(process)
    try:
        yield results
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _work(setup: Setup, parts: Sequence[range], results: Connection) -> None:
    try:
        for part in parts:
            results.send(rehearse(setup.part(part)))
    except KeyboardInterrupt:
        return  # whoever started us says so
    except Exception:  # noqa: BLE001 - told by whoever started us
        results.send(format_exc())


def _with_bar(tallies: Iterator[Tally], count: int) -> Iterator[Tally]:
    # The first part before the bar: its thread must not run while processes are copied.
    first = next(tallies, None)
    if first is None:
        return
    with _bar(count) as step:
        step()
        yield first
        for tally in tallies:
            step()
            yield tally


@contextmanager
def _bar(count: int | None) -> Iterator[Callable[[], None]]:
    """Yields what takes it a part further."""
    screen = screen_of(sys.stderr)
    console = Console(file=sys.stderr, no_color=not screen.color)
    with Progress(console=console, disable=not screen.interactive, transient=True) as progress:
        task = progress.add_task("Rehearsing", total=count)
        yield lambda: progress.advance(task, _PART)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
