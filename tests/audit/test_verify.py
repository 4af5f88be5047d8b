"""The verifier over a real history: it says OK, and finds whatever was altered behind its back."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from engine.audit.findings import Fault
from engine.audit.lines import erased_line
from engine.audit.verify import verify
from engine.service.cases import load_named, tell
from engine.store import Database, to_micros

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def play(house) -> tuple[str, str]:
    """Two cases: one closed the long way round, one that waits with a timer that fired."""
    first = house.start("ann", NOW)
    house.answer(first, "self", "ann", now=NOW + timedelta(hours=1), words="A fine year")
    house.answer(
        first, "rate", "bob", now=NOW + timedelta(hours=2), rating=5, share=0.12, secret="x"
    )
    house.answer(first, "second_look", "cy", button="approve", now=NOW + timedelta(hours=3))
    house.service.claim(house.task(first, "kit", "ann"), house.ids["ann"], NOW + timedelta(hours=4))
    house.answer(first, "kit", "ann", now=NOW + timedelta(hours=5))
    house.answer(first, "talk", "bob", now=NOW + timedelta(hours=6), told_on="2026-12-01")
    second = house.start("dan", NOW)
    house.service.advance(100, NOW + timedelta(days=14))
    house.service.reassign(
        house.task(second, "self", "dan"),
        house.ids["ann"],
        house.ids["cy"],
        "away",
        NOW + timedelta(days=14),
    )
    return first, second


@pytest.fixture
def played(house) -> tuple[str, str]:
    return play(house)


def altering(database: Database, *statements: str) -> None:
    """What an intruder with the file does: no triggers, no foreign keys."""
    raw = sqlite3.connect(database._writing.url.database)
    raw.execute("PRAGMA foreign_keys=OFF")
    triggers = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        raw.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        cursor = raw.execute(statement)
        assert cursor.rowcount != 0, statement
    raw.commit()
    raw.close()


def test_an_untouched_history_is_ok_and_replays_to_where_every_case_stands(house, played) -> None:
    verdict = verify(house.database)
    assert str(verdict) == f"OK {verdict.events} events in 2 cases, 2 replayed"
    assert verdict.events > 20
    assert str(verify(house.database, replay=False)) == f"OK {verdict.events} events in 2 cases"


def test_an_empty_database_is_ok(database) -> None:
    assert str(verify(database)) == "OK 0 events in 0 cases"


ALTERATIONS = [
    (
        "UPDATE event SET public = '{}' WHERE kind = 'task.answered' AND case_id = 1",
        Fault.CHANGED,
        True,
    ),
    ("UPDATE event SET actor = 'p_x' WHERE case_id = 2 AND seq = 1", Fault.CHANGED, True),
    ("DELETE FROM event WHERE case_id = 1 AND seq = 4", Fault.MISSING, True),
    (
        'DELETE FROM event WHERE case_id = 2 AND seq = (SELECT seq FROM "case" WHERE id = 2)',
        Fault.MISSING,
        True,
    ),
    (
        "UPDATE event_private SET payload = replace(payload, 'A fine', 'A poor') WHERE payload LIKE '%A fine%'",
        Fault.PRIVATE_CHANGED,
        True,
    ),
    ("DELETE FROM event_private WHERE payload LIKE '%A fine%'", Fault.PRIVATE_DELETED, True),
    ("UPDATE \"case\" SET head = x'00' WHERE id = 1", Fault.HEAD, False),
    (
        'UPDATE "case" SET snapshot = replace(snapshot, \'"rating":5\', \'"rating":4\') WHERE id = 1',
        Fault.STATE,
        False,
    ),
    ("UPDATE \"case\" SET snapshot = '{' WHERE id = 1", Fault.STATE, False),
    ("UPDATE \"case\" SET outcome = 'withdrawn' WHERE id = 1", Fault.STATE, False),
    ('UPDATE "case" SET subject = NULL WHERE id = 2', Fault.STATE, False),
    ('UPDATE "case" SET closed_at = NULL WHERE id = 1', Fault.STATE, False),
    ("UPDATE \"case\" SET name = 'REV-9' WHERE id = 1", Fault.REWRITTEN, True),
    ("UPDATE task SET closed_by = 'p_x' WHERE state = 'rate'", Fault.TASK, False),
    ("UPDATE task SET outcome = 'reject' WHERE state = 'second_look'", Fault.TASK, False),
    ("UPDATE task SET due_at = due_at + 1 WHERE status = 'open'", Fault.TASK, False),
    ("UPDATE task SET status = 'answered' WHERE status = 'open'", Fault.TASK, False),
    ("DELETE FROM task WHERE state = 'talk'", Fault.TASK, False),
    (
        (
            "INSERT INTO task (public_id, case_id, key, state, title, status, opened_at, reminders) "
            "SELECT 'again', case_id, 'self#9', state, title, status, opened_at, 0 FROM task WHERE id = 1"
        ),
        Fault.TASK,
        False,
    ),
    ("UPDATE assignment SET person = 'p_x' WHERE ended_at IS NULL", Fault.TASK, False),
    ("UPDATE timer SET due_at = due_at + 1", Fault.TIMER, False),
    ("DELETE FROM timer", Fault.TIMER, False),
    ("INSERT INTO timer (case_id, key, due_at) VALUES (2, 'self#1/late.9', 0)", Fault.TIMER, False),
    ("UPDATE definition SET source = replace(source, '>= 4', '>= 5')", Fault.DEFINITION, False),
    ("UPDATE definition SET version = 2", Fault.CHANGED, True),
    ('DELETE FROM "case" WHERE id = 2', Fault.ORPHANED, False),
    ('UPDATE "case" SET opened_at = opened_at - 1 WHERE id = 2', Fault.STATE, False),
    ('UPDATE "case" SET updated_at = updated_at - 1 WHERE id = 1', Fault.STATE, False),
    ('UPDATE "case" SET closed_at = closed_at - 1 WHERE id = 1', Fault.STATE, False),
    ("UPDATE \"case\" SET process = 'other' WHERE id = 1", Fault.STATE, False),
    ('UPDATE "case" SET definition_id = 9 WHERE id = 1', Fault.STATE, False),
    ("UPDATE definition SET title = 'Other'", Fault.DEFINITION, False),
    ("UPDATE task SET title = 'Take it' WHERE state = 'kit'", Fault.TASK, False),
    ("UPDATE task SET text = 'Hurry' WHERE state = 'kit'", Fault.TASK, False),
    ("UPDATE task SET state = 'self' WHERE state = 'kit'", Fault.TASK, False),
    ("UPDATE task SET queue = NULL WHERE state = 'kit'", Fault.TASK, False),
    ("UPDATE task SET opened_at = opened_at - 1 WHERE state = 'kit'", Fault.TASK, False),
    ("UPDATE task SET closed_at = due_at - 1 WHERE state = 'kit'", Fault.TASK, False),
    ("UPDATE task SET due_at = closed_at WHERE state = 'kit'", Fault.TASK, False),
    ("UPDATE task SET reminders = reminders + 1 WHERE case_id = 2", Fault.TASK, False),
    (
        "UPDATE assignment SET person = 'p_x' WHERE task_id = (SELECT id FROM task WHERE state = 'rate')",
        Fault.TASK,
        False,
    ),
    (
        "DELETE FROM assignment WHERE task_id = (SELECT id FROM task WHERE state = 'rate')",
        Fault.TASK,
        False,
    ),
    (
        "UPDATE assignment SET ended_at = NULL WHERE task_id = (SELECT id FROM task WHERE state = 'rate')",
        Fault.TASK,
        False,
    ),
    (
        (
            "INSERT INTO assignment (task_id, person, candidate, started_at, ended_at) "
            "SELECT id, 'p_x', 0, opened_at, closed_at FROM task WHERE state = 'rate'"
        ),
        Fault.TASK,
        False,
    ),
]
# SQLite keeps a value of any type in any column.
FOREIGN = ("x'00ff'", "'x'", "77", "1.5")
COLUMNS = {
    "event": "at kind actor assurance object definition_id request public commitment prev hash",
    "event_private": "salt payload",
    "case": "name seq head snapshot subject outcome closed_at",
    "task": "key state title status due_at closed_by",
    "timer": "key due_at",
    "definition": "source sha256 version",
}


@pytest.mark.parametrize(("statement", "fault", "at_a_line"), ALTERATIONS)
def test_an_alteration_is_found_and_named(
    house, played, statement: str, fault: Fault, at_a_line: bool
) -> None:
    altering(house.database, statement)
    verdict = verify(house.database)

    assert verdict.finding is not None
    assert verdict.finding.fault is fault, str(verdict)
    assert (verdict.finding.seq is not None) is at_a_line
    assert str(verdict).startswith("ALTERED ")
    # A sentence about personal data holds none.
    assert "year" not in str(verdict)


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table, columns in COLUMNS.items() for column in columns.split()],
)
def test_a_value_of_another_type_is_an_alteration_like_any_other(
    house, played, table: str, column: str
) -> None:
    newest = f'rowid = (SELECT max(rowid) FROM "{table}")'
    with house.database.read() as session:
        (before,) = (
            session.connection()
            .exec_driver_sql(f'SELECT quote({column}) FROM "{table}" WHERE {newest}')
            .one()
        )
    for value in FOREIGN:
        altering(house.database, f'UPDATE "{table}" SET {column} = {value} WHERE {newest}')
        assert not verify(house.database).ok, value
    altering(house.database, f'UPDATE "{table}" SET {column} = {before} WHERE {newest}')
    assert verify(house.database).ok


def test_a_text_and_its_hash_altered_together_break_every_line_that_was_written_under_it(
    house, played
) -> None:
    altering(
        house.database,
        "UPDATE definition SET source = 'x', "
        "sha256 = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'",
    )
    verdict = verify(house.database)
    assert verdict.finding is not None
    assert (verdict.finding.fault, verdict.finding.seq) == (Fault.CHANGED, 1)


def test_what_was_erased_with_a_line_that_says_so_is_whole_but_cannot_be_replayed(
    house, played
) -> None:
    def erase(tx):
        case = load_named(house.service.tools, tx, played[0])
        line = erased_line([1], by=house.ids["cy"], reason="asked for", at=to_micros(NOW))
        tell(house.service.tools, tx, case, [line])
        tx.cursor.execute(
            "DELETE FROM event_private WHERE event_id = (SELECT id FROM event WHERE case_id = 1 AND seq = 1)"
        )

    house.database.write(erase)
    verdict = verify(house.database)
    assert verdict.ok, str(verdict)
    assert (verdict.replayed, verdict.erased) == (1, 1)
    assert str(verdict).endswith("1 replayed, 1 not replayed since answers were erased")


def test_the_verifier_reads_either_kind_of_database(either_house) -> None:
    play(either_house)
    verdict = verify(either_house.database)
    assert str(verdict) == f"OK {verdict.events} events in 2 cases, 2 replayed"
    either_house.database.write(
        lambda tx: tx.cursor.execute("DELETE FROM event_private WHERE payload LIKE '%A fine year%'")
    )
    found = verify(either_house.database).finding
    assert found is not None
    assert (found.fault, found.case) == (Fault.PRIVATE_DELETED, "REV-0001")
