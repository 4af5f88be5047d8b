"""The pages, put together. Building an app touches nothing; serving it is the entrance's matter."""

from http import HTTPStatus
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from engine import diagram
from engine.store import StoreError
from web import (
    brand,
    routes_console,
    routes_files,
    routes_handing,
    routes_insight,
    routes_links,
    routes_mail,
    routes_own,
    routes_people,
    routes_records,
    routes_starter,
    routes_starting,
    routes_tasks,
    routes_versions,
)
from web.guard import Guard
from web.site import Site, request_id

_STATIC = {"tenure.css": "text/css", "tenure.js": "text/javascript"}

_SAID = {
    400: ("This cannot be read", "What the browser sent is not what our pages send."),
    403: ("This is not allowed here", "Open the link in your mail and answer there."),
    404: ("There is no such page", "The address may be cut off. Open the link in your mail again."),
    405: ("This cannot be done here", "Open the link in your mail again and use its buttons."),
    410: ("This page is gone", "Open the link in your mail again."),
    413: ("This is more than a page can take", "Shorten the longest text and send it again."),
    415: ("This cannot be read", "Our pages send their answers in another form."),
    422: ("This address is not complete", "Open the link in your mail again."),
    503: (
        "Nothing can be recorded just now",
        "What you saved before is kept. Please try again in a few minutes.",
    ),
}
_BROKEN = (
    "Something went wrong on our side",
    "Nothing you saved is lost. Please try again in a moment.",
)


def create_app(site: Site) -> FastAPI:
    """Raises BrandUnusable, a sentence, for a colour that is none."""
    app = FastAPI(title="tenure", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    for routes in (
        routes_links,
        routes_tasks,
        routes_files,
        routes_own,
        routes_records,
        routes_console,
        routes_people,
        routes_handing,
        routes_starting,
        routes_versions,
        routes_starter,
        routes_insight,
        routes_mail,
    ):
        app.include_router(routes.router)
    _add_static(app, site)

    def failed(request: Request, error: Exception) -> HTMLResponse:
        status = error.status_code if isinstance(error, HTTPException) else 422
        return _error_page(site, status, request_id(request))

    def unsaved(request: Request, error: Exception) -> HTMLResponse:
        site.log_trouble(request_id(request), error)
        return _error_page(site, 503, request_id(request))

    app.add_exception_handler(StoreError, unsaved)
    app.add_exception_handler(HTTPException, failed)
    app.add_exception_handler(RequestValidationError, failed)
    app.add_middleware(
        Guard,
        base_url=site.base_url,
        request_id=lambda: f"r_{site.entropy(8).hex()}",
        broken=lambda request: _error_page(site, 500, request),
    )
    return app


def _error_page(site: Site, status: int, request: str) -> HTMLResponse:
    heading, sentence = _SAID.get(status, _BROKEN if status >= 500 else ("", ""))
    if not heading:
        heading, sentence = HTTPStatus(status).phrase, "Open the link in your mail again."
    return site.page("error", status=status, heading=heading, sentence=sentence, request=request)


def _add_static(app: FastAPI, site: Site) -> None:
    """A handful of files, in memory: no path of a request ever reaches the disk."""
    folder = files("web").joinpath("static")
    shelf = {
        name: (folder.joinpath(name).read_text("utf-8"), kind) for name, kind in _STATIC.items()
    }
    shelf["brand.css"] = (brand.stylesheet(site.brand_colour), "text/css")
    shelf["diagram.css"] = (diagram.stylesheet(), "text/css")

    def static(name: str) -> Response:
        if name not in shelf:
            raise HTTPException(404)
        text, kind = shelf[name]
        return Response(text, media_type=kind)

    app.add_api_route("/static/{name}", static, methods=["GET"])
