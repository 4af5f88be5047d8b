"""The link in the mail: a constant page that changes nothing, and the exchange for a session."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine import links
from web.note_pages import note_page
from web.posted import Posted, last, see_other
from web.sessions import cookie
from web.site import RequestId, TheSite

router = APIRouter()


@router.api_route("/t/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def link_page(token: str, site: TheSite) -> HTMLResponse:  # noqa: ARG001 - the same for all
    """The same bytes for a good, an unknown and an expired token: scanners learn nothing."""
    return site.page("link")


@router.post("/t/{token}")
def open_link(token: str, site: TheSite, posted: Posted, number: RequestId) -> Response:
    """Exchange the token for a session, or say calmly that the link is over.

    The link of a hand-over note opens the note's page instead, and is good for nothing else.
    """
    now = site.clock()
    note = note_page(site, token, posted, number)
    if note is not None:
        return note
    if last(posted, ".do") == "new link":
        hashed = links.token_hash(token)
        site.database.write(lambda tx: links.request_new(tx, hashed, now))
        site.nudge()
        return site.page("link-asked")
    opened = site.database.write(lambda tx: links.exchange(tx, token, now, site.entropy))
    if isinstance(opened, links.DeadLink):
        return site.page("link-dead", status=410)
    return see_other(f"/task/{opened.task}", [cookie(site, opened)])
