"""The workshop's pages, put together. Loopback only: whoever reaches them may do everything."""

from collections.abc import Callable, Iterator
from importlib.resources import files

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse

from engine import diagram
from tenure.dev import acts, routes
from tenure.dev.shop import Shop
from web import brand
from web.guard import Guard
from web.loopback import comes_by_loopback

_HEARTBEAT = 10.0  # seconds after which a waiting page is told that nothing has changed


def create_app(shop: Shop, *, stopping: Callable[[], bool]) -> FastAPI:
    """`stopping` ends the streams of pages that wait for changes."""
    app = FastAPI(
        title="tenure dev",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(_only_here)],
    )
    app.state.shop = shop
    for room in (routes, acts):
        app.include_router(room.router)
    _add_static(app)

    def changes(seen: int) -> StreamingResponse:
        return StreamingResponse(_stream(shop, seen, stopping), media_type="text/event-stream")

    def failed(request: Request, error: Exception) -> HTMLResponse:
        del request
        status = error.status_code if isinstance(error, HTTPException) else 500
        return shop.page("gone-page", status=status)

    app.add_api_route("/changes", changes, methods=["GET"])
    app.add_exception_handler(HTTPException, failed)
    app.add_middleware(
        Guard,
        base_url=shop.base_url,
        request_id=lambda: "dev",
        broken=lambda _: PlainTextResponse("This page could not be made.\n", status_code=500),
    )
    return app


def _only_here(request: Request) -> None:
    """A name that only resolves to this machine would be another site in the author's browser."""
    if not comes_by_loopback(request):
        raise HTTPException(404)


def _stream(shop: Shop, seen: int, stopping: Callable[[], bool]) -> Iterator[str]:
    waited = 0.0
    while not stopping():
        version = shop.workshop.wait(seen, 0.5)
        waited += 0.5
        if version != seen:
            seen, waited = version, 0.0
            yield f"data: {version}\n\n"
        elif waited >= _HEARTBEAT:
            waited = 0.0
            yield ": still here\n\n"


def _add_static(app: FastAPI) -> None:
    ours, theirs = files("tenure.dev").joinpath("static"), files("web").joinpath("static")
    shelf = {
        "tenure.css": (theirs.joinpath("tenure.css").read_text("utf-8"), "text/css"),
        "dev.css": (ours.joinpath("dev.css").read_text("utf-8"), "text/css"),
        "dev.js": (ours.joinpath("dev.js").read_text("utf-8"), "text/javascript"),
        "brand.css": (brand.stylesheet("#1f5f8b"), "text/css"),
        "diagram.css": (diagram.stylesheet(), "text/css"),
    }

    def static(name: str) -> Response:
        if name not in shelf:
            raise HTTPException(404)
        text, kind = shelf[name]
        return Response(text, media_type=kind)

    app.add_api_route("/static/{name}", static, methods=["GET"])
