"""Figures of calibration: whose rating was looked at by others, and what came of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from statistics import fmean
from typing import Any

from analytics.insight.history import History
from analytics.insight.measures import Measured, Part, Row, Unit, share, without_numbers
from analytics.insight.tables import YEAR, Event, Record, is_number, table


def calibration_coverage(history: History) -> Measured:
    """A session met its quorum if two thirds of its committee were there."""
    since = history.at - YEAR
    quorate = {
        record.case
        for about in history.subjects("calibration")
        for record in history.written("calibration", about)
        if _met(record.attributes)
    }
    covered: dict[str, Event] = {}
    for published in history.told("calibration.published", since=since):
        if published.case in quorate:
            for rating in table(published.body.get("ratings")):
                covered[str(rating.get("person"))] = published
    rows = [
        Row(
            about="person",
            subject=person,
            at=covered[person].at if person in covered else None,
            cases=tuple(filter(None, (covered[person].case,))) if person in covered else (),
            counts=person in covered,
        )
        for person in sorted(history.employees)
    ]
    return share(rows, missing="Nobody is employed on that day.")


def calibration_movement(history: History) -> Measured:
    rows, before, after = [], [], []
    for published, person, draft, rating in calibrated(history, history.at - YEAR):
        before.append(draft)
        after.append(rating)
        rows.append(
            Row(
                about="person",
                subject=person,
                at=published.at,
                cases=tuple(filter(None, (published.case,))),
                counts=rating != draft,
                number=rating - draft,
            )
        )
    moves = Counter("up" if row.number > 0 else "down" for row in rows if row.number)
    parts = [
        Part(label=f"moved {way}", number=moves[way] / len(rows), unit=Unit.SHARE,
             n=len(rows), part=moves[way])
        for way in ("up", "down")
    ] if rows else []  # fmt: skip
    if rows:
        parts += [
            Part(label=label, number=_variance(values), unit=Unit.MARK, n=len(values))
            for label, values in (
                ("variance before calibration", before),
                ("variance after calibration", after),
            )
        ]
    found = share(
        rows,
        missing="No calibrated rating of the last 12 months has a manager's rating before it.",
        parts=parts,
    )
    return replace(without_numbers(found), people=len({row.subject for row in rows}))


def calibrated(history: History, since: datetime) -> Iterator[tuple[Event, str, float, float]]:
    """Published ratings that a manager had sent in: publication, person, before, after."""
    before = submitted(history)
    for published in history.told("calibration.published", since=since):
        for rating in table(published.body.get("ratings")):
            person, value = str(rating.get("person")), rating.get("rating")
            cycle = published.text("cycle")
            drafts = [each for each in before.get(person, ()) if each.text("cycle") == cycle]
            draft = last_before(drafts, published.at)
            mark = None if draft is None else draft.body.get("rating")
            if is_number(value) and is_number(mark):
                assert value is not None
                assert mark is not None
                yield published, person, float(mark), float(value)


def submitted(history: History) -> Mapping[str, Sequence[Event]]:
    """What managers sent in, by person."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in history.told("review.submitted"):
        found[event.text("person") or ""].append(event)
    return found


def last_before(events: Sequence[Event], then: datetime) -> Event | None:
    return next((each for each in reversed(events) if each.at <= then), None)


def rater_of(history: History, rating: Record) -> str | None:
    """Who gave a rating: as the record says, or else whoever sent the last one in before it."""
    said = rating.attributes.get("rated_by")
    if isinstance(said, str):
        return said
    sent = last_before(history.told_about("review.submitted", rating.about), rating.valid_from)
    return None if sent is None else sent.text("rater")


def _met(attributes: Mapping[str, Any]) -> bool:
    present, committee = attributes.get("present"), attributes.get("committee")
    if not isinstance(present, int) or not isinstance(committee, int) or committee == 0:
        return False
    return present * 3 >= committee * 2


def _variance(values: Sequence[float]) -> float:
    """Of the whole group, not an estimate."""
    middle = fmean(values)
    return fmean((value - middle) ** 2 for value in values)
