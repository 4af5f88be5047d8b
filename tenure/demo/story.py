"""The story of the demo: virtual months, real mail, real HTTP, a real database, real Prefect."""

import signal
import threading
import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp

from rich.console import Console

from engine.audit.verify import verify
from engine.directory import apply_people, plan_people, read_sheet
from engine.queries import CaseFilter, Reader, cases, people
from notifications import Listener, list_mail, read_mail
from tenure.demo.cast import (
    CALIBRATED,
    HABITS,
    JOINERS,
    LEAVES,
    ORDINARY,
    TEAM,
    replies,
)
from tenure.demo.visitor import visit
from tenure.house import House, open_house
from tenure.runtime import entropy, log_to
from tenure.settings import Settings

COMPANY = "Lumen"
_ITSELF = {
    "organisation": COMPANY,
    "mail_name": f"{COMPANY} People Operations",
    "mail_from": "people@lumen.example",
}
_QUIET_SECONDS = 300.0  # of a busy machine
_AGAIN = ("Reminder", "Overdue")  # how subjects of reminders begin


@dataclass(kw_only=True)
class Company:
    """The demo while it runs."""

    house: House
    say: Console
    reader: Reader
    ids: dict[str, str] = field(default_factory=dict)  # person ids by name
    seen: set[str] = field(default_factory=set)  # mails that were read
    cycle: str = ""  # of the performance year
    calibrated: bool = False
    left: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def now(self) -> datetime:
        return self.house.runtime.clock.now()


def run(settings: Settings, *, once: bool = False) -> int:
    """Plays the story; then leaves the house open until Ctrl-C, or exits (`once`)."""
    say = Console(highlight=False, soft_wrap=True)
    home = settings.home if settings.home != Path(".tenure") else Path(mkdtemp(prefix="tenure-"))
    if any(home.glob("tenure.db*")):
        say.print(f"{home} holds a database already; the demo wants a fresh folder.")
        return 1
    home.mkdir(parents=True, exist_ok=True)
    # `tenure serve` goes on in this folder under the same name: a letter keeps its Message-ID.
    lines = [f'TENURE_{name.upper()}="{value}"\n' for name, value in _ITSELF.items()]
    (home / "tenure.env").write_text("".join(lines), "utf-8")
    listener = Listener(home / "mail")
    chosen = settings.model_copy(
        update={
            "home": home,
            "database": None,
            **_ITSELF,
            "smtp_host": "127.0.0.1",
            "smtp_port": listener.start(),
            "smtp_security": "none",
            "smtp_user": None,
        }
    )
    log_to(chosen)
    try:
        with open_house(chosen) as house:
            company = Company(house=house, say=say, reader=Reader())
            _on_signals(company.stop)
            exit_code = _play(company)
            if once or exit_code or company.stop.is_set():
                return exit_code
            _invite(company)
            company.stop.wait()
    finally:
        listener.stop()
    return 0


def _play(company: Company) -> int:
    began = time.monotonic()
    _found(company)
    _begin(company)
    while not company.stop.is_set():
        _settle(company)
        if _answer_mails(company):
            continue
        open_cases = _open_cases(company)
        if not open_cases:
            break
        if _calibrate(company, open_cases) or _leave(company):
            continue
        _pass_time(company)
    if company.stop.is_set():
        return 130
    _settle(company)
    return _close(company, time.monotonic() - began)


def _found(company: Company) -> None:
    """People and processes."""
    runtime = company.house.runtime
    now = company.now
    sheet = read_sheet(files("tenure.demo").joinpath("company.csv").read_bytes())
    imported = runtime.database.write(
        lambda tx: apply_people(
            tx, plan_people(sheet, tx.connection, now.date()), None, now, entropy
        )
    )
    with runtime.database.read() as session:
        lines = people(session, company.reader, "", now, limit=500)
    company.ids = {line.name: line.id for line in lines}
    places = sorted({row.cells["location"] for row in sheet.rows})
    company.say.print(
        f"{COMPANY}: {len(imported.persons)} people in {', '.join(places[:-1])} and {places[-1]}"
    )
    for name in ("onboarding", "pcer-year"):
        source = files("definitions").joinpath(f"{name}.yaml").read_text("utf-8")
        published = runtime.service.publish(source, f"{name}.yaml", None, now)
        company.say.print(f"published {published.process} version {published.version}")


def _begin(company: Company) -> None:
    service, now = company.house.runtime.service, company.now
    for joiner, days in JOINERS.items():
        contractor = joiner == "Ava Patel"
        data: dict[str, object] = {
            "start_date": _next_monday(now.date() + timedelta(days=days)).isoformat(),
            "employment": "contractor" if contractor else "employee",
            "remote": contractor,
            "leads": False,
        }
        name = service.start("onboarding", company.ids[joiner], data, None, now)
        _tell(company, f"{name} begins: onboarding of {joiner}, first day {data['start_date']}")
    company.cycle = str(now.year + 1)
    for person in TEAM:
        data = {
            "cycle": company.cycle,
            "evaluate_from": (now.date() + timedelta(days=210)).isoformat(),
            "months_in_role": 12,
        }
        name = service.start("pcer-year", company.ids[person], data, None, now)
        _tell(company, f"{name} begins: performance year of {person}")
    company.house.hand.nudge()


def _settle(company: Company) -> None:
    """Wait until everything that is due was done."""
    service = company.house.runtime.service
    until = time.monotonic() + _QUIET_SECONDS
    company.house.hand.nudge()
    while not company.stop.is_set():
        due = service.due(company.now)
        if not (due.letters or due.events or due.launches) and not service.in_flight(company.now):
            return
        if time.monotonic() > until:
            raise TimeoutError(
                f"Something does not get done: {due}. {company.house.hand.status().sentence}"
            )
        time.sleep(0.05)


def _answer_mails(company: Company) -> int:
    """Everybody reads their new mail; how many answered."""
    answered = 0
    folder = company.house.runtime.settings.home / "mail"
    fresh = list_mail(folder, limit=10_000, without=company.seen)
    for summary in sorted(fresh, key=lambda mail: (mail.date, mail.key)):
        company.seen.add(summary.key)
        mail = read_mail(folder, summary.key)
        person = parseaddr(dict(mail.headers)["To"])[0]
        links = list(dict.fromkeys(link for link in mail.links if "/t/tk_" in link))
        if not links:
            _tell(company, f"✉ {person}: {summary.subject}")
        again = summary.subject.startswith(_AGAIN) or len(links) > 1
        for link in links:
            answered += _answer_link(company, person, link, reminder=again)
    return answered


def _answer_link(company: Company, person: str, link: str, *, reminder: bool) -> bool:
    """Open one link of a mail, and answer as this person is used to."""
    habits = HABITS.get(person, ORDINARY)

    def decide(title: str) -> dict[str, str] | None:
        puts_off = () if reminder else habits.ignores_first
        if any(word in title for word in (*habits.never, *puts_off)):
            return None
        return replies(person, habits, title, company.now.date())

    result = visit(link, decide)
    never = any(word in result.title for word in habits.never)
    what = {
        "recorded": "answered",
        "left": "does not answer" if never else "puts it off",
        "over": "the link is over, as it should be",
        "taken": "a colleague was first",
    }[result.outcome]
    sign = "⏰" if reminder else "✉"
    _tell(company, f"{sign} {person}: {result.title} - {what}")
    return result.outcome == "recorded"


def _calibrate(company: Company, open_cases: list[str]) -> bool:
    """HR publishes the session's ratings once every open review waits for them."""
    if company.calibrated:
        return False
    runtime = company.house.runtime
    reviews = [name for name in open_cases if name.startswith("PCE")]
    with runtime.database.read() as session:
        waiting = cases(
            session, company.reader, CaseFilter(status="open", state="calibrate"), company.now
        ).items
    if not reviews or len(waiting) < len(reviews):
        return False
    company.calibrated = True
    body = {
        "cycle": company.cycle,
        "department": "Sales",
        "session": "the session of Sales",
        "ratings": [
            {"person": company.ids[name], "rating": int(mark)} for name, mark in CALIBRATED.items()
        ],
    }
    runtime.service.signal("calibration.published", body, None, None, company.now)
    _tell(company, f"HR publishes the calibrated ratings; {len(waiting)} cases waited for them")
    return True


def _leave(company: Company) -> bool:
    """Somebody gives notice in the middle of the year."""
    runtime = company.house.runtime
    if company.left or runtime.clock.ahead < timedelta(days=120):
        return False
    company.left = True
    _tell(company, f"{LEAVES} leaves the company")
    runtime.service.signal("person.left", {}, company.ids[LEAVES], None, company.now)
    return True


def _pass_time(company: Company) -> None:
    """To the evening of the next day on which something happens by itself."""
    runtime = company.house.runtime
    after = runtime.service.next_timer()
    if after is None:
        raise RuntimeError("Cases are open, nobody is asked, and nothing will happen by itself.")
    evening = after.replace(hour=23, minute=30, second=0, microsecond=0)
    runtime.clock.advance_to(max(after, evening))


def _close(company: Company, seconds: float) -> int:
    runtime = company.house.runtime
    verdict = verify(runtime.database)
    with runtime.database.read() as session:
        closed = cases(
            session, company.reader, CaseFilter(status="closed"), company.now, limit=500
        ).items
    company.say.print()
    for line in reversed(closed):
        subject = line.subject.name if line.subject else ""
        company.say.print(f"  {line.name}  {line.title}, {subject}: {line.outcome}")
    company.say.print(f"  {verdict}")
    months = runtime.clock.ahead.days / 30
    company.say.print(f"  {months:.0f} virtual months in {seconds:.0f} seconds")
    mails = len(list_mail(runtime.settings.home / "mail", limit=100_000))
    proof = "history verified" if verdict.ok else "HISTORY ALTERED"
    company.say.print(f"demo: {len(closed)} cases closed, {mails} mails delivered, {proof}")
    return 0 if verdict.ok else 1


def _invite(company: Company) -> None:
    url = company.house.url
    company.say.print()
    company.say.print(f"Look around: {url}        cases, their history and diagrams")
    company.say.print(f"             {url}/dev/mail    every mail, as it was sent")
    if company.house.hand.page:
        company.say.print(f"             {company.house.hand.page}    what Prefect did")
    company.say.print(f"The folder is {company.house.runtime.settings.home}. Ctrl-C stops.")


def _open_cases(company: Company) -> list[str]:
    with company.house.runtime.database.read() as session:
        lines = cases(
            session, company.reader, CaseFilter(status="open"), company.now, limit=500
        ).items
    return [line.name for line in lines]


def _tell(company: Company, sentence: str) -> None:
    company.say.print(f"{company.now:%a %d %b %Y}  {sentence}")


def _next_monday(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) % 7)


def _on_signals(stop: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
