"""A small real `Work` on one SQLite file, which threads and processes may share."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

from flows import Advanced, Claimed, Delivered, Due, Launched, Sealed, Transient

_TABLES = """
CREATE TABLE IF NOT EXISTS letter (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
  not_before TEXT NOT NULL DEFAULT '', held_until TEXT NOT NULL DEFAULT '', held_by TEXT,
  attempt INTEGER NOT NULL DEFAULT 0, passing INTEGER NOT NULL DEFAULT 0,
  ending TEXT NOT NULL DEFAULT 'sent', seconds REAL NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS line (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, letter INTEGER, note TEXT, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS timer (id INTEGER PRIMARY KEY, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS cohort (
  id INTEGER PRIMARY KEY, total INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0
);
"""


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the tests of real schedules live in real time


class Book:
    def __init__(self, path: Path) -> None:
        self.path = path
        with self.open() as book:
            book.execute("PRAGMA journal_mode=WAL")
            book.executescript(_TABLES)

    def open(self) -> sqlite3.Connection:
        return _Closing(self.path, timeout=20, isolation_level=None)

    # -- what a test writes and reads ---------------------------------------------------------

    def write(
        self,
        count: int = 1,
        *,
        case: str = "case-ONB-0042",
        passing: int = 0,
        ending: str = "sent",
        seconds: float = 0.0,
    ) -> None:
        """Put letters into the outbox; `passing` is how many tries meet a trouble that passes."""
        with self.open() as book:
            book.execute("BEGIN IMMEDIATE")
            (last,) = book.execute("SELECT coalesce(max(id), 0) FROM letter").fetchone()
            for number in range(last + 1, last + count + 1):
                book.execute(
                    "INSERT INTO letter (id, name, passing, ending, seconds) VALUES (?, ?, ?, ?, ?)",
                    (number, f"mail {case} #{number}", passing, ending, seconds),
                )

    def timers(self, count: int) -> None:
        with self.open() as book:
            book.executemany("INSERT INTO timer (done) VALUES (?)", [(0,)] * count)

    def cohort(self, number: int, total: int) -> None:
        with self.open() as book:
            book.execute("INSERT INTO cohort (id, total) VALUES (?, ?)", (number, total))

    def lines(self, kind: str) -> list[tuple[int, str, datetime]]:
        with self.open() as book:
            rows = book.execute(
                "SELECT letter, note, at FROM line WHERE kind = ? ORDER BY id", (kind,)
            ).fetchall()
        return [(letter, note, datetime.fromisoformat(at)) for letter, note, at in rows]

    def count(self, question: str) -> int:
        with self.open() as book:
            return int(book.execute(f"SELECT count(*) FROM {question}").fetchone()[0])

    def _line(self, book, kind, letter, note, at):
        book.execute(
            "INSERT INTO line (kind, letter, note, at) VALUES (?, ?, ?, ?)",
            (kind, letter, note, at.isoformat()),
        )

    # -- Work ---------------------------------------------------------------------------------

    def due(self, now: datetime) -> Due:
        at = now.isoformat()
        with self.open() as book:
            (letters,) = book.execute(
                "SELECT count(*) FROM letter"
                " WHERE state = 'waiting' AND not_before <= ? AND held_until <= ?",
                (at, at),
            ).fetchone()
            (timers,) = book.execute("SELECT count(*) FROM timer WHERE done = 0").fetchone()
            (launches,) = book.execute("SELECT count(*) FROM cohort WHERE done < total").fetchone()
        return Due(letters=letters, timers=timers, launches=launches)

    def claim_letters(self, limit, lease: timedelta, worker, now) -> tuple[Claimed, ...]:
        at = now.isoformat()
        with self.open() as book:
            book.execute("BEGIN IMMEDIATE")
            rows = book.execute(
                "UPDATE letter SET held_until = ?, held_by = ?, attempt = attempt + 1 WHERE id IN ("
                "SELECT id FROM letter WHERE state = 'waiting' AND not_before <= ?"
                " AND held_until <= ? ORDER BY id LIMIT ?) RETURNING id, name, attempt",
                ((now + lease).isoformat(), worker, at, at, limit),
            ).fetchall()
        return tuple(Claimed(id=row[0], name=row[1], attempt=row[2]) for row in rows)

    def deliver(self, claimed: Claimed, now) -> Delivered:
        with self.open() as book:
            book.execute("BEGIN IMMEDIATE")
            self._line(book, "try", claimed.id, "", now)
            passing, ending, seconds = book.execute(
                "SELECT passing, ending, seconds FROM letter WHERE id = ?", (claimed.id,)
            ).fetchone()
            if passing:
                book.execute("UPDATE letter SET passing = passing - 1 WHERE id = ?", (claimed.id,))
        if passing:
            raise Transient("ann@example.org: 421 try again", timedelta(milliseconds=10))
        if ending == "bug":
            raise RuntimeError("ann@example.org has a strange name")
        sleep(seconds)
        with self.open() as book:
            book.execute("BEGIN IMMEDIATE")
            book.execute(
                "UPDATE letter SET state = ?, held_until = '' WHERE id = ?", (ending, claimed.id)
            )
            self._line(book, ending, claimed.id, "", now)
        return Delivered(state=ending, note="to ann@example.org")

    def recover(self, worker, now) -> int:
        with self.open() as book:
            return book.execute(
                "UPDATE letter SET held_until = '' WHERE held_by = ? AND held_until != ''",
                (worker,),
            ).rowcount

    def release(self, claimed: Claimed, note: str | None, now) -> None:
        with self.open() as book:
            book.execute("BEGIN IMMEDIATE")
            book.execute(
                "UPDATE letter SET held_until = '', not_before = ? WHERE id = ?",
                ((now + timedelta(minutes=5)).isoformat(), claimed.id),
            )
            self._line(book, "released", claimed.id, note or "not begun", now)

    def advance(self, limit, now) -> Advanced:
        with self.open() as book:
            book.execute("BEGIN IMMEDIATE")
            moved = book.execute(
                "UPDATE timer SET done = 1 WHERE id IN"
                " (SELECT id FROM timer WHERE done = 0 LIMIT ?)",
                (limit,),
            ).rowcount
            self._line(book, "batch", None, str(moved), now)
            (left,) = book.execute("SELECT count(*) FROM timer WHERE done = 0").fetchone()
        return Advanced(cases=moved, events=moved, more=left > 0)

    def seal(self, limit, now) -> Sealed:
        return Sealed(events=0, more=False)

    def launch(self, cohort_id, limit, now) -> Launched:
        with self.open() as book:
            book.execute("BEGIN IMMEDIATE")
            total, done = book.execute(
                "SELECT total, done FROM cohort WHERE id = ?", (cohort_id,)
            ).fetchone()
            done = min(total, done + limit)
            book.execute("UPDATE cohort SET done = ? WHERE id = ?", (done, cohort_id))
        return Launched(done=done, total=total, refused=0, more=done < total)

    def launches(self, now) -> tuple[int, ...]:
        with self.open() as book:
            rows = book.execute("SELECT id FROM cohort WHERE done < total").fetchall()
        return tuple(row[0] for row in rows)

    def digests(self, now) -> int:
        with self.open() as book:
            self._line(book, "digest", None, "", now)
        return 1

    def housekeeping(self, now) -> str:
        with self.open() as book:
            self._line(book, "housekeeping", None, "", now)
        return "swept"


class _Closing(sqlite3.Connection):
    """Commits or rolls back, and closes."""

    def __exit__(self, *error) -> None:
        try:
            if self.in_transaction:
                self.execute("ROLLBACK" if error[0] else "COMMIT")
        finally:
            self.close()
