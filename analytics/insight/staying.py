"""Figures of who stays and who leaves."""

from collections.abc import Iterator
from typing import Final

from analytics.insight.history import History
from analytics.insight.measures import Measured, Row, share
from analytics.insight.tables import WITHDRAWN, YEAR, Record, is_number
from analytics.insight.talent import FRESH

VOLUNTARY: Final = ("resigned", "left without notice")  # causes that are the person's own


def retention(history: History) -> Measured:
    start = history.today - YEAR
    cohort = [one for one in history.everybody if history.employed(one, start)]
    return share(
        (_stayed(history, person, any_cause=True) for person in cohort),
        missing="The directory knows nobody who was employed 12 months ago.",
    )


def high_performer_retention(history: History) -> Measured:
    """The cohort is fixed at the start of the 12 months."""
    start = history.at - YEAR
    cohort = [
        about
        for about in history.subjects("rating")
        if history.employed(about, history.day(start))
        and is_top(history.newest("rating", about, start), history.top)
    ]
    rows = [_stayed(history, person, any_cause=False) for person in cohort]
    unknown = sum(row.counts is False and "nobody said why" in row.words for row in rows)
    return share(
        rows,
        missing=f"Nobody had a valid rating of {history.top:g} or more 12 months ago.",
        notes=[f"{unknown} left and nobody said why; they count as of their own will."]
        if unknown
        else (),
    )


def unexpected_exits(history: History) -> Measured:
    rows = list(top_exits(history))
    flagged = bool(history.subjects("flight_risk"))
    return share(
        rows,
        missing=f"Nobody whose rating was {history.top:g} or more left in the last 12 months.",
        notes=() if flagged else ["No record `flight_risk` has ever been written."],
    )


def top_exits(history: History) -> Iterator[Row]:
    """Who left with a top rating; it counts if nothing had been noticed in the 90 days before."""
    since = history.today - YEAR
    for person in history.subjects("rating"):
        for day in history.leavings(person):
            if not since < day <= history.today:
                continue
            left = history.midnight(day)
            rating = history.newest("rating", person, left)
            if not is_top(rating, history.top):
                continue
            signals = [
                each
                for each in history.written("flight_risk", person)
                if left - FRESH <= each.valid_from <= left
            ]
            assert rating is not None
            yield Row(
                about="person",
                subject=person,
                at=left,
                cases=tuple(dict.fromkeys([rating.case, *(each.case for each in signals)])),
                counts=not signals,
                words="noticed before" if signals else "nobody had noticed",
            )


def exit_actions(history: History) -> Measured:
    return share(
        actions_after_exits(history),
        missing="No action after an exit of the last 12 months is done, or 90 days old.",
    )


def actions_after_exits(history: History) -> Iterator[Row]:
    """What somebody is to do since a colleague left; it counts if it was done within 90 days."""
    leavers = {case.name: case.subject for case in history.cases_of("exit")}
    for task in history.tasks:
        asked = task.process == "exit" and task.state == "act"
        if not asked or task.outcome == WITHDRAWN or task.opened_at <= history.at - YEAR:
            continue
        limit = task.opened_at + FRESH
        done = task.closed_at is not None
        in_time = task.closed_at is not None and task.closed_at <= limit
        yield Row(
            about="person",
            subject=leavers.get(task.case) or "",
            at=task.opened_at,
            cases=(task.case,),
            counts=True if in_time else False if limit <= history.at else None,
            words="done" if done else "not done",
        )


def is_top(record: Record | None, top: float) -> bool:
    value = None if record is None else record.value
    return value is not None and is_number(value) and value >= top


def _stayed(history: History, person: str, *, any_cause: bool) -> Row:
    start = history.today - YEAR
    left = [day for day in history.leavings(person) if start < day <= history.today]
    if not left:
        return Row(about="person", subject=person, counts=True)
    cause = cause_of_leaving(history, person)
    gone = any_cause or cause is None or cause in VOLUNTARY
    return Row(
        about="person",
        subject=person,
        at=history.midnight(left[0]),
        cases=tuple(
            dict.fromkeys(
                each.case for each in history.told_about("notice.given", person) if each.case
            )
        ),
        counts=not gone,
        words=f"left: {cause or 'nobody said why'}",
    )


def cause_of_leaving(history: History, person: str) -> str | None:
    """What the last notice that was not withdrawn says."""
    notices = history.told_about("notice.given", person)
    withdrawn = history.told_about("notice.withdrawn", person)
    standing = [each for each in notices if not any(one.at >= each.at for one in withdrawn)]
    return standing[-1].text("cause") if standing else None
