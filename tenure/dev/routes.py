"""The pages of the workshop: the whole, one person's view, a mail, all forms, another beginning."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

from tenure.dev import look
from tenure.dev.forms import forms_of
from tenure.dev.pages import beginning, form, open_sheet, task_at, whole
from tenure.dev.shop import Key, Shop, TheShop
from web.posted import see_other
from web.questions import Faults
from web.routes_files import handed_out
from web.task_pages import values_of

router = APIRouter()

# A mail brings its own styles, which no page of ours may: so it gets a policy of its own.
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@router.get("/", response_class=HTMLResponse)
def whole_page(shop: TheShop) -> HTMLResponse:
    return whole(shop)


@router.get("/as/{person}", response_class=HTMLResponse)
def person_page(person: str, shop: TheShop) -> HTMLResponse:
    bench = shop.workshop.bench
    if bench.show is None:
        raise HTTPException(404)
    stage = bench.show.stage
    return shop.page(
        "person",
        bench=bench,
        person=person,
        name=look.name_of(stage, person),
        tasks=[task for task in look.open_tasks(stage) if person in task.owners],
        mails=[mail for mail in shop.mails(bench) if mail.to == person],
        fields=look.fields(stage, person),
    )


@router.get("/task/{person}", response_class=HTMLResponse)
def task_page(person: str, key: Key, shop: TheShop) -> HTMLResponse:
    sheet = open_sheet(shop, person, key)
    return form(shop, sheet, values_of(sheet))


@router.get("/task/{person}/files/{number}")
def file(person: str, number: str, shop: TheShop) -> Response:
    """A file that was handed in, as the product hands it out."""
    del person  # whoever plays is everybody
    kept = shop.workshop.drafts.file(number)
    if kept is None:
        raise HTTPException(404)
    return handed_out(kept.name, kept.content)


@router.get("/t/{number}")
def link(number: int, shop: TheShop) -> Response:
    """What the button of a mail leads to: its task, as the person who got it."""
    mail = _mail(shop, number)
    if mail.task is None:
        return see_other(f"/as/{quote(mail.to, safe='')}")
    return see_other(task_at(mail.to, mail.task))


@router.get("/mail/{number}", response_class=HTMLResponse)
def mail_page(number: int, shop: TheShop) -> HTMLResponse:
    mail = _mail(shop, number)
    return shop.page("letter", mail=mail, person=mail.to)


@router.get("/mail/{number}/html", response_class=HTMLResponse)
def mail_body(number: int, shop: TheShop) -> Response:
    headers = {"Content-Security-Policy": _MAIL_POLICY}
    return HTMLResponse(_mail(shop, number).html, headers=headers)


@router.get("/begin", response_class=HTMLResponse)
def begin_page(shop: TheShop) -> HTMLResponse:
    return beginning(shop)


@router.get("/forms", response_class=HTMLResponse)
def forms_page(shop: TheShop) -> HTMLResponse:
    """Every form of the file, empty, as its questions are asked."""
    bench = shop.workshop.bench
    if bench.definition is None:
        raise HTTPException(404)
    forms = forms_of(bench.definition)
    return shop.page("forms", bench=bench, forms=forms, faults=Faults())


def _mail(shop: Shop, number: int) -> Any:
    found = [mail for mail in shop.mails(shop.workshop.bench) if mail.number == number]
    if not found:
        raise HTTPException(404)
    return found[0]
