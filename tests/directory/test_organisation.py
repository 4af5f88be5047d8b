"""A real organisation over seventeen months, against a fold that knows nothing of ours."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.directory.applying import apply_people
from engine.directory.directory import Directory
from engine.directory.plan import plan_people
from engine.directory.sheet import read_sheet
from engine.store import Database

ORGANISATION = Path(__file__).parents[2].parent / "shared" / "data" / "org"
NOW = datetime(2023, 4, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not (ORGANISATION / "changes.csv").exists(),
    reason=f"the organisation's files are not beside the checkout ({ORGANISATION})",
)

Known = dict[str, tuple[str, str]]  # person -> (role, manager), of those who are listed


def rows(name: str) -> list[dict[str, str]]:
    with (ORGANISATION / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folded(until: date) -> Known:
    """Who is listed at the end of a day, straight from the changes."""
    known: Known = {}
    for change in rows("changes.csv"):
        if date.fromisoformat(change["at"][:10]) > until:
            break
        person = change["person"]
        if change["event"] == "unlisted":
            known.pop(person, None)
        elif change["event"] == "role_change" and person in known:
            known[person] = (change["role"], known[person][1])
        else:
            known[person] = (change["role"], change["manager"])
    return known


def ours(known: Known) -> bytes:
    """A full file in our columns; managers who are not listed themselves are nobody."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["number", "name", "email", "manager", "title", "language"])
    for person, (role, manager) in known.items():
        boss = manager if manager in known else ""
        writer.writerow([person, f"Person {person}", f"{person}@org.test", boss, role[:200], "en"])
    return text.getvalue().encode()


def found(database: Database, directory: Directory, day: date) -> Known:
    with database.read() as session:
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        people = directory.facts(session, now).roster.people
    return {
        one["number"]: (
            one["title"] or "",
            people[one["manager"]]["number"] if one["manager"] else "",
        )
        for one in people.values()
        if one["active"]
    }


def expected(known: Known) -> Known:
    return {
        person: (" ".join(role[:200].split()) if role else "", manager if manager in known else "")
        for person, (role, manager) in known.items()
    }


def test_the_snapshot_of_the_organisation_imports_and_a_second_time_changes_nothing(
    database: Database, directory: Directory, entropy: Callable[[int], bytes]
) -> None:
    snapshot = {one["person"]: (one["role"], one["manager"]) for one in rows("people.csv")}
    sheet = read_sheet(ours(snapshot))

    def job(tx):
        plan = plan_people(sheet, tx.connection, NOW.date(), full=True)
        return apply_people(tx, plan, None, NOW, entropy)

    first, second = database.write(job), database.write(job)
    assert first.plan.problems == ()
    assert (len(first.persons), second.persons) == (len(snapshot), ())
    assert found(database, directory, NOW.date()) == expected(snapshot)


def test_seventeen_months_of_changes_can_be_looked_back_on_day_by_day(
    sqlite_database: Database, directory: Directory, entropy: Callable[[int], bytes]
) -> None:
    """The whole organisation is imported as of every fourteenth day on which something changed."""
    days = sorted({date.fromisoformat(change["at"][:10]) for change in rows("changes.csv")})[::14]
    for day in days:
        sheet = read_sheet(ours(folded(day)))
        imported = sqlite_database.write(
            lambda tx, day=day, sheet=sheet: apply_people(
                tx,
                plan_people(sheet, tx.connection, day, full=True),
                None,
                NOW,
                entropy,
                despite_problems=True,
            )
        )
        assert [str(one) for one in imported.plan.problems] == []
    assert len(days) >= 10

    for day, following in zip(days[::3], days[1::3], strict=False):
        then = expected(folded(day))
        assert found(sqlite_database, directory, day) == then, day.isoformat()
        assert found(sqlite_database, directory, following - timedelta(days=1)) == then, (
            day.isoformat()
        )
