"""Somebody who opens the link of a mail in a browser and answers, over real HTTP."""

import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode, urljoin

import httpx

from tenure.demo.pages import Form, Page, read_page

_MOST_PAGES = 12

Decide = Callable[[str], Mapping[str, str] | None]


class Lost(Exception):  # noqa: N818 - the visitor is
    """A page was not what a person would expect."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came of a visit."""

    title: str  # of the task's page
    outcome: str  # recorded | left (looked, went away) | over (dead link) | taken (by a colleague)


def visit(link: str, decide: Decide, *, timeout: float = 20) -> Answer:
    """Opens the link, presses its button, fills the page in and sends it.

    `decide` sees the page's title and says what to write: texts by the name of a control or the
    last word of it, people by their names; None is to look and to leave. Raises Lost.
    """
    with httpx.Client(timeout=timeout, follow_redirects=False, verify=_trust()) as client:
        browser = _Browser(client=client)
        page = browser.get(link)
        form = page.form
        if form is None:
            raise Lost(f"The page of the link has no button: {page.title}")
        page, status = browser.post(link, form, form.buttons[0])
        if status == 410:
            return Answer(title=page.title, outcome="over")
        title = page.title.rsplit(" - ", 1)[0]
        replies = decide(title)
        if replies is None:
            return Answer(title=title, outcome="left")
        return _answer(browser, page, title, replies)


@cache
def _trust() -> ssl.SSLContext:
    """Once for all visitors: reading all authorities takes longer than a visit."""
    return ssl.create_default_context()


@dataclass(kw_only=True)
class _Browser:
    client: httpx.Client
    address: str = ""

    def get(self, address: str) -> Page:
        response = self.client.get(address)
        return self._follow(response)[0]

    def post(self, address: str, form: Form, button: tuple[str, str]) -> tuple[Page, int]:
        target = urljoin(address, form.action) if form.action else address
        response = self.client.post(
            target,
            content=urlencode(form.pairs(button)),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": _origin(target),
            },
        )
        return self._follow(response)

    def _follow(self, response: httpx.Response) -> tuple[Page, int]:
        for _ in range(_MOST_PAGES):
            self.address = str(response.url)
            if response.status_code not in (302, 303):
                break
            response = self.client.get(urljoin(self.address, response.headers["Location"]))
        if response.status_code >= 500:
            raise Lost(f"{response.url.path.split('/')[1]} answered {response.status_code}.")
        return read_page(response.text), response.status_code


def _answer(browser: _Browser, page: Page, title: str, replies: Mapping[str, str]) -> Answer:
    for _ in range(_MOST_PAGES):
        form = page.form
        if form is None or browser.address.endswith("/done"):
            return Answer(title=title, outcome="recorded")
        values = [value for name, value in form.buttons if name == ".do"]
        if "claim" in values:
            page, status = browser.post(browser.address, form, (".do", "claim"))
        elif "submit" in values:
            page, status = browser.post(browser.address, form, (".do", "submit"))
        elif "note" in values:  # for whoever has the task now
            _fill(form, replies)
            page, status = browser.post(browser.address, form, (".do", "note"))
        else:
            page = _search(browser, page, replies)
            form = page.form
            assert form is not None
            _fill(form, replies)
            page, status = browser.post(browser.address, form, (".do", "continue"))
            if status == 422:
                raise Lost(f"“{title}” was refused although it was filled in: {page.title}")
        if status in (409, 410):
            return Answer(title=title, outcome="taken" if status == 409 else "over")
    raise Lost(f"“{title}” asks for more and more.")


def _search(browser: _Browser, page: Page, replies: Mapping[str, str]) -> Page:
    """Find the people that the page asks for, one search after the other."""
    form = page.form
    for control in [name for name in (form.names() if form else ()) if name.endswith(".find")]:
        field = control.removesuffix(".find")
        wanted = _reply(field, replies) or ""
        for name in [part.strip() for part in wanted.split(",") if part.strip()]:
            form = page.form
            assert form is not None
            form.fill(control, name)
            page, _ = browser.post(browser.address, form, (".do", f"find {field}"))
            form = page.form
            assert form is not None
            found = [one for one in form.of(field) if not one.checked]
            if not found:
                raise Lost(f"Nobody was found for {name}.")
            found[0].checked = True
    return page


def _fill(form: Form, replies: Mapping[str, str]) -> None:
    for name in form.names():
        if name.startswith(".") and name != ".decision":
            continue
        controls = form.of(name)
        if name.endswith(".find"):
            form.fill(name, "")
            continue
        if controls[0].kind in ("radio", "checkbox") and any(one.checked for one in controls):
            continue
        reply = _reply(name, replies)
        if reply is not None:
            form.fill(name, reply)
        elif controls[0].kind == "radio":
            form.fill(name, controls[0].value)


def _reply(name: str, replies: Mapping[str, str]) -> str | None:
    """By the whole name, without row numbers, or by its last words: `due.year`."""
    plain = re.sub(r"\.\d+\.", ".", name)
    for key in (name, plain, plain.split(".", 1)[-1], plain.rsplit(".", 1)[-1]):
        if key in replies:
            return replies[key]
    return None


def _origin(address: str) -> str:
    url = httpx.URL(address)
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{url.host}{port}"
