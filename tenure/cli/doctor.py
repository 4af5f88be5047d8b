"""`tenure doctor`: is everything in order on this machine, and what to do if not."""

import platform
import shutil
import smtplib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from engine.queries import incidents, outbox_counts, processes
from engine.store import Database, StoreError, from_micros
from engine.store.tables import EventRow
from flows.versions import check_versions
from tenure.cli.asked import Format, Home
from tenure.cli.definitions import counted
from tenure.cli.terminal import say, tell_json
from tenure.runtime import Clock
from tenure.settings import Settings, SettingsWrong, read_settings

_PYTHON: Final = (3, 11)
_LITTLE_DISK: Final = 500 * 1024 * 1024
_SECONDS: Final = 5.0  # for a server to answer


class Health(StrEnum):
    GOOD = "ok"
    NOTE = "note"  # works, and is worth a look
    BAD = "wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    health: Health
    about: str  # a word or two
    sentence: str  # what is found, and the way out


_STYLES: Final = {Health.GOOD: "32", Health.NOTE: "33", Health.BAD: "1;31"}


def doctor(*, format: Format = "text", home: Home = None) -> int:  # noqa: A002 - the option's name
    findings = list(_look(home))
    sick = any(finding.health is Health.BAD for finding in findings)
    if format == "json":
        tell_json(findings)
        return 1 if sick else 0
    width = max(len(finding.about) for finding in findings)
    for finding in findings:
        head = f"{finding.health.value:<6} {finding.about:<{width}}"
        say(f"{head}  {finding.sentence}", style=_STYLES[finding.health])
    return 1 if sick else 0


def _look(home: Path | None) -> Iterator[Finding]:
    yield from _program()
    try:
        settings = read_settings(home=home)
    except SettingsWrong as wrong:
        yield _bad("settings", " ".join(str(wrong).splitlines()))
        return
    yield from _folder(settings)
    yield from _database(settings)
    yield _mail(settings)
    yield from _address(settings)
    yield _prefect(settings)


def _program() -> Iterator[Finding]:
    python = platform.python_version()
    if sys.version_info < _PYTHON:
        yield _bad("program", f"Python {python} is too old; tenure wants 3.11 or newer.")
    drifted = check_versions()
    for sentence in drifted:
        yield _bad("libraries", sentence)
    if not drifted:
        yield _good("program", f"tenure {version('tenure')} on Python {python}; its libraries fit.")


def _folder(settings: Settings) -> Iterator[Finding]:
    home = settings.home.absolute()
    if not home.exists():
        yield _note("folder", f"{home} is not there yet; the first command that writes makes it.")
        return
    probe = home / ".doctor"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield _bad("folder", f"Nothing can be written in {home}: {error.strerror}.")
        return
    free = shutil.disk_usage(home).free
    told = f"{home}, {free / 1024**3:.1f} GiB free"
    if free < _LITTLE_DISK:
        yield _bad("folder", f"{told}. Make room: a full disk stops every answer.")
    else:
        yield _good("folder", f"{told}.")
    ahead = Clock(settings.home).ahead
    if ahead:
        yield _note(
            "clock",
            f"The clock of this folder runs {counted(ahead.days, 'day')} ahead of the machine's, "
            "as in a demo.",
        )


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.database is None and not (settings.home / "tenure.db").exists():
        yield _note("database", "There is none yet; the first command that writes makes it.")
        return
    try:
        database = Database.open(settings.database_url, migrate=False)
    except StoreError as error:
        yield _bad("database", str(error))
        return
    with database:
        yield _good("database", f"{database.dialect}, its tables are those of this version.")
        yield from _contents(database, settings)


def _contents(database: Database, settings: Settings) -> Iterator[Finding]:
    now = Clock(settings.home).now() if settings.home.exists() else None
    with database.read() as session:
        stuck = incidents(session, limit=1_000).items
        mail = outbox_counts(session)
        newest = session.connection().execute(select(func.max(col(EventRow.at)))).scalar()
        lines = () if now is None else processes(session, now)
    running = sum(line.open_cases for line in lines)
    kinds = "1 published process" if len(lines) == 1 else f"{len(lines)} published processes"
    yield _good("cases", f"{counted(running, 'open case')} of {kinds}.")
    if newest is not None and now is not None and from_micros(newest) > now:
        yield _bad(
            "clock",
            f"The newest line of the record is from {from_micros(newest):%Y-%m-%d %H:%M} UTC, "
            "which is later than now: this machine's clock was set back. Set it right.",
        )
    if stuck:
        held = sum(1 for line in stuck if line.blocking)
        yield _note(
            "incidents",
            f"{counted(len(stuck), 'incident')} open, {held} of them hold a case. "
            "`tenure incidents` tells what to repair.",
        )
    else:
        yield _good("incidents", "None is open.")
    failed, pending = mail.get("failed", 0), mail.get("pending", 0)
    told = f"{counted(pending, 'letter')} waiting, {mail.get('sent', 0):,} sent, {failed:,} failed."
    yield (_note if failed else _good)("letters", told)


def _mail(settings: Settings) -> Finding:
    if settings.smtp_host is None:
        return _note(
            "mail", f"No mail server is set: letters stay in {settings.mail_folder} to be read."
        )
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    server = smtplib.SMTP_SSL if settings.smtp_security == "tls" else smtplib.SMTP
    try:
        with server(settings.smtp_host, settings.smtp_port, timeout=_SECONDS) as smtp:
            smtp.ehlo_or_helo_if_needed()
            if settings.smtp_security == "starttls":
                smtp.starttls()
            if settings.smtp_user is not None:
                password = settings.smtp_password
                smtp.login(settings.smtp_user, password.get_secret_value() if password else "")
    except (OSError, smtplib.SMTPException) as error:
        return _bad(
            "mail",
            f"The mail server {where} does not work: {error}. Letters wait until it does.",
        )
    return _good("mail", f"The mail server {where} answers and lets us in.")


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_host is None:
        return
    host = urlsplit(settings.base_url or "").hostname
    if host is None or host in ("localhost", "127.0.0.1", "::1"):
        yield _bad(
            "address",
            "Mail leaves this machine, but its links lead to this machine only. Set "
            "TENURE_BASE_URL to the address under which people reach the pages.",
        )
    elif not (settings.base_url or "").startswith("https://"):
        yield _bad("address", "Links in mail are not https; set TENURE_BASE_URL to an https one.")


def _prefect(settings: Settings) -> Finding:
    url = settings.prefect_api_url
    if url is None:
        return _good("prefect", "`tenure serve` brings its own server.")
    try:
        answer = httpx.get(f"{url.rstrip('/')}/health", timeout=_SECONDS)
    except httpx.HTTPError as error:
        return _bad(
            "prefect",
            f"{url} does not answer: {error}. Answers are still accepted; mail and timers wait.",
        )
    if answer.status_code != httpx.codes.OK:
        return _bad("prefect", f"{url} answers {answer.status_code} instead of being well.")
    return _good("prefect", f"{url} answers.")


def _good(about: str, sentence: str) -> Finding:
    return Finding(health=Health.GOOD, about=about, sentence=sentence)


def _note(about: str, sentence: str) -> Finding:
    return Finding(health=Health.NOTE, about=about, sentence=sentence)


def _bad(about: str, sentence: str) -> Finding:
    return Finding(health=Health.BAD, about=about, sentence=sentence)
