"""Where everything meets: the only reader of the clock, of randomness and of the environment.

Holds no rule. Nothing is built at import; an entrance opens a Runtime and closes it.
"""

import hashlib
import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

from analytics import ANALYTICS
from engine.directory import Directory, Place
from engine.service import Failpoints, Service, Tools
from engine.store import Database
from notifications import MaildirPost, Post, Sender, SmtpPost
from tenure.settings import Settings


class Clock:
    """The time now, in UTC. A rehearsal's clock may run ahead of the real one, never back.

    How far ahead is kept in a file of tenure's folder, so that a restart goes on at that time.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock-ahead"
        self._lock = threading.Lock()
        try:
            self._ahead = timedelta(seconds=float(self._file.read_text("ascii")))
        except FileNotFoundError:
            self._ahead = timedelta()

    @property
    def ahead(self) -> timedelta:
        """How far it runs ahead of the machine's clock; zero everywhere but in rehearsals."""
        return self._ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead  # noqa: TID251 - the one place that may

    def advance_to(self, instant: datetime) -> None:
        """Let virtual time pass; an instant in the past changes nothing."""
        with self._lock:
            ahead = self._ahead + max(timedelta(), instant - self.now())
            fresh = self._file.with_suffix(".new")
            fresh.write_text(str(ahead.total_seconds()), "ascii")
            fresh.replace(self._file)
            self._ahead = ahead


@dataclass(frozen=True, kw_only=True, slots=True)
class Runtime:
    """Everything an entrance works with."""

    settings: Settings
    clock: Clock
    database: Database
    service: Service
    post: Post  # where mail goes
    sender: Sender  # on whose behalf
    base_url: str  # how people reach the pages

    @property
    def development(self) -> bool:
        """Whether mail stays on this machine: no mail server is set."""
        return self.settings.smtp_host is None


def entropy(count: int) -> bytes:
    """Random bytes for ids, salts and tokens."""
    return secrets.token_bytes(count)


def cache_folder() -> Path:
    """Where this account keeps what can be made again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tenure"


def worker_name(settings: Settings) -> str:
    """The same for every start in this folder of this machine, another one for every other."""
    place = f"{socket.gethostname()}:{settings.home.resolve()}"
    return f"tenure-{hashlib.sha256(place.encode()).hexdigest()[:8]}"


def base_url_of(settings: Settings, port: int | None = None) -> str:
    """The configured address, or the one the pages listen on."""
    host = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::1") else settings.host  # noqa: S104
    return settings.base_url or f"http://{host}:{port or settings.port}"


@contextmanager
def open_runtime(settings: Settings, *, port: int | None = None) -> Iterator[Runtime]:
    """The rooms, wired; closed when the block ends.

    `port` is where the pages really listen, when that was chosen by the system. Raises
    DatabaseUnusable, a sentence.
    """
    _make_home(settings)
    database = Database.open(settings.database_url)
    try:
        clock = Clock(settings.home)
        base_url = base_url_of(settings, port)
        yield Runtime(
            settings=settings,
            clock=clock,
            database=database,
            service=Service(
                database=database,
                tools=Tools(
                    directory=Directory(
                        home=Place(country=settings.country, zone=settings.timezone)
                    ),
                    entropy=entropy,
                    grace=timedelta(seconds=settings.timer_grace),
                    pool_key=_pool_key(settings),
                    failpoints=Failpoints.parse(settings.failpoint),
                    analysts=ANALYTICS,
                ),
            ),
            post=_post(settings),
            sender=Sender(
                name=settings.mail_name,
                address=settings.mail_from,
                domain=settings.mail_from.rpartition("@")[2],
                base_url=base_url,
                organisation=settings.organisation,
                colour=settings.brand_colour,
            ),
            base_url=base_url,
        )
    finally:
        database.close()


def _make_home(settings: Settings) -> None:
    """For this account alone: it holds answers, and letters with links that are good."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)


def _pool_key(settings: Settings) -> bytes:
    """The setting's key, or this folder's own, made at its first start."""
    if settings.pool_key is not None:
        return bytes.fromhex(settings.pool_key.get_secret_value())
    file = settings.home / "pool.key"
    if not file.exists():
        fresh = settings.home / f"pool.key.{secrets.token_hex(8)}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_hex(32))
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):
            os.link(fresh, file)  # whoever is first; the others take theirs
        fresh.unlink()
    return bytes.fromhex(file.read_text("ascii").strip())


def log_to(settings: Settings) -> None:
    """Send the log to tenure's folder as JSON lines; called once by an entrance that stays."""
    _make_home(settings)
    handler = RotatingFileHandler(
        settings.home / "tenure.log", maxBytes=10_000_000, backupCount=5, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger("tenure")
    log.handlers[:] = [handler]
    log.propagate = False
    log.setLevel(settings.log_level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _post(settings: Settings) -> Post:
    if settings.smtp_host is None:
        return MaildirPost(folder=settings.mail_folder)
    password = settings.smtp_password
    return SmtpPost(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
        timeout=settings.smtp_timeout,
    )
