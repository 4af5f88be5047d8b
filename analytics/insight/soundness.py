"""Decisions and data that do not hold what they promise: stale, copied, without a reason."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from statistics import StatisticsError, correlation
from typing import Final

from analytics import distribution
from analytics.insight.calibration import calibrated, rater_of
from analytics.insight.hiring import interviews
from analytics.insight.history import History
from analytics.insight.joints import decisions, people_without_rating
from analytics.insight.measures import LEAST, Row
from analytics.insight.tables import YEAR, Seat, table

SLOW: Final = timedelta(days=45)
MANY: Final = 4  # interviews of one candidate
PROFILED: Final = timedelta(days=30)  # so soon goals follow a new profile of the role
COVERED: Final = 0.8  # of the employees have a calibrated rating, else talent decisions are early
ALIKE: Final = 0.9
_POTENTIAL: Final = {"low": 1.0, "middle": 2.0, "high": 3.0}
GOOD: Final = 3  # from this level on somebody can do it without help


def rating_differences(history: History) -> Iterator[Row]:
    """What the analytic `rating_distribution` calls notable, by who rated."""
    rows = []
    for person in sorted(history.employees):
        record, known = history.newest("rating", person), history.person(person, history.today)
        rater = None if record is None else rater_of(history, record)
        rater = rater or (None if known is None else known.manager)
        if record is not None and rater is not None:
            rows.append({"unit": rater, "value": record.value})
    for finding in distribution.find(rows, {"least": LEAST}):
        if finding.about == "unit" and finding.notable and finding.subject in history.employees:
            words = finding.statement.replace("{subject}: ", "")
            yield Row(about="person", subject=finding.subject, number=finding.number, words=words)


def changes_without_reason(history: History) -> Iterator[Row]:
    for published, person, before, after in calibrated(history, history.at - YEAR):
        reasons = {
            rating.get("person"): rating.get("reason") for rating in published.body["ratings"]
        }
        if before != after and not reasons.get(person):
            yield Row(
                about="person",
                subject=person,
                at=published.at,
                cases=(published.case,) if published.case else (),
            )


def pay_without_calibration(history: History) -> Iterator[Row]:
    published = history.told("calibration.published")
    for pay in history.told("pay.decided", since=history.at - YEAR):
        person, cycle = pay.text("person") or "", pay.text("cycle")
        compared = any(
            each.at <= pay.at
            and each.text("cycle") == cycle
            and any(one.get("person") == person for one in table(each.body.get("ratings")))
            for each in published
        )
        if not compared:
            yield Row(
                about="person",
                subject=person,
                at=pay.at,
                cases=(pay.case,) if pay.case else (),
                words=f"of {cycle or 'no cycle'}",
            )


def stale_ratings(history: History) -> Iterator[Row]:
    for person in history.subjects("rating"):
        known = history.person(person, history.today)
        if person not in history.employees or known is None:
            continue
        record = history.written("rating", person)[-1]
        rater, title = rater_of(history, record), record.attributes.get("title")
        if record.valid_from < history.at - YEAR:
            since, words = record.valid_from + YEAR, "older than 12 months"
        elif rater is not None and not history.employed(rater, history.today):
            left = history.leavings(rater)
            since = history.midnight(left[-1]) if left else record.valid_from
            words = "whoever rated has left"
        elif title and title != known.title:
            since, words = record.valid_from, f"rated as {title}"
        else:
            continue
        yield Row(about="person", subject=person, at=since, cases=(record.case,), words=words)


def seats_without_potential(history: History) -> Iterator[Row]:
    for event in history.told("role.filled", since=history.at - YEAR):
        person = event.text("person") or ""
        before = history.day(event.at) - timedelta(days=1)
        if event.body.get("interim") is True or not history.employed(person, before):
            continue
        if history.newest("potential", person, event.at) is None:
            yield Row(
                about="person",
                subject=person,
                at=event.at,
                cases=(event.case,) if event.case else (),
                words=f"took {event.text('position')}",
            )


def potential_like_performance(history: History) -> Iterator[Row]:
    """By who rated: how alike the potential of their people is to the ratings that they gave."""
    pairs: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for person in history.subjects("potential"):
        potential, rating = history.newest("potential", person), history.newest("rating", person)
        if potential is None or rating is None or person not in history.employees:
            continue
        seen, mark = _level(potential.value), _number(rating.value)
        rater = rater_of(history, rating)
        if seen is not None and mark is not None and rater is not None:
            pairs[rater].append((seen, mark, potential.case))
    for rater, found in sorted(pairs.items()):
        if len(found) < LEAST:
            continue
        try:
            alike = correlation([one[0] for one in found], [one[1] for one in found])
        except StatisticsError:
            continue  # all of one kind: nothing to compare
        if alike > ALIKE:
            yield Row(
                about="person",
                subject=rater,
                cases=tuple(dict.fromkeys(one[2] for one in found)),
                number=alike,
                words=f"{alike:.2f} over {len(found)} people",
            )


def slow_hiring(history: History) -> Iterator[Row]:
    approved = {each.case: each.at for each in history.told("requisition.approved")}
    for case in history.cases_of("recruiting"):
        begun = approved.get(case.name)
        if case.closed_at is None and begun is not None and begun + SLOW <= history.at:
            yield Row(
                about="position",
                subject=case.subject or case.name,
                at=begun + SLOW,
                cases=(case.name,),
                words="open for more than 45 days",
            )


def many_interviews(history: History) -> Iterator[Row]:
    held: dict[str, int] = defaultdict(int)
    for task, _ in interviews(history):
        held[task.case] += 1
    for case in history.cases_of("candidate-application"):
        if held[case.name] > MANY and case.subject and case.opened_at > history.at - YEAR:
            yield Row(
                about="person",
                subject=case.subject,
                at=case.opened_at,
                cases=(case.name,),
                words=f"{held[case.name]} interviews",
            )


def single_holders(history: History) -> Iterator[Row]:
    """A skill that one person alone has, if that person sits on a critical role."""
    holders: dict[str, list[str]] = defaultdict(list)
    records = {}
    for person in history.subjects("skills"):
        record = history.newest("skills", person)
        if record is None or person not in history.employees:
            continue
        records[person] = record
        for skill, level in _levels(record.value).items():
            if level >= GOOD:
                holders[skill].append(person)
    seats: dict[str, list[str]] = defaultdict(list)
    for seat in _seats(history):
        if history.newest("critical", seat.position) is not None:
            seats[seat.person].append(seat.position)
    for skill, people in sorted(holders.items()):
        if len(people) == 1 and seats[people[0]]:
            yield Row(
                about="person",
                subject=people[0],
                at=records[people[0]].valid_from,
                cases=(records[people[0]].case,),
                words=f"{skill}, in {', '.join(sorted(seats[people[0]]))}",
            )


def goals_before_profile(history: History) -> Iterator[Row]:
    for seat in _seats(history):
        profile = history.newest("capability_profile", seat.position)
        agreed = history.told_about("goals.agreed", seat.person)
        if profile is None or not agreed or seat.person not in history.employees:
            continue
        limit = profile.valid_from + PROFILED
        if agreed[-1].at < profile.valid_from and limit <= history.at:
            cases = (profile.case, *filter(None, (agreed[-1].case,)))
            yield Row(
                about="person", subject=seat.person, at=limit, cases=cases, words=seat.position
            )


def talent_on_weak_ratings(history: History) -> Iterator[Row]:
    """Decisions about the future of people, while ratings are missing for many."""
    found = people_without_rating(history)
    made = list(decisions(history))
    if found.number is None or not made or 1 - found.number >= COVERED:
        return
    fresh = found.n - (found.part or 0)
    yield Row(
        about="unit",
        subject="the organisation",
        at=made[0].at,
        cases=tuple(dict.fromkeys(case for row in made for case in row.cases)),
        words=f"{len(made)} decisions, and {fresh} of {found.n} people have a rating of this year",
    )


def _seats(history: History) -> Iterator[Seat]:
    """Who holds which position now."""
    for seat in history.seats:
        if seat.valid_until is None or seat.valid_until > history.today:
            yield seat


def _levels(value: object) -> Mapping[str, float]:
    """Skills and levels of a record: a list of rows, or levels by skill."""
    if isinstance(value, dict):
        return {str(skill): level for skill, level in value.items() if _number(level) is not None}
    rows = value if isinstance(value, list) else []
    return {
        str(row["skill"]): level
        for row in rows
        if isinstance(row, dict)
        and row.get("skill")
        and (level := _number(row.get("level"))) is not None
    }


def _level(value: object) -> float | None:
    """Potential as a number, also where it is said in words."""
    return _POTENTIAL.get(value) if isinstance(value, str) else _number(value)


def _number(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None
