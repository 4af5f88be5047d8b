"""The hand that moves: the one thing that the entrances start, nudge, ask and stop."""

from dataclasses import dataclass

from flows import drain, environment
from flows.dispatch import Dispatcher, Status
from flows.ports import Work
from flows.server import Server
from flows.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """A running hand; made by `start`."""

    _dispatcher: Dispatcher
    _server: Server | None
    _before: dict[str, str | None]

    @property
    def page(self) -> str | None:
        """Where Prefect's own pages are, if the server is in this process."""
        return self._server.page if self._server is not None else None

    def nudge(self) -> None:
        """Something may be due: look at once. From any thread, after each commit."""
        self._dispatcher.nudge()

    def status(self) -> Status:
        """How things stand, in a sentence."""
        return self._dispatcher.status()

    def wait_ready(self, seconds: float) -> bool:
        """Whether Prefect works, waiting at most this long; nothing is lost before it does."""
        return self._dispatcher.wait_ready(seconds)

    def stop(self) -> None:
        """Ends within ten seconds; what was not sent stays in the outbox."""
        self._dispatcher.stop(6.0)
        if self._server is not None:
            self._server.stop()
        else:
            drain.records(2.0)
        environment.leave(self._before)


def start(work: Work, settings: Settings) -> Hand:
    """Returns at once; Prefect comes up in a thread meanwhile, in 3 to 7 seconds.

    Raises ServerError, a sentence, if the folder, its database or the port cannot be used.
    """
    home = environment.home_of(settings.folder)
    server = None
    before: dict[str, str | None] = {}
    if settings.api_url is None:
        server = Server(
            folder=settings.folder,
            port=settings.port,
            dashboard=settings.dashboard,
            cache=settings.cache,
        )
        server.prepare()
        # The folder's lock is ours: whoever held letters under this name is dead.
        work.recover(settings.worker, settings.clock())
    else:
        before = environment.put(environment.client_environment(home, settings.api_url))
    dispatcher = Dispatcher(work, settings, server)
    dispatcher.start()
    return Hand(_dispatcher=dispatcher, _server=server, _before=before)
