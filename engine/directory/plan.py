"""What an import would change, worked out before anything is written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from engine.directory.entries import Entry, Held, read_entry
from engine.directory.guests import guests_who_join
from engine.directory.resolving import Resolving, resolve
from engine.directory.roster import Place, Roster, read_roster
from engine.directory.sheet import Problem, Sheet
from engine.store.tables import PersonRow, PersonVersionRow

# The columns that become columns of a person's version, in the order in which people read them.
ATTRIBUTES = (
    "name",
    "email",
    "private_email",
    "manager",
    "title",
    "department",
    "location",
    "grade",
    "employment",
    "start_date",
    "language",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """One attribute, as texts; a manager is a number."""

    attribute: str
    old: str | None
    new: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonChange:
    """What becomes of one person."""

    kind: str  # joins | returns | changes | leaves
    number: str
    name: str
    person: str | None  # id, maybe from when they were a guest; None: gets one when they join
    changed: tuple[Changed, ...]  # `changes`, `returns`; of who joins only the manager
    wanted: Mapping[str, Any]  # all of ATTRIBUTES as of that day; the manager as a number
    roles_added: tuple[Held, ...]
    roles_ended: tuple[Held, ...]
    queues_added: tuple[str, ...]
    queues_ended: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPlan:
    """The difference between a file and the directory of one day."""

    as_of: date
    full: bool  # who is not in the file has left
    sheet: Sheet
    problems: tuple[Problem, ...]  # in file order; their rows are not among the changes
    changes: tuple[PersonChange, ...]  # in file order, then who leaves
    places: Mapping[str, Place]  # locations that are new or differ
    unchanged: int
    notes: tuple[str, ...]  # worth a look, in the way of nothing

    @property
    def empty(self) -> bool:
        return not self.changes and not self.places


def plan_people(
    sheet: Sheet, connection: Connection, as_of: date, *, full: bool = False
) -> ImportPlan:
    """Compares the file with the directory of the day from which it shall hold. Writes nothing."""
    plan = compare(
        sheet,
        read_roster(connection, as_of),
        full=full,
        taken=lambda entries: _taken_later(connection, entries, as_of),
    )
    ids = {
        number: person
        for person, number in connection.execute(select(col(PersonRow.id), col(PersonRow.number)))
    }
    guests = guests_who_join(
        connection,
        (
            (change.number, change.wanted["email"], change.wanted["private_email"])
            for change in plan.changes
            if change.number not in ids
        ),
    )
    changes = tuple(_known(change, ids | guests) for change in plan.changes)
    notes = (*plan.notes, *_joining(changes, guests), *_later(connection, changes, as_of))
    return replace(plan, changes=changes, notes=notes)


def compare(
    sheet: Sheet,
    roster: Roster,
    *,
    full: bool = False,
    taken: Callable[[list[Entry]], Mapping[int, Problem]] = lambda _: {},
) -> ImportPlan:
    """Compares the file with a directory of one day, without any that may hold for later days.

    `taken` finds rows, by their line, that nothing but those later days speaks against.
    """
    entries, problems = _entries(sheet)
    refused = taken(entries)
    problems += refused.values()
    entries = [entry for entry in entries if entry.line not in refused]
    resolving = resolve(entries, sheet, roster, full=full)
    problems += resolving.problems
    changes, unchanged = _changes(resolving, sheet, roster)
    if full:
        changes += _leaving(sheet, roster)
    return ImportPlan(
        as_of=roster.day,
        full=full,
        sheet=sheet,
        problems=tuple(sorted(problems, key=lambda one: one.line or 0)),
        changes=tuple(changes),
        places=resolving.places,
        unchanged=unchanged,
        notes=tuple(_notes(sheet, resolving, roster)),
    )


def _entries(sheet: Sheet) -> tuple[list[Entry], list[Problem]]:
    entries, problems = [], list(sheet.problems)
    if any(problem.line is not None and problem.column for problem in sheet.problems):
        return [], problems  # with a wrong header every row would be wrong
    for row in sheet.rows:
        entry, found = read_entry(row)
        problems.extend(found)
        if entry is not None:
            entries.append(entry)
    return entries, problems


def _taken_later(connection: Connection, entries: list[Entry], as_of: date) -> dict[int, Problem]:
    """By line: addresses that somebody else was given for a later day, which stays."""
    rows = connection.execute(
        select(
            col(PersonVersionRow.email),
            col(PersonVersionRow.name),
            col(PersonRow.number),
            col(PersonVersionRow.valid_from),
        )
        .join(PersonRow, col(PersonRow.id) == col(PersonVersionRow.person))
        .where(col(PersonVersionRow.valid_from) > as_of, col(PersonVersionRow.active))
    )
    later = defaultdict(list)
    for email, *whose in rows:
        later[email.lower()].append(whose)
    return {
        entry.line: Problem(
            line=entry.line,
            column="email",
            value=entry.email,
            message=f"{name} ({number}) has the same address from {since.isoformat()} on; tasks "
            "would reach the wrong person, so give everybody one of their own",
        )
        for entry in entries
        for name, number, since in later.get(entry.email.lower(), ())
        if number != entry.number
    }


def _changes(resolving: Resolving, sheet: Sheet, roster: Roster) -> tuple[list[PersonChange], int]:
    roles, queues = _held_by(roster)
    changes, unchanged = [], 0
    for entry in resolving.entries:
        person = roster.by_number.get(entry.number)
        known = None if person is None else roster.people[person]
        present = known is not None and bool(known["active"])
        before = _attributes(known, roster) if known is not None else None
        wanted = _wanted(entry, sheet, before)
        changed = tuple(
            Changed(attribute=name, old=_text(before[name]), new=_text(wanted[name]))
            for name in ATTRIBUTES
            if before is not None and before[name] != wanted[name]
        )
        held, works = roles.get(person or "", ()), queues.get(person or "", ())
        wants_roles = entry.roles if "roles" in sheet.columns else held
        wants_queues = entry.queues if "queues" in sheet.columns else works
        change = PersonChange(
            kind="joins" if known is None else "changes" if present else "returns",
            number=entry.number,
            name=entry.name,
            person=person,
            changed=changed,
            wanted=wanted,
            roles_added=tuple(one for one in wants_roles if one not in held),
            roles_ended=tuple(one for one in held if one not in wants_roles),
            queues_added=tuple(one for one in wants_queues if one not in works),
            queues_ended=tuple(one for one in works if one not in wants_queues),
        )
        if present and not changed and not _moves(change):
            unchanged += 1
        else:
            changes.append(change)
    return changes, unchanged


def _moves(change: PersonChange) -> bool:
    return bool(
        change.roles_added or change.roles_ended or change.queues_added or change.queues_ended
    )


def _wanted(entry: Entry, sheet: Sheet, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """What shall be true of the person; a column that the file lacks stays as it is."""
    wanted = {name: getattr(entry, name) for name in ATTRIBUTES}
    columns = set(sheet.columns)
    if "country" in columns and (before is None or before["location"] is None):
        columns.add("location")  # somebody without an office works from their country
    if before is not None:
        wanted |= {name: before[name] for name in ATTRIBUTES if name not in columns}
    wanted["language"] = wanted["language"] or "en"
    return wanted


def _attributes(known: Mapping[str, Any], roster: Roster) -> dict[str, Any]:
    start = known["start_date"]
    manager = known["manager"]
    return {name: known.get(name) for name in ATTRIBUTES} | {
        "start_date": None if start is None else date.fromisoformat(start),
        "manager": None if manager is None else roster.people[manager]["number"],
    }


def _held_by(
    roster: Roster,
) -> tuple[dict[str, tuple[Held, ...]], dict[str, tuple[str, ...]]]:
    """Roles and queues by person."""
    roles: dict[str, tuple[Held, ...]] = {}
    for (role, unit), people in roster.roles.items():
        for person in people:
            roles[person] = (*roles.get(person, ()), Held(role=role, unit=unit))
    queues: dict[str, tuple[str, ...]] = {}
    for queue, people in roster.queues.items():
        for person in people:
            queues[person] = (*queues.get(person, ()), queue)
    return roles, queues


def _leaving(sheet: Sheet, roster: Roster) -> list[PersonChange]:
    # A row with a problem still says that its person is here.
    listed = {row.cells.get("number") for row in sheet.rows}
    if not listed or any(problem.line is None for problem in sheet.problems):
        return []
    leaving = (number for number in roster.by_number if number not in listed)
    return leave(roster, leaving)


def leave(roster: Roster, numbers: Iterable[str]) -> list[PersonChange]:
    """What it means that these people leave; who has left already is passed over."""
    roles, queues = _held_by(roster)
    return [
        PersonChange(
            kind="leaves",
            number=number,
            name=one["name"],
            person=person,
            changed=(),
            wanted=_attributes(one, roster),
            roles_added=(),
            roles_ended=roles.get(person, ()),
            queues_added=(),
            queues_ended=queues.get(person, ()),
        )
        for number in numbers
        for person in [roster.by_number[number]]
        for one in [roster.people[person]]
        if one["active"]
    ]


def _known(change: PersonChange, ids: Mapping[str, str]) -> PersonChange:
    """With the id of somebody who is not there on that day, but on a later one or as a guest."""
    if change.person is not None or change.number not in ids:
        return change
    return replace(change, person=ids[change.number])


def _notes(sheet: Sheet, resolving: Resolving, roster: Roster) -> list[str]:
    notes = []
    if sheet.ignored:
        names = ", ".join(f"`{name}`" for name in sheet.ignored if name)
        notes.append(f"These columns are not read: {names or 'one without a name'}.")
    units = {entry.department for entry in resolving.entries}
    units |= {one["department"] for one in roster.people.values() if one["active"]}
    strange = {
        str(held): held.unit
        for entry in resolving.entries
        for held in entry.roles
        if held.unit is not None and held.unit not in units
    }
    notes += [
        f"The role `{held}` is for {unit!r}, and nobody is in a department of that name."
        for held, unit in sorted(strange.items())
    ]
    return notes


def _joining(changes: Iterable[PersonChange], guests: Mapping[str, str]) -> list[str]:
    return [
        f"{change.name} ({change.number}) is known as a guest by this address; what happened "
        "with them until now stays theirs."
        for change in changes
        if change.number in guests
    ]


def _later(connection: Connection, changes: Iterable[PersonChange], as_of: date) -> list[str]:
    """Versions after the day of the import stay, and take over on theirs."""
    affected = {change.person: change for change in changes if change.person is not None}
    rows = connection.execute(
        select(col(PersonVersionRow.person), col(PersonVersionRow.valid_from))
        .where(col(PersonVersionRow.valid_from) > as_of)
        .order_by(col(PersonVersionRow.valid_from))
    )
    return [
        f"{affected[person].name} ({affected[person].number}) has other facts from "
        f"{since.isoformat()} on, which stay; import again as of that day to change them too."
        for person, since in rows
        if person in affected
    ]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
