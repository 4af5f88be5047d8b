"""Every way by which a value leaves a case, each as the text that somebody reads."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import col, select
from support.office import Office, client_of

from engine.queries import (
    Reader,
    as_csv,
    as_jsonl,
    case,
    case_records,
    event_records,
    event_table,
    history,
    plain,
    record_table,
    task_table,
)
from engine.queries import incidents as find_incidents
from engine.service import Brief
from engine.store.tables import AssignmentRow, CaseRow, OutboxRow, TaskRow
from flows.letters import letter_of
from notifications import Sender
from notifications.compose import compose
from web.app import create_app

SENDER = Sender(
    name="Example Ltd",
    address="people@hr.example.org",
    domain="hr.example.org",
    base_url="https://hr.example.org",
    organisation="Example Ltd",
)


@dataclass(frozen=True, kw_only=True)
class WayOut:
    """One thing that somebody reads."""

    name: str
    reader: str | None  # first name; None: an operator
    text: str


def ways_out(office: Office, name: str) -> Iterator[WayOut]:
    """Mails first, since reading them sends them off."""
    yield from mails(office)
    yield from pages(office)
    yield from operators(office, name)


def mails(office: Office) -> Iterator[WayOut]:
    world = office.world
    for row in world.rows(OutboxRow):
        if row.status != "pending" or row.kind == "call":
            continue
        brief = world.service.brief(row.id, world.now + timedelta(days=1))
        if isinstance(brief, Brief):
            letter = letter_of(brief, SENDER.base_url, None)
            message = compose(letter, SENDER, now=world.now)
            parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
            words = "\n".join([str(message["Subject"]), *map(str, parts)])
            yield WayOut(name=f"mail {row.kind} #{row.id}", reader=_name(brief.to.id), text=words)
            world.service.sent(row.id, world.now)


def pages(office: Office) -> Iterator[WayOut]:
    """Task pages of whoever holds a task now: the form, the check, the claim, the receipt."""
    with office.world.database.read() as session:
        holds = session.exec(
            select(TaskRow.public_id, AssignmentRow.person)
            .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
            .where(col(AssignmentRow.ended_at).is_(None))
        ).all()
    for task, person in holds:
        client = office.seated(task, _name(person))
        for page in ("", "/check", "/done"):
            found = client.get(f"/task/{task}{page}")
            yield WayOut(name=f"page /task{page}", reader=_name(person), text=found.text)


def operators(office: Office, name: str) -> Iterator[WayOut]:
    world = office.world
    local = "http://localhost:8700"
    site = replace(office.site, base_url=local)
    console = client_of(create_app(site), base_url=local, peer="127.0.0.1")
    for path in (
        "/",
        "/cases",
        f"/cases/{name}",
        f"/hand-over?case={name}",
        "/people/p_ann",
        "/people/p_bob",
    ):
        page = console.get(path)
        assert page.status_code == 200, path
        yield WayOut(name=f"console {path}", reader=None, text=page.text)
    reader = Reader(directory=world.service.tools.directory)
    with world.database.read() as session:
        process = session.exec(select(CaseRow.process).where(CaseRow.name == name)).one()
        for shape in (as_csv, as_jsonl):
            for what, records in (
                ("cases", case_records(session, reader, process)),
                ("history", event_records(session, reader, process)),
                ("events", map(plain, event_table(session))),
                ("records", map(plain, record_table(session))),
                ("tasks", map(plain, task_table(session))),
            ):
                text = b"".join(shape(records)).decode()
                yield WayOut(name=f"export {what} {shape.__name__}", reader=None, text=text)
        words = "\n".join(entry.words for entry in history(session, reader, name))
        yield WayOut(name="history", reader=None, text=words)
        open_ones = find_incidents(session).items
        yield WayOut(name="incidents", reader=None, text=str(open_ones))
        yield WayOut(name="case", reader=None, text=str(case(session, reader, name, world.now)))


def _name(person: str) -> str:
    return person.removeprefix("p_")
