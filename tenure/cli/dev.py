"""`tenure dev`: the author's workshop, with its findings in the terminal too."""

import logging
import signal
import threading
from pathlib import Path
from typing import Annotated

import structlog
from cyclopts import Parameter

from tenure.cli.definitions import counted, show_found
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say
from tenure.dev.reading import Reading
from tenure.dev.server import PortTaken, open_workshop

_GOOD, _BAD = "32", "1;31"


def dev(
    path: Annotated[Path, Parameter(help="The definition to work on.")],
    /,
    *,
    port: Annotated[
        int, Parameter(help="Where its pages listen; 0 takes any that is free.")
    ] = 8750,
) -> int:
    if not path.is_file():
        raise Stopped(f"There is no file {path}. `tenure dev` works on one definition that exists.")
    # The terminal is for findings; who asked for which page is of no interest here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        with open_workshop(path, port, _tell) as url:
            say(f"Open {url} in a browser. Every save of {path.name} shows at once; Ctrl-C stops.")
            stop.wait()
    except PortTaken as taken:
        raise Stopped(str(taken)) from taken
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _tell(reading: Reading) -> None:
    show_found(reading.findings, reading.source)
    say(
        f"{reading.path}: {counted(reading.errors, 'error')}, "
        f"{counted(reading.warnings, 'warning')}",
        style=_BAD if reading.errors else _GOOD,
    )
