"""Post into a folder: where mail goes in development, and how it is read there."""

import os
import re
import secrets
from collections.abc import Container
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.,=-]*")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


class NoSuchMail(LookupError):  # noqa: N818 - reads as the sentence it is
    """The folder holds no mail with this key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A mail as a list shows it."""

    key: str  # for read_mail
    to: str  # "Ann Smith <ann@example.com>"
    subject: str  # decoded
    date: str  # the Date header as written


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A mail taken apart."""

    headers: tuple[tuple[str, str], ...]  # decoded, in the order of the message
    html: str  # empty if there is no such part
    text: str  # empty if there is no such part
    source: str  # as it was sent
    links: tuple[str, ...]  # where it leads, each once, in order


@dataclass(frozen=True, kw_only=True, slots=True)
class MaildirPost:
    """Sends by keeping."""

    folder: Path  # a Maildir; made when the first mail comes

    def send(self, message: EmailMessage) -> None:
        store(self.folder, message.as_bytes(policy=message.policy.clone(linesep="\n")))


def store(folder: Path, raw: bytes) -> str:
    """Keep the bytes of a message; returns its key. Half a mail is never to be seen."""
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    key = f"{secrets.token_hex(12)}.tenure"
    with (folder / "tmp" / key).open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    (folder / "tmp" / key).rename(folder / "new" / key)
    return key


def list_mail(
    folder: Path, *, limit: int = 200, without: Container[str] = ()
) -> tuple[Summary, ...]:
    """The mails of a folder, the last one to arrive first; none if there is no folder yet.

    Mails whose keys are in `without` are left out, unopened.
    """
    found = [path for part in ("new", "cur") for path in (folder / part).glob("*")]
    wanted = [p for p in found if _KEY.match(p.name) and _key(p) not in without]
    arrived = {path: path.stat().st_mtime_ns for path in wanted}
    newest = sorted(arrived, key=lambda path: (arrived[path], path.name), reverse=True)
    return tuple(_summary(path) for path in newest[:limit])


def read_mail(folder: Path, key: str) -> Mail:
    """Raises NoSuchMail, also for a key that tries to leave the folder."""
    raw = _find(folder, key).read_bytes()
    message = message_from_bytes(raw, _class=EmailMessage, policy=default)
    html, text = _body(message, "html"), _body(message, "plain")
    links = [*_hrefs(html), *_ADDRESS.findall(text)]
    return Mail(
        headers=tuple((name, _readable(value)) for name, value in message.items()),
        html=html,
        text=text,
        source=raw.decode("utf-8", "replace"),
        links=tuple(dict.fromkeys(links)),
    )


def _find(folder: Path, key: str) -> Path:
    if _KEY.fullmatch(key):
        for part in ("new", "cur"):
            for path in (folder / part).glob("*"):
                if _key(path) == key:
                    return path
    raise NoSuchMail("There is no such mail in this folder; it may have been deleted.")


def _key(path: Path) -> str:
    return path.name.partition(":")[0]  # mail programs add flags after a colon


def _summary(path: Path) -> Summary:
    with path.open("rb") as file:
        headers = BytesHeaderParser(policy=default).parse(file)
    return Summary(
        key=_key(path),
        to=_readable(headers["To"]),
        subject=_readable(headers["Subject"]),
        date=_readable(headers["Date"]),
    )


def _readable(header: object) -> str:
    # Headers of international mail are plain UTF-8, which the parser hands on as escaped bytes.
    text = "" if header is None else str(header)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _hrefs(html: str) -> list[str]:
    links: list[str] = []
    parser = HTMLParser()
    # One method given to one parser: no class is needed to collect a list.
    parser.handle_starttag = lambda tag, attrs: links.extend(  # type: ignore[method-assign]
        value for name, value in attrs if tag == "a" and name == "href" and value
    )
    parser.feed(html)
    return links
