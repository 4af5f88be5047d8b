"""Whom the starter begins with: the best fifth, and the few seats whose loss would hurt most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from sqlmodel import Session

from engine.directory import Roster
from engine.queries.records import records
from tenure.cli.starter.wishes import Wishes
from tenure.starter import Seat

SMALL = 50  # a company of so many people has one position that matters most
SEATS = 5
_SHARE = 0.2
_GOOD = 4
_ALL = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Best:
    """The people whose skills are asked first."""

    people: tuple[str, ...]  # person ids
    because: str  # how they were found, a sentence


def seats_for(roster: Roster) -> int:
    return 1 if len(_here(roster)) <= SMALL else SEATS


def best(session: Session, roster: Roster, wishes: Wishes, now: datetime) -> Best:
    """By calibrated ratings that hold where enough people have one, else as HR says."""
    here = _here(roster)
    wanted = ceil(_SHARE * len(here))
    rated = _rated(session, here, now)
    if len(rated) >= wanted > 0:
        least = sorted(rated.values(), reverse=True)[wanted - 1]
        people = [person for person, mark in rated.items() if mark >= least]
        share = f"the best {wanted} of {len(here)} have {least:g} or more in a calibrated rating"
        more = " (all who share that mark are in)" if len(people) > wanted else ""
        return Best(people=_sorted(people, roster), because=f"{share}{more}")
    good = [person for person, mark in rated.items() if mark >= _GOOD]
    people = [*dict.fromkeys([*wishes.top, *good])]
    said = f"HR says so in the column `top`, for want of ratings ({len(rated)} people have one)"
    return Best(people=_sorted(people, roster), because=said)


def most_critical(wishes: Wishes, roster: Roster) -> tuple[Seat, ...]:
    """No more than a company of this size begins with."""
    return wishes.seats[: seats_for(roster)]


def _rated(session: Session, here: Sequence[str], now: datetime) -> Mapping[str, float]:
    known = set(here)
    return {
        line.about: float(line.value)
        for line in records(session, now, kind="rating", limit=_ALL)
        if line.about in known
        and line.attributes.get("calibrated") is True
        and isinstance(line.value, int | float)
    }


def _here(roster: Roster) -> list[str]:
    """Who works here and is no contractor."""
    return [
        person
        for person, one in roster.people.items()
        if one["active"] and one.get("employment") != "contractor"
    ]


def _sorted(people: Sequence[str], roster: Roster) -> tuple[str, ...]:
    def name(person: str) -> Any:
        return str(roster.people[person]["name"]).casefold(), person

    return tuple(sorted(people, key=name))
