"""The first line of a migration: which rule moved the case, so that a replay does the same."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.audit.chain import Line
from engine.core.mapping import MigrationRule, Otherwise, Timers
from engine.core.migration import Moved

MIGRATED: Final = "case.migrated"


def migrated_line(
    rule: MigrationRule,
    moved: Moved,
    recorded: Mapping[str, Any],
    *,
    was: int,
    actor: str | None,
    request: str | None,
    at: int,
) -> Line:
    """`was` is the version that the case comes from; the line itself is of the one it goes to."""
    return Line(
        kind=MIGRATED,
        at=at,
        actor=actor,
        public={
            "from": was,
            "rule": rule_as_data(rule),
            "renamed": _pairs(moved.renamed),
            "anew": _pairs(moved.anew),
            "left": list(moved.left),
        },
        private={"facts": dict(recorded)},
        request=request,
    )


def rule_as_data(rule: MigrationRule) -> dict[str, Any]:
    """Also what a plan's file has of it."""
    return {
        "states": dict(rule.states),
        "stay": sorted(rule.stay),
        "drop": sorted(rule.drop),
        "timers": rule.timers.value,
        "else": rule.otherwise.value,
    }


def rule_of(data: Mapping[str, Any]) -> MigrationRule:
    """What `rule_as_data` wrote; KeyError, TypeError or ValueError for anything else."""
    return MigrationRule(
        states=dict(data["states"]),
        stay=frozenset(data["stay"]),
        drop=frozenset(data["drop"]),
        timers=Timers(data["timers"]),
        otherwise=Otherwise(data["else"]),
    )


def _pairs(places: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[was, now] for was, now in places]
