"""What a plan comes to: its groups, what hinders it, and the mail it would send."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.core.chart import Definition
from engine.core.places import state_id
from engine.versions.placing import way_out
from engine.versions.plan import Outcome
from engine.versions.plan_file import Plan

# In the order in which they are told: what goes well first.
GROUPS: Final = (
    (Outcome.SAME, "✓", "move, nothing changes"),
    (Outcome.RENAMED, "✓", "state renamed"),
    (Outcome.LATER, "✓", "deadline goes further away"),
    (Outcome.CLOSER, "!", "deadline comes closer"),
    (Outcome.OWNER, "!", "task goes to somebody else"),
    (Outcome.ANEW, "!", "something begins that had not begun"),
    (Outcome.CLOSES, "!", "end with it"),
    (Outcome.STAYS, "=", "stay under their version"),
    (Outcome.STRANDED, "✗", "no place to go"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hindrance:
    """Running cases that cannot move, for one reason."""

    version: int  # that they run under
    place: str  # where they stand; empty: it is not about a place
    why: str  # a clause
    cases: tuple[str, ...]
    help: str | None  # what to write into the new version


@dataclass(frozen=True, kw_only=True, slots=True)
class Reckoning:
    """Over all cases of a plan."""

    mails: int  # that leave at once
    reminders: int  # that move
    at_once: int  # reminders and escalations that come due with it
    lost: Mapping[str, int]  # by field: in how many cases it is then in the history only
    hindrances: tuple[Hindrance, ...]


def reckoning(plan: Plan, olds: Mapping[int, Definition], new: Definition) -> Reckoning:
    return Reckoning(
        mails=sum(each.plan.mails for each in plan.cases),
        reminders=sum(each.plan.reminders for each in plan.cases),
        at_once=sum(each.plan.at_once for each in plan.cases),
        lost=Counter(field for each in plan.cases for field in each.plan.lost),
        hindrances=_hindrances(plan, olds, new),
    )


def inside(plan: Plan, version: int) -> Mapping[str, int]:
    """How many cases of a version stand in each state that has no successor."""
    stranded = plan.having(Outcome.STRANDED)
    return Counter(each.plan.place or "" for each in stranded if each.version == version)


def _hindrances(
    plan: Plan, olds: Mapping[int, Definition], new: Definition
) -> tuple[Hindrance, ...]:
    groups: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for each in plan.having(Outcome.STRANDED):
        groups[each.version, each.plan.place or "", each.plan.why or ""].append(each.case)
    return tuple(
        Hindrance(
            version=version,
            place=place,
            why=why,
            cases=tuple(cases),
            help=_help(olds[version], new, place),
        )
        for (version, place, why), cases in groups.items()
    )


def _help(old: Definition, new: Definition, place: str) -> str | None:
    state = state_id(place)
    known = bool(place) and any(state == each.id for each in old.states)
    return way_out(old, new, state) if known else None
