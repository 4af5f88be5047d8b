"""What fails a database from outside: a full disk, a missing permission, a server that went away.

All of it is somebody's to put right, so it is told as a sentence; a wrong statement is our defect
and stays what it is.
"""

import sqlite3
from typing import Final

from psycopg import Error as PostgresError
from sqlalchemy.exc import DBAPIError

_SQLITE: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)
# Classes of SQLSTATE: lost connections, resources, an operator's doing, the system's, damage.
_POSTGRESQL: Final = ("08", "53", "57", "58", "XX")
_READ_ONLY: Final = "25006"


def trouble_of(error: BaseException) -> str | None:
    """What happened and where to look; None if the fault is not the surroundings'."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", None)
        # What is more particular stands in the higher bits.
        if code is None or code & 0xFF not in _SQLITE:
            return None
        return (
            f"The database does not do what it is asked: {original}. Nothing of this was written. "
            "Look at the free space, and at the owner of its file and folder."
        )
    if isinstance(original, PostgresError):
        state = original.sqlstate
        if state is not None and not state.startswith(_POSTGRESQL) and state != _READ_ONLY:
            return None
        # A connection that is lost during a commit does not tell whether it was made.
        lost = state is None or state.startswith(("08", "57"))
        after = (
            "Look at the server and its log, and whether this was written before you do it again."
            if lost
            else "Nothing of this was written. Look at the server's disk, rights and log."
        )
        said = " ".join(str(original).split()).rstrip(".")
        return f"The database does not do what it is asked: {said}. {after}"
    return None
