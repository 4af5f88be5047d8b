"""A mail server for one machine: takes what is sent to it on loopback and keeps it in a Maildir."""

import asyncio
from pathlib import Path
from threading import Thread

from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.maildir import store

LOOPBACK = "127.0.0.1"
LARGEST = 32 * 1024 * 1024


class Listener:
    """Runs in a thread of its own between start and stop; delivers nothing any further."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self._folder = folder
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="mail listener", daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> int:
        """Returns the port: a free one unless one was asked for. Raises OSError if it is taken."""
        self._thread.start()
        try:
            self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        except OSError:
            self.stop()
            raise
        return int(self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        """May be called twice."""
        if self._loop.is_closed():
            return
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._protocol, LOOPBACK, self._port)

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="localhost",
            ident="tenure",
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            loop=self._loop,
        )

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def handle_DATA(  # noqa: N802 - aiosmtpd asks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        store(self._folder, content.replace(b"\r\n", b"\n"))
        return "250 kept"
