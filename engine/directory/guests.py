"""People from outside, as the directory of a day has them beside those who work here."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlmodel import col

from engine.forms.address import same_address
from engine.store.tables import GuestRow, PersonRow

Joining = tuple[str, str, str | None]  # number, address at work, private address

ERASED_GUEST: Final = "a guest whose name was erased"

# Everything that is known of people and of no guest.
_NOTHING: Final[Mapping[str, Any]] = dict.fromkeys(
    (
        "number",
        "manager",
        "title",
        "department",
        "location",
        "country",
        "zone",
        "grade",
        "employment",
        "start_date",
    )
)


def read_guests(
    connection: Connection, people: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Guests by id, given everybody who works here or did.

    Who works here by now is no guest any more. Who has left and is named again from outside is
    reached at the address that was given then.
    """
    found: dict[str, Mapping[str, Any]] = {}
    rows = connection.execute(
        select(col(GuestRow.id), col(GuestRow.name), col(GuestRow.email)).order_by(col(GuestRow.id))
    )
    for person, name, email in rows:
        known = people.get(person)
        if known is None:
            found[person] = guest(person, name, email)
        elif email is not None and not known["active"]:
            found[person] = {**known, "email": email, "guest": True, "still_reachable": False}
    return found


def guests_who_join(connection: Connection, entries: Iterable[Joining]) -> dict[str, str]:
    """Ids by number: of those who come to work here and are known as guests by an address.

    Somebody who worked here before keeps the id of then, whatever guest they were since.
    """
    by_address = {
        address: person
        for person, address in connection.execute(
            select(col(GuestRow.id), col(GuestRow.address))
            .join(PersonRow, col(PersonRow.id) == col(GuestRow.id), isouter=True)
            .where(col(GuestRow.address).is_not(None), col(PersonRow.id).is_(None))
        )
    }
    found: dict[str, str] = {}
    for number, *addresses in entries:
        known = (by_address.get(same_address(each)) for each in addresses if each)
        person = next((each for each in known if each is not None), None)
        if person is not None and person not in found.values():
            found[number] = person
    return found


def guest(person: str, name: str | None, email: str | None) -> dict[str, Any]:
    """Somebody of whom there is a name and an address; without them nobody who can be asked."""
    return {
        **_NOTHING,
        "id": person,
        "name": name or ERASED_GUEST,
        "email": email,
        "language": "en",
        "active": False,
        "guest": email is not None,
    }
