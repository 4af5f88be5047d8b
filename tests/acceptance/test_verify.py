"""`tenure verify` on the demo's database: untouched it is whole, and one changed row is named."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import pytest


@dataclass(frozen=True, kw_only=True)
class Place:
    """What has to be named."""

    case: str
    seq: int | None  # None: not a line of the history but a row about the case
    word: str = ""  # something else that the sentence must hold


def middle(database: sqlite3.Connection, kind: str) -> tuple[int, str, int]:
    """Row id, case and number of a line in the middle of everything of its kind."""
    rows = database.execute(
        "SELECT event.id, [case].name, event.seq FROM event"
        " JOIN [case] ON [case].id = event.case_id WHERE event.kind = ? ORDER BY event.id",
        (kind,),
    ).fetchall()
    return rows[len(rows) // 2]


def without_triggers(database: sqlite3.Connection) -> None:
    database.execute("DROP TRIGGER event_no_update")
    database.execute("DROP TRIGGER event_no_delete")


def the_public_part_of_a_line(database):
    without_triggers(database)
    row, case, seq = middle(database, "transition.taken")
    database.execute(
        "UPDATE event SET public = json_set(public, '$.label', 'approved') WHERE id = ?", (row,)
    )
    return Place(case=case, seq=seq)


def who_did_it(database):
    without_triggers(database)
    row, case, seq = middle(database, "task.answered")
    database.execute(
        "UPDATE event SET actor = (SELECT actor FROM event WHERE actor IS NOT NULL AND actor <>"
        " (SELECT actor FROM event WHERE id = ?) LIMIT 1) WHERE id = ?",
        (row, row),
    )
    return Place(case=case, seq=seq)


def an_answer(database):
    row, case, seq = middle(database, "task.answered")
    database.execute(
        "UPDATE event_private SET payload = replace(payload, '{\"event\"', '{ \"event\"')"
        " WHERE event_id = ?",
        (row,),
    )
    return Place(case=case, seq=seq)


def an_answer_that_is_gone(database):
    row, case, seq = middle(database, "task.answered")
    database.execute("DELETE FROM event_private WHERE event_id = ?", (row,))
    return Place(case=case, seq=seq)


def a_line_that_is_gone(database):
    without_triggers(database)
    row, case, seq = middle(database, "task.opened")
    database.execute("DELETE FROM event_private WHERE event_id = ?", (row,))
    database.execute("DELETE FROM event WHERE id = ?", (row,))
    return Place(case=case, seq=seq)


def the_last_line_of_a_case_that_is_gone(database):
    without_triggers(database)
    case, number, seq = database.execute("SELECT name, id, seq FROM [case] LIMIT 1").fetchone()
    line = "SELECT id FROM event WHERE case_id = ? AND seq = ?"
    database.execute(f"DELETE FROM event_private WHERE event_id IN ({line})", (number, seq))
    database.execute(f"DELETE FROM event WHERE id IN ({line})", (number, seq))
    return Place(case=case, seq=seq)


def where_a_case_stands(database):
    number, case = database.execute("SELECT id, name FROM [case] WHERE seq > 25").fetchone()
    database.execute(
        "UPDATE [case] SET snapshot = json_set(snapshot, '$.outcome', 'approved') WHERE id = ?",
        (number,),
    )
    return Place(case=case, seq=None, word="snapshot")


def the_outcome_of_a_task(database):
    row, key, case = database.execute(
        "SELECT task.id, task.key, [case].name FROM task JOIN [case] ON [case].id = task.case_id"
        " WHERE task.outcome = 'accept'"
    ).fetchone()
    database.execute("UPDATE task SET outcome = 'return' WHERE id = ?", (row,))
    return Place(case=case, seq=None, word=key)


ALTERATIONS: tuple[Callable[[sqlite3.Connection], Place], ...] = (
    the_public_part_of_a_line,
    who_did_it,
    an_answer,
    an_answer_that_is_gone,
    a_line_that_is_gone,
    the_last_line_of_a_case_that_is_gone,
    where_a_case_stands,
    the_outcome_of_a_task,
)


@pytest.fixture
def copy(demo, tmp_path):
    """The demo's database in a folder of its own."""
    shutil.copy(demo.folder.database, tmp_path / "tenure.db")
    return tmp_path


def test_an_untouched_database_is_whole(demo, copy, machine):
    events = demo.folder.count("SELECT count(*) FROM event")
    cases = demo.folder.count("SELECT count(*) FROM [case]")

    said = machine.run(copy, "verify")

    assert said.returncode == 0, said.stderr
    assert said.stdout == f"OK {events} events in {cases} cases, {cases} replayed\n"


@pytest.mark.parametrize("alter", ALTERATIONS, ids=lambda alter: alter.__name__)
def test_one_changed_row_is_named(copy, machine, alter):
    with closing(sqlite3.connect(copy / "tenure.db")) as database, database:
        place = alter(database)

    said = machine.run(copy, "verify")

    assert said.returncode == 1, said.stdout
    line = "" if place.seq is None else f", line {place.seq}"
    assert said.stdout.startswith(f"ALTERED case {place.case}{line}: "), said.stdout
    assert place.word in said.stdout


def test_the_database_itself_refuses_to_change_the_history(copy):
    with (
        closing(sqlite3.connect(copy / "tenure.db")) as database,
        pytest.raises(sqlite3.IntegrityError),
    ):
        database.execute("UPDATE event SET kind = 'case.closed' WHERE seq = 2")
