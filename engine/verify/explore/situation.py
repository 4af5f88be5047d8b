"""What a move is called, and where the case stands after it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.core.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One thing that happens, as a scenario writes it."""

    step: str  # `bob rate`, `clock`, `signal`, `closed`; empty for the start
    value: Any  # what stands behind the colon


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """Where a case stands, on the clock of its story."""

    snapshot: Snapshot
    now: datetime
    kept: tuple[tuple[str, str], ...] = ()  # events of the process itself that nobody took yet
    sent: frozenset[str] = frozenset()  # events that the last move sent
    unsure: bool = False  # the last move could have led elsewhere, too, with what was not tried


After = tuple[Move, Situation | None, bool]  # True: some condition was assumed to answer so


def signals_of(move: Move) -> frozenset[str]:
    """The name of the event that arrives, if the move is one."""
    return frozenset(move.value) if move.step == "signal" else frozenset()


def pressed(answers: Mapping[str, Any], button: str | None) -> Any:
    """An answer as a scenario writes it; None: the first button and nothing else."""
    if not answers:
        return button
    return dict(answers) if button is None else {"press": button, **answers}


def left_open(after: Situation | None) -> Situation | None:
    """Something else may come of it, too."""
    return None if after is None else replace(after, unsure=True)
