"""The Prefect API server inside this process: its records, schedules and pages, nothing of ours.

Its database may be deleted at any time: cases, letters and timers live in tenure's own.
"""

import fcntl
import os
import socket
import sqlite3
import threading
from pathlib import Path
from time import monotonic, sleep
from typing import IO, TYPE_CHECKING

from flows import blank, drain, environment

if TYPE_CHECKING:
    import uvicorn

_READY_SECONDS = 60.0
_DRAIN_SECONDS = 3.0
_STOP_SECONDS = 5.0


class ServerError(Exception):
    """The server could not start; the message is for the operator."""


class Server:
    """A server in a thread. `start` and `stop` may alternate; the port stays the same."""

    def __init__(
        self,
        *,
        folder: Path,
        port: int | None = None,
        dashboard: bool = True,
        cache: Path | None = None,
    ) -> None:
        self._home = folder / "prefect"
        self._cache = cache
        self._wanted_port = port
        self._port = port or 0
        self._dashboard = dashboard
        self._lock: IO[str] | None = None
        self._listener: socket.socket | None = None
        self._before: dict[str, str | None] | None = None
        self._uvicorn: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api"

    @property
    def page(self) -> str:
        """The address of Prefect's pages, for people."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def prepare(self) -> None:
        """Takes folder and port, in milliseconds; raises ServerError if they cannot be had."""
        if self._listener is not None:
            return
        self._take_folder()
        try:
            check_database(self._home / "prefect.db")
            self._listener = self._listen()
        except BaseException:
            self._give_back()
            raise

    def start(self) -> None:
        """Returns when requests are answered (3 to 7 seconds); raises ServerError otherwise."""
        if self._thread is not None:
            # it ended by itself: what it held is taken anew
            self._give_back()
        self.prepare()
        try:
            self._serve()
        except BaseException:
            self._give_back()
            raise

    def stop(self) -> None:
        """Lets the last records arrive, then ends; takes at most ten seconds."""
        if self._uvicorn is not None and self._thread is not None and self._thread.is_alive():
            # while the server still answers: later they would try to reach it again and again
            drain.records(_DRAIN_SECONDS)
            self._uvicorn.should_exit = True
            self._thread.join(_STOP_SECONDS)
            if self._thread.is_alive():
                self._uvicorn.force_exit = True
                self._thread.join(_STOP_SECONDS / 2)
        self._give_back()

    def _take_folder(self) -> None:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            lock = (self._home / "lock").open("a+")
        except OSError as error:
            raise ServerError(
                f"The folder {self._home} cannot be written ({error.strerror}). "
                "Give this account write access, or choose another folder."
            ) from error
        try:
            # the kernel lets go of it however the process ends, so nothing is left to clean up
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise ServerError(
                f"Another tenure (process {holder}) already works in {self._home.parent}. "
                "Stop it first, or choose another folder."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _give_back(self) -> None:
        self._thread = self._uvicorn = None
        if self._before is not None:
            environment.leave(self._before)
            self._before = None
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", self._port))
        except OSError as error:
            listener.close()
            raise ServerError(
                f"Port {self._port} on this machine is not free for Prefect ({error.strerror}). "
                "Stop what listens there, or configure another port, or none to take a free one."
            ) from error
        self._port = listener.getsockname()[1]
        return listener

    def _serve(self) -> None:
        values = environment.server_environment(self._home, self._port, dashboard=self._dashboard)
        self._before = environment.put(values)
        environment.read_again()
        import uvicorn  # noqa: PLC0415 - only a process that serves pays for it
        from prefect.server.api.server import (  # noqa: PLC0415 - reads the environment
            create_app,
        )

        blank.provide(self._home / "prefect.db", self._cache)
        # ignore_cache: an app that ran once starts no services the second time
        app = create_app(ignore_cache=True)
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=75,
        )
        self._uvicorn = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._uvicorn.run,
            kwargs={"sockets": [self._listener]},
            name="prefect-server",
            daemon=True,
        )
        self._thread.start()
        deadline = monotonic() + _READY_SECONDS
        while not self._uvicorn.started:
            if not self._thread.is_alive() or monotonic() > deadline:
                self._uvicorn.should_exit = True
                raise ServerError(
                    "The Prefect server inside tenure did not start; the reason is at the end of "
                    f"{self._home / 'prefect.log'}. Its database holds only records of runs: "
                    f"moving {self._home / 'prefect.db'} away and starting again is safe."
                )
            sleep(0.02)


def check_database(path: Path) -> None:
    """Raises ServerError with a way out when the database of Prefect cannot be used."""
    safe = "It holds only records of runs, no case and no letter: moving it away is safe."
    try:
        connection = sqlite3.connect(path, timeout=2)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.rollback()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise ServerError(
            f"Prefect's database {path} cannot be written ({error}). "
            f"Check its owner, its folder and the free space. {safe}"
        ) from error
    except sqlite3.DatabaseError as error:
        raise ServerError(f"{path} is damaged ({error}). {safe}") from error
