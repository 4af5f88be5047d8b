"""Who sits at the browser: one cookie for each task, each as good as its hold on that task.

A cookie of its own lets somebody answer two tasks in two windows; one cookie for all would end
the first window's session when the second link is opened.
"""

from collections.abc import Iterator
from datetime import datetime

from fastapi import Request
from sqlmodel import Session

from engine.links import SESSION_LIFETIME, Opened, Seat, look_up
from web.site import Site

_LOOKED_AT = 40  # cookies of one request


def _prefix(site: Site) -> str:
    """`__Host-` binds a cookie to this host and to https; plain http cannot carry it."""
    return "__Host-tenure-" if site.secure else "tenure-development-"


def _name(site: Site, task: str) -> str:
    return f"{_prefix(site)}{task[:16]}"


def cookie(site: Site, opened: Opened) -> str:
    """The Set-Cookie value of a link that was exchanged."""
    secure = "; Secure" if site.secure else ""
    return (
        f"{_name(site, opened.task)}={opened.token}; Path=/; "
        f"Max-Age={int(SESSION_LIFETIME.total_seconds())}; HttpOnly; SameSite=Lax{secure}"
    )


def seat_at(
    site: Site, session: Session, request: Request, task: str, now: datetime
) -> Seat | None:
    """Who may see and answer this task here; None: nobody, for whatever reason."""
    token = request.cookies.get(_name(site, task))
    seat = look_up(session, token, now) if token else None
    return seat if seat is not None and seat.task.public_id == task else None


def all_seats(site: Site, session: Session, request: Request, now: datetime) -> Iterator[Seat]:
    """Every task that this browser has opened and may still see."""
    tokens = [value for name, value in request.cookies.items() if name.startswith(_prefix(site))]
    for token in tokens[:_LOOKED_AT]:
        seat = look_up(session, token, now)
        if seat is not None:
            yield seat
