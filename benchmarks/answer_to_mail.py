"""How long after an answer the next person's mail is with the mail server.

    uv run python benchmarks/answer_to_mail.py [--answers 30] [--alone 10]

The whole house runs in this process as in `tenure serve`: pages, database, embedded Prefect. Two
people play ping-pong over real HTTP as a browser would: open the link of the mail, fill the page,
check it, send it. A mail server on loopback notes when it has accepted the next mail. First in a
row, when the flow that delivers still lingers; then alone, each after a pause that lets it end, so
that the mail has to wait for a new flow run. Quote the figures of an idle machine only.
"""

import argparse
import asyncio
import email
import email.policy
import html
import os
import queue
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.directory import apply_people, plan_people, read_sheet
from tenure.house import House, open_house
from tenure.runtime import entropy, log_to
from tenure.settings import Settings

WARM_UP = 3  # the first answers pay for imports and compiled templates
PAUSE = 5.0  # seconds; the delivering flow lingers for two
PATIENCE = 60.0  # seconds until a mail counts as lost

PEOPLE = """\
number,name,email,manager,department,location,country,zone
1,Ping Boss,ping@example.org,,Play,Berlin,DE,Europe/Berlin
2,Pong Ray,pong@example.org,1,Play,Berlin,DE,Europe/Berlin
"""
PING_PONG = """\
process: ping-pong
version: 1
title: Ping-pong
subject: person
data:
  note: {type: text}
forms:
  stroke: {fields: [note]}
states:
  ping:
    task: {to: subject.manager, form: stroke, due: 3 days}
    on: {submit: pong}
  pong:
    task: {to: subject, form: stroke, due: 3 days}
    on: {submit: ping}
    after: {30 days: over}
  over: {end: done}
"""

Mail = tuple[float, str]  # when it was accepted (perf_counter), its link


class Ear:
    """A mail server that notes when a mail was accepted, and the link in it."""

    def __init__(self) -> None:
        self.heard: queue.SimpleQueue[Mail] = queue.SimpleQueue()

    async def handle_DATA(  # noqa: N802 - aiosmtpd asks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        at = time.perf_counter()
        message = email.message_from_bytes(
            envelope.original_content or b"", policy=email.policy.default
        )
        body = message.get_body(("plain",))
        link = re.search(r"https?://\S+/t/\S+", body.get_content() if body else "")
        if link is not None:
            self.heard.put((at, link.group()))
        return "250 kept"


@contextmanager
def listening(ear: Ear) -> Iterator[int]:
    """The mail server in a thread of its own; its port."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def protocol() -> SMTP:
        return SMTP(ear, hostname="localhost", loop=loop)

    server = asyncio.run_coroutine_threadsafe(
        loop.create_server(protocol, "127.0.0.1", 0), loop
    ).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--answers", type=int, default=30, help="in a row")
    parser.add_argument("--alone", type=int, default=10, help=f"after {PAUSE:.0f} s of silence")
    asked = parser.parse_args()
    ear = Ear()
    with tempfile.TemporaryDirectory() as home, listening(ear) as port:
        settings = Settings(
            home=Path(home), port=0, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none"
        )
        log_to(settings)
        began = time.perf_counter()
        with open_house(settings) as house:
            if not house.hand.wait_ready(PATIENCE):
                raise SystemExit(f"Prefect did not come up: {house.hand.status().sentence}")
            print(f"ready after {time.perf_counter() - began:.1f} s, load {os.getloadavg()[0]:.1f}")
            begin(house)
            strokes = play(ear, [0.0] * (WARM_UP + asked.answers) + [PAUSE] * asked.alone)
    for how, part in (
        ("in a row", strokes[WARM_UP : WARM_UP + asked.answers]),
        ("alone", strokes[WARM_UP + asked.answers :]),
    ):
        tell(f"{how}: answer sent -> recorded", [stroke.recorded for stroke in part])
        tell(f"{how}: answer sent -> next mail accepted", [stroke.mailed for stroke in part])
    print(f"load average at the end: {os.getloadavg()[0]:.1f}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stroke:
    """One answer, in seconds since it was sent."""

    recorded: float  # its confirmation was back
    mailed: float  # the mail that follows from it was accepted


def play(ear: Ear, pauses: Sequence[float]) -> list[Stroke]:
    """One answer after each pause, by whoever got the last mail."""
    strokes: list[Stroke] = []
    _, link = ear.heard.get(timeout=PATIENCE)
    for number, pause in enumerate(pauses):
        time.sleep(pause)
        sent, recorded = answer(link, note=f"stroke {number}")
        accepted, link = ear.heard.get(timeout=PATIENCE)
        strokes.append(Stroke(recorded=recorded - sent, mailed=accepted - sent))
    return strokes


def begin(house: House) -> None:
    """Two people and one case, whose first mail leaves now."""
    service = house.runtime.service
    now = datetime.now(UTC)
    house.runtime.database.write(
        lambda tx: apply_people(
            tx,
            plan_people(read_sheet(PEOPLE.encode()), tx.connection, date(2020, 1, 1)),
            None,
            now,
            entropy,
        )
    )
    service.publish(PING_PONG, "ping-pong.yaml", None, now)
    with house.runtime.database.read() as session:
        roster = service.tools.directory.roster(session, now.date())
    service.start("ping-pong", roster.by_number["2"], {}, None, now)
    house.hand.nudge()


def answer(link: str, *, note: str) -> tuple[float, float]:
    """One person with a fresh browser; when the answer was sent, and when it was confirmed."""
    address = urlsplit(link)
    with httpx.Client(base_url=f"{address.scheme}://{address.netloc}", timeout=PATIENCE) as browser:
        browser.get(address.path).raise_for_status()
        task = _leads(browser.post(address.path))
        page = browser.get(task).raise_for_status().text
        typed = {"note": note, ".revision": _revision(page), ".do": "continue"}
        check = browser.get(_leads(browser.post(task, data=typed))).raise_for_status().text
        confirmed = {".revision": _revision(check), ".do": "submit"}
        sent = time.perf_counter()
        _leads(browser.post(task, data=confirmed))
        return sent, time.perf_counter()


def _leads(response: httpx.Response) -> str:
    """Where a post sends the browser; everything else is a refusal that must be seen."""
    if response.status_code != 303:
        words = html.unescape(re.sub(r"<[^>]*>|\s+", " ", response.text))
        raise SystemExit(f"{response.request.url.path} answered {response.status_code}: {words}")
    return response.headers["location"]


def _revision(page: str) -> str:
    found = re.search(r'name="\.revision" value="(\d+)"', page)
    assert found is not None, page
    return found.group(1)


def tell(what: str, seconds: list[float]) -> None:
    if not seconds:
        return
    ranked = sorted(seconds)
    tenth = ranked[min(len(ranked) - 1, int(0.9 * len(ranked)))]
    print(
        f"{what:44} n={len(ranked):<3} p50 {statistics.median(ranked) * 1e3:5.0f} ms  "
        f"p90 {tenth * 1e3:5.0f} ms  max {ranked[-1] * 1e3:5.0f} ms"
    )


if __name__ == "__main__":
    main()
