"""A case played again from its own history, event by event, with the look-ups of then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from engine.audit.lines import StoredLine
from engine.audit.migrated import MIGRATED, rule_of
from engine.audit.played import PlayedTask, PlayedTasks
from engine.audit.told import Told, read_told
from engine.core.chart import Definition
from engine.core.instants import from_micros
from engine.core.migration import Moved, migrate
from engine.core.snapshot import Snapshot
from engine.core.step import Step, step
from engine.directory.facts import NotRecorded, ReplayFacts

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
class Replayed:
    """Where the history leads."""

    snapshot: Snapshot | None  # None: the history holds no event
    tasks: Mapping[str, PlayedTask]  # that got a row, by key
    began: int | None  # when its first event was taken, in µs
    moved: int | None  # and its last
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
    """Folds `step` and `migrate` over the lines that move the case. Raises Diverged."""
    snapshot: Snapshot | None = None
    ruled: Definition | None = None  # the definition that the case ran under until now
    tasks = PlayedTasks()
    began: int | None = None
    moved: int | None = None
    complete = True
    for line in lines:
        if line.kind not in EVENTS and line.kind != MIGRATED:
            continue
        if line.private_json is None:
            complete = False
            break
        definition = definition_of(line)
        try:
            if line.kind == MIGRATED:
                taken = _migrated(line, ruled, definition, snapshot)
            else:
                told = _read(line)
                taken = step(definition, snapshot, told.event, told.now, told.facts)
        except NotRecorded as other_way:
            raise Diverged(line.seq, str(other_way)) from other_way
        except ValueError as impossible:
            raise Diverged(line.seq, f"the event fits no case: {impossible}") from impossible
        snapshot, ruled = taken.snapshot, definition
        tasks.take(definition, taken.effects, line.at)
        began, moved = line.at if began is None else began, line.at
    return Replayed(
        snapshot=snapshot, tasks=tasks.by_key, began=began, moved=moved, complete=complete
    )


def _migrated(
    line: StoredLine, old: Definition | None, new: Definition, snapshot: Snapshot | None
) -> Step:
    if old is None or snapshot is None:
        raise Diverged(line.seq, "a case that had not begun cannot go to another version")
    assert line.private_json is not None
    try:
        public, private = orjson.loads(line.public_json), orjson.loads(line.private_json)
        rule, facts = rule_of(public["rule"]), ReplayFacts(private["facts"])
        came = int(public["from"])
    except (KeyError, TypeError, ValueError) as error:
        raise Diverged(
            line.seq,
            f"it holds no migration that this version of the program reads ({error!r})",
        ) from error
    if came != old.version:
        raise Diverged(line.seq, f"it comes from version {came}, and the case ran under another")
    found = migrate(old, new, snapshot, rule, from_micros(line.at), facts)
    if not isinstance(found, Moved):
        raise Diverged(line.seq, "by its own rule the case has no place in the new version")
    return found.step


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
