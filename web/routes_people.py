"""People for operators: finding somebody, and everything that is theirs or about them."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from engine import queries
from web.console import console_page
from web.loopback import OperatorSite

router = APIRouter()

Text = Annotated[str, Query(max_length=100)]
Flag = Annotated[bool, Query()]
Number = Annotated[int, Query(ge=1, le=100_000)]
_A_PAGE = 50
_CASES = 20  # about somebody, before the list of cases tells the rest
_TASKS = 200


@router.get("/people", response_class=HTMLResponse)
def people_page(
    site: OperatorSite, who: Text = "", everybody: Flag = False, page: Number = 1
) -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        found = queries.people(
            session,
            site.reader,
            who,
            now,
            limit=_A_PAGE + 1,
            everybody=everybody,
            skip=(page - 1) * _A_PAGE,
        )
        return console_page(
            site,
            "people",
            leavers=() if who or page > 1 else queries.leavers(session, site.reader, now),
            found=found[:_A_PAGE],
            more=len(found) > _A_PAGE,
            who=who,
            everybody=everybody,
            page=page,
        )


@router.get("/people/{who}", response_class=HTMLResponse)
def person_page(who: str, site: OperatorSite) -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        person = queries.person(session, site.reader, who, now)
        if person is None:
            raise HTTPException(404)
        line = person.line
        about = queries.CaseFilter(subject=line.id)
        leaving = fates = None
        if line.active:
            last = None if person.last_day is None else person.last_day.day
            leaving = queries.departure(session, site.reader, line.id, last, now)
            fates = {one.task.public_id: one for one in leaving.tasks}
        tasks = queries.tasks(session, line.id, now, limit=_TASKS)
        return console_page(
            site,
            "person",
            person=person,
            today=site.directory.day(now),
            cases=queries.cases(session, site.reader, about, now, limit=_CASES),
            tasks=tasks,
            mine=any(owner.id == line.id for one in tasks.items for owner in one.owners),
            leaving=leaving,
            fates=fates,
            named=queries.mentions(session, site.reader, line.id, now, limit=_CASES),
        )
