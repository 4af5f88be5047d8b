"""The directory as the service asks it: facts of any instant, without a query when none is due."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from engine.directory.calendars import Calendars, check_country, zone_of
from engine.directory.facts import RosterFacts
from engine.directory.records import last_record
from engine.directory.roster import Place, Roster, read_roster
from engine.store.tables import MetaRow

REVISION = "directory.revision"
_KEPT = 8  # rosters: today, the days around it, and a few that somebody looks back to

# On the driver's own cursor, since it stands before every macrostep.
_ASK = f"SELECT value FROM meta WHERE name = '{REVISION}'"  # noqa: S608 - a constant


@dataclass(frozen=True, kw_only=True, slots=True)
class Directory:
    """Rosters by revision and day. Thread-safe: a roster is read twice at worst, never mixed up."""

    # The organisation's own calendar and clock; weekdays in UTC until somebody says better.
    home: Place = field(default_factory=lambda: Place(country="", zone="UTC"))
    calendars: Calendars = field(default_factory=Calendars)
    _rosters: dict[tuple[str, date], Roster] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises PlaceUnknown for a home that is nowhere."""
        if self.home.country:
            check_country(self.home.country)
        zone_of(self.home.zone)

    def facts(self, source: Session | Connection, now: datetime) -> RosterFacts:
        """Facts as of the day that it is at `now`.

        One look at the revision, and the tables only when that has moved. The result may be kept
        for a transaction and all its macrosteps of the day; records are looked up through
        `source`, which must still be open then.
        """
        connection = source.connection() if isinstance(source, Session) else source
        return RosterFacts(
            roster=self.roster(source, self.day(now)),
            calendars=self.calendars,
            home=self.home,
            book=lambda kind, about: last_record(connection, kind, about, now),
        )

    def day(self, now: datetime) -> date:
        """The organisation's own: what holds from a day on holds from its midnight there."""
        return now.astimezone(zone_of(self.home.zone)).date()

    def roster(self, source: Session | Connection, day: date) -> Roster:
        connection = source.connection() if isinstance(source, Session) else source
        key = (revision(connection), day)
        known = self._rosters.get(key)
        if known is None:
            known = read_roster(connection, day)
            while len(self._rosters) >= _KEPT:
                self._rosters.pop(next(iter(self._rosters)), None)
            self._rosters[key] = known
        return known


def revision(connection: Connection) -> str:
    """Another text after every change of the directory; empty before the first."""
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(_ASK)
        row = cursor.fetchone()
    finally:
        cursor.close()
    return "" if row is None else str(row[0])


def raise_revision(connection: Connection, entropy: Callable[[int], bytes]) -> None:
    """Makes every process read the directory anew; the last statement of a change to it.

    The number is for people. The random half keeps apart a change that was rolled back and the
    one that came after it.
    """
    before = revision(connection).partition(".")[0] or "0"
    value = f"{int(before) + 1}.{entropy(6).hex()}"
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    connection.execute(
        insert(MetaRow)
        .values(name=REVISION, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )
