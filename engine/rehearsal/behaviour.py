"""How the people of a rehearsal behave: a handful of shares, and dice that always fall the same.

Every decision has dice of its own, seeded by what it is about. So the same person answers the same
task in the same way whatever else happens, and two rehearsals that differ in one thing (another
reorganisation, a changed definition) can be compared.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches

from engine.core.facts import Calendar

_MORNING, _EVENING = 9 * 3600, 17 * 3600 - 60
_ROUND = 84  # days
_SHORT = timedelta(hours=20)  # a task that is due so soon is no matter of working days


class BehaviourUnknown(ValueError):  # noqa: N818 - what it is
    """Not one of the shares, or no share; the message says what would be right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Behaviour:
    """Percentages. The first four are weights of one another, the others each of a hundred."""

    early: float = 55  # in the first half of the time there is
    due: float = 27  # in the last two working days before the due date
    late: float = 15  # one to ten working days after it
    never: float = 3  # not at all, unless somebody steps in
    nudged: float = 80  # of those who would not answer: do so once an escalation told of it
    first: float = 75  # press the first button; the others share the rest
    optional: float = 35  # of optional tasks and questions are answered
    drafts: float = 25  # of answers are begun on an earlier day, as a draft
    signals: float = 100  # of the events that a case waits for, and no definition sends, come
    happens: float = 2  # of the other events that a state listens to happen while it lasts
    away: float = 0  # of working days people are not there, a week or two at a time


def behaviour_of(pairs: Iterable[str]) -> Behaviour:
    """`late=30` texts as a behaviour; what is not named stays. Raises BehaviourUnknown."""
    known = [field.name for field in fields(Behaviour)]
    given: dict[str, float] = {}
    for pair in pairs:
        name, equals, text = (part.strip() for part in pair.partition("="))
        if name not in known or not equals:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean `{near[0]}`?" if near and equals else ""
            raise BehaviourUnknown(
                f"`{pair}` is no behaviour.{hint} Write one as late=30; there are: "
                f"{', '.join(known)}."
            )
        try:
            given[name] = float(text.removesuffix("%"))
        except ValueError:
            given[name] = -1
        if not 0 <= given[name] <= 100:
            raise BehaviourUnknown(
                f"`{pair}`: {name} is a percentage from 0 to 100, such as {name}=30."
            )
    behaviour = replace(Behaviour(), **given)
    if behaviour.early + behaviour.due + behaviour.late + behaviour.never <= 0:
        raise BehaviourUnknown(
            "early, due, late and never are all 0, so nobody does anything; give one a share."
        )
    return behaviour


def dice(*about: object) -> random.Random:
    """Dice for one decision. No secrets hang on them."""
    return random.Random("/".join(map(str, about)))  # noqa: S311 - a rehearsal is no lottery


def chance(percent: float, rolled: random.Random) -> bool:
    return rolled.random() * 100 < percent


def answers_at(
    behaviour: Behaviour,
    rolled: random.Random,
    opened: datetime,
    due: datetime | None,
    calendar: Calendar,
) -> datetime | None:
    """When somebody answers a task that is theirs since `opened`; None: never by themselves."""
    habits = ("early", "due", "late", "never")
    weights = [behaviour.early, behaviour.due, behaviour.late, behaviour.never]
    (habit,) = rolled.choices(habits, weights)
    if habit == "never":
        return None
    if due is not None and due - opened < _SHORT:
        return _soon(habit, rolled, opened, due)
    first = opened.astimezone(calendar.zone).date()
    if due is None:
        least, most = {"early": (0, 5), "due": (5, 10), "late": (10, 20)}[habit]
        return at_work(calendar, first, rolled.randint(least, most), opened, rolled)
    there = max(0, calendar.workdays_between(first, due.astimezone(calendar.zone).date()))
    match habit:
        case "early":
            days = rolled.randint(0, there // 2)
        case "due":
            days = rolled.randint(max(0, there - 2), there)
        case _:
            days = there + rolled.randint(1, 10)
    return at_work(calendar, first, days, opened, rolled)


def nudged_at(rolled: random.Random, told: datetime, calendar: Calendar) -> datetime:
    """When somebody answers to whom their manager spoke."""
    first = told.astimezone(calendar.zone).date()
    return at_work(calendar, first, rolled.randint(1, 4), told, rolled)


def back_on(behaviour: Behaviour, seed: int, person: str, day: date) -> date | None:
    """The first day on which somebody is back who is away on `day`; None: they are there.

    Each is away once in every twelve weeks, for the same share of them.
    """
    length = round(_ROUND * behaviour.away / 100)
    if length == 0:
        return None
    number, place = divmod(day.toordinal(), _ROUND)
    first = dice(seed, person, "away", number).randint(0, _ROUND - length)
    if not first <= place < first + length:
        return None
    return day + timedelta(days=first + length - place)


def at_work(
    calendar: Calendar, first: date, workdays: int, after: datetime, rolled: random.Random
) -> datetime:
    """A moment of the working day so many working days later; always after `after`."""
    day = calendar.add_workdays(first, workdays)
    found = _moment(calendar, day, _MORNING, rolled)
    if found > after:
        return found
    local = after.astimezone(calendar.zone)
    seconds = local.hour * 3600 + local.minute * 60 + local.second + 300
    if local.date() == day and seconds < _EVENING:
        return _moment(calendar, day, max(_MORNING, seconds), rolled)
    return _moment(calendar, calendar.add_workdays(local.date(), 1), _MORNING, rolled)


def _moment(calendar: Calendar, day: date, since: int, rolled: random.Random) -> datetime:
    midnight = datetime.combine(day, time(0), calendar.zone)
    return (midnight + timedelta(seconds=rolled.randint(since, _EVENING))).astimezone(UTC)


def _soon(habit: str, rolled: random.Random, opened: datetime, due: datetime) -> datetime:
    span = max(due - opened, timedelta(minutes=10))
    low, high = {"early": (0.05, 0.5), "due": (0.8, 0.99), "late": (1.05, 2.0)}[habit]
    return opened + timedelta(seconds=int(span.total_seconds() * rolled.uniform(low, high)))
