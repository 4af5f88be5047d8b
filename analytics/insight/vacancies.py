"""Seats that became empty, and what became of them: the ground of four figures and two detectors.

A vacancy of a position begins with `role.vacated`, or with `requisition.approved` if that comes
first; what is told of a position whose vacancy is open belongs to that one. It ends when somebody
takes the seat for good (`role.filled` without `interim`), when whoever had it stays or is back, or
when nobody is looked for any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from analytics.insight.history import History
from analytics.insight.tables import Case, Event, Record

IN_TIME = timedelta(days=2)
_COVER = "in an emergency"  # the band of who is no successor
_ON_LEAVE = "on leave"  # the cause of a vacancy that ends when its holder is back
_NOT_CRITICAL = (None, False, 0, "", "no", "no longer")


class End(StrEnum):
    FILLED = "filled"
    STAYED = "stayed"  # the notice or the move was withdrawn, or the leave is over
    GIVEN_UP = "given up"  # the requisition was withdrawn, or closed without anybody


@dataclass(frozen=True, kw_only=True, slots=True)
class Vacancy:
    """One time that a position was empty, or was going to be."""

    position: str
    since: datetime
    person: str | None = None  # who held it
    cause: str | None = None
    last_day: date | None = None
    vacated_at: datetime | None = None  # None: only a requisition says so
    interim_at: datetime | None = None
    interim_by: str | None = None
    ended_at: datetime | None = None
    end: End | None = None
    filled_by: str | None = None
    cases: tuple[str, ...] = field(default=())  # that told of it

    @property
    def takers(self) -> tuple[str, ...]:
        """Who sat on it, for a time or for good."""
        return tuple(one for one in (self.interim_by, self.filled_by) if one is not None)


def vacancies(history: History) -> Sequence[Vacancy]:
    """All of them, in the order in which they began."""
    open_ones: dict[str, Vacancy] = {}
    over: list[Vacancy] = []
    for event in history.events:
        if event.name not in _TOLD:
            continue
        for position in _concerned(event, open_ones):
            after = _after(open_ones.get(position), event, position)
            if after is None:
                continue
            if after.end is None:
                open_ones[position] = after
            else:
                open_ones.pop(position, None)
                over.append(after)
    return sorted([*over, *open_ones.values()], key=lambda one: (one.since, one.position))


def critical(history: History, position: str, then: datetime) -> bool:
    """Whether the company counted on it: it was called critical, or somebody was to succeed."""
    called = history.newest("critical", position, then)
    if called is not None:
        return called.value not in _NOT_CRITICAL
    return history.newest("succession", position, then) is not None


def critical_positions(history: History) -> Sequence[str]:
    known = {*history.subjects("critical"), *history.subjects("succession")}
    return [one for one in sorted(known) if critical(history, one, history.at)]


def successors(record: Record | None) -> tuple[str, ...]:
    """Whom a `succession` record lists, in its order; not who only covers in an emergency."""
    rows = record.value if record is not None and isinstance(record.value, list) else []
    people = [
        row.get("person") for row in rows if isinstance(row, dict) and row.get("band") != _COVER
    ]
    return tuple(one for one in people if isinstance(one, str))


def activation(history: History, vacancy: Vacancy) -> Case | None:
    """The case that was started to fill it from the list, if one was."""
    began = vacancy.vacated_at or vacancy.since
    for case in history.cases_about("succession-activation", vacancy.position):
        if case.opened_at >= began and (
            vacancy.ended_at is None or case.opened_at <= vacancy.ended_at
        ):
            return case
    return None


_TOLD = (
    "role.vacated",
    "requisition.approved",
    "role.filled",
    "requisition.withdrawn",
    "requisition.closed",
    "notice.withdrawn",
    "move.withdrawn",
    "last_day.changed",
    "person.resumed",
)
_OF_A_PERSON = ("notice.withdrawn", "move.withdrawn", "last_day.changed", "person.resumed")


def _concerned(event: Event, open_ones: dict[str, Vacancy]) -> Sequence[str]:
    """The positions that an event is about."""
    if event.name in _OF_A_PERSON:
        person, back = event.text("person"), event.name == "person.resumed"
        return [
            name
            for name, one in open_ones.items()
            if person and one.person == person and (not back or one.cause == _ON_LEAVE)
        ]
    position = event.text("position")
    return [] if position is None else [position]


def _after(vacancy: Vacancy | None, event: Event, position: str) -> Vacancy | None:
    """What an event makes of the position's vacancy; None where it makes nothing of it."""
    if event.name in ("role.vacated", "requisition.approved"):
        return _begun(vacancy or Vacancy(position=position, since=event.at), event)
    if vacancy is None:
        return None
    vacancy = _told_by(vacancy, event)
    match event.name:
        case "role.filled" if event.body.get("interim") is True:
            taken = vacancy.interim_at is not None
            return (
                vacancy
                if taken
                else replace(vacancy, interim_at=event.at, interim_by=event.text("person"))
            )
        case "role.filled":
            ended = replace(vacancy, filled_by=event.text("person"))
            return replace(ended, ended_at=event.at, end=End.FILLED)
        case "last_day.changed":
            return replace(vacancy, last_day=_day(event.text("last_day")) or vacancy.last_day)
        case "notice.withdrawn" | "move.withdrawn" | "person.resumed":
            return replace(vacancy, ended_at=event.at, end=End.STAYED)
        case "requisition.closed" if event.text("outcome") == "filled":
            return vacancy  # who took the seat is told by an event of its own
        case _:
            return replace(vacancy, ended_at=event.at, end=End.GIVEN_UP)


def _begun(vacancy: Vacancy, event: Event) -> Vacancy:
    vacancy = _told_by(vacancy, event)
    if event.name == "requisition.approved":
        return vacancy
    return replace(
        vacancy,
        person=vacancy.person or event.text("person"),
        cause=vacancy.cause or event.text("cause"),
        last_day=vacancy.last_day or _day(event.text("last_day") or event.text("on")),
        vacated_at=vacancy.vacated_at or event.at,
    )


def _told_by(vacancy: Vacancy, event: Event) -> Vacancy:
    if event.case is None or event.case in vacancy.cases:
        return vacancy
    return replace(vacancy, cases=(*vacancy.cases, event.case))


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
