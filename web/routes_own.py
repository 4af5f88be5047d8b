"""What waits for whoever sits at this browser: a list, and no way into what it has no link for."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from engine.directory import RosterFacts
from engine.queries.tasks import tasks
from web.sessions import all_seats
from web.sheet import zone_of
from web.site import Site, TheSite

router = APIRouter()

_MOST = 100  # lines of the list


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
    lines = tasks(session, person, site.clock(), limit=_MOST).items
    own = [
        OwnTask(
            id=line.public_id,
            title=line.title,
            process=line.process_title,
            due=line.due_at,
            zone=zone,
            open_here=line.public_id in opened,
        )
        for line in lines
    ]
    return sorted(own, key=lambda one: (one.due is None, one.due and one.due.timestamp()))
