"""Absences as they are entered, or said by a case of somebody's leave; cases hear of them at once.

What begins or ends on a later day is told by `staffing.day_begun` when that has come.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from engine.core.effects import OpenIncident
from engine.core.owners import person_ids
from engine.directory import Absence, AbsenceRefused, end_absence, put_absence
from engine.directory.events import PAUSED, RESUMED
from engine.service.cases import CaseFile, tell
from engine.service.consequences import incident_line
from engine.service.incidents import note_incident
from engine.service.staffing import change_directory
from engine.service.tools import Tools
from engine.store import Transaction, to_micros


def note_absence(
    tools: Tools, tx: Transaction, absence: Absence, by: str | None, now: datetime
) -> None:
    """Raises AbsenceRefused."""

    def write() -> None:
        put_absence(tx, absence, tools.entropy)

    change_directory(tools, tx, write, absence.since, by, now, said_by=absence.told_by)


def call_back(
    tools: Tools,
    tx: Transaction,
    person: str,
    back: date,
    by: str | None,
    now: datetime,
    *,
    told_by: str | None = None,
) -> bool:
    """The person is there from `back` on; False if they would have been anyway."""

    def write() -> bool:
        return end_absence(tx, person, back, tools.entropy, told_by=told_by)

    return change_directory(tools, tx, write, back, by, now, said_by=told_by)


def hear_of_absence(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    name: str,
    body: Mapping[str, Any],
    now: datetime,
) -> None:
    """A case says itself that a leave begins or ends: the directory knows it from there.

    What it cannot take is an incident of the case, which goes on.
    """
    try:
        with tx.savepoint():
            if name == PAUSED:
                note_absence(tools, tx, _absence(case, body), case.name, now)
            elif name == RESUMED:
                back = _day(body, "on", "the first day back")
                call_back(tools, tx, _person(body), back, case.name, now, told_by=case.name)
    except AbsenceRefused as refused:
        _complain(tools, tx, case, name, refused, now)


def _absence(case: CaseFile, body: Mapping[str, Any]) -> Absence:
    deputies = person_ids(body.get("deputy"))
    last = _day(body, "until", "the last day away") if body.get("until") else None
    return Absence(
        person=_person(body),
        since=_day(body, "from", "the first day away"),
        back=None if last is None else last + timedelta(days=1),
        stand_in=deputies[0] if deputies else None,
        leave=True,
        told_by=case.name,
    )


def _person(body: Mapping[str, Any]) -> str:
    people = person_ids(body.get("person"))
    if len(people) != 1:
        raise AbsenceRefused("`person` does not say who is away")
    return people[0]


def _day(body: Mapping[str, Any], key: str, what: str) -> date:
    try:
        return date.fromisoformat(str(body.get(key))[:10])
    except ValueError as error:
        raise AbsenceRefused(f"`{key}`, {what}, is no date: {body.get(key)!r}") from error


def _complain(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    name: str,
    refused: AbsenceRefused,
    now: datetime,
) -> None:
    message = (
        f"The case said `{name}`, and the directory could not take it: {refused}. Enter it by "
        "hand with `tenure people away` or `tenure people back`."
    )
    incident = OpenIncident(code="absence-refused", place="", message=message, blocking=False)
    micros = to_micros(now)
    note_incident(tx, case, incident, micros)
    tell(tools, tx, case, [incident_line(incident.code, incident.place, message, micros)])
