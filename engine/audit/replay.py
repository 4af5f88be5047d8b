"""A case played again from its own history, event by event, with the look-ups of then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from engine.audit.lines import StoredLine
from engine.audit.told import Told, read_told
from engine.core.chart import Definition
from engine.core.effects import ClosedTask, OpenedTask
from engine.core.snapshot import Snapshot
from engine.core.step import step
from engine.directory.facts import NotRecorded

# The kinds of lines that carry an event; one for each of `engine.core.events.Event`.
EVENTS = frozenset(
    {
        "case.started",
        "task.answered",
        "timer.fired",
        "signal.arrived",
        "subcase.closed",
        "task.claimed",
        "task.reassigned",
        "directory.changed",
        "case.cancelled",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """How a task of a case ended."""

    outcome: str
    by: str | None  # person id; None: withdrawn


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """Where the history leads."""

    snapshot: Snapshot | None  # None: the history holds no event
    closed: Mapping[str, Closed]  # tasks that got a row and are closed, by key
    complete: bool  # False: an event was erased, and nothing after it can be known


class Diverged(Exception):  # noqa: N818 - what happened
    """The history cannot have happened as it is written."""

    def __init__(self, seq: int, what: str) -> None:
        super().__init__(what)
        self.seq = seq
        self.what = what


def replay(
    lines: Sequence[StoredLine], definition_of: Callable[[StoredLine], Definition]
) -> Replayed:
    """Folds `step` over the events of the lines. Raises Diverged."""
    snapshot: Snapshot | None = None
    closed: dict[str, Closed] = {}
    for line in lines:
        if line.kind not in EVENTS:
            continue
        if line.private_json is None:
            return Replayed(snapshot=snapshot, closed=closed, complete=False)
        told = _read(line)
        try:
            taken = step(definition_of(line), snapshot, told.event, told.now, told.facts)
        except NotRecorded as other_way:
            raise Diverged(line.seq, str(other_way)) from other_way
        except ValueError as impossible:
            raise Diverged(line.seq, f"the event fits no case: {impossible}") from impossible
        snapshot = taken.snapshot
        opened: set[str] = set()
        for effect in taken.effects:
            if isinstance(effect, OpenedTask):
                opened.add(effect.task.key)
            elif isinstance(effect, ClosedTask) and effect.task not in opened:
                closed[effect.task] = Closed(outcome=effect.outcome, by=effect.by)
    return Replayed(snapshot=snapshot, closed=closed, complete=True)


def _read(line: StoredLine) -> Told:
    assert line.private_json is not None
    try:
        return read_told(
            kind=line.kind,
            at=line.at,
            actor=line.actor,
            object=line.object,
            public=orjson.loads(line.public_json),
            private=orjson.loads(line.private_json),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Diverged(
            line.seq,
            f"its private part holds no event that this version of the program reads ({error!r})",
        ) from error
