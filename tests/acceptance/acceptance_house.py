"""What an operator sees of tenure: commands, a folder, mail and pages; nothing from inside."""

import json
import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic, sleep
from urllib.parse import urlencode, urljoin

import httpx

from engine.store import to_micros
from tenure.demo.pages import Form, Page, read_page
from tenure.runtime import Clock

# Mails that were delivered when the power goes: among the first letters, and late.
MOMENTS = (20, 100)
TENURE = Path(sys.executable).with_name("tenure")
TOKEN = re.compile(rb"t[ks]_[A-Za-z0-9_-]{43}")
_LINK = re.compile(r"http://localhost:\d+/t/(tk_[A-Za-z0-9_-]{43})")
# Prefect's own complaints do not count: on a busy machine its database is locked now and then.
_TROUBLE = re.compile(r"\S+ \S+ (ERROR|CRITICAL) .* flows\.\w+: ")
_LOCK_WAIT = 20  # seconds that a reader of the database is patient


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> float:
    """Looks until it is so; returns the seconds that took."""
    begun = monotonic()
    while not condition():
        assert monotonic() - begun < seconds, f"{what}: not within {seconds:.0f} seconds"
        sleep(0.05)
    return monotonic() - begun


def free_port() -> int:
    """One that the kernel gave and took back; kept over a restart, since links in mail name it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as it lies in the Maildir."""

    id: str  # its Message-ID
    to: str
    person: str  # the name in `To`
    subject: str
    text: str
    token: str | None

    @property
    def task(self) -> str:
        """The title of what is asked for, as the demo's people read it."""
        paragraphs = [part for part in self.text.split("\n\n") if part.strip()]
        return paragraphs[2].splitlines()[0].strip()


@dataclass(frozen=True, kw_only=True)
class Folder:
    """tenure's folder, read from outside while tenure works in it."""

    home: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def database(self) -> Path:
        return self.home / "tenure.db"

    def rows(self, sql: str, *values: object) -> list[tuple]:
        address = f"file:{self.database}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=_LOCK_WAIT)) as connection:
            return connection.execute(sql, values).fetchall()

    def count(self, sql: str, *values: object) -> int:
        """The first value of the first row."""
        return self.rows(sql, *values)[0][0]

    def tables(self) -> dict[str, list[tuple]]:
        """Every row of every table."""
        names = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {name: sorted(self.rows(f'SELECT * FROM "{name}"'), key=repr) for (name,) in names}

    def clock(self) -> Clock:
        return Clock(self.home)

    def sleep_through(self, seconds: float) -> None:
        """The machine was off for so long: on its clock nothing else changed."""
        ahead = self.clock().ahead.total_seconds() + seconds
        (self.home / "clock-ahead").write_text(str(ahead), "ascii")

    def undone(self) -> dict[str, int]:
        """What is due now and was not done; empty when all is quiet. Held letters count."""
        now = to_micros(self.clock().now())
        left = {
            "letters": self.count(
                "SELECT count(*) FROM outbox WHERE status = 'pending' AND not_before <= ?", now
            ),
            "timers": self.count("SELECT count(*) FROM timer WHERE due_at <= ?", now),
            "events": self.count("SELECT count(*) FROM inbox"),
        }
        return {what: count for what, count in left.items() if count}

    def settle(self, seconds: float = 300) -> float:
        return wait_for(lambda: not self.undone(), seconds, "everything that is due is done")

    def mail_count(self) -> int:
        kept = self.home / "mail" / "new"
        return sum(1 for _ in kept.iterdir()) if kept.exists() else 0

    def mails(self) -> list[Mail]:
        """The oldest first."""
        kept = (self.home / "mail" / "new").iterdir()
        return [_mail(path) for path in sorted(kept, key=lambda path: path.stat().st_mtime_ns)]

    def mail_to(self, address: str, seconds: float = 240) -> Mail:
        """The newest with a link, waiting for it to come."""

        def there() -> list[Mail]:
            if not self.mail_count():
                return []
            return [mail for mail in self.mails() if mail.to == address and mail.token]

        wait_for(there, seconds, f"a mail to {address}")
        return there()[-1]

    def outside_the_mail(self) -> Iterator[Path]:
        """Every file but the mails themselves, which are where tokens belong."""
        for path in sorted(self.home.rglob("*")):
            if path.is_file() and self.home / "mail" not in path.parents:
                yield path

    def troubles(self) -> list[str]:
        """Lines of the logs that an operator would have to look at."""
        log = (self.home / "tenure.log").read_text("utf-8").splitlines()
        prefect = (self.home / "prefect" / "prefect.log").read_text("utf-8").splitlines()
        return [
            *(line for line in log if json.loads(line)["level"] in ("error", "critical")),
            *(line for line in prefect if _TROUBLE.match(line)),
        ]

    def task_of(self, token: str) -> tuple[int, str, str, str]:
        """The task a link leads to: row, public id, case and status."""
        (row,) = self.rows(
            "SELECT task.id, task.public_id, [case].name, task.status FROM link"
            " JOIN assignment ON assignment.id = link.assignment_id"
            " JOIN task ON task.id = assignment.task_id JOIN [case] ON [case].id = task.case_id"
            " WHERE link.token_hash = ?",
            sha256(token.encode()).digest(),
        )
        return row


@cache
def _mail(path: Path) -> Mail:
    """Read once, since whoever waits for a mail looks again and again and none changes."""
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    to = message["To"].addresses[0]
    link = _LINK.search(text)
    return Mail(
        id=message["Message-ID"],
        to=to.addr_spec,
        person=to.display_name,
        subject=message["Subject"],
        text=text,
        token=link[1] if link else None,
    )


@dataclass(kw_only=True)
class Process:
    """A command that stays, with what it says kept in a file."""

    popen: subprocess.Popen[bytes]
    output: Path

    def said(self) -> str:
        return self.output.read_text("utf-8")

    def wait_until_said(self, words: str, seconds: float = 240) -> None:
        def so() -> bool:
            assert words in self.said() or self.popen.poll() is None, self.said()
            return words in self.said()

        wait_for(so, seconds, f"it says {words!r}")

    def kill(self) -> None:
        """As a power cut does."""
        if self.popen.poll() is None:
            os.kill(self.popen.pid, signal.SIGKILL)
        self.popen.wait(60)

    def stop(self) -> tuple[int, float]:
        """As an operator does: exit code, and the seconds it took."""
        begun = monotonic()
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(120), monotonic() - begun


@dataclass(kw_only=True)
class Machine:
    """Starts commands, and ends what still runs when the tests are over."""

    outputs: Path  # folder of what processes said
    processes: list[Process] = field(default_factory=list)

    def start(self, folder: Folder, *words: str) -> Process:
        """A command that stays."""
        with NamedTemporaryFile(dir=self.outputs, prefix=f"{words[0]}-", delete=False) as file:
            popen = subprocess.Popen(
                [TENURE, *words, "--home", folder.home, "--port", str(folder.port)],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env=surroundings(),
                cwd=self.outputs,
            )
        process = Process(popen=popen, output=Path(file.name))
        self.processes.append(process)
        return process

    def serve(self, folder: Folder) -> Process:
        """Returns when background work runs, too."""
        process = self.start(folder, "serve")
        process.wait_until_said("Ready   background work runs")
        return process

    def run(self, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself."""
        return subprocess.run(
            [TENURE, *words, "--home", home],
            capture_output=True,
            check=False,
            cwd=self.outputs,
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=240,
        )

    def do(self, home: Path, *words: str) -> str:
        """A command that must succeed; what it says."""
        done = self.run(home, *words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def kill_all(self) -> None:
        while self.processes:
            self.processes.pop().kill()


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A demo that has ended, one way or the other."""

    folder: Folder
    process: Process


@dataclass(frozen=True, kw_only=True)
class Demos:
    """All of them, under way from the first question for one."""

    whole: Future[Demo]
    cut_off: dict[int, Future[Demo]]  # by how many mails were delivered


@dataclass(frozen=True, kw_only=True)
class House:
    """A served folder with a small firm, where nobody has started anything yet."""

    folder: Folder
    machine: Machine
    process: Process


def surroundings() -> dict[str, str]:
    """The environment without settings of whoever runs the tests, and with the fullest log."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TENURE_", "PREFECT_"))
    }
    return own | {
        "PYTHONUNBUFFERED": "1",
        "TENURE_LOG_LEVEL": "DEBUG",
        "PREFECT_LOGGING_LEVEL": "DEBUG",
    }


@dataclass(kw_only=True)
class Browser:
    """Somebody's browser at one task, page by page."""

    url: str
    client: httpx.Client
    task: str = ""  # path of the page that the link led to

    def open(self, token: str) -> httpx.Response:
        """Press the button behind the link."""
        response = self.post(f"/t/{token}", {})
        self.task = response.headers.get("Location", "")
        return response

    def page(self, path: str) -> Page:
        return read_page(self.client.get(self.url + path).text)

    def post(self, path: str, pairs: dict[str, str] | list[tuple[str, str]]) -> httpx.Response:
        return self.client.post(
            urljoin(self.url, path),
            content=urlencode(pairs),
            headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url},
        )

    def fill_in(self, **replies: str) -> None:
        """Answer the questions, up to the page on which everything is checked."""
        form = _form(self.page(self.task))
        for name, reply in replies.items():
            form.fill(name, reply)
        said = self.post(self.task, form.pairs((".do", "continue")))
        assert (said.status_code, said.headers["Location"]) == (303, f"{self.task}/check")

    def ready_to_send(self) -> list[tuple[str, str]]:
        """What the last button would post."""
        return _form(self.page(f"{self.task}/check")).pairs((".do", "submit"))

    def answer(self, **replies: str) -> httpx.Response:
        self.fill_in(**replies)
        return self.post(self.task, self.ready_to_send())

    def cookies(self) -> list[str]:
        return [cookie.value for cookie in self.client.cookies.jar if cookie.value]


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


@contextmanager
def browser(folder: Folder) -> Iterator[Browser]:
    with httpx.Client(timeout=60, verify=_trust()) as client:
        yield Browser(url=folder.url, client=client)


def _form(page: Page) -> Form:
    assert page.form is not None, page.title
    return page.form
