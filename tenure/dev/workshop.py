"""What the author works on: the file as it is, its last good version, and one case of it in play.

The case is kept as a script and played from the start whenever something changes, so that an edit
of the file, a step back in time and a step forward are one thing.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from engine.core.chart import Definition
from engine.loader import Loaded
from engine.scenarios import NotAsWritten, Performance, PlayStep, Script, perform, scripts_of
from tenure.dev.cast import invented
from tenure.dev.drafts import Drafts
from tenure.dev.reading import Reading, read_file

_LOOKS_EVERY = 0.25  # seconds between two looks at the file


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """Everything at one moment; pages are made of it and of nothing else."""

    reading: Reading  # the file as it is now
    good: Loaded | None  # its last version that can be played; None: there was none yet
    script: Script | None  # the whole of it, also what lies after `at`
    at: int  # how many of its steps are played
    show: Performance | None  # None: not even its start can be played
    trouble: str | None  # why the script stops before `at`, or does not start
    version: int  # counts what pages show

    @property
    def definition(self) -> Definition | None:
        return self.good.definition if self.good else None

    @property
    def stale(self) -> bool:
        """Whether what is played is an older state of the file."""
        return self.good is not None and not self.reading.playable


class Workshop:
    """Shared by the threads that serve pages and the one that looks at the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.drafts = Drafts()
        self._changed = threading.Condition()
        self._stamp = _stamp(path)
        self._bench = _played(
            Bench(
                reading=read_file(path),
                good=None,
                script=None,
                at=0,
                show=None,
                trouble=None,
                version=1,
            )
        )

    @property
    def bench(self) -> Bench:
        return self._bench

    def begin(self, script: Script, at: int | None = None) -> None:
        """Puts another case on the bench, played up to a step; all of it by default."""
        self.drafts.clear()
        self._put(script=script, at=len(script.steps) if at is None else at)

    def go(self, at: int) -> None:
        """Moves along the script, back or forth."""
        with self._changed:
            script = self._bench.script
            if script is not None:
                self._put(at=max(0, min(at, len(script.steps))))

    def add(self, step: PlayStep) -> None:
        """Goes one step on from here; what the script had after it is given up.

        Raises NotAsWritten, a sentence, if the step cannot be taken; nothing changes then.
        """
        with self._changed:
            bench = self._bench
            if bench.script is None or bench.show is None:
                raise NotAsWritten("There is no case to go on with; begin one first.")
            script = replace(bench.script, steps=bench.script.steps[: bench.show.played])
            assert bench.definition is not None
            longer = perform(bench.definition, script.then(step))
            if longer.trouble is not None:
                raise NotAsWritten(longer.trouble)
            self._put(script=script.then(step), at=longer.played)

    def look(self) -> Reading | None:
        """The file's new state if it was saved since the last look."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        reading = read_file(self._path)
        self.drafts.clear()  # its questions may be others now
        self._put(reading=reading)
        return reading

    def watch(self, stop: threading.Event, tell: Callable[[Reading], None]) -> None:
        """Looks at the file until told to stop."""
        while not stop.wait(_LOOKS_EVERY):
            reading = self.look()
            if reading is not None:
                tell(reading)

    def wait(self, seen: int, seconds: float) -> int:
        """The version of the bench, at once if it is another than the one seen."""
        with self._changed:
            self._changed.wait_for(lambda: self._bench.version != seen, seconds)
            return self._bench.version

    def _put(self, **changes: object) -> None:
        with self._changed:
            bench = replace(self._bench, **changes, version=self._bench.version + 1)  # type: ignore[arg-type]
            self._bench = _played(bench)
            self._changed.notify_all()


def _played(bench: Bench) -> Bench:
    good = bench.reading.loaded if bench.reading.playable else bench.good
    if good is None or good.definition is None:
        return bench
    script, at = bench.script, bench.at
    if script is None:
        known = scripts_of(good)
        script, at = (replace(known[0], steps=()) if known else invented(good.definition)), 0
    try:
        show = perform(good.definition, replace(script, steps=script.steps[:at]))
    except NotAsWritten as finding:
        return replace(bench, good=good, script=script, at=0, show=None, trouble=str(finding))
    return replace(bench, good=good, script=script, at=at, show=show, trouble=show.trouble)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Tells two states of a file apart; None while it is away, as it is when editors save."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
