"""Names and addresses for headers: whatever a directory holds, one person stays one recipient."""

import re
from email import message_from_string
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import getaddresses

from email_validator import EmailNotValidError, validate_email

from notifications.characters import header_line, one_line
from notifications.post import Refused

LONGEST_NAME = 100
_ATOMS = re.compile(r"[A-Za-z0-9 '-]*")
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,."=?]+')


def mailbox(name: str, email: str) -> Address:
    """The two as one address for a header. Raises Refused if `email` is not a single address.

    Whether the domain exists is not looked up: the mail server finds that out.
    """
    try:
        valid = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Refused(
            f"The address of the recipient or sender is not an e-mail address: {error} "
            "Correct it in the directory and send again."
        ) from error
    name = header_line(name)[:LONGEST_NAME].strip()
    for candidate in (name, one_line(_SPECIALS.sub(" ", name)), ""):
        address = Address(
            display_name=candidate, username=valid.local_part, domain=valid.ascii_domain or ""
        )
        if _ATOMS.fullmatch(candidate) or _stays_one(address):
            break
    return address


def _stays_one(address: Address) -> bool:
    # When a quoted name is too long for one line, Python folds the header and forgets the quotes:
    # "Smith, Ann Marie …" becomes several recipients. So look at what leaves, as others read it.
    policy = SMTP if address.addr_spec.isascii() else SMTPUTF8
    message = EmailMessage(policy=policy)
    message["Reply-To"] = address
    raw = message.as_bytes().decode("utf-8")
    header = message_from_string(raw, policy=policy)["Reply-To"]
    modern = [found.addr_spec for found in header.addresses]
    old = [found for _, found in getaddresses([raw.partition(":")[2].strip()])]
    return modern == [address.addr_spec] == old
