"""Tenure's folder, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tenure.cli.stopped import Stopped
from tenure.runtime import Runtime, open_runtime
from tenure.settings import read_settings


@contextmanager
def opened(home: Path | None, *, create: bool = False) -> Iterator[Runtime]:
    """The runtime of a folder. Raises Stopped for a folder without a database, unless `create`."""
    settings = read_settings(home=home)
    if not create and settings.database is None and not (settings.home / "tenure.db").exists():
        raise Stopped(
            f"There is nothing in {settings.home} yet. `tenure people import FILE` and "
            "`tenure publish FILE` begin; --home or TENURE_HOME names another folder."
        )
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stopped(f"The folder {settings.home} cannot be made: {error.strerror}.") from error
    with open_runtime(settings) as runtime:
        yield runtime


def moment(at: datetime | None, runtime: Runtime) -> str:
    """An instant on the clock of the settings' `timezone`; empty for none."""
    if at is None:
        return ""
    return f"{at.astimezone(ZoneInfo(runtime.settings.timezone)):%Y-%m-%d %H:%M}"


def clock_of(runtime: Runtime) -> str:
    """How the zone of `moment` is called in a heading."""
    return runtime.settings.timezone
