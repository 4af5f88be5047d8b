"""Which version of the tables a database has, and the way to the newest."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from engine.store.errors import DatabaseUnusable

NEWEST = "pauses"  # the last revision in migrations/versions; a test compares
_LOCK = 7_466_114_071  # of PostgreSQL's advisory locks: one process migrates, the others wait


def migrate(engine: Engine) -> None:
    """Brings the tables to the newest version; does nothing, quickly, where they are."""
    with engine.connect() as connection:
        if revision(connection) == NEWEST:
            return
        if engine.dialect.name == "postgresql":
            connection.execute(text("BEGIN"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        else:
            connection.execute(text("BEGIN IMMEDIATE"))
        found = revision(connection)  # again: somebody else may have been faster
        if found != NEWEST:
            _upgrade(connection, found)
        connection.execute(text("COMMIT"))


def require_newest(connection: Connection) -> None:
    """Raises DatabaseUnusable unless the tables are those of this program."""
    found = revision(connection)
    if found == NEWEST:
        return
    _refuse_newer(found)
    raise DatabaseUnusable(
        f"The tables of this database have version {found or 'none'}, this program wants "
        f"{NEWEST}. Run `tenure upgrade` once, with no other `tenure` running."
    )


def revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection, found: str | None) -> None:
    _refuse_newer(found)
    with as_file(files("engine.store") / "migrations") as folder:
        config = _config(str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _refuse_newer(found: str | None) -> None:
    if found is None:
        return
    with as_file(files("engine.store") / "migrations") as folder:
        known = {script.revision for script in _scripts(str(folder)).walk_revisions()}
    if found not in known:
        raise DatabaseUnusable(
            f"This database was written by a newer tenure (its tables have version {found}, "
            f"this program knows {NEWEST}). Install that version or newer."
        )


def _scripts(folder: str) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(folder))


def _config(folder: str) -> Config:
    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
