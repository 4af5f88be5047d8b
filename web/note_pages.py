"""The page of a hand-over note: opened by its link alone, which is good for nothing else."""

from dataclasses import dataclass
from datetime import datetime

from fastapi.responses import Response
from sqlmodel import Session, col, select

from engine.links import NoteSeat, look_up_note
from engine.queries import NoteLine, notes
from engine.service import LONGEST_NOTE, NoteKept, Refused
from engine.store import StoreError
from engine.store.tables import AssignmentRow
from web.posted import Posted, last
from web.sheet import zone_of
from web.site import Site


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desk:
    """What the page says around the note."""

    seat: NoteSeat
    title: str
    process: str
    about: str | None  # name of the person the case is about
    case: str
    has_now: str  # names, a queue, or that nobody has it yet
    notes: tuple[NoteLine, ...]  # what this person has left before
    zone: str  # IANA, of the person
    longest: int = LONGEST_NOTE


def note_page(site: Site, token: str, posted: Posted, request: str) -> Response | None:
    """None: no link of a note, or none that is good any more."""
    now = site.clock()
    with site.database.read() as session:
        seat = look_up_note(session, token, now)
        desk = None if seat is None else _desk(site, session, seat, now)
    if desk is None:
        return None
    if last(posted, ".do") != "note":
        return _form(site, desk)
    written = last(posted, "note")
    if any(note.text == written.strip() for note in desk.notes):
        return site.page("note-kept", desk=desk)  # the same page, sent twice
    try:
        kept = site.service.leave_note(desk.seat.task.public_id, written, desk.seat.person, now)
    except Refused as refused:
        return _form(site, desk, written, str(refused), status=422)
    except StoreError as error:
        site.log_trouble(request, error)
        sentence = (
            "Nothing can be recorded on our side just now. Keep this page open and try again."
        )
        return _form(site, desk, written, sentence, status=503)
    return site.page("note-kept", desk=desk) if isinstance(kept, NoteKept) else None


def _form(
    site: Site, desk: _Desk, written: str = "", fault: str | None = None, status: int = 200
) -> Response:
    return site.page("note", status=status, desk=desk, written=written, fault=fault)


def _desk(site: Site, session: Session, seat: NoteSeat, now: datetime) -> _Desk | None:
    facts = site.directory.facts(session, now)
    person = facts.person(seat.person)
    if person is None or not person["active"]:
        return None
    about = None if seat.case.subject is None else facts.person(seat.case.subject)
    assert seat.case.id is not None
    mine = notes(session, seat.case.id, seat.task.key, of=seat.person)
    return _Desk(
        seat=seat,
        title=seat.task.title,
        process=site.definition(session, seat.case.definition_id).title,
        about=None if about is None or about["id"] == seat.person else str(about["name"]),
        case=seat.case.name,
        has_now=_has_now(site, session, seat, now),
        notes=mine,
        zone=zone_of(facts, seat.person)[1],
    )


def _has_now(site: Site, session: Session, seat: NoteSeat, now: datetime) -> str:
    facts = site.directory.facts(session, now)
    holders = session.exec(
        select(AssignmentRow.person)
        .where(
            AssignmentRow.task_id == seat.task.id,
            col(AssignmentRow.ended_at).is_(None),
            col(AssignmentRow.candidate).is_(False),
        )
        .order_by(col(AssignmentRow.id))
    ).all()
    names = [str(known["name"]) for one in holders if (known := facts.person(one)) is not None]
    if names:
        return " and ".join(names)
    return f"the queue {seat.task.queue}" if seat.task.queue else "nobody yet"
