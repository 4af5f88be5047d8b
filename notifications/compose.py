"""A letter becomes a message: the same letter, sender and instant give the same bytes."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from notifications import layout
from notifications.address import mailbox
from notifications.characters import header_line, one_line
from notifications.letter import Letter, LetterError, Sender
from notifications.wording import page

# Seven-bit bodies pass every mail server and are not re-encoded on the way.
POLICY = SMTP.clone(cte_type="7bit")
LONGEST_SUBJECT = 200
_PLAIN_KEY = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,38}[A-Za-z0-9])?")
_HEADER_NAME = re.compile(r"(Tenure|X)-[A-Za-z0-9-]{1,60}")


def compose(letter: Letter, sender: Sender, *, now: datetime) -> EmailMessage:
    """The whole message, HTML and text.

    Raises LetterError if the letter contradicts itself, Refused if an address is none.
    """
    view = page(letter, sender)
    origin = mailbox(sender.name, sender.address)
    to = mailbox(letter.to.name, letter.to.email)
    reply_to = letter.reply_to and mailbox(letter.reply_to.name, letter.reply_to.email)
    international = any(a and not a.addr_spec.isascii() for a in (origin, to, reply_to))

    message = EmailMessage(policy=POLICY.clone(utf8=international))
    message["Date"] = format_datetime(now.astimezone(UTC))
    message["Message-ID"] = f"<{_local_part(letter.key)}@{sender.domain}>"
    message["From"] = origin
    message["To"] = to
    if reply_to:
        message["Reply-To"] = reply_to
    message["Subject"] = header_line(letter.subject)[:LONGEST_SUBJECT].strip()
    root = f"<thread-{_digest('thread', letter.thread)[:24]}@{sender.domain}>"
    message["In-Reply-To"] = root
    message["References"] = root
    message["Auto-Submitted"] = "auto-generated"
    # Exchange looks at this one only: no out-of-office answers to the person in Reply-To.
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message["Content-Language"] = view.language
    _add_headers(message, letter.headers)

    text, html = layout.plain(view), layout.html(view)
    message.set_content(text)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # Derived from the bodies, so that no text can hold the boundary it will be given.
    message.set_boundary(f"=_{_digest('boundary', text, html)[:40]}")
    return message


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _local_part(key: str) -> str:
    """The key itself where it is fit for a Message-ID, so that operators find it in server logs."""
    if _PLAIN_KEY.fullmatch(key) and ".." not in key:
        return key
    return f"key-{_digest('key', key)[:32]}"


def _add_headers(message: EmailMessage, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or name in message:
            raise LetterError(
                f"A letter cannot carry the header {name!r}: further headers begin with Tenure- or "
                "X-, and each stands once."
            )
        if value != one_line(value) or not value.isascii() or "=?" in value or not value:
            raise LetterError(
                f"The value of the header {name} must be one line of plain ASCII, with single "
                "blanks; encode it first (base64)."
            )
        message[name] = value
