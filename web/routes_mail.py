"""The mail of a development installation: kept in a folder, read here."""

from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

from engine import queries
from notifications import Mail, NoSuchMail, list_mail, read_mail
from web.loopback import OperatorSite
from web.site import Site

router = APIRouter(prefix="/dev/mail")

# A mail brings its own styles, which no page of ours may: so it gets a policy of its own. Its links
# open a window of their own, free of the sandbox, as a mail program would do it.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_MAIL_POLICY = (
    f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


@router.get("", response_class=HTMLResponse)
def mails_page(site: OperatorSite) -> HTMLResponse:
    if site.mail is None:
        raise HTTPException(404)
    with site.database.read() as session:
        waiting = queries.outbox_counts(session).get("pending", 0)
    return site.page("mails", mails=list_mail(site.mail), waiting=waiting)


@router.get("/{key}", response_class=HTMLResponse)
def mail_page(key: str, site: OperatorSite) -> HTMLResponse:
    mail = _mail(site, key)
    return site.page(
        "mail",
        key=key,
        mail=mail,
        sandbox=SANDBOX,
        headers=dict(mail.headers),
        paths=[link.removeprefix(site.base_url) for link in mail.links if _ours(site, link)],
    )


@router.get("/{key}/html", response_class=HTMLResponse)
def mail_body(key: str, site: OperatorSite) -> Response:
    headers = {"Content-Security-Policy": _MAIL_POLICY}
    return HTMLResponse(_mail(site, key).html, headers=headers)


def _mail(site: Site, key: str) -> Mail:
    if site.mail is None:
        raise HTTPException(404)
    try:
        return read_mail(site.mail, key)
    except NoSuchMail:
        raise HTTPException(404) from None


def _ours(site: Site, link: str) -> bool:
    return link.startswith(f"{site.base_url}/") and urlsplit(link).path.startswith("/t/")
