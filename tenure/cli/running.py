"""Commands that stay: the server and the demo; and bringing the tables up to date."""

from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

from cyclopts import Parameter

from tenure.cli.asked import Home
from tenure.cli.home import opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say
from tenure.settings import read_settings


def serve(
    *,
    host: Annotated[
        str | None, Parameter(help="Address to listen on; TENURE_HOST or 127.0.0.1 if absent.")
    ] = None,
    port: Annotated[
        int | None, Parameter(help="Port; TENURE_PORT or 8700 if absent, 0 takes a free one.")
    ] = None,
    home: Home = None,
) -> int:
    settings = read_settings(home=home, host=host, port=port)
    # Prefect and the pages take a second to load: not before the settings are right.
    from flows.house import HouseError  # noqa: PLC0415
    from flows.server import ServerError  # noqa: PLC0415
    from tenure.house import CannotServe  # noqa: PLC0415
    from tenure.serve import serve as run  # noqa: PLC0415

    try:
        return run(settings)
    except (CannotServe, HouseError, ServerError) as error:
        raise Stopped(str(error)) from error


def demo(
    *,
    once: Annotated[
        bool, Parameter(help="Play the story to its end and stop.", negative="")
    ] = False,
    port: Annotated[int | None, Parameter(help="Port of the pages; 0 takes a free one.")] = None,
    home: Annotated[
        Path | None, Parameter(help="An empty folder to keep it in; a temporary one if absent.")
    ] = None,
) -> int:
    # TENURE_HOME is somebody's real folder: the invented company never gets into it.
    settings = read_settings(home=home or Path(mkdtemp(prefix="tenure-demo-")), port=port)
    from flows.house import HouseError  # noqa: PLC0415 - as above
    from flows.server import ServerError  # noqa: PLC0415
    from tenure.demo.story import run  # noqa: PLC0415
    from tenure.house import CannotServe  # noqa: PLC0415

    try:
        return run(settings, once=once)
    except (CannotServe, HouseError, ServerError) as error:
        raise Stopped(str(error)) from error


def upgrade(*, home: Home = None) -> int:
    with opened(home, create=True) as runtime:
        say(f"The tables of {runtime.settings.database_url} are those of this version.")
    return 0
