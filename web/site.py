"""What the pages are built with; made once by an entrance, given to every route."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast

import structlog
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from sqlmodel import Session

from analytics.insight import History
from engine.core.chart import Definition
from engine.directory import Directory
from engine.queries.reader import Reader
from engine.service import Service
from engine.store import Database
from web.words import IN_TEMPLATES


def templates(*before: str) -> Environment:
    """Our own templates: escaped, and strict about what is missing.

    Those of the packages `before` come first, and may extend ours.
    """
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package, "templates") for package in (*before, "web")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(IN_TEMPLATES)
    return made


class Unreadable(ValueError):  # noqa: N818 - what is the matter
    """A published definition that this program does not understand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The rooms behind the pages, and how the pages look. Shared by all threads."""

    service: Service
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    nudge: Callable[[], None]  # after a commit that something may follow from
    status: Callable[[], str]  # of the background work, a sentence
    base_url: str  # links begin with it; never taken from a request
    host: str  # the address that the pages listen on
    organisation: str
    brand_colour: str  # `#rrggbb`
    console: bool  # offer the machine owner's pages on loopback
    mail: Path | None  # the Maildir to show at /dev/mail; None: mail really leaves
    help_contact: str  # whom participants ask: a name, an address, or both
    reader: Reader  # of published definitions, shared with all other readers of this process
    insight: Callable[[Session, datetime], History]  # what figures are computed from, as of then
    templates: Environment = field(default_factory=templates)

    @property
    def database(self) -> Database:
        return self.service.database

    @property
    def directory(self) -> Directory:
        return self.service.tools.directory

    @property
    def secure(self) -> bool:
        """Whether people reach the pages by https; decides the cookies' names and flags."""
        return self.base_url.startswith("https://")

    def definition(self, session: Session, number: int) -> Definition:
        """The compiled definition of a DefinitionRow.id. Raises Unreadable, a sentence."""
        atlas = self.reader.atlases(session, [number])[number]
        if atlas.definition is None:
            raise Unreadable(
                f"Version {atlas.version} of {atlas.process} was published by another tenure and "
                "this one cannot read it. Run the tenure of then for its cases."
            )
        return atlas.definition

    def log_trouble(self, request: str, error: Exception) -> None:
        """For whoever runs this; participants only read that it is not their fault."""
        structlog.get_logger("tenure.web").error("not recorded", id=request, trouble=str(error))

    def page(self, name: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A rendered page."""
        template = self.templates.get_template(f"{name}.html.j2")
        return HTMLResponse(template.render(site=self, **values), status_code=status)


def site_of(request: Request) -> Site:
    return cast("Site", request.app.state.site)


def request_id(request: Request) -> str:
    """As in the access log, in the history and on error pages."""
    return str(request.scope["state"]["request"])


TheSite = Annotated[Site, Depends(site_of)]
RequestId = Annotated[str, Depends(request_id)]
