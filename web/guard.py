"""What every answer carries and every request must pass, before any page sees it."""

from collections.abc import Callable
from traceback import format_exception
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.loopback import names_loopback

BODY_LIMIT = 512 * 1024  # bytes of a posted page
FILES_LIMIT = 10  # files of one
FILES_BODY_LIMIT = 25 * 1024 * 1024  # bytes of a page with files, all of them together

Broken = Callable[[str], Response]  # the page for what went wrong in us, by request id

_HEADERS = {
    # `no-referrer` would make Chromium send `Origin: null` with form posts.
    "Referrer-Policy": "strict-origin",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware: headers, origin of posts, size of bodies, a request id and the access log.

    The log names the route's pattern, never the path: paths hold tokens.
    """

    def __init__(
        self, app: ASGIApp, *, base_url: str, request_id: Callable[[], str], broken: Broken
    ) -> None:
        self._app = app
        parts = urlsplit(base_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._request_id = request_id
        self._secure = parts.scheme == "https"
        self._broken = broken
        self._log = structlog.get_logger("tenure.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = scope.setdefault("state", {})["request"] = self._request_id()
        status = 0  # nothing is sent yet

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(MutableHeaders(scope=message), scope["path"])
            await send(message)

        refusal = self._refusal(scope)
        try:
            if refusal is not None:
                await refusal(scope, receive, sending)
            else:
                await self._app(scope, _limited(receive, _limit(scope)), sending)
        except Exception as error:
            # As text: a logger that prints the variables too would print answers and names.
            self._log.error("broken", id=request, traceback="".join(format_exception(error)))
            if status:
                raise  # half a page is out; the connection has to be cut
            await self._broken(request)(scope, receive, sending)
        route = scope.get("route")
        self._log.info(
            "request",
            id=request,
            method=scope["method"],
            route=getattr(route, "path", "-"),
            status=status,
        )

    def _dress(self, headers: MutableHeaders, path: str) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        if path.startswith("/static/"):
            headers["Cache-Control"] = "public, max-age=3600"
        if self._secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if scope["method"] in ("GET", "HEAD"):
            return None
        headers = Headers(scope=scope)
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        ours = origin in (None, self._origin) or _is_this_machine(origin, headers.get("host", ""))
        if site not in (None, "same-origin", "none") or not ours:
            return PlainTextResponse(
                "This answer was sent from another site, so it was not taken. "
                "Open the link in your mail and answer there.\n",
                status_code=403,
            )
        length = headers.get("content-length", "0")
        limit = _limit(scope)
        if not length.isdecimal() or int(length) > limit:
            return PlainTextResponse(
                f"This is more than a page can take ({limit // 1024} KB). "
                "Shorten the longest text, or send a smaller file.\n",
                status_code=413,
            )
        return None


def _is_this_machine(origin: str | None, host: str) -> bool:
    """Whether a page of this very address on loopback sent it: the console, at the machine.

    There people may well be reached by another address than the one that links begin with.
    """
    return names_loopback(host) and origin == f"http://{host}"


def _limit(scope: Scope) -> int:
    """How large a body may be: only a task's page takes files."""
    kind = Headers(scope=scope).get("content-type", "").lower()
    files = kind.startswith("multipart/form-data") and scope["path"].startswith("/task/")
    return FILES_BODY_LIMIT if files else BODY_LIMIT


def _limited(receive: Receive, limit: int) -> Receive:
    """The body cut off where it grows past the limit, whatever its length claimed to be."""
    seen = 0

    async def receiving() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            return {"type": "http.disconnect"}
        return message

    return receiving
