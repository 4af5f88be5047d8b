"""The directory from an identity system: read by SCIM 2.0, imported as a file of everybody is."""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import httpx
from cyclopts import Parameter

from engine.directory import Sheet, SheetUnreadable
from tenure.cli.asked import Home
from tenure.cli.people import bring_up_to_date
from tenure.cli.stopped import Stopped
from tenure.settings import read_settings

_AT_A_TIME: Final = 200
_MOST_PAGES: Final = 1_000
_MISSING: Final = (
    "This installation cannot read SCIM. Add the extra: `pip install 'tenure[scim]'`; or export "
    "the people as CSV and use `tenure people import`."
)


def sync(
    *,
    scim: Annotated[
        str,
        Parameter(
            help="Address of the service, such as https://id.example.com/scim/v2; or a file."
        ),
    ],
    as_of: Annotated[
        datetime | None, Parameter(help="Day from which it holds, such as 2027-02-01; today.")
    ] = None,
    dry_run: Annotated[
        bool, Parameter(help="Tell what would change, and change nothing.", negative="")
    ] = False,
    skip_problems: Annotated[
        bool, Parameter(help="Import the others where somebody has a problem.", negative="")
    ] = False,
    yes: Annotated[bool, Parameter(help="Do not ask.", negative="")] = False,
    home: Home = None,
) -> int:
    return bring_up_to_date(
        _sheet(scim, home),
        as_of=as_of,
        full=True,
        dry_run=dry_run,
        skip_problems=skip_problems,
        yes=yes,
        home=home,
    )


def _sheet(source: str, home: Path | None) -> Sheet:
    try:
        from engine.directory import scim  # noqa: PLC0415 - an extra, asked for here alone
    except ImportError as error:
        raise Stopped(_MISSING) from error
    try:
        if source.startswith(("https://", "http://")):
            return scim.sheet_of(_fetched(source.rstrip("/"), home))
        return scim.sheet_of(scim.page_of(Path(source).read_bytes())[0])
    except OSError as error:
        raise Stopped(f"{source} cannot be read: {error.strerror}.") from error
    except SheetUnreadable as unreadable:
        raise Stopped(f"{source} cannot be imported: {unreadable}.") from unreadable


def _fetched(address: str, home: Path | None) -> list[Mapping[str, Any]]:
    """Everybody, page by page; all of them or none: half a list would make people leave."""
    from engine.directory import scim  # noqa: PLC0415

    _check_address(address)
    token = read_settings(home=home).scim_token
    headers = {"Accept": "application/scim+json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token.get_secret_value()}"
    people: list[Mapping[str, Any]] = []
    with httpx.Client(headers=headers, timeout=30) as client:
        for _ in range(_MOST_PAGES):
            page, total = scim.page_of(_page(client, address, len(people) + 1))
            people += page
            if len(people) >= total:
                return people
            if not page:
                break
    raise Stopped(
        f"{address} says that there are more people than it gives ({len(people)}). Nothing was "
        "written; try again, or ask whoever runs it."
    )


def _page(client: httpx.Client, address: str, first: int) -> bytes:
    try:
        answer = client.get(f"{address}/Users", params={"startIndex": first, "count": _AT_A_TIME})
    except httpx.HTTPError as error:
        raise Stopped(f"{address} does not answer: {error}.") from error
    if answer.status_code in (401, 403):
        raise Stopped(
            f"{address} refuses us ({answer.status_code}). Set TENURE_SCIM_TOKEN to a token that "
            "may read users."
        )
    if answer.status_code != 200:
        raise Stopped(
            f"{address}/Users answers {answer.status_code}. The address must be that of the "
            "service, which ends in /v2 mostly."
        )
    return answer.content


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "https" or _is_here(parts.hostname or ""):
        return
    raise Stopped(
        f"{address} is not https: whoever listens on the way would read people's data and the "
        "token. Use its https address."
    )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
