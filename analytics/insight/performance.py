"""Figures of performance management: goals, feedback, reviews, ratings, and what follows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

from analytics.insight.history import History
from analytics.insight.measures import (
    Measured,
    Part,
    Row,
    Unit,
    mean,
    part_of,
    share,
)
from analytics.insight.tables import YEAR, Case, Event, is_number, table

QUARTER = timedelta(days=90)
MONTH = timedelta(days=30)
SUBSTANCE = 40  # characters that an answer has at least, if something is said in it
REACHED = 70  # percent from which on a goal counts as reached


def goal_attainment(history: History) -> Measured:
    """A goal counts by its weight among the goals of its case, and each case by their number."""
    rows, weights, late = [], [], 0
    scored = list(_ended(history, "goal-setting", "scored", history.at - YEAR))
    for case in scored:
        if case.subject is None or "results" not in case.data:
            continue
        record = next(
            (
                each
                for each in history.written("goal_attainment", case.subject)
                if each.case == case.name
            ),
            None,
        )
        late += bool(record is not None and record.attributes.get("late_changes"))
        goals = [
            (goal["reached"], _weight(goal))
            for goal in table(case.data.get("results"))
            if is_number(goal.get("reached"))
        ]
        usual = fmean(weight for _, weight in goals) if goals else 1
        weights += [weight / usual for _, weight in goals]
        rows += [
            Row(
                about="person",
                subject=case.subject,
                at=case.closed_at,
                cases=(case.name,),
                number=float(reached),
                counts=reached >= REACHED,
                words="" if weight == usual else f"counts {weight / usual:.2g} times",
            )
            for reached, weight in goals
        ]
    cases = len({row.cases for row in rows})
    parts = []
    if cases:
        alike = fmean(row.number or 0 for row in rows)
        parts = [
            part_of(f"goals of which {REACHED} % or more were reached", rows),
            Part(label="if every goal weighed the same", number=alike, unit=Unit.PERCENT,
                 n=len(rows)),
        ]  # fmt: skip
        changed = Part(
            label="people whose goals changed in the last quarter of the period",
            number=late / cases,
            unit=Unit.SHARE,
            n=cases,
            part=late,
        )
        parts.append(changed)
    found = mean(rows, missing="No goals were scored in the last 12 months.", parts=parts)
    if rows:
        points = sum(weight * (row.number or 0) for weight, row in zip(weights, rows, strict=True))
        found = replace(found, number=points / sum(weights))
    people = len({row.subject for row in rows})
    return replace(found, people=people, notes=_erased(scored, "results"))


def feedback_frequency(history: History) -> Measured:
    people = history.employees
    if not people:
        return Measured(missing="Nobody is employed on that day.")
    since = history.at - QUARTER
    got: dict[str, list[Row]] = defaultdict(list)
    given = list(_ended(history, "feedback-request", "given", since))
    for case in given:
        if case.subject in people:
            got[case.subject] += [
                Row(about="person", subject=case.subject, at=case.closed_at, cases=(case.name,))
                for item in table(case.data.get("heard"))
                if sum(len(text) for text in item.values() if isinstance(text, str)) >= SUBSTANCE
            ]
    subjects = {case.name: case.subject for case in history.cases_of("pcer-year")}
    for task in history.tasks:
        whose = subjects.get(task.case)
        noted = task.process == "pcer-year" and task.state == "coach" and task.outcome == "submit"
        if noted and whose in people and task.closed_at is not None and task.closed_at > since:
            got[whose].append(
                Row(about="person", subject=whose, at=task.closed_at, cases=(task.case,))
            )
    without = len(people) - sum(bool(rows) for rows in got.values())
    total = sum(len(rows) for rows in got.values())
    return Measured(
        number=total / len(people),
        n=len(people),
        parts=(
            Part(
                label="people who heard nothing",
                number=without / len(people),
                unit=Unit.SHARE,
                n=len(people),
                part=without,
            ),
        ),
        rows=tuple(row for person in sorted(got) for row in got[person]),
        notes=_erased(given, "heard"),
    )


def reviews_closed(history: History) -> Measured:
    return _people_told(
        history, ("review.closed",), "Nobody is employed on that day.", "review closed"
    )


def goals_agreed(history: History) -> Measured:
    return _people_told(
        history,
        ("goals.agreed", "goals.scored"),
        "Nobody is employed on that day.",
        "goals agreed on",
    )


def action_rate(history: History) -> Measured:
    rows = [
        followed_up(history, review)
        for review in history.told("review.closed", since=history.at - YEAR)
        if review.text("person")
    ]
    return share(
        rows,
        missing="No review closed in the last 12 months is older than 30 days.",
        notes=_undecided(rows, "closed less than 30 days ago and without a plan yet"),
    )


def followed_up(history: History, review: Event) -> Row:
    """Whether a plan was agreed on within 30 days of a review, or one was under way already."""
    person = review.text("person") or ""
    limit = review.at + MONTH
    agreed = [
        each for each in history.told_about("plan.agreed", person) if review.at < each.at <= limit
    ]
    running = [
        case.name
        for case in history.cases_about("development-plan", person)
        if case.opened_at <= review.at
        and (case.closed_at is None or case.closed_at > review.at)
        and any(
            each.case == case.name and each.at <= review.at
            for each in history.told_about("plan.agreed", person)
        )
    ]
    counts = True if agreed or running else (False if limit <= history.at else None)
    cases = [review.case, *(each.case for each in agreed), *running]
    words = "a plan was under way" if running else "a plan was agreed on" if agreed else "no plan"
    return Row(
        about="person",
        subject=person,
        at=review.at,
        cases=tuple(case for case in dict.fromkeys(cases) if case),
        counts=counts,
        words=words,
    )


def _people_told(history: History, names: tuple[str, ...], missing: str, words: str) -> Measured:
    """Who of the employees was told of by one of these events in the last 12 months."""
    newest: dict[str, Event] = {}
    for name in names:
        for event in history.told(name, since=history.at - YEAR):
            person = event.text("person")
            if person and (person not in newest or newest[person].at < event.at):
                newest[person] = event
    rows = [
        Row(
            about="person",
            subject=person,
            at=newest[person].at if person in newest else None,
            cases=tuple(filter(None, (newest[person].case,))) if person in newest else (),
            counts=person in newest,
            words=words if person in newest else "",
        )
        for person in sorted(history.employees)
    ]
    return share(rows, missing=missing)


def _weight(goal: Mapping[str, Any]) -> float:
    """What was agreed on; 1 if nothing was."""
    weight = goal.get("weight")
    return float(weight) if weight is not None and is_number(weight) and weight > 0 else 1.0


def _undecided(rows: Sequence[Row], why: str) -> Sequence[str]:
    count = sum(row.counts is None for row in rows)
    return [f"{count} not counted: {why}."] if count else []


def _erased(cases: Sequence[Case], field: str) -> tuple[str, ...]:
    """What is said of cases whose answers are not kept any more."""
    count = sum(field not in case.data for case in cases)
    return (f"{count} not counted: their answers were erased.",) if count else ()


def _ended(history: History, process: str, outcome: str, since: datetime) -> Iterator[Case]:
    for case in history.cases_of(process):
        if case.outcome == outcome and case.closed_at and case.closed_at > since and case.subject:
            yield case
