"""What a browser posted, and where it is sent on to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from engine.forms.typed import PAIR_LIMIT
from web.guard import BODY_LIMIT, FILES_LIMIT

Pairs = tuple[tuple[str, str], ...]

# Nobody types these; databases and mail programs stumble over them. Tabs and line ends stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


async def posted_pairs(request: Request) -> Pairs:
    """The pairs of a URL-encoded form, in order; nothing else is read.

    Asynchronous only because the body of a request is.
    """
    try:
        body = await request.body()
    except ClientDisconnect:  # the guard cuts off what grows too long
        raise HTTPException(413) from None
    kind = request.headers.get("content-type", "application/x-www-form-urlencoded")
    if kind.split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=PAIR_LIMIT)
    except UnicodeDecodeError:
        raise HTTPException(400) from None
    except ValueError:
        raise HTTPException(413) from None
    return tuple((name, _CONTROLS.sub("", value)) for name, value in pairs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file as the browser sent it: nothing of it is to be believed."""

    field: str  # the name of its input
    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A posted page: what was typed, and the files that were chosen."""

    pairs: Pairs
    files: tuple[Upload, ...] = ()


async def posted_page(request: Request) -> Page:
    """A form of either kind; the guard has limited the whole, this limits its parts."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "multipart/form-data":
        return Page(pairs=await posted_pairs(request))
    pairs, files = [], []
    try:
        async with request.form(
            max_files=FILES_LIMIT, max_fields=PAIR_LIMIT, max_part_size=BODY_LIMIT
        ) as form:
            for name, value in form.multi_items():
                if isinstance(value, str):
                    pairs.append((name, _CONTROLS.sub("", value)))
                elif value.filename:
                    content = await value.read()
                    files.append(Upload(field=name, name=value.filename, content=content))
    except ClientDisconnect:
        raise HTTPException(413) from None
    return Page(pairs=tuple(pairs), files=tuple(files))


PostedPage = Annotated[Page, Depends(posted_page)]
Posted = Annotated[Pairs, Depends(posted_pairs)]


def last(posted: Pairs, name: str, default: str = "") -> str:
    """The last value posted under a name."""
    return next((value for key, value in reversed(posted) if key == name), default)


def see_other(address: str, cookies: Iterable[str] = ()) -> Response:
    """303 to a path of ours; `cookies` are whole Set-Cookie values."""
    response = Response(status_code=303, headers={"Location": address})
    for cookie in cookies:
        response.headers.append("Set-Cookie", cookie)
    return response
