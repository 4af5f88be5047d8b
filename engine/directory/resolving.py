"""The rows of a file against each other and against the directory: numbers, bosses, places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from engine.directory.entries import Entry
from engine.directory.roster import Place, Roster
from engine.directory.sheet import Problem, Sheet


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolving:
    """What stands after the comparison."""

    entries: tuple[Entry, ...]  # rows that can be imported, in file order
    places: Mapping[str, Place]  # locations that are new or differ
    problems: list[Problem]


def resolve(entries: list[Entry], sheet: Sheet, roster: Roster, *, full: bool) -> Resolving:
    """Takes out every row that contradicts another one or the directory, and says why."""
    problems: list[Problem] = []
    entries = _without(entries, problems, _duplicate_numbers(entries))
    listed = {row.cells.get("number", "") for row in sheet.rows}
    entries = _without(entries, problems, _duplicate_addresses(entries, listed, roster, full=full))
    places, misplaced = _places(entries, roster)
    entries = _without(entries, problems, misplaced)
    # A row whose manager's row fell out falls out too, and so on up to nothing new.
    while found := (
        list(_unknown_managers(entries, listed, roster, full=full))
        or list(_loops(entries, sheet, roster, listed, full=full))
    ):
        entries = _without(entries, problems, found)
    used = {entry.location for entry in entries}
    return Resolving(
        entries=tuple(entries),
        places={name: place for name, place in places.items() if name in used},
        problems=problems,
    )


def _without(
    entries: list[Entry], problems: list[Problem], found: Iterable[Problem]
) -> list[Entry]:
    found = list(found)
    problems.extend(found)
    lines = {problem.line for problem in found}
    return [entry for entry in entries if entry.line not in lines]


def _duplicate_numbers(entries: list[Entry]) -> Iterable[Problem]:
    first: dict[str, Entry] = {}
    for entry in entries:
        before = first.setdefault(entry.number, entry)
        if before is not entry:
            yield Problem(
                line=entry.line,
                column="number",
                value=entry.number,
                message=f"line {before.line} ({before.name}) has the same number; "
                "every person has one row and a number of their own",
            )


def _duplicate_addresses(
    entries: list[Entry], listed: set[str], roster: Roster, *, full: bool
) -> Iterable[Problem]:
    others = {
        one["email"].lower(): f"{one['name']} ({one['number']})"
        for one in roster.people.values()
        if one["active"] and one["number"] not in listed and not full
    }
    for entry in entries:
        address = entry.email.lower()
        owner = others.setdefault(address, f"line {entry.line} ({entry.name})")
        if owner != f"line {entry.line} ({entry.name})":
            yield Problem(
                line=entry.line,
                column="email",
                value=entry.email,
                message=f"{owner} has the same address; tasks would reach the wrong person, "
                "so give everybody one of their own",
            )


def _places(entries: list[Entry], roster: Roster) -> tuple[dict[str, Place], list[Problem]]:
    places: dict[str, Place] = {}
    said: dict[str, Entry] = {}  # the row that said so first
    problems = []
    for entry in entries:
        if entry.location is None:
            continue
        known = roster.places.get(entry.location)
        country = entry.country or (known.country if known else None)
        zone = entry.zone or (known.zone if known and known.country == country else None)
        if country is None or zone is None:
            if entry.location in said and entry.country is None and entry.zone is None:
                continue  # an earlier row told about this place
            missing = "country" if country is None else "zone"
            problems.append(
                Problem(
                    line=entry.line,
                    column=missing,
                    message=f"the location {entry.location!r} is new, so its {missing} must be "
                    f"given: holidays and due times depend on it",
                )
            )
            continue
        place = Place(country=country, zone=zone)
        if entry.country is None and entry.zone is None:
            continue
        before = said.setdefault(entry.location, entry)
        if before is not entry and places.get(entry.location, known) != place:
            told = places.get(entry.location, known)
            assert told is not None
            problems.append(
                Problem(
                    line=entry.line,
                    column="location",
                    value=entry.location,
                    message=f"it is in {country}, {zone} here and in {told.country}, {told.zone} "
                    f"on line {before.line}; a location is one place, so use two names for two",
                )
            )
        elif place != known:
            places[entry.location] = place
    return places, problems


def _unknown_managers(
    entries: list[Entry], listed: set[str], roster: Roster, *, full: bool
) -> Iterable[Problem]:
    importable = {entry.number for entry in entries}
    here = {one["number"]: one for one in roster.people.values() if one["active"]}
    for entry in entries:
        manager = entry.manager
        if manager is None or manager in importable:
            continue
        if manager in listed:
            if manager in here:
                continue  # their row is wrong, they stay as they are
            message = "that person's own row has a problem; put it right first"
        elif manager in here:
            if not full:
                continue
            message = (
                f"{here[manager]['name']} is not in this full file and would leave; "
                "add them, or give this person another manager"
            )
        elif manager in roster.by_number:
            name = roster.people[roster.by_number[manager]]["name"]
            message = f"{name} has left; give this person another manager, or leave the cell empty"
        else:
            near = get_close_matches(manager, sorted(importable | set(here)), n=1, cutoff=0.6)
            hint = f"did you mean {near[0]!r}? " if near else ""
            message = (
                f"nobody has this number; {hint}A manager is written as their number and needs "
                "a row of their own, or the cell stays empty"
            )
        yield Problem(line=entry.line, column="manager", value=manager, message=message)


def _loops(
    entries: list[Entry], sheet: Sheet, roster: Roster, listed: set[str], *, full: bool
) -> Iterable[Problem]:
    if "manager" not in sheet.columns:
        return
    names, manager_of = {}, {}
    for one in roster.people.values():
        if one["active"] and (not full or one["number"] in listed):
            names[one["number"]] = one["name"]
            boss = one["manager"]
            manager_of[one["number"]] = None if boss is None else roster.people[boss]["number"]
    for entry in entries:
        names[entry.number], manager_of[entry.number] = entry.name, entry.manager
    lines = {entry.number: entry.line for entry in entries}
    for loop in _circles(manager_of):
        told = " → ".join(f"{names[one]} ({one})" for one in (*loop, loop[0]))
        for number in loop:
            if number in lines:
                yield Problem(
                    line=lines[number],
                    column="manager",
                    value=manager_of[number],
                    message="nobody can report to themselves, not even by way of others: "
                    f"{told}; one of these managers is wrong",
                )


def _circles(manager_of: Mapping[str, str | None]) -> Iterable[tuple[str, ...]]:
    """Every circle once, each from its first member in the order of the mapping."""
    done: set[str] = set()
    for start in manager_of:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = None
            at = manager_of.get(at)
        if at is not None and at in path:
            way = list(path)
            yield tuple(way[way.index(at) :])
        done |= set(path)
