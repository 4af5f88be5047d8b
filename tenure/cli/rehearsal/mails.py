"""Letters of a rehearsal as they would be sent: files to open, and a page that lists them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine.rehearsal import Tally
from engine.rehearsal.load import TOGETHER
from engine.service import Brief
from flows.letters import letter_of
from notifications import Sender, compose
from tenure.cli.rehearsal.page import render
from tenure.cli.stopped import Stopped

_SENDER = Sender(
    name="HR",
    address="hr@rehearsal.example",
    domain="rehearsal.example",
    base_url="https://rehearsal.example",
    organisation="Your organisation",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """One mail in the folder."""

    at: datetime
    kind: str
    to: str
    subject: str
    file: str  # of its HTML; the whole message has the same name with `.eml`


def check_folder(folder: Path) -> None:
    """Raises Stopped where the folder is in use already, before any work is done for it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stopped(f"{folder} is not an empty folder. Name one that does not exist yet.")


def write_mails(tally: Tally, folder: Path, total: int) -> int:
    """Writes those that the rehearsal kept; how many. `total` is how many there would be.

    Their links lead nowhere. Raises Stopped where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [
            _write(folder, number, at, brief)
            for number, (at, brief) in enumerate(_letters(tally), start=1)
        ]
        page = render("mails.html.j2", mails=written, total=total)
        (folder / "index.html").write_text(page, "utf-8")
    except OSError as error:
        raise Stopped(f"{folder} cannot be written: {error.strerror}.") from error
    return len(written)


def _letters(tally: Tally) -> Iterator[tuple[datetime, Brief]]:
    """In the order of their instants; reminders of one person and instant as one letter."""
    found: list[tuple[datetime, str, Brief]] = []
    for kind, lots in tally.sample.kept.items():
        for kept in lots.values():
            entries = sorted(kept, key=lambda entry: (entry[1], entry[2].to.id, entry[0]))
            if kind != "reminder":
                found += [(at, key, brief) for key, at, brief in entries]
                continue
            for start in range(0, len(entries), TOGETHER):
                (key, at, first), *riders = entries[start : start + TOGETHER]
                others = tuple(brief for _, _, brief in riders)
                found.append((at, key, replace(first, others=others)))
    for number, (at, _, brief) in enumerate(sorted(found, key=lambda one: one[:2]), start=1):
        yield at, replace(brief, outbox=number)


def _write(folder: Path, number: int, at: datetime, brief: Brief) -> Written:
    message = compose(letter_of(brief, _SENDER.base_url, None), _SENDER, now=at)
    kind = "digest" if brief.others else brief.kind
    name = f"{number:05d}-{kind}"
    (folder / f"{name}.eml").write_bytes(message.as_bytes())
    body = message.get_body(("html",))
    assert body is not None
    (folder / f"{name}.html").write_text(body.get_content(), "utf-8")
    return Written(
        at=at,
        kind=kind.replace("_", " "),
        to=brief.to.name,
        subject=str(message["Subject"]),
        file=f"{name}.html",
    )
