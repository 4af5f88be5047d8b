"""Figures of talent management: seats and successors, who stays, and how fresh the data are."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from analytics.insight.history import History
from analytics.insight.measures import Measured, Part, Row, Unit, part_of, share
from analytics.insight.survival import Span, curve, quantile
from analytics.insight.tables import YEAR
from analytics.insight.vacancies import (
    IN_TIME,
    End,
    Vacancy,
    activation,
    critical,
    critical_positions,
    successors,
    vacancies,
)

FRESH: Final = timedelta(days=90)
EVIDENCE: Final = ("skills", "potential", "development")  # what shows that somebody is ready

# How old the newest record of each kind may be.
_AGES: Final[Mapping[str, timedelta]] = {
    "rating": YEAR,
    "potential": FRESH,
    "skills": FRESH,
    "flight_risk": timedelta(days=60),
}
_WORDS: Final[Mapping[str, str]] = {
    "rating": "ratings older than 12 months",
    "potential": "assessments of potential older than 90 days",
    "skills": "skills older than 90 days",
    "flight_risk": "signals that somebody may leave, older than 60 days",
}


def internal_fill_rate(history: History) -> Measured:
    rows = [
        Row(
            about="position",
            subject=event.text("position") or "",
            at=event.at,
            cases=tuple(filter(None, (event.case,))),
            counts=history.employed(
                event.text("person") or "", history.day(event.at) - timedelta(days=1)
            ),
            words=f"{{{event.text('person')}}}",
        )
        for event in history.told("role.filled", since=history.at - YEAR)
        if event.body.get("interim") is not True and event.text("position")
    ]
    return share(rows, missing="No seat was filled for good in the last 12 months.")


def time_to_fill(history: History) -> Measured:
    """Who came back to their seat after all never left it: such vacancies do not count."""
    rows, spans, all_spans = [], [], []
    for vacancy in vacancies(history):
        if vacancy.end is End.STAYED:
            continue
        over = vacancy.end is End.FILLED
        span = Span(days=_days((vacancy.ended_at or history.at) - vacancy.since), over=over)
        all_spans.append(span)
        if critical(history, vacancy.position, vacancy.since):
            spans.append(span)
            rows.append(_vacant(vacancy, span))
    if not spans:
        return Measured(missing="No critical role has become vacant yet.")
    points, all_points = curve(spans), curve(all_spans)
    covered = [
        _days(one.interim_at - one.since)
        for one in vacancies(history)
        if one.interim_at is not None and critical(history, one.position, one.since)
    ]
    still = sum(not span.over for span in spans)
    middle = quantile(points, 0.5)
    return Measured(
        number=middle,
        n=len(spans),
        missing=None if middle is not None else _mostly_open(len(spans), still),
        parts=(
            Part(label="nine of ten are filled after", number=quantile(points, 0.9),
                 unit=Unit.DAYS, n=len(spans)),
            Part(label="still open, or given up", number=still / len(spans), unit=Unit.SHARE,
                 n=len(spans), part=still),
            Part(label="until somebody sat in for the time being (mean)",
                 number=sum(covered) / len(covered) if covered else None,
                 unit=Unit.DAYS, n=len(covered)),
            Part(label="all roles: half are filled after", number=quantile(all_points, 0.5),
                 unit=Unit.DAYS, n=len(all_spans)),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def readiness(history: History) -> Measured:
    return share(
        (ready(history, position) for position in critical_positions(history)),
        missing="No role is called critical yet, and none has a list of successors.",
    )


def ready(history: History, position: str) -> Row:
    """Whether somebody on the list has evidence of the last 90 days."""
    listed = history.newest("succession", position)
    evidence = [
        record
        for person in successors(listed)
        if history.employed(person, history.today)
        for kind in EVIDENCE
        for record in history.written(kind, person)
        if record.valid_from > history.at - FRESH
    ]
    cases = [listed.case] if listed is not None else []
    return Row(
        about="position",
        subject=position,
        at=None if listed is None else listed.valid_from,
        cases=tuple(dict.fromkeys([*cases, *(each.case for each in evidence)])),
        counts=bool(evidence),
        words=f"{_people(len(successors(listed)))} on the list",
    )


def bench_depth(history: History) -> Measured:
    rows = []
    for position in critical_positions(history):
        listed = history.newest("succession", position)
        there = [one for one in successors(listed) if history.employed(one, history.today)]
        rows.append(
            Row(
                about="position",
                subject=position,
                at=None if listed is None else listed.valid_from,
                cases=() if listed is None else (listed.case,),
                number=float(len(there)),
                counts=bool(there),
            )
        )
    if not rows:
        return Measured(
            missing="No role is called critical yet, and none has a list of successors."
        )
    depth = sum(row.number or 0 for row in rows) / len(rows)
    named = part_of("critical roles with at least one successor", rows)
    return Measured(number=depth, n=len(rows), parts=(named,), rows=tuple(rows))


def activation_rate(history: History) -> Measured:
    rows = [activated(history, one) for one in vacated(history)]
    waiting = sum(row.counts is None for row in rows)
    return share(
        rows,
        missing="No critical role was vacated in the last 12 months of which it is known by now.",
        notes=[f"{waiting} not counted: nobody has taken the seat yet."] if waiting else (),
    )


def vacated(history: History) -> Sequence[Vacancy]:
    """Critical roles that somebody vacated in the last 12 months and did not come back to."""
    since = history.at - YEAR
    return [
        one
        for one in vacancies(history)
        if one.vacated_at is not None
        and one.vacated_at > since
        and one.end is not End.STAYED
        and critical(history, one.position, one.since)
    ]


def activated(history: History, vacancy: Vacancy) -> Row:
    """Started within two days, and somebody from the list took the seat; None: too early to say."""
    assert vacancy.vacated_at is not None
    case = activation(history, vacancy)
    in_time = case is not None and case.opened_at <= vacancy.vacated_at + IN_TIME
    listed = successors(history.newest("succession", vacancy.position, vacancy.since))
    took = any(one in listed for one in vacancy.takers)
    counts: bool | None = in_time and took
    if not counts:
        late = not in_time and history.at > vacancy.vacated_at + IN_TIME
        counts = False if late or (in_time and vacancy.end is not None) else None
    started = "the plan was started in time" if in_time else "the plan was not started in time"
    return Row(
        about="position",
        subject=vacancy.position,
        at=vacancy.vacated_at,
        cases=(*vacancy.cases, *((case.name,) if case and case.name not in vacancy.cases else ())),
        counts=counts,
        words=started + (", somebody on the list took the seat" if took else ""),
    )


def stale_data(history: History) -> Measured:
    """Of the newest record of each kind about each employee, valid or not."""
    rows: dict[str, list[Row]] = {}
    for kind, age in _AGES.items():
        newest = [
            history.written(kind, person)[-1]
            for person in history.subjects(kind)
            if person in history.employees
        ]
        rows[kind] = [
            Row(
                about="person",
                subject=record.about,
                at=record.valid_from,
                cases=(record.case,),
                counts=record.valid_from < history.at - age,
                words=_WORDS[kind] if record.valid_from < history.at - age else "",
            )
            for record in newest
        ]
    return share(
        (row for each in rows.values() for row in each),
        missing="There are no ratings, assessments of potential, skills or signals yet.",
        parts=[part_of(_WORDS[kind], each) for kind, each in rows.items() if each],
        notes=[f"Nobody has a record `{kind}` yet." for kind, each in rows.items() if not each],
    )


def _vacant(vacancy: Vacancy, span: Span) -> Row:
    words = vacancy.end.value if vacancy.end is not None else "open"
    return Row(
        about="position",
        subject=vacancy.position,
        at=vacancy.since,
        cases=vacancy.cases,
        counts=span.over,
        number=span.days,
        words=words,
    )


def _days(span: timedelta) -> float:
    return span / timedelta(days=1)


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"


def _mostly_open(all_of: int, still: int) -> str:
    return f"Half of them are not filled yet: {still} of {all_of} are open or were given up."
