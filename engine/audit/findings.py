"""What can be wrong with a history, as data and as a sentence."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """The kind of alteration; the value is the code that tools read."""

    CHANGED = "changed"  # a line no longer gives its hash
    MISSING = "missing"  # a line is gone
    INSERTED = "inserted"  # a line was put between or behind the others
    REORDERED = "reordered"  # lines changed places
    REWRITTEN = "rewritten"  # a line was written anew with a hash of its own
    PRIVATE_CHANGED = "private-changed"  # names, answers or look-ups of a line were altered
    PRIVATE_DELETED = "private-deleted"  # they are gone, and no `erased` line says so
    PRIVATE_ADDED = "private-added"  # a line has a private part that it never had
    HEAD = "head"  # the case row points elsewhere than its history ends
    ORPHANED = "orphaned"  # lines of a case whose row is gone
    DEFINITION = "definition"  # a published text is not the one that was published
    STATE = "state"  # the case does not stand where its history leads
    TASK = "task"  # a task row says something else than the history
    TIMER = "timer"  # a timer row says something else than the history


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """The first alteration."""

    fault: Fault
    case: str | None  # its name; None: a definition
    seq: int | None  # of the line; None: not a line but a row about the case
    what: str  # a clause: what is found, and what should be

    def __str__(self) -> str:
        where = [] if self.case is None else [f"case {self.case}"]
        if self.seq is not None:
            where.append(f"line {self.seq}")
        return f"{', '.join(where)}: {self.what}" if where else self.what


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the verifier saw: everything, or everything up to the first alteration."""

    events: int
    cases: int
    replayed: int  # cases that were played again from their history and came out the same
    erased: int  # cases that cannot be played again, because an `erased` line covers their answers
    finding: Finding | None

    @property
    def ok(self) -> bool:
        return self.finding is None

    def __str__(self) -> str:
        if self.finding is not None:
            return f"ALTERED {self.finding}"
        told = f"OK {_count(self.events, 'event')} in {_count(self.cases, 'case')}"
        if self.replayed:
            told += f", {self.replayed} replayed"
        if self.erased:
            told += f", {self.erased} not replayed since answers were erased"
        return told


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
