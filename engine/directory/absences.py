"""Who is away, from when to when, and who acts for them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from sqlalchemy import delete, insert, or_, select, update
from sqlmodel import col

from engine.core.owners import MAX_STAND_INS
from engine.directory.applying import Writing
from engine.directory.directory import raise_revision
from engine.directory.roster import (
    Absence,
    Roster,
    absences_in,
    acting,
    grouped_by_person,
    read_roster,
)
from engine.store.tables import AbsenceRow

_NEVER: Final = date.max  # when somebody is back of whom nobody knows it yet


class AbsenceRefused(ValueError):  # noqa: N818 - what happened
    """An absence that cannot be, or a stand-in who could not act; the message says why."""


def put_absence(tx: Writing, absence: Absence, entropy: Callable[[int], bytes]) -> None:
    """Writes it down. Raises AbsenceRefused.

    What a case says of its own absence again replaces what it said before: a leave may be longer
    than planned, or have another stand-in.
    """
    if absence.told_by is not None:
        _take_back(tx, absence.told_by, absence.person, absence.since)
    roster = read_roster(tx.connection, absence.since)
    _check(absence, roster)
    others = absences_in(tx.connection, absence.since, absence.back or _NEVER)
    if absence.told_by is None:
        _check_overlap(absence, others, roster)
    _check_chains(absence, others, roster)
    tx.connection.execute(
        insert(AbsenceRow).values(
            person=absence.person,
            stand_in=absence.stand_in,
            leave=absence.leave,
            valid_from=absence.since,
            valid_until=absence.back,
            told_by=absence.told_by,
        )
    )
    raise_revision(tx.connection, entropy)


def end_absence(
    tx: Writing,
    person: str,
    back: date,
    entropy: Callable[[int], bytes],
    *,
    told_by: str | None = None,
) -> bool:
    """The person is there from that day on; False if they would have been anyway.

    Who is not away that day has their next absence called off; later ones stay. With `told_by`
    only what that case has said ends, all of it.
    """
    if told_by is not None:
        ended = _take_back(tx, told_by, person, back)
    else:
        ended = _end(tx, person, back) or _call_off(tx, person, back)
    if ended:
        raise_revision(tx.connection, entropy)
    return ended


def _end(tx: Writing, person: str, back: date) -> bool:
    of_day = (
        col(AbsenceRow.person) == person,
        or_(col(AbsenceRow.valid_until).is_(None), col(AbsenceRow.valid_until) > back),
    )
    tomorrow = delete(AbsenceRow).where(*of_day, col(AbsenceRow.valid_from) == back)
    before = update(AbsenceRow).where(*of_day, col(AbsenceRow.valid_from) < back)
    ended = tx.connection.execute(before.values(valid_until=back)).rowcount
    return bool(tx.connection.execute(tomorrow).rowcount + ended)


def _call_off(tx: Writing, person: str, after: date) -> bool:
    coming = (
        select(col(AbsenceRow.id))
        .where(col(AbsenceRow.person) == person, col(AbsenceRow.valid_from) > after)
        .order_by(col(AbsenceRow.valid_from), col(AbsenceRow.id))
        .limit(1)
    )
    number = tx.connection.scalar(coming)
    if number is None:
        return False
    tx.connection.execute(delete(AbsenceRow).where(col(AbsenceRow.id) == number))
    return True


def _take_back(tx: Writing, case: str, person: str, since: date) -> bool:
    """What a case said of a person's absence holds no more from that day on."""
    said = (col(AbsenceRow.told_by) == case, col(AbsenceRow.person) == person)
    later = delete(AbsenceRow).where(*said, col(AbsenceRow.valid_from) >= since)
    lasting = update(AbsenceRow).where(
        *said, or_(col(AbsenceRow.valid_until).is_(None), col(AbsenceRow.valid_until) > since)
    )
    gone = tx.connection.execute(later).rowcount
    return bool(tx.connection.execute(lasting.values(valid_until=since)).rowcount + gone)


def _check(absence: Absence, roster: Roster) -> None:
    asked = [(absence.person, "the absent person")]
    if absence.stand_in is not None:
        asked.append((absence.stand_in, "the stand-in"))
    for one, role in asked:
        if one not in roster.people or not roster.people[one]["active"]:
            who = _name(roster, one)
            raise AbsenceRefused(f"{role}, {who}, does not work here on {absence.since}")
    if absence.back is not None and absence.back <= absence.since:
        raise AbsenceRefused(
            f"the first day back, {absence.back}, is not after the first day away, {absence.since}"
        )


def _check_overlap(absence: Absence, others: Iterable[Absence], roster: Roster) -> None:
    for one in others:
        if one.person == absence.person:
            until = "further notice" if one.back is None else f"the day before {one.back}"
            raise AbsenceRefused(
                f"{_name(roster, one.person)} is away already from {one.since} until {until}; end "
                "that first, or enter the other days only"
            )


def _check_chains(absence: Absence, others: list[Absence], roster: Roster) -> None:
    """Whoever acts must be found within a few steps, on every day of the absence."""
    if absence.stand_in is None:
        return
    for day in sorted({max(one.since, absence.since) for one in (absence, *others)}):
        of_day = [one for one in (*others, absence) if one.on(day)]
        deputies = acting(grouped_by_person(of_day))
        for person in (absence.person, *deputies):
            _check_chain(person, deputies, roster)


def _check_chain(person: str, deputies: Mapping[str, str], roster: Roster) -> None:
    way = [person]
    while way[-1] in deputies and len(way) <= MAX_STAND_INS + 1:
        way.append(deputies[way[-1]])
        if way[-1] == person:
            raise AbsenceRefused(
                f"nobody would be left to act: {_told(way, roster)}; choose somebody who is there "
                "in those days"
            )
    if len(way) > MAX_STAND_INS + 1:
        raise AbsenceRefused(
            f"more than {MAX_STAND_INS} people would stand in one for the other: "
            f"{_told(way, roster)}; choose somebody who is there in those days"
        )


def _told(way: Iterable[str], roster: Roster) -> str:
    return " → ".join(_name(roster, one) for one in way)


def _name(roster: Roster, person: str) -> str:
    known = roster.people.get(person)
    return person if known is None else str(known["name"])
