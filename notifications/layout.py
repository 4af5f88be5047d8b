"""The templates, compiled once: MJML lays out the frame, Jinja fills it afterwards.

This order matters. MJML never sees a person's text, and autoescaping happens in the final HTML.
"""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from mjml import mjml2html

from notifications.characters import wrapped
from notifications.wording import Page

LAYOUT = "letter.mjml.j2"
WRITTEN = "letter.txt.j2"


def html(page: Page) -> str:
    return _templates().get_template(LAYOUT).render(page=page)


def plain(page: Page) -> str:
    """The text part; lines of at most 76 characters, but an address is never broken."""
    return _templates().get_template(WRITTEN).render(page=page)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=select_autoescape(disabled_extensions=("txt.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrapped"] = wrapped
    return environment


def _source(name: str) -> str:
    source = (files("notifications") / "templates" / name).read_text("utf-8")
    # No `fonts`: MJML's own list would turn a family name into a request to a web-font host.
    return mjml2html(source, fonts={}) if name == LAYOUT else source
