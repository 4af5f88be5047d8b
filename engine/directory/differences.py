"""What changed between two days of the directory, and whom that concerns."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engine.directory.roster import Roster


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Ids of people; each tuple sorted."""

    came: tuple[str, ...]  # new ones, and those who are back
    unreachable: tuple[str, ...]  # left, or have another address: links sent to them must die
    elsewhere: tuple[str, ...]  # of these who came or left, and can be reached in another place
    looked_at: frozenset[str] | None  # whose cases look again at their owners; None: everybody's


def difference(before: Roster, after: Roster) -> Difference:
    """Roles, queues and calendars are everybody's business, anything else that of those it is of.

    Who acts for somebody absent is concerned as well, yesterday's deputy and today's.
    """
    came, unreachable, elsewhere = [], [], []
    for person in sorted(before.people.keys() | after.people.keys()):
        was, here = _works(before, person), _works(after, person)
        if here and not was:
            came.append(person)
        there, now = _address(before, person), _address(after, person)
        if there is not None and there != now:
            unreachable.append(person)
            if was != here and now is not None:
                elsewhere.append(person)
    return Difference(
        came=tuple(came),
        unreachable=tuple(unreachable),
        elsewhere=tuple(elsewhere),
        looked_at=_looked_at(before, after),
    )


def with_reports(people: Collection[str], roster: Roster) -> frozenset[str]:
    """The people and everybody below them, whose `subject.manager.manager` may be another now."""
    reports: dict[str, list[str]] = {}
    for person, one in roster.people.items():
        if one["manager"] is not None:
            reports.setdefault(one["manager"], []).append(person)
    found = set(people)
    left = list(people)
    while left:
        for person in reports.get(left.pop(), ()):
            if person not in found:
                found.add(person)
                left.append(person)
    return frozenset(found)


def _looked_at(before: Roster, after: Roster) -> frozenset[str] | None:
    organisation = (before.roles, before.queues, before.places)
    if organisation != (after.roles, after.queues, after.places):
        return None
    away = _differing(before.away, after.away)
    deputies = {
        acting[one] for acting in (before.absences, after.absences) for one in away if one in acting
    }
    return frozenset(_differing(before.people, after.people) | away | deputies)


def _works(roster: Roster, person: str) -> bool:
    known = roster.people.get(person)
    return known is not None and bool(known["active"])


def _address(roster: Roster, person: str) -> str | None:
    """Where somebody's tasks arrive; None: nowhere."""
    known = roster.people.get(person)
    if known is None:
        return None
    if known["active"] or known.get("guest"):
        return str(known["email"])
    return str(known["private_email"]) if known.get("still_reachable") else None


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
