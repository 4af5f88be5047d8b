"""A way through a definition as a scenario that `tenure test` plays."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.core.questions import innermost
from engine.core.snapshot import Snapshot
from engine.verify.explore.situation import Move
from engine.verify.explore.walk import Explored

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.-]+)*")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def scenario_to(explored: Explored, number: int, name: str) -> str:
    """The shortest play that leads to a situation (and once round, if it comes again)."""
    start, *moves = explored.way_to(number)
    moves += explored.way_round(number) or []
    snapshot = explored.found[number].here.snapshot
    lines = ["tests:", f"  - name: {_flow(name)}"]
    if explored.world.named:
        lines.append(f"    people: {_flow(explored.world.named)}")
    if start.value:
        lines.append(f"    start: {_flow(start.value)}")
    if moves:
        lines += ["    play:", *(f"      - {_step(move)}" for move in moves)]
    lines.append(f"    expect: {_flow(_expected(explored, snapshot))}")
    return "\n".join(lines) + "\n"


def where(explored: Explored, snapshot: Snapshot) -> list[str]:
    """The innermost states of a situation, as a scenario names them."""
    found = innermost(explored.definition, snapshot)
    return list(dict.fromkeys(explored.moves.word(place) for place in found))


def _expected(explored: Explored, snapshot: Snapshot) -> Mapping[str, Any]:
    names = where(explored, snapshot)
    expected: dict[str, Any] = {"at": names[0] if len(names) == 1 else names}
    if not snapshot.tasks:
        expected["tasks"] = []
    return expected


def _step(move: Move) -> str:
    return move.step if move.value is None else f"{move.step}: {_flow(move.value)}"


def _flow(value: Any) -> str:
    """YAML on one line; text is quoted where it would be read as something else."""
    match value:
        case str():
            return _text(value)
        case Mapping():
            pairs = (f"{_text(str(key))}: {_flow(inner)}" for key, inner in value.items())
            return f"{{{', '.join(pairs)}}}"
        case Sequence():
            return f"[{', '.join(map(_flow, value))}]"
        case _:
            return json.dumps(value)


def _text(value: str) -> str:
    plain = _PLAIN.fullmatch(value) is not None and value.casefold() not in _WORDS
    if plain or _DAY.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)
