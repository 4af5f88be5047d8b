"""Primary keys before their rows exist, so that rows that point at each other go in as batches."""

from collections.abc import Sequence
from typing import Any, Protocol

_BLOCK = 64  # keys taken from a PostgreSQL sequence at a time; a restart loses the rest


class Numbering(Protocol):
    """Hands out primary keys of a table; only ever used inside the one transaction that is open."""

    def begin(self) -> None:
        """A transaction has begun: other processes may have written since the last."""
        ...

    def take(self, cursor: Any, table: str, count: int) -> Sequence[int]: ...


class CountingOn:
    """SQLite: the write lock is held, so the next key is the largest and one."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def begin(self) -> None:
        self._last.clear()

    def take(self, cursor: Any, table: str, count: int) -> Sequence[int]:
        last = self._last.get(table)
        if last is None:
            (last,) = cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{table}"').fetchone()  # noqa: S608
        self._last[table] = last + count
        return range(last + 1, last + count + 1)


class FromSequences:
    """PostgreSQL: the table's own sequence, which is shared by all processes."""

    def __init__(self) -> None:
        self._left: dict[str, list[int]] = {}

    def begin(self) -> None:
        """Sequences never go back, so what is left stays good."""

    def take(self, cursor: Any, table: str, count: int) -> Sequence[int]:
        left = self._left.setdefault(table, [])
        while len(left) < count:
            cursor.execute(
                f"SELECT nextval('{table}_id_seq') FROM generate_series(1, {_BLOCK})"  # noqa: S608
            )
            left.extend(number for (number,) in cursor.fetchall())
        taken, self._left[table] = left[:count], left[count:]
        return taken
