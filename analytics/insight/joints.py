"""Figures of what ought to lead to something else, and did not: one process hands on to another."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from analytics.insight.history import History
from analytics.insight.measures import Measured, Part, Row, Unit, share
from analytics.insight.tables import YEAR, Event
from analytics.insight.talent import vacated
from analytics.insight.vacancies import IN_TIME, activation, successors

FORTNIGHT = timedelta(days=14)
MONTH = timedelta(days=30)


def people_without_rating(history: History) -> Measured:
    rows = []
    for person in sorted(history.employees):
        record = history.newest("rating", person)
        fresh = record is not None and record.valid_from > history.at - YEAR
        rows.append(
            Row(
                about="person",
                subject=person,
                at=None if record is None else record.valid_from,
                cases=() if record is None else (record.case,),
                counts=not fresh,
                words="" if fresh else "none" if record is None else "older than 12 months",
            )
        )
    return share(rows, missing="Nobody is employed on that day.")


def reviews_without_plan(history: History) -> Measured:
    rows = []
    for review in history.told("review.closed", since=history.at - YEAR):
        person = review.text("person") or ""
        limit = review.at + FORTNIGHT
        plans = [
            case.name
            for case in history.cases_about("development-plan", person)
            if case.opened_at <= limit and (case.closed_at is None or case.closed_at > review.at)
        ]
        rows.append(_met(review, person, limit, plans, history))
    return share(rows, missing="No review closed in the last 12 months is older than 14 days.")


def uncalibrated_decisions(history: History) -> Measured:
    return share(
        decisions(history),
        missing="Nobody was named as a successor or placed in a talent review in 12 months.",
    )


def decisions(history: History) -> Iterator[Row]:
    """Decisions about somebody's future; it counts if no calibrated rating of a year was there."""
    since = history.at - YEAR
    made = [
        (each.text("person") or "", each.at, each.case, "named as a successor")
        for each in history.told("successor.named", since=since)
    ]
    made += [
        (person, record.valid_from, record.case, "placed in a talent review")
        for person in history.subjects("talent")
        for record in history.written("talent", person)
        if record.valid_from > since
    ]
    for person, at, case, words in sorted(made, key=lambda one: (one[1], one[0])):
        rating = history.newest("rating", person, at)
        sound = (
            rating is not None
            and rating.attributes.get("calibrated") is True
            and rating.valid_from > at - YEAR
        )
        cases = [case, rating.case if rating is not None else None]
        yield Row(
            about="person",
            subject=person,
            at=at,
            cases=tuple(dict.fromkeys(one for one in cases if one)),
            counts=not sound,
            words=words,
        )


def plans_per_person(history: History) -> Measured:
    rows, none, several = [], 0, 0
    for person in sorted(history.employees):
        plans = [
            case.name
            for case in history.cases_about("development-plan", person)
            if case.closed_at is None
        ]
        none += not plans
        several += len(plans) > 1
        words = "" if len(plans) == 1 else f"{len(plans)} plans" if plans else "no plan"
        rows.append(
            Row(
                about="person",
                subject=person,
                cases=tuple(plans),
                counts=len(plans) != 1,
                words=words,
            )
        )
    n = len(rows)
    parts = [
        Part(label=label, number=part / n, unit=Unit.SHARE, n=n, part=part)
        for label, part in (("no plan", none), ("two plans or more", several))
        if n
    ]
    return share(rows, missing="Nobody is employed on that day.", parts=parts)


def successors_without_plan(history: History) -> Measured:
    return share(
        named(history),
        missing="Nobody is named as a successor, or only since less than 2 days.",
    )


def named(history: History) -> Iterator[Row]:
    """Who stands on a list now; it counts if no plan was open or opened within two days.

    Of several the plan begins with one; of the others `successor.named` says that they are not the
    `furthest` from ready.
    """
    for position in history.subjects("succession"):
        listed = successors(history.newest("succession", position))
        for person in listed:
            events = [
                each
                for each in history.told_about("successor.named", person)
                if each.text("position") == position
            ]
            if not events or events[-1].body.get("furthest") is False:
                continue
            since = events[-1]
            limit = since.at + IN_TIME
            plans = [
                case.name
                for case in history.cases_about("development-plan", person)
                if case.opened_at <= limit and (case.closed_at is None or case.closed_at > since.at)
            ]
            row = _met(since, person, limit, plans, history)
            yield replace(row, words=f"for {position}")


def vacancies_without_activation(history: History) -> Measured:
    rows = []
    for vacancy in vacated(history):
        assert vacancy.vacated_at is not None
        case = activation(history, vacancy)
        in_time = case is not None and case.opened_at <= vacancy.vacated_at + IN_TIME
        undecided = not in_time and history.at <= vacancy.vacated_at + IN_TIME
        rows.append(
            Row(
                about="position",
                subject=vacancy.position,
                at=vacancy.vacated_at,
                cases=vacancy.cases if case is None else (*vacancy.cases, case.name),
                counts=None if undecided else not in_time,
            )
        )
    return share(rows, missing="No critical role was vacated in the last 12 months.")


def hires_without_onboarding(history: History) -> Measured:
    rows = []
    for offer in history.told("offer.accepted", since=history.at - YEAR):
        person = offer.text("person") or ""
        limit = offer.at + IN_TIME
        begun = [
            case.name
            for case in history.cases_about("onboarding", person)
            if offer.at <= case.opened_at <= limit
        ]
        rows.append(_met(offer, person, limit, begun, history))
    return share(rows, missing="No offer was accepted in the last 12 months.")


def hires_without_goals(history: History) -> Measured:
    rows = []
    for start in history.told("person.started", since=history.at - YEAR):
        person = start.text("person") or ""
        limit = first_day(history, start) + MONTH
        agreed = [
            each.case
            for each in history.told_about("goals.agreed", person)
            if each.at <= limit and each.case
        ]
        rows.append(_met(start, person, limit, agreed, history))
    return share(rows, missing="Nobody who started in the last 12 months is there for 30 days yet.")


def reviews_with_thanks(history: History) -> Measured:
    """Whether the manager could read what somebody was thanked for when they rated."""
    rows = []
    for review in history.told("review.submitted", since=history.at - YEAR):
        person = review.text("person") or ""
        record = history.newest("recognition", person, review.at)
        cases = (review.case, None if record is None else record.case)
        rows.append(
            Row(
                about="person",
                subject=person,
                at=review.at,
                cases=tuple(one for one in cases if one),
                counts=record is not None,
            )
        )
    return share(rows, missing="No review was sent in in the last 12 months.")


def first_day(history: History, start: Event) -> datetime:
    """When somebody's first day began: as the offer said, or else when they came."""
    try:
        return history.midnight(date.fromisoformat(start.text("start_date") or ""))
    except ValueError:
        return start.at


def _met(
    event: Event,
    person: str,
    limit: datetime,
    found: list[str],
    history: History,
) -> Row:
    """It counts if nothing was found by the limit; undecided while that is still to come."""
    return Row(
        about="person",
        subject=person,
        at=event.at,
        cases=tuple(dict.fromkeys(one for one in (event.case, *found) if one)),
        counts=False if found else True if limit <= history.at else None,
    )
