"""Everything that runs in one process of `tenure serve`: pages, flows and an embedded Prefect."""

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import structlog
import uvicorn

import flows
from engine import links
from engine.queries.reader import Reader
from flows.calls import Webhooks
from flows.work import Errands
from notifications import Recipient
from tenure.insight import read_history
from tenure.retention import forget
from tenure.runtime import Runtime, cache_folder, entropy, open_runtime, worker_name
from tenure.settings import Settings
from web.app import create_app
from web.loopback import is_loopback
from web.site import Site

_STOP_SECONDS = 10.0


class CannotServe(Exception):  # noqa: N818 - it is a sentence for the operator
    """The pages cannot be offered; the message says why and the way out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The running whole."""

    runtime: Runtime
    hand: flows.Hand  # what is done in the background
    url: str  # of the pages on this machine


@contextmanager
def open_house(settings: Settings) -> Iterator[House]:
    """Starts everything and stops it in the right order when the block ends.

    The pages answer when the block begins; Prefect needs some seconds more, meanwhile letters
    wait. Raises CannotServe, DatabaseUnusable or flows.ServerError, each a sentence.
    """
    try:
        listening = socket.create_server((settings.host, settings.port))
    except OSError as error:
        raise CannotServe(
            f"Nothing can listen on {settings.host}:{settings.port}: {error.strerror}. Stop what "
            "uses the port, or choose another one with TENURE_PORT."
        ) from error
    port = listening.getsockname()[1]
    with open_runtime(settings, port=port) as runtime:
        hand = flows.start(_errands(runtime), _flow_settings(runtime))
        try:
            with _pages(runtime, hand, listening):
                structlog.get_logger("tenure").info("serving", url=runtime.base_url)
                yield House(runtime=runtime, hand=hand, url=f"http://localhost:{port}")
        finally:
            hand.stop()


def offers_console(settings: Settings, base_url: str) -> bool:
    """Whether the machine's owner gets pages of their own.

    Where people come by another address there is a proxy, and it need not say that it handed a
    request on: then everybody would look like the owner. So there it takes a yes.
    """
    if settings.console is not None:
        return settings.console
    return is_loopback(urlsplit(base_url).hostname or "")


@contextmanager
def _pages(runtime: Runtime, hand: flows.Hand, listening: socket.socket) -> Iterator[None]:
    settings = runtime.settings
    reader = Reader(directory=runtime.service.tools.directory)
    app = create_app(
        Site(
            service=runtime.service,
            clock=runtime.clock.now,
            entropy=entropy,
            nudge=hand.nudge,
            status=lambda: hand.status().sentence,
            base_url=runtime.base_url,
            host=settings.host,
            organisation=settings.organisation,
            brand_colour=settings.brand_colour,
            console=offers_console(settings, runtime.base_url),
            mail=settings.mail_folder if runtime.development else None,
            help_contact=settings.reply_to or settings.mail_name,
            reader=reader,
            insight=lambda session, at: read_history(session, reader, settings, at),
        )
    )
    # uvicorn's own access log would print paths, and paths hold tokens.
    config = uvicorn.Config(
        app, access_log=False, log_config=None, server_header=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="pages", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_STOP_SECONDS)


def _errands(runtime: Runtime) -> Errands:
    settings = runtime.settings
    return Errands(
        service=runtime.service,
        post=runtime.post,
        sender=runtime.sender,
        webhooks=Webhooks(addresses=settings.webhooks, private_networks=runtime.development),
        reply_to=Recipient(name=settings.mail_name, email=settings.reply_to)
        if settings.reply_to
        else None,
        clock=runtime.clock.now,
        random=random.Random(entropy(16)),  # noqa: S311 - jitter, no secret
        housekeepers=(
            lambda now: _forget_links(runtime, now),
            lambda now: _forget_cases(runtime, now),
            lambda _: f"{runtime.service.sweep_files()} files of drafts swept",
        ),
    )


def _forget_links(runtime: Runtime, now: datetime) -> str:
    count = runtime.database.write(lambda tx: links.forget_expired(tx, now))
    return f"{count} dead links and sessions forgotten"


def _forget_cases(runtime: Runtime, now: datetime) -> str:
    service = runtime.service
    done = forget(service, service.erasures(now), service.guests_due(now), now)
    return f"{done.erased} cases erased, {done.held} held, {done.guests} guests erased"


def _flow_settings(runtime: Runtime) -> flows.Settings:
    settings = runtime.settings
    return flows.Settings(
        folder=settings.home.absolute(),
        clock=runtime.clock.now,
        cache=cache_folder(),
        worker=worker_name(settings),
        api_url=settings.prefect_api_url,
        letters_per_second=settings.mail_rate,
        timezone=settings.timezone,
    )
