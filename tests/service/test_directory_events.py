"""What the directory says to cases and to rules of `starts:`: each thing once, on its day."""

import os
import shutil
import signal
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
from support.imports import ROLES, import_people, owners, without
from support.invariants import check_everything
from support.world import PEOPLE, World, found, hire

from engine.directory import plan_people, read_sheet
from engine.service.failpoints import Failpoints
from engine.store import Database
from engine.store.tables import CaseRow, SignalRow

DAY = "2027-03-01"
SUCCESSION = """
process: succession
version: 1
subject: position
key: one per subject
data: {held_by: {type: text, from: start}}
starts: {signal: role.vacated, for: event.position, with: {held_by: event.person}}
states:
  look: {wait: {for: never.comes}}
  closed: {end: done}
"""
EXIT = """
process: exit
version: 1
subject: person
states:
  notice: {task: {to: subject, title: Give notice, buttons: [give, stay]}, on: {give: told, stay: closed}}
  told:
    do: [{emit: role.vacated, to: '"it-desk"', with: {position: '"it-desk"', person: subject.id}}]
  goes:   {task: {to: subject.manager, title: Still going?, buttons: [stays]}}
  stays:
    do: [{emit: notice.withdrawn, to: subject.id, with: {person: subject.id}}]
  closed: {end: done}
"""
FILE = """
process: file
version: 1
subject: person
data: {seen: {type: text, required: false}, had: {type: text, required: false}}
states:
  here: {task: {to: subject.manager, title: Look after them}}
  closed: {end: done}
on:
  manager.changed: {set: {had: event.from}}
  person.moved: {if: '"department" in event.what', set: {seen: event.from_department + " to " + event.to_department}}
  person.left: {end: left}
"""


def told(world: World) -> list[tuple[str, str | None, dict[str, Any]]]:
    return [
        (row.name, row.correlation, orjson.loads(row.body))
        for row in sorted(world.rows(SignalRow), key=lambda row: row.id)
    ]


def about(name: str, who: str, on: str = DAY, **more: Any) -> tuple[str, str, dict[str, Any]]:
    return name, f"p_{who}", {"person": f"p_{who}", "on": on, **more}


def test_an_import_says_who_left_came_moved_and_has_another_manager_and_what_seat_is_empty(
    world: World, monkeypatch
):
    import_people(world, PEOPLE)  # nothing of it is new, and nothing is said
    monkeypatch.setitem(ROLES, "eve", ("", "it"))
    people = without("bob", ann=("cy", "Law"), dan=("eve", "Sales"), gus=("cy", "IT"))

    import_people(world, people)

    gus = next(row.correlation for row in world.rows(SignalRow) if row.name == "person.joined")
    assert told(world) == [
        about("person.left", "bob"),
        ("person.joined", gus, {"person": gus, "on": DAY}),
        about(
            "person.moved",
            "ann",
            what=["department"],
            from_department="Sales",
            to_department="Law",
        ),
        about("manager.changed", "ann", **{"from": "p_bob", "to": "p_cy"}),
        about("manager.changed", "dan", **{"from": "p_bob", "to": "p_eve"}),
        (
            "role.vacated",
            "it-desk",
            {"position": "it-desk", "on": DAY, "person": "p_eve"},
        ),
    ]


def test_who_is_in_the_first_file_has_not_joined(database: Database):
    world = World(database=database, service=found(database))
    for rows in ("1,Cy,cy@example.org", "1,Cy,cy@example.org\n2,Gus,gus@example.org"):
        sheet = read_sheet(f"number,name,email\n{rows}\n".encode())
        with database.read() as session:
            plan = plan_people(sheet, session.connection(), world.now.date(), full=True)
        world.service.import_people(plan, None, world.now)

    assert [name for name, _, _ in told(world)] == ["person.joined"]


def test_what_was_entered_ahead_is_said_for_its_own_day_also_when_nothing_ran_then(world: World):
    import_people(world, PEOPLE)
    first = world.now.date()
    import_people(world, without(dan=("eve", "Sales")), as_of=first + timedelta(days=2))
    import_people(world, without(dan=("cy", "Sales")), as_of=first + timedelta(days=4))
    assert told(world) == []

    world.later(days=6).advance()
    world.later(days=1).advance()

    assert told(world) == [
        about("manager.changed", "dan", "2027-03-03", **{"from": "p_bob", "to": "p_eve"}),
        about("manager.changed", "dan", "2027-03-05", **{"from": "p_eve", "to": "p_cy"}),
    ]


def test_a_case_hears_it_when_its_tasks_are_with_whom_they_are_now(world: World):
    world.publish(FILE)
    case = world.start("file")
    stays = world.start("file", "p_dan")

    import_people(world, without(ann=("eve", "Law")))
    world.advance()

    assert owners(world) == {"here": ["p_eve", "p_bob"]}
    assert "signal.arrived" not in world.history(stays)
    kinds = world.history(case)
    assert kinds.index("task.handed_over") < kinds.index("signal.arrived")
    data = orjson.loads(world.case(case).snapshot)["data"]
    assert data == {"had": "p_bob", "seen": "Sales to Law"}
    check_everything(world.database)


def test_an_empty_seat_starts_one_case_and_an_open_case_of_the_seat_hears_of_it(
    world: World, monkeypatch
):
    world.publish(SUCCESSION)
    monkeypatch.setitem(ROLES, "eve", ("", "it"))
    import_people(world, PEOPLE)
    start(world)
    monkeypatch.setitem(ROLES, "eve", ("it-desk", "it"))
    import_people(world.later(days=1), PEOPLE)
    monkeypatch.setitem(ROLES, "eve", ("", "it"))
    import_people(world.later(days=1), PEOPLE)
    start(world)

    assert [name for name, _, _ in told(world)] == ["role.vacated", "role.vacated"]
    assert [row.subject for row in world.rows(CaseRow)] == ["it-desk"]  # the second is refused
    check_everything(world.database)


def start(world: World) -> None:
    for number in world.service.launches(world.now):
        world.service.launch(number, 10, world.now)
    world.advance()


def test_a_seat_that_a_case_has_given_up_is_not_said_to_be_empty_again(world: World, monkeypatch):
    world.publish(EXIT)
    world.start("exit", "p_eve")
    world.answer("notice", "eve", "give")
    monkeypatch.setitem(ROLES, "eve", ("", "it"))

    import_people(world, PEOPLE)

    assert [name for name, _, _ in told(world)] == ["role.vacated"]  # the case's own


def test_a_notice_that_was_withdrawn_covers_no_empty_seat(world: World, monkeypatch):
    world.publish(EXIT)
    world.start("exit", "p_eve")
    world.answer("notice", "eve", "give")
    world.answer("goes", "cy", "stays")
    monkeypatch.setitem(ROLES, "eve", ("", "it"))

    import_people(world.later(days=200), PEOPLE)

    assert [(name, body.get("on")) for name, _, body in told(world)] == [
        ("role.vacated", None),
        ("notice.withdrawn", None),
        ("role.vacated", "2027-09-17"),
    ]


def killed_while_raising(file: Path) -> None:
    child = os.fork()
    if not child:
        database = Database.open(str(file))
        service = found(database, seed=3, failpoints=Failpoints.parse("directory.raised:2"))
        import_people(World(database=database, service=service), changed())
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def changed() -> dict[str, tuple[str | None, str]]:
    return without("bob", ann=("cy", "Sales"), dan=("cy", "Sales"))


def test_killed_while_it_speaks_the_directory_has_said_nothing_and_says_all_of_it_once(
    sqlite_template: Path, folder: Path
):
    file = folder / "tenure.db"
    shutil.copy(sqlite_template, file)
    with Database.open(str(file)) as database:
        database.write(hire)
    killed_while_raising(file)

    with Database.open(str(file)) as database:
        world = World(database=database, service=found(database))
        assert told(world) == []
        import_people(world, changed())
        import_people(world, changed())
        world.later(days=1).advance()

        assert [name for name, _, _ in told(world)] == [
            "person.left",
            "manager.changed",
            "manager.changed",
        ]
        assert date.fromisoformat(told(world)[0][2]["on"]) == date(2027, 3, 1)
