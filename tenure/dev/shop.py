"""What every page of the workshop is made with."""

from dataclasses import dataclass, field
from datetime import UTC
from typing import Annotated, Any, cast

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from notifications import Sender
from tenure.dev import look
from tenure.dev.letters import Sent, mails
from tenure.dev.workshop import Bench, Workshop
from web.site import templates

_ORGANISATION = "Your organisation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What the base of all pages asks of a site."""

    organisation: str
    help_contact: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop:
    """Made once by the entrance, given to every route."""

    workshop: Workshop
    base_url: str
    templates: Environment = field(default_factory=lambda: templates("tenure.dev"))

    @property
    def sender(self) -> Sender:
        return Sender(
            name=_ORGANISATION,
            address="hr@example.com",
            domain="example.com",
            base_url=self.base_url,
            organisation=_ORGANISATION,
        )

    def mails(self, bench: Bench) -> tuple[Sent, ...]:
        return mails(bench.show.stage, self.sender) if bench.show else ()

    def page(self, name: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A rendered page with what all of them show: the file, the people, the clock."""
        bench = values.pop("bench", None) or self.workshop.bench
        stage = bench.show.stage if bench.show else None
        zone = stage.calendar.zone if stage else UTC
        common = {
            "site": Frame(organisation="tenure dev", help_contact="the documentation"),
            "bench": bench,
            "stage": stage,
            "people": look.people(stage) if stage else (),
            "person": None,
            "now": stage.now if stage else None,
            "zone": zone,
            "zone_name": str(zone),
        }
        template = self.templates.get_template(f"{name}.html.j2")
        return HTMLResponse(template.render(**{**common, **values}), status_code=status)


def shop_of(request: Request) -> Shop:
    return cast("Shop", request.app.state.shop)


TheShop = Annotated[Shop, Depends(shop_of)]
Key = Annotated[str, Query(max_length=500)]  # of a task
