"""Somebody is named by an address: who that is, or a new guest. Never two people of one address."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from engine.core.instants import to_micros
from engine.directory.applying import new_person_id
from engine.directory.directory import Directory, raise_revision
from engine.directory.roster import Roster
from engine.forms.address import normal_address, same_address
from engine.store.tables import GuestRow, PersonVersionRow


class Writing(Protocol):
    """What is needed of a store's Transaction."""

    @property
    def connection(self) -> Connection: ...

    @property
    def on_postgresql(self) -> bool: ...


def enlist_guest(
    tx: Writing,
    directory: Directory,
    name: str,
    email: str,
    now: datetime,
    entropy: Callable[[int], bytes],
) -> str:
    """The id of whoever has the address; a new guest if nobody has.

    Whoever is known keeps the name by which they are known. Raises NoAddress.
    """
    email = normal_address(email)
    address = same_address(email)
    day = directory.day(now)
    known, reached = _who_has(tx.connection, directory.roster(tx.connection, day), address)
    if reached:
        assert known is not None
        return known
    if tx.on_postgresql:
        # Whoever else writes the directory has done so from here on; SQLite has one writer anyway.
        raise_revision(tx.connection, entropy)
        known, reached = _who_has(tx.connection, directory.roster(tx.connection, day), address)
        if reached:
            assert known is not None
            return known
    person = known or new_person_id(entropy)
    values = {
        "name": " ".join(name.split()),
        "email": email,
        "address": address,
        "since": to_micros(now),
    }
    insert: Any = postgresql_insert if tx.on_postgresql else sqlite_insert
    tx.connection.execute(
        insert(GuestRow)
        .values(id=person, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )
    raise_revision(tx.connection, entropy)
    return person


def _who_has(connection: Connection, roster: Roster, address: str) -> tuple[str | None, bool]:
    """Who has an address, and whether they have all they shall have.

    A former employee who is named by the address that they had here is known and stays out of
    reach: mail to it may reach somebody else. By their private one they are a guest again.
    """
    theirs = [
        (not one["active"], person, same_address(str(one["email"])) == address)
        for person, one in roster.people.items()
        if one["email"] is not None
        and address in (same_address(one["email"]), same_address(one.get("private_email") or ""))
    ]
    for left, person, at_work in sorted(theirs):
        return person, not left or at_work
    guest = connection.scalar(select(col(GuestRow.id)).where(col(GuestRow.address) == address))
    if guest is not None:
        return guest, True
    return _who_comes(connection, roster, address), False


def _who_comes(connection: Connection, roster: Roster, address: str) -> str | None:
    """Whose address it will be from a later day on."""
    rows = connection.execute(
        select(
            col(PersonVersionRow.person),
            col(PersonVersionRow.email),
            col(PersonVersionRow.private_email),
        )
        .where(col(PersonVersionRow.valid_from) > roster.day, col(PersonVersionRow.active))
        .order_by(col(PersonVersionRow.valid_from))
    )
    for person, email, private in rows:
        if address in (same_address(email), same_address(private or "")):
            return str(person)
    return None
