"""Imports of the small firm's people, whole or with somebody gone, moved or renamed."""

import csv
import io
from collections.abc import Mapping
from datetime import date

from sqlalchemy import text

from engine.directory import COLUMNS, Imported, Roster, plan_people, read_sheet
from support.world import PEOPLE, World

ROLES = {"eve": ("it-desk", "it"), "fay": ("", "it")}


ADDRESSES: dict[str, str] = {}  # of who has another than their name


def sheet(people: Mapping[str, tuple[str | None, str]]) -> bytes:
    lines = ["number,name,email,manager,department,location,roles,queues"]
    for name, (manager, department) in people.items():
        roles, queues = ROLES.get(name, ("", ""))
        above = "" if manager is None else f"n-{manager}"
        address = ADDRESSES.get(name, f"{name}@example.org")
        lines.append(
            f"n-{name},{name.title()},{address},{above},{department},Berlin,{roles},{queues}"
        )
    return "\n".join(lines).encode()


def import_people(
    world: World, people: Mapping[str, tuple[str | None, str]], as_of: date | None = None
) -> Imported:
    with world.database.read() as session:
        plan = plan_people(
            read_sheet(sheet(people)), session.connection(), as_of or world.now.date(), full=True
        )
    return world.service.import_people(plan, "p_cy", world.now)


def without(*names: str, **instead: tuple[str | None, str]) -> dict[str, tuple[str | None, str]]:
    return {name: one for name, one in {**PEOPLE, **instead}.items() if name not in names}


def owners(world: World) -> dict[str, list[str]]:
    """Who holds the open tasks, by state."""
    with world.database.read() as session:
        found: dict[str, list[str]] = {}
        for state, person in session.connection().execute(
            text(
                "SELECT task.state, assignment.person FROM task LEFT JOIN assignment"
                " ON assignment.task_id = task.id AND assignment.ended_at IS NULL"
                " WHERE task.status = 'open' ORDER BY task.id, assignment.id"
            )
        ):
            found.setdefault(state, []).extend([person] if person else [])
    return found


def as_csv(roster: Roster) -> bytes:
    """Everybody who works here, as a file for a full import."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for person, one in roster.people.items():
        if not one["active"]:
            continue
        cells = {name: one.get(name) or "" for name in COLUMNS}
        works = [queue for queue, who in roster.queues.items() if person in who]
        writer.writerow({**cells, "roles": "; ".join(one["roles"]), "queues": "; ".join(works)})
    return text.getvalue().encode()
