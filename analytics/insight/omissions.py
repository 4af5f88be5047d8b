"""What should have happened and did not: in reviews, plans, successions, hires."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from analytics.insight.engagement import LOOKED_AT, thanked
from analytics.insight.history import History
from analytics.insight.joints import (
    MONTH,
    decisions,
    hires_without_goals,
    hires_without_onboarding,
    named,
    vacancies_without_activation,
)
from analytics.insight.measures import Row
from analytics.insight.performance import followed_up
from analytics.insight.staying import actions_after_exits
from analytics.insight.tables import YEAR, Event
from analytics.insight.talent import FRESH, ready
from analytics.insight.vacancies import (
    IN_TIME,
    critical,
    critical_positions,
    successors,
    vacancies,
)

COMPLAINT: Final = "after a complaint"  # an occasion of a development plan


def reviews_without_action(history: History) -> Iterator[Row]:
    for review in _newest(history, "review.closed"):
        row = followed_up(history, review)
        if row.counts is False and not _agreed_since(history, row.subject, review.at):
            drafts = _open_plans(history, row.subject)
            words = "the plan is not agreed on" if drafts else "no plan was begun"
            yield replace(row, at=review.at + MONTH, cases=(*row.cases, *drafts), words=words)


def feedback_without_development(history: History) -> Iterator[Row]:
    for event in _newest(history, "feedback.given", to_develop=True):
        person, limit = event.text("person") or "", event.at + MONTH
        if limit > history.at or _agreed_since(history, person, event.at):
            continue
        if not _open_plans(history, person):
            yield _row(event, person, limit, "wanted to make it part of a plan")


def roles_without_readiness(history: History) -> Iterator[Row]:
    for position in critical_positions(history):
        row = ready(history, position)
        if row.counts is False:
            since = row.at + FRESH if row.at is not None else None
            yield replace(row, at=min(since, history.at) if since else None)


def untouched_lists(history: History) -> Iterator[Row]:
    for position in critical_positions(history):
        written = history.written("succession", position)
        if written and written[-1].valid_from < history.at - FRESH:
            yield Row(
                about="position",
                subject=position,
                at=written[-1].valid_from + FRESH,
                cases=(written[-1].case,),
                words="nobody has looked at the list",
            )


def vacancies_not_activated(history: History) -> Iterator[Row]:
    still = {one.position for one in vacancies(history) if one.end is None}
    for row in vacancies_without_activation(history).rows:
        if row.counts is True and row.subject in still and row.at is not None:
            yield replace(row, at=row.at + IN_TIME, words="nobody asked the people on the list")


def empty_seats(history: History) -> Iterator[Row]:
    for one in vacancies(history):
        if one.end is not None or one.interim_at is not None or one.vacated_at is None:
            continue
        if not critical(history, one.position, one.since):
            continue
        gone = one.vacated_at + IN_TIME
        if one.last_day is not None:
            gone = history.midnight(one.last_day + timedelta(days=1))
        if gone <= history.at:
            yield Row(
                about="position",
                subject=one.position,
                at=gone,
                cases=one.cases,
                words="nobody sits in for the time being",
            )


def undeveloped_lists(history: History) -> Iterator[Row]:
    for position in critical_positions(history):
        listed = history.newest("succession", position)
        people = successors(listed)
        if listed is None or not people:
            continue
        if not any(_developed(history, person) for person in people):
            yield Row(
                about="position",
                subject=position,
                at=listed.valid_from,
                cases=(listed.case,),
                words=f"none of {len(people)} on the list is being developed",
            )


def successors_without_plan(history: History) -> Iterator[Row]:
    for row in named(history):
        there = row.subject in history.employees
        if row.counts is True and there and not _open_plans(history, row.subject):
            yield row


def exits_without_notice(history: History) -> Iterator[Row]:
    """Who is not in the directory any more, of whom no case had told before."""
    for person in history.everybody:
        for day in history.leavings(person):
            told = any(
                history.day(each.at) < day and each.text("cause") != "left without notice"
                for each in history.told_about("notice.given", person)
            )
            if history.today - FRESH < day <= history.today and not told:
                yield Row(about="person", subject=person, at=history.midnight(day))


def reviews_waiting(history: History) -> Iterator[Row]:
    """Sent in for a calibration a month ago, and none was published."""
    published = {
        (rating.get("person"), each.text("cycle"))
        for each in history.told("calibration.published")
        for rating in each.body.get("ratings", ())
        if isinstance(rating, dict)
    }
    running = {case.name for case in history.cases_of("pcer-year") if case.closed_at is None}
    for event in _newest(history, "review.submitted"):
        person, limit = event.text("person") or "", event.at + MONTH
        waits = event.case in running and (person, event.text("cycle")) not in published
        if waits and limit <= history.at:
            yield _row(event, person, limit, f"of {event.text('cycle') or 'no cycle'}")


def two_plans(history: History) -> Iterator[Row]:
    for person in sorted(history.employees):
        plans = _open_plans(history, person)
        if len(plans) > 1:
            begun = [
                case.opened_at
                for case in history.cases_about("development-plan", person)
                if case.name in plans
            ]
            yield Row(about="person", subject=person, at=sorted(begun)[1], cases=plans)


def people_without_path(history: History) -> Iterator[Row]:
    quarter_ago = history.today - FRESH
    for person in sorted(history.employees):
        if not history.employed(person, quarter_ago) or _open_plans(history, person):
            continue
        if history.newest("development", person) is None:
            yield Row(about="person", subject=person)


def exit_actions_open(history: History) -> Iterator[Row]:
    for row in actions_after_exits(history):
        if row.words == "not done" and row.counts is False and row.at is not None:
            yield replace(row, at=row.at + FRESH)


def plans_only_after_complaints(history: History) -> Iterator[Row]:
    plans: dict[str, list[Event]] = defaultdict(list)
    for event in history.told("plan.agreed", since=history.at - YEAR):
        known = history.person(event.text("person") or "", history.today)
        if known is not None and known.employee and known.department:
            plans[known.department].append(event)
    for unit, agreed in sorted(plans.items()):
        if all(each.text("occasion") == COMPLAINT for each in agreed):
            yield Row(
                about="unit",
                subject=unit,
                at=agreed[0].at,
                cases=tuple(each.case for each in agreed if each.case),
                words="the only plan" if len(agreed) == 1 else f"all {len(agreed)} plans",
            )


def never_recognised(history: History) -> Iterator[Row]:
    year_ago = history.today - YEAR
    for person in sorted(history.employees):
        if history.employed(person, year_ago) and not thanked(history, person):
            before = history.told_about("recognition.given", person)
            yield Row(about="person", subject=person, at=before[-1].at if before else None)


def signals_not_looked_at(history: History) -> Iterator[Row]:
    for person in history.subjects("flight_risk"):
        record = history.written("flight_risk", person)[-1]
        limit = record.valid_from + LOOKED_AT
        recent = record.valid_from > history.at - YEAR and limit <= history.at
        looks = history.told_about("risk.looked_at", person)
        looked = any(each.at >= record.valid_from for each in looks)
        if person in history.employees and recent and not looked:
            yield Row(about="person", subject=person, at=limit, cases=(record.case,))


def hires_not_onboarded(history: History) -> Iterator[Row]:
    for row in hires_without_onboarding(history).rows:
        if row.counts is True and not history.cases_about("onboarding", row.subject):
            yield replace(row, at=row.at + IN_TIME if row.at else None)


def hires_still_without_goals(history: History) -> Iterator[Row]:
    for row in hires_without_goals(history).rows:
        there = row.subject in history.employees
        if row.counts is True and there and not history.told_about("goals.agreed", row.subject):
            yield replace(row, at=row.at + MONTH if row.at else None)


def probations_forgotten(history: History) -> Iterator[Row]:
    for event in _newest(history, "person.started"):
        person, limit = event.text("person") or "", event.at + IN_TIME
        ends = event.text("probation_ends")
        if ends is None or limit > history.at:
            continue
        if not history.cases_about("probation-review", person):
            yield _row(event, person, limit, f"their probation ends on {ends}")


def decisions_not_calibrated(history: History) -> Iterator[Row]:
    return (row for row in decisions(history) if row.counts is True)


def _newest(history: History, name: str, **wanted: object) -> Iterator[Event]:
    """The last event of a name of the last 12 months about each employee."""
    newest = {
        event.text("person"): event
        for event in history.told(name, since=history.at - YEAR)
        if all(event.body.get(key) == value for key, value in wanted.items())
    }
    return (event for person, event in newest.items() if person in history.employees)


def _open_plans(history: History, person: str) -> tuple[str, ...]:
    return tuple(
        case.name
        for case in history.cases_about("development-plan", person)
        if case.closed_at is None
    )


def _agreed_since(history: History, person: str, since: datetime) -> bool:
    return any(each.at > since for each in history.told_about("plan.agreed", person))


def _developed(history: History, person: str) -> bool:
    """A plan that was agreed on runs, or one was done in the last 12 months."""
    agreed = {each.case for each in history.told_about("plan.agreed", person)}
    running = any(name in agreed for name in _open_plans(history, person))
    return running or history.newest("development", person) is not None


def _row(event: Event, person: str, since: datetime, words: str) -> Row:
    return Row(
        about="person",
        subject=person,
        at=since,
        cases=(event.case,) if event.case else (),
        words=words,
    )
