"""Starting a case by hand: which process, about whom, and what it asks at its start."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from engine import queries
from engine.core.chart import Definition
from engine.core.form import Field, FieldType, Form
from engine.forms import Fault
from engine.service import StartRefused
from engine.service.definitions import start_form
from engine.store import StoreError
from web.console import Asked, asked, console_page, faults_of, field, form_of
from web.loopback import OperatorSite
from web.posted import Pairs, Posted, last, see_other
from web.site import RequestId, Site

router = APIRouter()

Text = Annotated[str, Query(max_length=100)]
# Beside the fields of the process, none of which can be called so.
_ABOUT, _BY = "-about", "-by"
_LONGEST = 2_000  # characters of an answer in an address
_NOT_NOW = (
    "Nothing can be recorded on our side just now. What you typed stands below: try again in a "
    "few minutes."
)


@router.get("/start", response_class=HTMLResponse)
def processes_page(site: OperatorSite, about: Text = "") -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        person = queries.person(session, site.reader, about, now) if about else None
        return console_page(
            site,
            "start",
            processes=sorted(queries.processes(session, now), key=lambda one: one.title.casefold()),
            person=person,
        )


@router.get("/start/{process}", response_class=HTMLResponse)
def start_page(process: str, request: Request, site: OperatorSite) -> HTMLResponse:
    """Answers in the address are filled in: other pages lead here with what they know.

    Pages of people say `about`, whatever the process is about.
    """
    with site.database.read() as session:
        definition = _newest(site, session, process)
        given = [
            (_ABOUT if name == "about" else name, value[:_LONGEST])
            for name, value in request.query_params.multi_items()
            if name != "about" or definition.subject == "person"
        ]
        sheet = _sheet(site, session, definition, tuple(given), "")
    return _form(site, definition, sheet)


@router.post("/start/{process}", response_class=HTMLResponse)
def start(process: str, site: OperatorSite, posted: Posted, number: RequestId) -> Response:
    """Starts it, or does what another button of the form says; nothing typed is lost."""
    now = site.clock()
    do = last(posted, ".do", "start")
    with site.database.read() as session:
        definition = _newest(site, session, process)
        sheet = _sheet(site, session, definition, posted, do)
    if do != "start":
        return _form(site, definition, sheet)
    reading = sheet.reading()
    if reading.faults:
        return _form(site, definition, sheet, reading.faults)
    data: dict[str, Any] = dict(reading.answers)
    about, by = data.pop(_ABOUT, None), data.pop(_BY, None)
    first = sheet.form.fields[0].name
    try:
        case = site.service.start(process, about, data, by, now)
    except StartRefused as refused:
        return _form(site, definition, sheet, (Fault(at=first, sentence=str(refused)),))
    except StoreError as error:
        site.log_trouble(number, error)
        return _form(site, definition, sheet, (Fault(at=first, sentence=_NOT_NOW),), status=503)
    site.nudge()
    return see_other(f"/cases/{case}")


def _newest(site: Site, session: Session, process: str) -> Definition:
    found = queries.process(session, site.reader, process, site.clock())
    if found is None:
        raise HTTPException(404)
    return site.definition(session, found.versions[0].definition_id)


def _sheet(site: Site, session: Session, definition: Definition, posted: Pairs, do: str) -> Asked:
    form = _form_of(definition)
    return asked(site, session, form, posted, site.clock(), do=do, also_left=True)


def _form_of(definition: Definition) -> Form:
    """About whom, what the process asks, and for whom the operator acts."""
    by = field(
        _BY,
        FieldType.PERSON,
        "Who starts it?",
        hint="Counts as who has opened the case. Leave it out if it is nobody in particular.",
    )
    return form_of(*_about(definition), *start_form(definition).fields, replace(by, required=False))


def _about(definition: Definition) -> tuple[Field, ...]:
    match definition.subject:
        case "none":
            return ()
        case "person":
            hint = "Search by name, number or address; who has left is found as well."
            return (field(_ABOUT, FieldType.PERSON, "About whom?", hint=hint),)
        case what:
            words = what.replace("_", " ")
            hint = "Its id, as other cases and records call it."
            return (field(_ABOUT, FieldType.TEXT, f"About which {words}?", hint=hint),)


def _form(
    site: Site,
    definition: Definition,
    sheet: Asked,
    faults: tuple[Fault, ...] = (),
    *,
    status: int = 422,
) -> HTMLResponse:
    return console_page(
        site,
        "start-process",
        status=status if faults else 200,
        definition=definition,
        questions=sheet.questions,
        faults=faults_of(*faults),
        rules=[rule.id for rule in definition.starts],
    )
