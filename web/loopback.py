"""Whose machine it is: the console is for whoever sits at it, until there are accounts."""

import re
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from web.site import Site, site_of

# What proxies add, not one of them all: `x-forwarded-for`, `-host`, `-proto`, `-port`, …
_FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip", "via", "cf-", "true-client-ip")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^@:/\[\]]+)(:\d+)?", re.ASCII)


def is_loopback(host: str) -> bool:
    """Whether an address, or `localhost`, never leaves this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def at_the_machine(request: Request) -> bool:
    """Whether a request comes from this machine itself, and for this machine.

    Four things must hold, since each alone can be met from outside: the pages listen on loopback
    only; so does the client; no proxy handed the request on; and the browser was pointed at
    loopback, not at a foreign name that resolves to it.
    """
    site = site_of(request)
    return site.console and is_loopback(site.host) and comes_by_loopback(request)


def comes_by_loopback(request: Request) -> bool:
    """The last three of the four; whoever listens on loopback only may ask for them alone."""
    if request.client is None or not is_loopback(request.client.host):
        return False
    if any(name.startswith(_FORWARDED) for name in request.headers):
        return False
    return names_loopback(request.headers.get("host", ""))


def names_loopback(host: str) -> bool:
    """Whether a Host header points a browser at this machine itself."""
    named = _HOST.fullmatch(host)
    return named is not None and is_loopback(named[1])


def operator_site(request: Request) -> Site:
    """The site for the console's routes; to everybody else they do not exist."""
    if not at_the_machine(request):
        raise HTTPException(404)
    return site_of(request)


OperatorSite = Annotated[Site, Depends(operator_site)]
