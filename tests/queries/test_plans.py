"""Questions that are asked all day find their rows by an index, however many cases there are."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from engine.queries import CaseFilter, Reader, cases, tasks
from engine.service import letters
from engine.service.advancing import waiting_cases
from engine.store import to_micros

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

Ask = Callable[[Session, Reader, str], object]
ASKED: dict[str, Ask] = {
    "my tasks": lambda session, _, person: tasks(session, person, NOW),
    "cases": lambda session, reader, _: cases(session, reader, CaseFilter(), NOW),
    "cases of a process": lambda session, reader, _: cases(
        session, reader, CaseFilter(process="review"), NOW
    ),
    "cases that are late": lambda session, reader, _: cases(
        session, reader, CaseFilter(overdue=True), NOW
    ),
    "cases that are stuck": lambda session, reader, _: cases(
        session, reader, CaseFilter(stuck=True), NOW
    ),
}


def is_slow(step: str) -> bool:
    """Whether a step looks at every row of a large table, or sorts before it can stop."""
    words = step.split()
    if words[:2] == ["SCAN", "case"]:
        return len(words) > 2  # by its number, newest first, is how a list is read
    scans = words[0] == "SCAN" and words[1] in {"task", "assignment", "outbox", "timer", "event"}
    return (scans and "PARTIAL" not in words) or step == "USE TEMP B-TREE FOR ORDER BY"


def plan(connection: Any, sql: str, values: Any) -> list[str]:
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]


@pytest.mark.parametrize("what", ASKED)
def test_a_list_is_found_by_an_index(house, what: str) -> None:
    house.start("ann")
    asked: list[tuple[str, Any]] = []
    with house.database.read() as session:
        connection = session.connection()

        def note(_c: Any, _r: Any, sql: str, values: Any, *_: Any) -> None:
            asked.append((sql, values))

        event.listen(connection.engine, "before_cursor_execute", note)
        ASKED[what](session, Reader(directory=house.directory), house.ids["ann"])
        event.remove(connection.engine, "before_cursor_execute", note)
        plans = {sql: plan(connection, sql, values) for sql, values in asked}

    first = next(steps for sql, steps in plans.items() if "LIMIT" in sql)
    sorts = "USE TEMP B-TREE FOR ORDER BY"
    few = what in {"my tasks", "cases that are late", "cases that are stuck"}
    assert [step for step in first if is_slow(step) and not (few and step == sorts)] == []
    # One that is asked again for every row that comes by looks at all of them for a page of few.
    assert [step for step in first if step.startswith("CORRELATED")] == []


def test_what_a_job_asks_of_timers_and_letters_is_found_by_an_index(house) -> None:
    found: dict[str, list[str]] = {}

    def job(tx: Any) -> None:
        def explained(name: str, ask: Callable[[], object]) -> None:
            run: list[str] = []
            tx.connection.connection.dbapi_connection.set_trace_callback(run.append)
            ask()
            tx.connection.connection.dbapi_connection.set_trace_callback(None)
            # Events that wait are few, and sorted; timers may be a million.
            asked = [sql for sql in run if "FROM inbox" not in sql.partition("WHERE")[0]]
            found[name] = [step for sql in asked for step in plan(tx.connection, sql, ())]

        at = to_micros(NOW + timedelta(days=30))
        explained("timers", lambda: waiting_cases(tx, 500, at, at))
        explained("cancelled", lambda: letters.cancel_waiting(tx, 1, 1, "closed", at))
        explained("told", lambda: letters.told_of(tx, 1, 1))

    house.start("ann")
    house.database.write(job)

    assert any("timer_due" in step for step in found["timers"])
    slow = {name: [step for step in steps if is_slow(step)] for name, steps in found.items()}
    assert slow == {"timers": [], "cancelled": [], "told": []}
