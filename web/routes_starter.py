"""The starter's three checks: what is done, what is missing, and who has it now."""

from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from analytics.checklist import WEIGHTS
from analytics.readiness import Readiness
from tenure.starter import PLAN, plan_data, read_state
from tenure.starter.words import hangs
from web.console import console_page
from web.loopback import OperatorSite

router = APIRouter()


@router.get("/starter", response_class=HTMLResponse)
def starter_page(site: OperatorSite) -> HTMLResponse:
    now = site.clock()
    with site.database.read() as session:
        facts = site.directory.facts(session, now)
        state = read_state(session, site.reader, facts, (), now)
    choice = state.choice
    return console_page(
        site,
        "starter",
        state=state,
        reached=sum(each is not None for each in state.done),
        people=facts.roster.people,
        weights=WEIGHTS,
        readiness=sorted(state.readiness, key=lambda each: (round(each.score), -each.risk)),
        chosen=None if choice is None else choice.chosen,
        hangs=None if choice is None else hangs(choice, facts.roster),
        begin=_begin,
    )


def _begin(one: Readiness) -> str:
    """The address of the form that starts their 90-day plan, filled in with what is missing."""
    return f"/start/{PLAN}?{urlencode({'about': one.person, **plan_data(one)})}"
