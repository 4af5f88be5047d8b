"""The directory moved in memory is the directory that the tables hold after the same imports."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from engine.directory import (
    Directory,
    Roster,
    apply_people,
    compare,
    difference,
    empty_roster,
    moved,
    plan_people,
    read_sheet,
)
from engine.store import Database

HEADER = "number,name,email,manager,department,location,country,zone,roles,queues"
BERLIN, PARIS = "Berlin,DE,Europe/Berlin", "Paris,FR,Europe/Paris"
YEARS = {
    date(2027, 1, 1): f"""
1,Cy,cy@firm.test,,Board,{BERLIN},head-of-hr,
2,Bob,bob@firm.test,1,Sales,{BERLIN},hr-partner@Sales,desk
3,Ann,ann@firm.test,2,Sales,{PARIS},hr-partner@Sales,desk
""",
    # Bob leaves, Ann moves and gets another role, Eve joins
    date(2027, 3, 1): f"""
1,Cy,cy@firm.test,,Board,{BERLIN},head-of-hr,desk
3,Ann,ann.b@firm.test,1,Sales,{BERLIN},hr-partner@Sales; head-of-hr,
4,Eve,eve@firm.test,3,Sales,{PARIS},,desk
""",
    # Bob is back, Paris moves to another clock
    date(2027, 5, 1): f"""
1,Cy,cy@firm.test,,Board,{BERLIN},,desk
2,Bob,bob@firm.test,1,Sales,{BERLIN},hr-partner@Sales,
3,Ann,ann.b@firm.test,1,Sales,{BERLIN},hr-partner@Sales,
4,Eve,eve@firm.test,3,Sales,Paris,FR,UTC,,desk
""",
}


def by_number(roster: Roster) -> dict[str, Any]:
    """The roster with numbers for ids, which the tables draw by lot."""
    number = {person: one["number"] for person, one in roster.people.items()} | {None: None}
    return {
        "people": {
            number[person]: {**one, "id": number[person], "manager": number[one["manager"]]}
            for person, one in roster.people.items()
        },
        "order": [one["number"] for one in roster.people.values()],
        "roles": {held: [number[one] for one in who] for held, who in roster.roles.items()},
        "queues": {name: [number[one] for one in who] for name, who in roster.queues.items()},
        "places": dict(roster.places),
    }


def test_a_directory_moved_in_memory_equals_the_imported_one(
    sqlite_database: Database, directory: Directory, entropy: Callable[[int], bytes]
):
    here = empty_roster(min(YEARS))
    for day, rows in YEARS.items():
        sheet = read_sheet((HEADER + rows).encode())
        plan = compare(sheet, replace(here, day=day), full=True)
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        sqlite_database.write(
            lambda tx, sheet=sheet, day=day, now=now: apply_people(
                tx, plan_people(sheet, tx.connection, day, full=True), None, now, entropy
            )
        )
        with sqlite_database.read() as session:
            there = directory.facts(session, now).roster

        here = moved(here, plan)

        assert plan.problems == ()
        assert by_number(here) == by_number(there), day
        assert here.day == day


def test_a_difference_names_who_left_came_and_can_no_longer_be_reached():
    before = empty_roster(date(2027, 1, 1))
    told = []
    for day, rows in YEARS.items():
        sheet = read_sheet((HEADER + rows).encode())
        after = moved(before, compare(sheet, replace(before, day=day), full=True))
        told.append(difference(before, after))
        before = after

    assert [one.came for one in told] == [("1", "2", "3"), ("4",), ("2",)]
    assert [one.unreachable for one in told] == [(), ("2", "3"), ()]
    assert told[1].looked_at is None  # roles moved, so everybody looks again
