"""What begins by itself in a rehearsed company: by hand at a rate, on a day, and as `starts:` says.

What nobody says follows from the definition, so that a definition plays along without a word.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.rehearsal.processes import Process, Processes

_OFTEN = 20  # of a hundred people a year start a case by hand, where that is the only way
_SELDOM = 2  # the same where something else starts it as well
_NOBODYS = 4  # cases a year that are about nobody
_DAYS = 10  # working days over which a cohort begins


@dataclass(frozen=True, kw_only=True, slots=True)
class ByHand:
    """People start cases of a process, evenly over the year."""

    process: str
    a_year: float | None = None  # cases
    percent: float | None = None  # or of the people, one case each
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One case each for everybody whom a cohort's rule wants, or for each department."""

    process: str
    on: date
    over: int = _DAYS  # working days from the first start to the last
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Company:
    """How a company lives: of each process when it is begun, besides by signals and schedules."""

    hands: tuple[ByHand, ...] = ()
    rounds: tuple[Round, ...] = ()


def company_of(processes: Processes, said: Company, first: datetime, until: datetime) -> Company:
    """What was said, and for every other process what its definition suggests."""
    named = {hand.process for hand in said.hands} | {each.process for each in said.rounds}
    hands, rounds = list(said.hands), list(said.rounds)
    for name in processes.roots:
        process = processes.by_name[name]
        if name not in named:
            hands += _hands(process)
            rounds += _rounds(process, first.date(), until.date())
    return Company(hands=tuple(hands), rounds=tuple(rounds))


def _hands(process: Process) -> Iterator[ByHand]:
    definition = process.definition
    if definition.by_hand is None or asks_department(process):
        return
    if any(rule.cohort is not None for rule in definition.starts):
        return
    if definition.subject != "person":
        yield ByHand(process=process.name, a_year=_NOBODYS)
        return
    yield ByHand(process=process.name, percent=_SELDOM if definition.starts else _OFTEN)


def _rounds(process: Process, first: date, until: date) -> Iterator[Round]:
    if any(rule.cohort is not None for rule in process.definition.starts):
        yield Round(process=process.name, on=first)
    elif process.definition.by_hand is not None and asks_department(process):
        yield Round(process=process.name, on=first + (until - first) / 2)


def asks_department(process: Process) -> bool:
    """Whether there is one case for each department: about nobody, and told which at its start."""
    asked = {each.name for each in process.version.start_form.fields}
    return process.definition.subject == "none" and "department" in asked
