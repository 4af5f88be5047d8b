"""An empty database of Prefect's, made once for each version of it and copied into new folders."""

import asyncio
import os
import shutil
from importlib.metadata import version
from pathlib import Path


def provide(database: Path, cache: Path | None) -> None:
    """Puts an empty database where there is none; to be called with Prefect's settings in place.

    A cache that cannot be read or written costs its seconds and nothing else.
    """
    if database.exists() and database.stat().st_size:
        return
    blank = None if cache is None else cache / f"prefect-{version('prefect')}.db"
    if blank is not None and _copy(blank, database):
        return
    asyncio.run(_migrate())
    if blank is not None:
        _copy(database, blank)


async def _migrate() -> None:
    from prefect.server.database import provide_database_interface  # noqa: PLC0415

    interface = provide_database_interface()
    await interface.create_db()
    # the last connection to leave writes everything into the one file
    await (await interface.engine()).dispose()


def _copy(source: Path, target: Path) -> bool:
    """Whether the copy stands; half of one is never seen."""
    fresh = target.with_suffix(f".{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, fresh)
        fresh.replace(target)
    except OSError:
        fresh.unlink(missing_ok=True)
        return False
    return True
