"""Who acts for somebody while they are away."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import delete, insert, select, update
from sqlmodel import col

from engine.directory.applying import Writing
from engine.directory.directory import raise_revision
from engine.directory.roster import read_roster
from engine.store.tables import StandInRow


class AbsenceRefused(ValueError):  # noqa: N818 - what happened
    """A stand-in who could not act; the message says why."""


def put_stand_in(
    tx: Writing,
    person: str,
    stand_in: str,
    *,
    since: date,
    back: date,
    entropy: Callable[[int], bytes],
) -> None:
    """`stand_in` acts for `person` from `since` until the day before `back`.

    Raises AbsenceRefused for people who are not there and for circles within those days.
    """
    people = read_roster(tx.connection, since).people
    for one, role in ((person, "the absent person"), (stand_in, "the stand-in")):
        if one not in people or not people[one]["active"]:
            raise AbsenceRefused(f"{role} {one!r} does not work here on {since.isoformat()}")
    if back <= since:
        raise AbsenceRefused(
            f"the first day back, {back.isoformat()}, is not after the first day away, "
            f"{since.isoformat()}"
        )
    overlapping = {
        (away, acting)
        for away, acting in tx.connection.execute(
            select(col(StandInRow.person), col(StandInRow.stand_in)).where(
                col(StandInRow.valid_from) < back, col(StandInRow.valid_until) > since
            )
        )
    }
    circle = _way(stand_in, person, overlapping)
    if circle is not None:
        told = " → ".join(people[one]["name"] if one in people else one for one in circle)
        raise AbsenceRefused(
            f"nobody would be left to act: {people[person]['name']} → {told}; "
            "choose somebody who is there in those days"
        )
    tx.connection.execute(
        insert(StandInRow).values(
            person=person, stand_in=stand_in, valid_from=since, valid_until=back
        )
    )
    raise_revision(tx.connection, entropy)


def end_absence(tx: Writing, person: str, back: date, entropy: Callable[[int], bytes]) -> None:
    """The person is back on that day, earlier than was said; later absences are called off."""
    tx.connection.execute(
        delete(StandInRow).where(
            col(StandInRow.person) == person, col(StandInRow.valid_from) >= back
        )
    )
    tx.connection.execute(
        update(StandInRow)
        .where(col(StandInRow.person) == person, col(StandInRow.valid_until) > back)
        .values(valid_until=back)
    )
    raise_revision(tx.connection, entropy)


def _way(start: str, end: str, steps: set[tuple[str, str]]) -> list[str] | None:
    """A way from one to the other along the steps."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop()
        if way[-1] == end:
            return way
        for away, acting in steps:
            if away == way[-1] and acting not in seen:
                seen.add(acting)
                ways.append([*way, acting])
    return None
