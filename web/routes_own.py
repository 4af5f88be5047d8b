"""What waits for whoever sits at this browser: a list, and no way into what it has no link for."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col, select

from engine.directory import RosterFacts
from engine.store.instants import from_micros
from engine.store.tables import AssignmentRow, CaseRow, TaskRow
from web.sessions import all_seats
from web.sheet import zone_of
from web.site import Site, TheSite

router = APIRouter()


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnTask:
    """A line of the list."""

    id: str  # TaskRow.public_id
    title: str
    process: str  # its title
    due: datetime | None
    zone: tzinfo
    open_here: bool  # this browser has come by the task's own link


@router.get("/tasks", response_class=HTMLResponse)
def tasks_page(request: Request, site: TheSite) -> HTMLResponse:
    """By person, since one browser may have opened links of two."""
    now = site.clock()
    with site.database.read() as session:
        facts = site.directory.facts(session, now)
        seats = list(all_seats(site, session, request, now))
        opened = {seat.task.public_id for seat in seats}
        people = [
            (_name(facts, person), _tasks_of(site, session, facts, person, opened))
            for person in dict.fromkeys(seat.person for seat in seats)
        ]
    return site.page("tasks", people=people, now=now)


def _name(facts: RosterFacts, person: str) -> str:
    known = facts.person(person)
    return person if known is None else str(known["name"])


def _tasks_of(
    site: Site, session: Session, facts: RosterFacts, person: str, opened: set[str]
) -> list[OwnTask]:
    zone, _ = zone_of(facts, person)
    rows = session.exec(
        select(TaskRow, CaseRow)
        .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
        .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
        .where(
            col(AssignmentRow.person) == person,
            col(AssignmentRow.ended_at).is_(None),
            col(TaskRow.status) == "open",
        )
        .order_by(col(TaskRow.due_at).is_(None), col(TaskRow.due_at), col(TaskRow.id))
    ).all()
    return [
        OwnTask(
            id=task.public_id,
            title=task.title,
            process=site.shelf.get(session, case.definition_id).title,
            due=None if task.due_at is None else from_micros(task.due_at),
            zone=zone,
            open_here=task.public_id in opened,
        )
        for task, case in rows
    ]
