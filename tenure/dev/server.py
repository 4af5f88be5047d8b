"""The workshop served: one process, loopback only, until somebody says stop."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from tenure.dev.app import create_app
from tenure.dev.reading import Reading
from tenure.dev.shop import Shop
from tenure.dev.workshop import Workshop

_HOST = "127.0.0.1"
_STOP_SECONDS = 5.0


class PortTaken(Exception):  # noqa: N818 - it is a sentence for the author
    """Nothing can listen there; the message says the way out."""


@contextmanager
def open_workshop(path: Path, port: int, tell: Callable[[Reading], None]) -> Iterator[str]:
    """Serves until the block ends; gives the address. `tell` hears of each state of the file.

    Raises PortTaken.
    """
    try:
        listening = socket.create_server((_HOST, port))
    except OSError as error:
        raise PortTaken(
            f"Nothing can listen on port {port}: {error.strerror}. Stop what uses it, or choose "
            "another one with --port; --port 0 takes any that is free."
        ) from error
    url = f"http://localhost:{listening.getsockname()[1]}"
    workshop = Workshop(path)
    tell(workshop.bench.reading)
    stop = threading.Event()
    app = create_app(Shop(workshop=workshop, base_url=url), stopping=stop.is_set)
    server = uvicorn.Server(
        uvicorn.Config(app, access_log=False, log_config=None, server_header=False, lifespan="off")
    )
    threads = [
        threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, name="pages", daemon=True
        ),
        threading.Thread(target=workshop.watch, args=(stop, tell), name="file", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield url
    finally:
        stop.set()
        server.should_exit = True
        for thread in threads:
            thread.join(_STOP_SECONDS)
