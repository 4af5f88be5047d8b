"""The one place of this process that writes: all who wait share a commit.

A commit costs an fsync whoever pays for it, so jobs that wait together are committed together, each
under a savepoint of its own: one that fails takes nobody with it. Whoever comes while nobody writes
does it in its own thread, for itself and for all who come meanwhile; waking another thread would
cost as much as deciding an answer.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from engine.store.errors import DatabaseUnusable, Overtaken, StoreError, WriteInsideWrite
from engine.store.numbering import CountingOn, FromSequences, Numbering
from engine.store.statements import Compiled, Statement
from engine.store.transaction import Transaction

T = TypeVar("T")

_MOST_PER_COMMIT = 256
_MOST_TRIES = 6
_TRY_AGAIN = frozenset({"40001", "40P01"})  # PostgreSQL: serialization failure, deadlock detected


class _Ticket:
    """A job that waits for its commit, or for its turn to lead."""

    __slots__ = ("error", "finished", "job", "result", "thread", "told")

    def __init__(self, job: Callable[[Transaction], Any]) -> None:
        self.job = job
        self.thread = threading.get_ident()
        self.result: Any = None
        self.error: BaseException | None = None
        self.finished = False
        self.told = threading.Lock()  # held until there is something to tell
        self.told.acquire()

    def finish(self) -> None:
        self.finished = True
        self.told.release()


class Writer:
    """Runs jobs in the order in which they came, as many to a commit as are waiting."""

    def __init__(self, engine: Engine) -> None:
        self.commits = 0  # how many were made, for those who measure
        self._engine = engine
        self._postgresql = engine.dialect.name == "postgresql"
        self._begin = "BEGIN" if self._postgresql else "BEGIN IMMEDIATE"
        self._numbering: Numbering = FromSequences() if self._postgresql else CountingOn()
        self._compiled: dict[Statement, Compiled] = {}
        self._gate = threading.Condition()  # in front of the next three
        self._waiting: deque[_Ticket] = deque()
        self._leader: int | None = None  # the thread that writes now
        self._closed = False
        self._connection: Connection | None = None
        self._cursor: Any = None

    def write(self, job: Callable[[Transaction], T]) -> T:
        ticket = _Ticket(job)
        if self._leader == ticket.thread:
            raise WriteInsideWrite(
                "A write was asked for inside another write. "
                "Use the transaction that the job was given."
            )
        try:
            if not self._leads(ticket):
                ticket.told.acquire()
            if not ticket.finished:
                self._lead(ticket)
        finally:  # also when the wait was interrupted
            self._leave(ticket)
        if ticket.error is not None:
            raise ticket.error
        return cast("T", ticket.result)

    def close(self) -> None:
        """Returns when everything is written that was asked for; nothing is taken any more."""
        with self._gate:
            self._closed = True
            self._gate.wait_for(lambda: self._leader is None)
        self._disconnect()

    def _leads(self, ticket: _Ticket) -> bool:
        """Whether nobody writes, so that the one who came does; otherwise its job is queued."""
        with self._gate:
            if self._closed:
                raise DatabaseUnusable("The database was closed; nothing more can be written.")
            if self._leader is None:
                self._leader = ticket.thread
                return True
            self._waiting.append(ticket)
            return False

    def _leave(self, ticket: _Ticket) -> None:
        """Hands the lead to whoever waits longest, or takes a job back that nobody began."""
        with self._gate:
            if self._leader != ticket.thread:
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
            elif self._waiting:
                following = self._waiting.popleft()
                self._leader = following.thread
                following.told.release()
            else:
                self._leader = None
                self._gate.notify_all()

    def _lead(self, mine: _Ticket) -> None:
        batch = [mine]
        try:
            self._write_all(batch)
        except BaseException as error:  # noqa: BLE001 - those who wait must hear of it
            self._disconnect()
            for waiting in batch:
                waiting.error = error if waiting is mine else _for_others(error)
        for waiting in batch:
            waiting.finish()

    def _write_all(self, batch: list[_Ticket]) -> None:
        """Commits the batch and whatever else comes in while it runs.

        `batch` grows by those, and shrinks by who has been told the outcome.
        """
        if not self._waiting:
            self._run_alone(batch[0])
            return
        self._open_transaction()
        overtaken = []
        done = 0
        while done < len(batch):
            ticket = batch[done]
            if not self._run_among_others(ticket):
                overtaken.append(ticket)
            done += 1
            if done == len(batch) < _MOST_PER_COMMIT:
                self._take_waiting(batch)
        self._cursor.execute("COMMIT")
        self._settle()
        committed = [ticket for ticket in batch if ticket not in overtaken]
        batch[:] = overtaken
        for ticket in committed:
            ticket.finish()
        # Only now, with no lock held for anybody else: two processes whose batches lock the same
        # rows in another order would go on stopping each other.
        while batch:
            self._run_alone(batch[0])
            batch.pop(0).finish()

    def _take_waiting(self, batch: list[_Ticket]) -> None:
        with self._gate:
            while self._waiting and len(batch) < _MOST_PER_COMMIT:
                batch.append(self._waiting.popleft())

    def _run_among_others(self, ticket: _Ticket) -> bool:
        """One job under a savepoint; False if it was overtaken and has to run again."""
        self._cursor.execute("SAVEPOINT job")
        transaction = self._transaction()
        try:
            ticket.result = ticket.job(transaction)
            transaction.finish()
        except Exception as error:
            transaction.abandon()
            if not self._has_transaction():
                raise  # and with it went what the others wrote: they have to hear of it too
            self._cursor.execute("ROLLBACK TO SAVEPOINT job")
            self._cursor.execute("RELEASE SAVEPOINT job")
            if _was_overtaken(error):
                return False
            ticket.error = error
        else:
            self._cursor.execute("RELEASE SAVEPOINT job")
        return True

    def _run_alone(self, ticket: _Ticket) -> None:
        """One job in a transaction of its own; again if it was overtaken."""
        for left in reversed(range(_MOST_TRIES)):
            self._open_transaction()
            transaction = self._transaction()
            try:
                result = ticket.job(transaction)
                transaction.finish()
            except Exception as error:  # noqa: BLE001 - it belongs to whoever asked
                transaction.abandon()
                if self._has_transaction():
                    self._cursor.execute("ROLLBACK")
                self._settle(committed=False)
                if left and _was_overtaken(error):
                    continue
                ticket.error = error
                return
            self._cursor.execute("COMMIT")
            self._settle()
            ticket.result = result
            return

    def _has_transaction(self) -> bool:
        """Whether there is one to undo: where the disk is full, SQLite ends it by itself."""
        return self._postgresql or bool(self._cursor.connection.in_transaction)

    def _transaction(self) -> Transaction:
        assert self._connection is not None
        return Transaction(
            connection=self._connection,
            cursor=self._cursor,
            dialect=self._engine.dialect,
            compiled=self._compiled,
            numbering=self._numbering,
        )

    def _open_transaction(self) -> None:
        if self._cursor is None:
            self._connect()
            self._execute_begin()
        elif not self._postgresql:
            self._execute_begin()
        else:
            try:
                self._execute_begin()
            except StoreError:  # a held connection may have died since the last write
                self._disconnect()
                self._connect()
                self._execute_begin()
        self._numbering.begin()

    def _execute_begin(self) -> None:
        try:
            self._cursor.execute(self._begin)
        except Exception as error:
            if (
                getattr(error, "sqlite_errorcode", sqlite3.SQLITE_BUSY) & 0xFF
                != sqlite3.SQLITE_BUSY
            ):
                raise
            raise StoreError(
                f"The database does not let this program write: {error}. Another program may "
                "hold it; try again, and look for a second `tenure` or an open database tool."
            ) from error

    def _connect(self) -> None:
        try:
            self._connection = self._engine.connect()
        except DBAPIError as error:
            raise DatabaseUnusable(f"The database cannot be reached: {error.orig}.") from error
        driver = self._connection.connection.dbapi_connection
        assert driver is not None
        self._cursor = driver.cursor()

    def _disconnect(self) -> None:
        connection, self._connection, self._cursor = self._connection, None, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _settle(self, *, committed: bool = True) -> None:
        """Ends what SQLAlchemy believes to be a transaction; the database's own has ended."""
        self.commits += committed
        connection = self._connection
        assert connection is not None
        if connection.in_transaction():
            connection.rollback()


def _for_others(error: BaseException) -> BaseException:
    """Ctrl-C is meant for one thread, and what it stopped belongs to all of the batch."""
    if isinstance(error, Exception):
        return error
    return StoreError("This was not written, because the program is being stopped. Try again.")


def _was_overtaken(error: BaseException) -> bool:
    if isinstance(error, Overtaken):
        return True
    original = error.orig if isinstance(error, DBAPIError) else error
    return getattr(original, "sqlstate", None) in _TRY_AGAIN
