"""The days on which something begins or ends that was entered ahead."""

from datetime import date

from sqlalchemy import Connection, select
from sqlmodel import col

from engine.store.tables import AbsenceRow, HolderRow, MemberRow, PersonVersionRow

_DATES = (
    PersonVersionRow.valid_from,
    HolderRow.valid_from,
    HolderRow.valid_until,
    MemberRow.valid_from,
    MemberRow.valid_until,
    AbsenceRow.valid_from,
    AbsenceRow.valid_until,
)


def days_of_change(connection: Connection, last: date, today: date) -> tuple[date, ...]:
    """Those after `last`, up to `today`; the directory is the same on all days between."""
    found: set[date] = set()
    for dated in _DATES:
        days = select(col(dated)).where(col(dated) > last, col(dated) <= today).distinct()
        found.update(connection.scalars(days))
    return tuple(sorted(found))
