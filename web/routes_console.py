"""The console of the machine's owner: which cases there are, and where they stand.

An operator sees what `engine.queries` gives to operators: everything but sensitive fields.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from sqlmodel import Session

from engine import diagram, queries
from engine.core.chart import Definition
from engine.directory.calendars import zone_of
from engine.queries.starts import waiting_rules
from engine.service.membership import Drift, drift
from web.console import console_page
from web.loopback import OperatorSite, at_the_machine
from web.site import Site, TheSite
from web.words import Answer, answer

router = APIRouter()

Text = Annotated[str, Query(max_length=100)]
Flag = Annotated[bool, Query()]
_SUGGESTED = 20  # people of one search
_SHOWN = 10  # bulk starts of one process
_FIRST = 2**62  # pages go down from here; no row has so high a number


@router.get("/", response_class=HTMLResponse)
def home_page(request: Request, site: TheSite) -> HTMLResponse:
    """Today, for the operator; a friendly sentence for everybody else."""
    if not at_the_machine(request):
        return site.page("welcome")
    now = site.clock()
    with site.database.read() as session:
        return console_page(
            site,
            "home",
            incidents=queries.incidents(session, limit=20).items,
            late=queries.cases(
                session, site.reader, queries.CaseFilter(overdue=True), now, limit=20
            ).items,
            processes=queries.processes(session, now),
            mail=queries.outbox_counts(session),
            work=site.status(),
        )


@router.get("/cases", response_class=HTMLResponse)
def cases_page(
    site: OperatorSite,
    process: Text = "",
    status: Text = "open",
    who: Text = "",
    state: Text = "",
    name: Text = "",
    overdue: Flag = False,
    stuck: Flag = False,
    paused: Flag = False,
    cohort: Annotated[int | None, Query(ge=0, le=_FIRST)] = None,
    after: Annotated[int, Query(ge=0, le=_FIRST)] = _FIRST,
) -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        found = (
            queries.people(session, site.reader, who, now, limit=_SUGGESTED, everybody=True)
            if who.strip()
            else ()
        )
        wanted = queries.CaseFilter(
            process=process or None,
            status=status if status in ("open", "closed") else None,
            subject=found[0].id if len(found) == 1 else None,
            state=state or None,
            overdue=overdue,
            stuck=stuck,
            paused=paused,
            name=name.strip() or None,
            cohort=cohort,
        )
        nobody_yet = bool(who.strip()) and len(found) != 1
        page: queries.Page[queries.CaseLine] = queries.Page(items=(), after=None)
        if not nobody_yet:
            page = queries.cases(session, site.reader, wanted, now, after=after)
        return console_page(
            site,
            "cases",
            found_cases=page,
            wanted=wanted,
            chosen_status=status,
            who=who,
            found=found if nobody_yet else (),
            processes=queries.processes(session, now),
        )


@router.get("/cases/{name}", response_class=HTMLResponse)
def case_page(name: str, site: OperatorSite, details: Flag = False) -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        case = queries.case(session, site.reader, name, now)
        if case is None:
            raise HTTPException(404)
        lines = queries.history(session, site.reader, name)
        definition = site.definition(session, case.definition_id)
        return console_page(
            site,
            "case",
            case=case,
            known=_known(site, session, case, definition, now),
            history=[line for line in lines if details or not line.detail],
            details=details,
            hidden=sum(line.detail for line in lines),
            **_drawn(definition, (place.state for place in case.places), case.visited),
        )


@router.get("/processes/{name}", response_class=HTMLResponse)
def process_page(name: str, site: OperatorSite) -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        process = queries.process(session, site.reader, name, now)
        if process is None:
            raise HTTPException(404)
        definition = site.definition(session, process.versions[0].definition_id)
        picture = diagram.picture(definition)
        marks = queries.process_marks(process)
        return console_page(
            site,
            "process",
            process=process,
            definition=definition,
            heat=marks.heat,
            rules=waiting_rules(session, name),
            cohorts=queries.cohorts(session, now, process=name, limit=_SHOWN),
            svg=Markup(diagram.svg(picture, marks, style=False)),  # noqa: S704 - it escapes
            outline=diagram.outline(picture, marks),
        )


@router.get("/cohorts", response_class=HTMLResponse)
def cohorts_page(site: OperatorSite) -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        return console_page(site, "cohorts", cohorts=queries.cohorts(session, now))


@router.get("/cohorts/{number}", response_class=HTMLResponse)
def cohort_page(number: Annotated[int, Path(ge=0, le=_FIRST)], site: OperatorSite) -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        cohort = queries.cohort(session, site.reader, str(number), now)
        if cohort is None:
            raise HTTPException(404)
        return console_page(
            site,
            "cohort",
            cohort=cohort,
            drift=_drift(site, session, cohort.line, now),
            people=site.directory.facts(session, now).roster.people,
        )


def _drift(
    site: Site, session: Session, line: queries.CohortSummary, now: datetime
) -> Drift | None:
    """Who became eligible, and who is not any more; None where no `if` says who is."""
    newest = queries.process(session, site.reader, line.process, now)
    assert newest is not None
    definition = site.definition(session, newest.versions[0].definition_id)
    rule = next((one for one in definition.starts if one.id == line.rule and one.cohort), None)
    if rule is None:
        return None
    inside = queries.cohort_members(session, line.number)
    return drift(definition, rule, inside, site.directory.facts(session, now), now)


def _known(
    site: Site, session: Session, case: queries.CasePage, definition: Definition, now: datetime
) -> list[Answer]:
    """The case file in words; what the viewer may not see says why."""
    people = site.directory.facts(session, now).roster.people
    zone = zone_of(site.directory.home.zone)

    def name_of(person: str) -> str | None:
        return str(people[person]["name"]) if person in people else None

    known = []
    for line in case.data:
        if line.filled and line.withheld is not None:
            note = f"not shown: {line.withheld}"
            known.append(Answer(name=line.name, at="", label=line.label, text=note))
        elif line.filled:
            files = f"/cases/{case.line.name}/files"
            field = definition.data[line.name]
            known.append(answer(field, line.value, name_of, zone, files=files))
    return known


def _drawn(
    definition: Definition, current: Iterable[str], visited: frozenset[str]
) -> dict[str, Any]:
    """The diagram with a case's place and its path, and the same as a list."""
    picture = diagram.picture(definition)
    marks = diagram.case_marks(picture, current, visited)
    return {
        "svg": Markup(diagram.svg(picture, marks, style=False)),  # noqa: S704 - it escapes
        "outline": diagram.outline(picture, marks),
    }
