"""The shared records for whoever sits at the machine: what holds, and what has gone stale."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from engine import queries
from engine.directory.calendars import zone_of
from engine.queries.record_words import age, spoken
from engine.queries.records import RecordLine, Standing, freshness, records
from web.loopback import OperatorSite

router = APIRouter()

Text = Annotated[str, Query(max_length=100)]
_LINES = 200
_SUGGESTED = 20  # people of one search
_SHOWN: dict[str, Standing | None] = {
    "valid": Standing.VALID,
    "stale": Standing.STALE,
    "any": None,
}


@router.get("/records", response_class=HTMLResponse)
def records_page(
    site: OperatorSite, kind: Text = "", show: Text = "valid", who: Text = ""
) -> HTMLResponse:
    now = site.clock()
    show = show if show in _SHOWN else "valid"
    with site.database.read() as session:
        roster = site.directory.facts(session, now).roster
        left = frozenset(person for person, one in roster.people.items() if not one["active"])
        about = who.strip()
        found: tuple[queries.PersonLine, ...] = ()
        if about and not records(session, now, only=None, about=about, limit=1):
            found = queries.people(
                session, site.reader, about, now, limit=_SUGGESTED, everybody=True
            )
            about = found[0].id if len(found) == 1 else ""
        nobody = bool(who.strip()) and not about
        lines: tuple[RecordLine, ...] = ()
        if not nobody:
            lines = records(
                session,
                now,
                only=_SHOWN[show],
                kind=kind or None,
                about=about or None,
                without=left if show == "stale" else frozenset(),
                limit=_LINES + 1,
            )
        zone = site.directory.home.zone
        return site.page(
            "records",
            now=now,
            zone=zone_of(zone),
            zone_name=zone,
            kinds=freshness(session, now, without=left),
            lines=lines[:_LINES],
            more=len(lines) > _LINES,
            people=roster.people,
            kind=kind,
            show=show,
            who=who,
            found=found if nobody else (),
            nobody=nobody and not found,
            age=age,
            spoken=lambda line: spoken(line.value, line.attributes, roster),
        )
