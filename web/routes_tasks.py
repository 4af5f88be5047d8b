"""A task: its questions, the check of the answers, and what is said once they are recorded.

Every button posts the same form, and every post saves the draft: nothing typed is ever lost.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from engine.forms import Fault, Typed, renumbered
from engine.forms.typed import one
from engine.links import Seat
from engine.service import (
    Accepted,
    AlreadyRecorded,
    Claimed,
    Held,
    NeedsAssurance,
    NotYours,
    Refused,
    Stale,
    Submission,
)
from engine.store import StoreError
from web.posted import Page, Pairs, Posted, PostedPage, last, see_other
from web.receipt import Receipt, read_receipt
from web.rows import changed, place_of
from web.sessions import seat_at
from web.sheet import DECISION, Sheet, read_sheet
from web.site import RequestId, Site, TheSite
from web.task_pages import (
    checking_page,
    form_page,
    gone_page,
    reading_of,
    recorded_page,
    typed_of,
    values_of,
)
from web.uploads import take_in

router = APIRouter()

SIGNATURE = "$signature"  # beside the answers; no field's name begins so


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desk:
    """What this browser finds at a task: the open sheet, or what to say instead."""

    seat: Seat | None = None
    sheet: Sheet | None = None  # open and this person's
    receipt: Receipt | None = None  # answered

    @property
    def waits(self) -> bool:
        """In a queue: seen by all its members, taken by nobody yet."""
        return self.seat is not None and self.seat.assignment.candidate


def _desk(site: Site, request: Request, task: str, now: datetime) -> _Desk:
    with site.database.read() as session:
        seat = seat_at(site, session, request, task, now)
        if seat is None:
            return _Desk()
        if seat.task.status == "answered":
            return _Desk(seat=seat, receipt=read_receipt(site, session, seat, now))
        return _Desk(seat=seat, sheet=read_sheet(site, session, seat, now))


# --- pages ---


@router.get("/task/{task}", response_class=HTMLResponse)
def task_page(task: str, request: Request, site: TheSite) -> Response:
    now = site.clock()
    desk = _desk(site, request, task, now)
    if desk.seat is not None and desk.receipt is not None:
        return recorded_page(site, desk.seat, desk.receipt, now)
    if desk.sheet is None:
        return gone_page(site)
    if desk.waits:
        return site.page("claim", sheet=desk.sheet, now=now)
    saved = "saved" in request.query_params
    return form_page(site, desk.sheet, values_of(desk.sheet), now, saved=saved)


@router.get("/task/{task}/check", response_class=HTMLResponse)
def check_page(task: str, request: Request, site: TheSite) -> Response:
    now = site.clock()
    desk = _desk(site, request, task, now)
    if desk.sheet is None or desk.waits:
        return see_other(f"/task/{task}") if desk.seat else gone_page(site)
    values = values_of(desk.sheet)
    reading = reading_of(desk.sheet, values, now)
    if reading.faults:
        return form_page(site, desk.sheet, values, now, reading.faults)
    return checking_page(site, desk.sheet, values, reading, now)


@router.get("/task/{task}/done", response_class=HTMLResponse)
def done_page(task: str, request: Request, site: TheSite) -> Response:
    now = site.clock()
    desk = _desk(site, request, task, now)
    if desk.seat is None or desk.receipt is None or not desk.receipt.mine:
        return see_other(f"/task/{task}") if desk.seat else gone_page(site)
    return site.page("done", seat=desk.seat, receipt=desk.receipt, now=now)


# --- answers ---


@router.post("/task/{task}", response_class=HTMLResponse)
def act(
    task: str, request: Request, site: TheSite, page: PostedPage, number: RequestId
) -> Response:
    """Continue, save, add or remove a row, hand in a file, find a person, claim, submit."""
    now, posted = site.clock(), page.pairs
    desk = _desk(site, request, task, now)
    if desk.seat is not None and desk.receipt is not None:
        return recorded_page(site, desk.seat, desk.receipt, now, status=409)
    if desk.sheet is None:
        return gone_page(site, posted)
    sheet = desk.sheet
    what = last(posted, ".do", "continue")
    if desk.waits:
        return _claim(site, sheet, now)
    if what == "submit":
        return _submit(site, sheet, posted, number, now)
    return _keep(site, sheet, page, what, number, now)


@router.post("/task/{task}/draft")
def autosave(
    task: str, request: Request, site: TheSite, posted: Posted, number: RequestId
) -> JSONResponse:
    """The page's script saves what was typed; it says so in the page's words."""
    now = site.clock()
    desk = _desk(site, request, task, now)
    if desk.sheet is None or desk.waits:
        sentence = "Not saved: this task is not open here any more. Press Continue to see why."
        return JSONResponse({"message": sentence}, status_code=410)
    try:
        saved = _save(site, desk.sheet, typed_of(desk.sheet, posted), _revision(posted), now)
    except Refused as refused:
        return JSONResponse({"message": f"Not saved: {refused}"}, status_code=413)
    except StoreError as error:
        site.log_trouble(number, error)
        sentence = "Not saved: nothing can be recorded just now. It is tried with your next change."
        return JSONResponse({"message": sentence}, status_code=503)
    match saved:
        case int():
            return JSONResponse({"revision": saved, "message": "Saved."})
        case Stale(current=current):
            sentence = (
                "Not saved: this task was changed in another window. "
                "Press Continue to choose what to keep."
            )
            return JSONResponse({"revision": current, "message": sentence}, status_code=409)
        case NotYours():
            sentence = "Not saved: somebody else has this task now."
            return JSONResponse({"message": sentence}, status_code=410)


def _keep(site: Site, sheet: Sheet, page: Page, what: str, number: str, now: datetime) -> Response:
    """Saves the draft and goes where the button leads."""
    posted = page.pairs
    task = sheet.seat.task.public_id
    verb, _, about = what.partition(" ")
    values = changed(typed_of(sheet, posted), verb, about)
    values = renumbered(values, sheet.form, keep_empty=verb != "continue")
    try:
        untaken = take_in(site, sheet, page.files, values, now)
        saved = _save(site, sheet, values, _revision(posted), now)
    except Refused as refused:
        return form_page(
            site, sheet, values, now, (Fault(at=_first(sheet), sentence=str(refused)),)
        )
    except StoreError as error:
        site.log_trouble(number, error)
        sheet = replace(sheet, kept=replace(sheet.kept, revision=_revision(posted)))
        return form_page(site, sheet, values, now, unsaved=True)
    if isinstance(saved, NotYours):
        return gone_page(site, posted)
    if isinstance(saved, Stale):
        sheet = replace(sheet, kept=replace(sheet.kept, revision=saved.current))
        return form_page(site, sheet, values, now, stale=True)
    sheet = replace(sheet, kept=replace(sheet.kept, revision=saved))
    if untaken:
        return form_page(site, sheet, values, now, untaken)
    match verb:
        case "save":
            return see_other(f"/task/{task}?saved=1")
        case "add" | "remove" | "find" | "drop":
            return see_other(f"/task/{task}#{place_of(sheet.form, values, verb, about)}")
        case _:
            reading = reading_of(sheet, values, now)
            if reading.faults:
                return form_page(site, sheet, values, now, reading.faults)
            return see_other(f"/task/{task}/check")


def _claim(site: Site, sheet: Sheet, now: datetime) -> Response:
    task = sheet.seat.task.public_id
    match site.service.claim(task, sheet.seat.person, now):
        case Claimed() | AlreadyRecorded():
            site.nudge()
            return see_other(f"/task/{task}")
        case NotYours():
            return site.page("taken", status=409, sheet=sheet)


def _submit(site: Site, sheet: Sheet, posted: Pairs, number: str, now: datetime) -> Response:
    task = sheet.seat.task.public_id
    values = values_of(sheet)
    reading = reading_of(sheet, values, now)
    if reading.faults:
        return form_page(site, sheet, values, now, reading.faults)
    if _revision(posted) != sheet.kept.revision:
        return checking_page(site, sheet, values, reading, now, stale=True)
    answers = dict(reading.answers)
    if sheet.rules.sign:
        signed = last(posted, ".signature").strip()
        if not signed:
            return checking_page(site, sheet, values, reading, now, unsigned=True)
        answers[SIGNATURE] = {"name": signed[:200], "at": now.isoformat(timespec="seconds")}
    submission = Submission(
        task=task,
        button=one(values, DECISION) if sheet.decides else sheet.rules.buttons[0],
        answers=answers,
        by=sheet.seat.person,
        assurance=sheet.seat.assurance,
        request=number,
    )
    try:
        answered = site.service.submit(submission, now)
    except Refused as refused:
        fault = Fault(at=_first(sheet), sentence=str(refused))
        return form_page(site, sheet, values, now, (fault,))
    except StoreError as error:
        site.log_trouble(number, error)
        return checking_page(site, sheet, values, reading, now, unsaved=True)
    match answered:
        case Accepted():
            site.nudge()
            return see_other(f"/task/{task}/done")
        case AlreadyRecorded():
            with site.database.read() as session:
                row = replace(sheet.seat, task=session.get_one(type(sheet.seat.task), _id(sheet)))
                receipt = read_receipt(site, session, row, now)
            return recorded_page(site, row, receipt, now, status=409)
        case NotYours():
            return gone_page(site, posted)
        case NeedsAssurance():
            return site.page("unsure", status=403, sheet=sheet)
        case Held():
            return site.page("held", status=202, sheet=sheet)


# --- what the pages are made of ---


def _save(
    site: Site, sheet: Sheet, values: Typed, revision: int, now: datetime
) -> int | Stale | NotYours:
    """Saves what differs from what is kept; a page that is sent twice says the same twice."""
    if values == sheet.kept.values:
        return sheet.kept.revision
    return site.service.save_draft(
        sheet.seat.task.public_id,
        values,
        revision,
        sheet.seat.person,
        now,
        key=sheet.seat.draft_key,
    )


def _first(sheet: Sheet) -> str:
    """The question at which something is said that is about the whole answer."""
    return DECISION if sheet.decides or not sheet.form.fields else sheet.form.fields[0].name


def _revision(posted: Pairs) -> int:
    text = last(posted, ".revision", "0")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _id(sheet: Sheet) -> int:
    assert sheet.seat.task.id is not None
    return sheet.seat.task.id
