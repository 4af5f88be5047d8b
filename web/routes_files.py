"""Files that were handed in: given out as files only, and only to who may see their field."""

from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlmodel import Session, select

from engine.core.visibility import why_withheld
from engine.forms.typed import file_fields
from engine.links import Seat
from engine.service import read_file
from engine.store.tables import CaseRow, FileRow
from web.loopback import OperatorSite
from web.sessions import seat_at
from web.sheet import read_sheet
from web.site import Site, TheSite
from web.task_pages import reading_of, values_of

router = APIRouter()


@router.get("/task/{task}/files/{number}")
def task_file(task: str, number: str, request: Request, site: TheSite) -> Response:
    """A file that this person's page names, or named in their own answer."""
    now = site.clock()
    with site.database.read() as session:
        seat = seat_at(site, session, request, task, now)
        file = None if seat is None else read_file(session, number)
        if seat is None or file is None or not _may_open(site, session, seat, file, now):
            raise HTTPException(404)
        return handed_out(file.name, file.content)


@router.get("/cases/{name}/files/{number}")
def case_file(name: str, number: str, site: OperatorSite) -> Response:
    """An operator sees the files of every field that is not sensitive."""
    with site.database.read() as session:
        case = session.exec(select(CaseRow).where(CaseRow.name == name)).one_or_none()
        file = read_file(session, number)
        if case is None or file is None or file.case_id != case.id or not file.bound:
            raise HTTPException(404)
        definition = site.definition(session, case.definition_id)
        field = definition.data.get(file.field)
        if field is None or why_withheld(field, None, {}) is not None:
            raise HTTPException(404)
        return handed_out(file.name, file.content)


def _may_open(site: Site, session: Session, seat: Seat, file: FileRow, now: datetime) -> bool:
    """What a page shows of a field its form has, `read_sheet` has asked of the one place."""
    if file.case_id != seat.case.id:
        return False
    if seat.task.status == "answered":
        return file.task_id == seat.task.id and seat.task.closed_by == seat.person
    sheet = None if seat.assignment.candidate else read_sheet(site, session, seat, now)
    if sheet is None:
        return False
    answers = reading_of(sheet, values_of(sheet), now).answers
    named = (answers.get(field.name) for field in file_fields(sheet.form))
    return any(each is not None and each["id"] == file.id for each in named)


def handed_out(name: str, content: bytes) -> Response:
    """Never shown in the page's own origin: no kind of its own, and no rights if it is."""
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )
