"""Ways back in: links in mails, and the browser sessions that they are exchanged for."""

from engine.links.links import (
    LINK_LIFETIME,
    SESSION_LIFETIME,
    DeadLink,
    Opened,
    exchange,
    forget_expired,
    mint,
    request_new,
    revoke_for_assignment,
    revoke_for_people,
    send_anew,
)
from engine.links.notes import NOTE, NoteSeat, look_up_note
from engine.links.seats import Seat, look_up
from engine.links.tokens import token_hash

__all__ = [
    "LINK_LIFETIME",
    "NOTE",
    "SESSION_LIFETIME",
    "DeadLink",
    "NoteSeat",
    "Opened",
    "Seat",
    "exchange",
    "forget_expired",
    "look_up",
    "look_up_note",
    "mint",
    "request_new",
    "revoke_for_assignment",
    "revoke_for_people",
    "send_anew",
    "token_hash",
]
