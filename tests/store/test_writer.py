"""One writer, one commit for all who wait, and nobody falls with his neighbour."""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import DBAPIError

from engine.store import (
    Database,
    NotKept,
    Overtaken,
    Statement,
    StoreError,
    Transaction,
    WriteInsideWrite,
    trouble_of,
)
from engine.store.statements import insert_into, table_of
from engine.store.tables import MetaRow

ADD = insert_into(MetaRow)
META = table_of(MetaRow)
ALL = Statement(select(META.c.name, META.c.value).order_by(META.c.name))
SET = Statement(update(META).where(META.c.name == bindparam("of")).values(value=bindparam("to")))


def add(name: str, value: str = "1") -> Callable[[Transaction], int]:
    return lambda tx: tx.run(ADD, {"name": name, "value": value})


def names(database: Database) -> list[str]:
    return database.write(lambda tx: [row[0] for row in tx.all(ALL, {})])


def together(database: Database, jobs: list[Callable[[Transaction], object]]) -> list[object]:
    """Runs the jobs so that all of them wait while the first is being written."""
    outcomes: list[object] = [None] * len(jobs)
    waiting = threading.Barrier(len(jobs) + 1)
    go_on = threading.Event()

    def ask(number: int) -> None:
        waiting.wait()
        try:
            outcomes[number] = database.write(jobs[number])
        except BaseException as error:  # noqa: BLE001
            outcomes[number] = error

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(jobs))]

    def block() -> None:
        with suppress(NotKept):  # it shares the commit, and so its fate
            database.write(lambda _: go_on.wait(5))

    blocker = threading.Thread(target=block)
    for thread in [*threads, blocker]:
        thread.start()
    waiting.wait()
    while len(database._writer._waiting) < len(jobs):
        threading.Event().wait(0.005)
    go_on.set()
    for thread in [*threads, blocker]:
        thread.join(10)
    return outcomes


def test_jobs_that_wait_together_share_a_commit(database: Database):
    before = database.commits

    outcomes = together(database, [add(f"n{i:02}") for i in range(20)])

    assert outcomes == [1] * 20
    assert database.commits - before <= 2
    assert names(database) == [f"n{i:02}" for i in range(20)]


def test_a_job_that_fails_takes_nobody_with_it(database: Database):
    def fail(tx: Transaction) -> None:
        tx.run(ADD, {"name": "half", "value": ""})
        raise ValueError("no")

    outcomes = together(database, [add("a"), fail, add("a"), add("b")])

    assert outcomes[3] == 1
    assert isinstance(outcomes[1], ValueError)
    assert sum(o == 1 for o in outcomes) == 2  # one of the two that write `a`
    assert names(database) == ["a", "b"]


def test_a_lone_job_that_fails_leaves_nothing_behind(database: Database):
    def fail(tx: Transaction) -> None:
        tx.run(ADD, {"name": "half", "value": ""})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        database.write(fail)

    assert names(database) == []


def test_a_job_that_was_overtaken_runs_again(database: Database):
    runs = []

    def job(tx: Transaction) -> str:
        runs.append(tx.run(ADD, {"name": "a", "value": ""}))
        if len(runs) < 3:
            raise Overtaken("somebody was faster")
        return "written"

    assert database.write(job) == "written"
    assert runs == [1, 1, 1]
    assert names(database) == ["a"]


def test_a_job_that_is_always_overtaken_gives_up(database: Database):
    def job(_: Transaction) -> None:
        raise Overtaken("somebody was faster")

    with pytest.raises(Overtaken):
        database.write(job)


def test_a_write_inside_a_write_is_refused(database: Database):
    with pytest.raises(WriteInsideWrite, match="transaction that the job was given"):
        database.write(lambda _: database.write(add("a")))


def test_ctrl_c_in_a_job_undoes_those_who_share_its_commit_and_says_so(database: Database):
    def stop(_: Transaction) -> None:
        raise KeyboardInterrupt

    outcomes = together(database, [add("a"), stop, add("b")])

    stopped = [outcome for outcome in outcomes if outcome != 1]
    assert any(isinstance(outcome, KeyboardInterrupt | StoreError) for outcome in stopped)
    for outcome in stopped:
        assert isinstance(outcome, KeyboardInterrupt) or "being stopped" in str(outcome)
    assert database.write(add("c")) == 1
    assert len(names(database)) == len(outcomes) - len(stopped) + 1


@pytest.mark.skipif(
    threading.current_thread() is not threading.main_thread(), reason="signals reach main threads"
)
def test_ctrl_c_while_waiting_takes_the_job_back(database: Database):
    # Who runs the tests in the background of a shell has them ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    go_on, begun = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        begun.set()
        go_on.wait(10)

    def interrupt() -> None:
        while not database._writer._waiting:
            threading.Event().wait(0.005)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    blocker = threading.Thread(target=lambda: database.write(hold))
    blocker.start()
    begun.wait(10)
    killer = threading.Thread(target=interrupt)
    killer.start()
    with pytest.raises(KeyboardInterrupt):
        database.write(add("a"))
    signal.signal(signal.SIGINT, before)
    go_on.set()
    blocker.join(10)
    killer.join(10)

    assert database.write(add("b")) == 1
    assert names(database) == ["b"]


def test_a_closed_database_says_so(database: Database):
    database.close()

    with pytest.raises(StoreError, match="was closed"):
        database.write(add("a"))


def test_what_waits_at_the_end_is_still_written(database_url: str):
    database = Database.open(database_url)
    go_on, begun = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        begun.set()
        go_on.wait(10)

    jobs = [threading.Thread(target=database.write, args=(hold,))]
    jobs[0].start()
    begun.wait(10)
    jobs += [threading.Thread(target=database.write, args=(add(name),)) for name in "ab"]
    for job in jobs[1:]:
        job.start()
    while len(database._writer._waiting) < 2:
        threading.Event().wait(0.005)
    closing = threading.Thread(target=database.close)
    closing.start()
    go_on.set()
    for thread in (*jobs, closing):
        thread.join(10)

    with Database.open(database_url) as again:
        assert names(again) == ["a", "b"]


def test_a_session_and_the_raw_cursor_write_into_one_transaction(database: Database):
    def job(tx: Transaction) -> list[str]:
        tx.session().add(MetaRow(name="session", value="1"))
        tx.session().flush()
        tx.connection.execute(text("INSERT INTO meta VALUES ('core', '1')"))
        tx.run(ADD, {"name": "raw", "value": "1"})
        return [row[0] for row in tx.all(ALL, {})]

    assert database.write(job) == ["core", "raw", "session"]
    assert names(database) == ["core", "raw", "session"]


def test_a_session_that_was_used_by_a_failing_job_leaves_nothing(database: Database):
    def job(tx: Transaction) -> None:
        tx.run(ADD, {"name": "raw", "value": "1"})
        tx.session().add(MetaRow(name="session", value="1"))
        tx.session().commit()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        database.write(job)
    assert names(database) == []
    database.write(add("later"))
    assert names(database) == ["later"]


def test_an_inner_savepoint_undoes_only_its_block(database: Database):
    def job(tx: Transaction) -> None:
        tx.run(ADD, {"name": "before", "value": ""})
        row = {"name": "inside too", "value": ""}
        with pytest.raises(ZeroDivisionError), tx.savepoint():
            tx.run(ADD, {"name": "inside", "value": str(tx.run(ADD, row) / 0)})
        tx.run(ADD, {"name": "after", "value": ""})

    database.write(job)

    assert names(database) == ["after", "before"]


def test_many_rows_at_once_and_the_count_of_touched_rows(database: Database):
    def job(tx: Transaction) -> tuple[int, int, int]:
        rows = [{"name": f"n{i}", "value": "x"} for i in range(5)]
        return (
            tx.run(ADD, rows),
            tx.run(SET, {"of": "n1", "to": "y"}),
            tx.run(SET, {"of": "none", "to": "y"}),
        )

    assert database.write(job) == (5, 1, 0)


def test_no_rows_is_no_statement(database: Database):
    assert database.write(lambda tx: tx.run(ADD, [])) == 0


def test_a_reader_never_sees_half_a_commit(database: Database):
    database.write(add("a"))
    with database.read() as session:
        first = session.connection().execute(text("SELECT count(*) FROM meta")).scalar()
        database.write(add("b"))
        second = session.connection().execute(text("SELECT count(*) FROM meta")).scalar()
    with database.read() as session:
        third = session.connection().execute(text("SELECT count(*) FROM meta")).scalar()

    assert (first, second, third) == (1, 1, 2)


def test_a_reader_cannot_write(database: Database):
    with database.read() as session, pytest.raises(DBAPIError, match=r"read-?only"):
        session.connection().execute(text("INSERT INTO meta VALUES ('a', 'b')"))


def test_an_error_tells_the_statement_and_not_its_values(database: Database):
    """They are names and answers, and errors end in logs."""
    secret = "Ann earns 60,000"
    asked = text("SELECT nothing FROM meta WHERE value = :value")

    for ask in (
        lambda: database.write(lambda tx: tx.session().execute(asked, {"value": secret})),
        lambda: _read(database, asked, secret),
    ):
        with pytest.raises(DBAPIError) as caught:
            ask()
        assert "SELECT nothing" in str(caught.value)
        assert secret not in str(caught.value)


def _read(database: Database, asked: object, value: str) -> None:
    with database.read() as session:
        session.execute(asked, {"value": value})


def test_numbers_are_fresh_and_in_order(database: Database):
    first = database.write(lambda tx: list(tx.numbers("case", 3)) + list(tx.numbers("case", 100)))
    second = database.write(lambda tx: list(tx.numbers("case")))

    assert first == sorted(set(first))
    assert len(first) == 103
    if database.dialect == "postgresql":
        assert second[0] > first[-1]


def test_the_connection_of_the_writer_is_made_anew_when_it_was_cut(database: Database):
    if database.dialect == "sqlite":
        pytest.skip("a file has no connection to cut")
    database.write(add("a"))
    with database.read() as session:
        pid = session.connection().execute(text("SELECT pg_backend_pid()")).scalar()
    other = Database.open(database._writing.url.render_as_string(hide_password=False))
    other.write(
        lambda tx: tx.connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid NOT IN (:pid, pg_backend_pid())"
            ),
            {"pid": pid},
        )
    )
    other.close()

    database.write(add("b"))

    assert names(database) == ["a", "b"]


def test_two_processes_worth_of_writers_wait_for_each_other(database: Database, database_url: str):
    with Database.open(database_url) as other:
        jobs = [
            threading.Thread(target=side.write, args=(add(f"{number}-{i}"),))
            for i in range(10)
            for number, side in enumerate((database, other))
        ]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join(20)

    assert len(names(database)) == 20


def test_a_lock_that_somebody_keeps_is_a_sentence(sqlite_database: Database, monkeypatch):
    import sqlite3

    sqlite_database.write(lambda tx: tx.cursor.execute("PRAGMA busy_timeout=20"))
    with sqlite3.connect(sqlite_database._writing.url.database) as hog:
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="Another program may hold it"):
            sqlite_database.write(add("a"))
    hog.close()
    sqlite_database.write(add("b"))

    assert names(sqlite_database) == ["b"]


def test_on_a_full_disk_all_who_share_the_commit_hear_of_it_and_nothing_is_kept(
    sqlite_database: Database,
):
    def fill(tx: Transaction) -> None:
        (count,) = tx.cursor.execute("PRAGMA page_count").fetchone()
        tx.cursor.execute(f"PRAGMA max_page_count={count}").fetchall()

    sqlite_database.write(fill)
    small = [f"small {number}" for number in range(8)]
    outcomes = together(sqlite_database, [add("large", "x" * 500_000), *map(add, small)])
    sqlite_database.write(lambda tx: tx.cursor.execute("PRAGMA max_page_count=0"))

    assert type(outcomes[0]) is NotKept
    assert "disk is full" in str(outcomes[0])
    assert "free space" in str(outcomes[0])
    # Who shares the commit depends on who came first: what was told is what is kept.
    assert {type(outcome) for outcome in outcomes[1:]} <= {NotKept, int}
    kept = [name for name, outcome in zip(small, outcomes[1:], strict=True) if outcome == 1]
    assert names(sqlite_database) == kept


def test_a_job_that_finds_no_room_alone_is_told_why(sqlite_database: Database):
    sqlite_database.write(lambda tx: tx.cursor.execute("PRAGMA max_page_count=1"))

    with pytest.raises(NotKept, match="database or disk is full"):
        sqlite_database.write(add("large", "x" * 500_000))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("53100", "Nothing of this was written. Look at the server's disk, rights and log."),
        ("25006", "Nothing of this was written. Look at the server's disk, rights and log."),
        ("57P01", "and whether this was written before you do it again."),
        (None, "and whether this was written before you do it again."),
        ("42P01", None),
    ],
)
def test_what_fails_a_server_from_outside_is_told_and_a_wrong_statement_is_not(state, said):
    class Failed(psycopg.Error):
        sqlstate = state

    told = trouble_of(Failed("no\nroom"))

    assert (told is None) == (said is None)
    if said is not None:
        assert told.startswith("The database does not do what it is asked: no room. ")
        assert told.endswith(said)
