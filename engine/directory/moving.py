"""A directory of a later day, worked out in memory: what an import writes, without the tables."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from engine.directory.plan import ATTRIBUTES, ImportPlan, PersonChange
from engine.directory.roster import Place, Roster, reach_after, with_positions

K = TypeVar("K")


def empty_roster(day: date) -> Roster:
    """Nobody works here yet."""
    return Roster(
        day=day, people={}, by_number={}, roles={}, queues={}, away={}, absences={}, places={}
    )


def moved(roster: Roster, plan: ImportPlan) -> Roster:
    """The roster as it is after the plan. Who is new gets their number for an id.

    A plan of `compare`; its day is the new roster's. Nobody's entry is changed in place.
    """
    places = {**roster.places, **plan.places}
    ids = dict(roster.by_number)
    for change in plan.changes:
        ids.setdefault(change.number, change.number)
    people = dict(roster.people)
    for change in plan.changes:
        if change.kind != "changes" or change.changed:
            people[ids[change.number]] = _entry(change, ids)
    placed = {person: _placed(one, places) for person, one in people.items()}
    roles, queues = _groups(roster, plan, ids)
    active = {person for person, one in placed.items() if one["active"]}
    held = _of_active(roles, active)
    seated = with_positions(placed, held)
    return Roster(
        day=plan.as_of,
        people=dict(sorted(seated.items(), key=lambda entry: entry[1]["number"] or "")),
        by_number=dict(sorted(ids.items())),
        roles=held,
        queues=_of_active(queues, active),
        away=roster.away,
        absences=roster.absences,
        places=places,
    )


def without(roster: Roster, person: str) -> Roster:
    """The roster as it is once somebody has left: known by name, and holding nothing.

    Who reports to them still does, until the directory says otherwise.
    """
    was = roster.people[person]
    gone = {**was, "active": False, "roles": []}
    gone |= reach_after(was.get("private_email"), active=False)
    return replace(
        roster,
        people={**roster.people, person: gone},
        roles=_lacking(roster.roles, person),
        queues=_lacking(roster.queues, person),
    )


def _lacking(groups: Mapping[K, tuple[str, ...]], person: str) -> dict[K, tuple[str, ...]]:
    left = {key: tuple(one for one in people if one != person) for key, people in groups.items()}
    return {key: people for key, people in left.items() if people}


def _entry(change: PersonChange, ids: Mapping[str, str]) -> dict[str, Any]:
    wanted = change.wanted
    manager, start = wanted["manager"], wanted["start_date"]
    return {
        "id": ids[change.number],
        "number": change.number,
        **{name: wanted[name] for name in ATTRIBUTES if name != "private_email"},
        "manager": None if manager is None else ids[manager],
        "start_date": None if start is None else start.isoformat(),
        "active": change.kind != "leaves",
        **reach_after(wanted["private_email"], active=change.kind != "leaves"),
    }


def _placed(one: Mapping[str, Any], places: Mapping[str, Place]) -> Mapping[str, Any]:
    place = None if one["location"] is None else places.get(one["location"])
    country = None if place is None else place.country
    zone = None if place is None else place.zone
    if "country" in one and (one["country"], one["zone"]) == (country, zone):
        return one
    return {**one, "country": country, "zone": zone}


def _groups(
    roster: Roster, plan: ImportPlan, ids: Mapping[str, str]
) -> tuple[dict[tuple[str, str | None], list[str]], dict[str, list[str]]]:
    """Who holds which role and works from which queue, in the order in which they came to it."""
    roles = {held: list(people) for held, people in roster.roles.items()}
    queues = {queue: list(people) for queue, people in roster.queues.items()}
    for change in plan.changes:
        person = ids[change.number]
        for held in change.roles_ended:
            roles[held.role, held.unit].remove(person)
        for queue in change.queues_ended:
            queues[queue].remove(person)
        for held in change.roles_added:
            roles.setdefault((held.role, held.unit), []).append(person)
        for queue in change.queues_added:
            queues.setdefault(queue, []).append(person)
    return roles, queues


def _of_active(groups: Mapping[Any, list[str]], active: set[str]) -> dict[Any, tuple[str, ...]]:
    present = {
        key: tuple(person for person in people if person in active)
        for key, people in groups.items()
    }
    return {key: people for key, people in present.items() if people}
