"""The real organisation's files as people and changes files of ours, written nowhere but in tests.

They know titles and managers and nothing else: a department is read out of the title, and HR's
roles are held by whoever has People in it, with the founders behind them.
"""

import csv
import io
from datetime import date
from pathlib import Path

ORGANISATION = Path(__file__).parents[2].parent / "shared" / "data" / "org"
COLUMNS = ("number", "name", "email", "manager", "title", "department", "roles")
_DEPARTMENTS = (
    "Engineer",
    "Sales",
    "Account",
    "Product",
    "Marketing",
    "Support",
    "People",
    "Design",
)
_FOUNDERS = ("P0001", "P0002")

Known = dict[str, tuple[str, str]]  # person -> (title, manager), of those who are listed


def changes() -> list[dict[str, str]]:
    with (ORGANISATION / "changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folded(known: Known, day: date, rows: list[dict[str, str]]) -> Known:
    """Who is listed once the changes of one day are in."""
    known = dict(known)
    for change in rows:
        if date.fromisoformat(change["at"][:10]) != day:
            continue
        person = change["person"]
        if change["event"] == "unlisted":
            known.pop(person, None)
        elif change["event"] == "role_change" and person in known:
            known[person] = (change["role"], known[person][1])
        else:
            known[person] = (change["role"], change["manager"])
    return known


def people_and_changes(first: date) -> tuple[bytes, bytes]:
    """Everybody on a day, and every later day's differences: who comes, changes and leaves."""
    rows = changes()
    known: Known = {}
    here: dict[str, dict[str, str]] = {}
    later: list[dict[str, str]] = []
    before = here
    for day in sorted({date.fromisoformat(change["at"][:10]) for change in rows}):
        known = folded(known, day, rows)
        after = _cells(known)
        if day <= first:
            here = before = after
            continue
        later += [
            {**cells, "from": day.isoformat(), "leaves": ""}
            for person, cells in after.items()
            if before.get(person) != cells
        ]
        later += [
            {"number": person, "from": day.isoformat(), "leaves": "yes"}
            for person in sorted(before.keys() - after.keys())
        ]
        before = after
    return _file(here.values(), COLUMNS), _file(later, (*COLUMNS, "from", "leaves"))


def _cells(known: Known) -> dict[str, dict[str, str]]:
    """As cells; a manager who is not listed is nobody."""
    return {
        person: {
            "number": person,
            "name": f"Person {person}",
            "email": f"{person.lower()}@org.test",
            "manager": manager if manager in known and manager != person else "",
            "title": title[:200],
            "department": next((word for word in _DEPARTMENTS if word in title), "Other"),
            "roles": "head-of-hr" if "People" in title or person in _FOUNDERS else "",
        }
        for person, (title, manager) in known.items()
    }


def _file(rows, columns: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
