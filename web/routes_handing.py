"""Giving tasks to somebody else: those that somebody has, or those of one case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from engine import queries
from engine.core.form import FieldType
from engine.forms import Fault
from engine.service.handing import hand_over
from web.console import Asked, asked, console_page, faults_of, field, form_of
from web.loopback import OperatorSite
from web.posted import Posted, last
from web.site import Site

router = APIRouter()

Text = Annotated[str, Query(max_length=100)]
_TASKS = 200
_FORM = form_of(
    field("to", FieldType.PERSON, "To whom?", hint="Search by name, number or address."),
    field(
        "reason",
        FieldType.TEXT,
        "Why?",
        hint="It stands in the history of each case.",
        least=3,
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pile:
    """The tasks that may be given away here, and where one came from."""

    tasks: Sequence[queries.TaskLine]
    heading: str
    back: str  # the address of the page before
    person: str  # whose they are; empty: those of a case
    case: str


@router.get("/hand-over", response_class=HTMLResponse)
def hand_over_page(
    site: OperatorSite, person: Text = "", case: Text = "", task: Text = ""
) -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        pile = _pile(site, session, person, case, now)
        sheet = asked(site, session, _FORM, (), now)
    return _form(site, pile, sheet, frozenset((task,)))


@router.post("/hand-over", response_class=HTMLResponse)
def give(site: OperatorSite, posted: Posted) -> HTMLResponse:
    """Finds people, or gives the chosen tasks; what was refused is told with its reason."""
    now = site.clock()
    do = last(posted, ".do", "some")
    with site.database.read() as session:
        pile = _pile(site, session, last(posted, "person"), last(posted, "case"), now)
        sheet = asked(site, session, _FORM, posted, now, do=do)
    here = {one.public_id: one for one in pile.tasks}
    ticked = frozenset(value for name, value in posted if name == "task")
    if do.startswith("find"):
        return _form(site, pile, sheet, ticked)
    chosen = [number for number in here if do == "all" or number in ticked]
    reading = sheet.reading()
    faults = reading.faults
    if not chosen:
        faults = (Fault(at="task", sentence="Which tasks? Tick at least one."), *faults)
    if faults:
        return _form(site, pile, sheet, ticked, faults)
    to = str(reading.answers["to"])
    handed = hand_over(site.service, chosen, to, None, str(reading.answers["reason"]), now)
    site.nudge()
    known = sheet.facts.person(to)
    return console_page(
        site,
        "handed",
        pile=pile,
        to=to,
        name=to if known is None else known["name"],
        given=[here[one.task] for one in handed if one.refused is None],
        refused=[(here[one.task], one.refused) for one in handed if one.refused is not None],
    )


def _pile(site: Site, session: Session, person: str, case: str, now: datetime) -> _Pile:
    """Raises HTTPException where there is neither such a person nor such a case."""
    if person:
        found = queries.person(session, site.reader, person, now)
        if found is None:
            raise HTTPException(404)
        lines = queries.tasks(session, found.line.id, now, limit=_TASKS).items
        own = [one for one in lines if any(each.id == found.line.id for each in one.owners)]
        return _Pile(
            tasks=own,
            heading=f"Tasks of {found.line.name}",
            back=f"/people/{found.line.id}",
            person=found.line.id,
            case="",
        )
    of_case = queries.case(session, site.reader, case, now)
    if of_case is None:
        raise HTTPException(404)
    return _Pile(
        tasks=[one for one in of_case.tasks if one.status == "open"],
        heading=f"Tasks of {case}",
        back=f"/cases/{case}",
        person="",
        case=case,
    )


def _form(
    site: Site,
    pile: _Pile,
    sheet: Asked,
    ticked: frozenset[str],
    faults: tuple[Fault, ...] = (),
) -> HTMLResponse:
    return console_page(
        site,
        "hand-over",
        status=422 if faults else 200,
        pile=pile,
        questions=sheet.questions,
        ticked=ticked,
        faults=faults_of(*faults),
    )
