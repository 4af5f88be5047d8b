"""Who has how much to do on which day, and how much mail that is."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.directory import Place
from engine.directory.calendars import zone_of
from engine.rehearsal.tally import PersonDay, Tally
from engine.rehearsal.timeline import Timeline

TOGETHER = 51  # reminders in one letter at most, as the service has it


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLoad:
    """One person over the whole rehearsal."""

    number: str
    name: str
    arrived: int  # tasks that became theirs
    answered: int
    minutes: int  # that the answered ones take, as far as the definitions say
    letters: int
    most_open: int  # at the end of a day
    most_open_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class DayLoad:
    """Everybody on one day, or in the week that begins on it."""

    day: date
    arrived: int
    answered: int
    minutes: int
    letters: int
    open: int  # tasks in people's hands at the end of it; one that several have counts for each


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """Busiest first; the weeks in their order."""

    people: tuple[PersonLoad, ...]
    days: tuple[DayLoad, ...]
    weeks: tuple[DayLoad, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """Every letter that would have been sent."""

    total: int
    kinds: Mapping[str, int]  # the commonest first
    days: tuple[tuple[date, int], ...]  # busiest first
    reminders: int  # tasks reminded of; several that are due together are one letter
    most: tuple[str, date, int] | None  # who had the most on one day: name, day, letters


def load_of(tally: Tally, timeline: Timeline, home: Place) -> Load:
    letters = _reminder_letters(tally, home)
    people: list[PersonLoad] = []
    totals: dict[date, PersonDay] = defaultdict(PersonDay)
    for person in sorted(tally.days.keys() | letters.keys()):
        days = tally.days.get(person, {})
        extra = letters.get(person, Counter())
        people.append(_person(timeline, person, days, extra))
        for day, found in days.items():
            _add(totals[day], found)
        for day, count in extra.items():
            totals[day].letters += count
    everyday = tuple(_by_day(totals))
    return Load(
        people=tuple(sorted(people, key=lambda one: (-one.arrived, -one.letters, one.number))),
        days=tuple(sorted(everyday, key=lambda one: (-one.arrived - one.answered, one.day))),
        weeks=tuple(_weeks(everyday)),
    )


def mail_of(tally: Tally, timeline: Timeline, home: Place) -> Mail:
    kinds: Counter[str] = Counter()
    days: Counter[date] = Counter()
    for (kind, day), count in tally.letters.items():
        kinds[kind] += count
        days[day] += count
    zone = zone_of(home.zone)
    for (instant, _), count in tally.reminders.items():
        kinds["digest" if count > 1 else "reminder"] += _letters(count)
        days[instant.astimezone(zone).date()] += _letters(count)
    return Mail(
        total=sum(kinds.values()),
        kinds=dict(sorted(kinds.items(), key=lambda entry: (-entry[1], entry[0]))),
        days=tuple(sorted(days.items(), key=lambda entry: (-entry[1], entry[0]))),
        reminders=sum(tally.reminders.values()),
        most=_most(tally, timeline, home),
    )


def _letters(reminders: int) -> int:
    return -(-reminders // TOGETHER)


def _reminder_letters(tally: Tally, home: Place) -> dict[str, Counter[date]]:
    zone = zone_of(home.zone)
    found: dict[str, Counter[date]] = defaultdict(Counter)
    for (instant, person), count in tally.reminders.items():
        found[person][instant.astimezone(zone).date()] += _letters(count)
    return found


def _most(tally: Tally, timeline: Timeline, home: Place) -> tuple[str, date, int] | None:
    reminders = _reminder_letters(tally, home)
    counts: Counter[tuple[str, date]] = Counter()
    for person, days in tally.days.items():
        for day, found in days.items():
            counts[person, day] += found.letters
    for person, by_day in reminders.items():
        for day, count in by_day.items():
            counts[person, day] += count
    if not counts:
        return None
    (person, day), count = min(counts.items(), key=lambda entry: (-entry[1], entry[0][::-1]))
    return _name(timeline, person), day, count


def _person(
    timeline: Timeline, person: str, days: Mapping[date, PersonDay], extra: Mapping[date, int]
) -> PersonLoad:
    total = PersonDay()
    most, most_on, held = 0, min((*days, *extra)), 0
    for day in sorted(days):
        _add(total, days[day])
        held += days[day].change
        if held > most:
            most, most_on = held, day
    known = timeline.rosters[-1].people.get(person, {})
    return PersonLoad(
        number=str(known.get("number", person)),
        name=_name(timeline, person),
        arrived=total.arrived,
        answered=total.answered,
        minutes=total.minutes,
        letters=total.letters + sum(extra.values()),
        most_open=most,
        most_open_on=most_on,
    )


def _name(timeline: Timeline, person: str) -> str:
    return str(timeline.rosters[-1].people.get(person, {}).get("name", person))


def _add(total: PersonDay, found: PersonDay) -> None:
    total.arrived += found.arrived
    total.answered += found.answered
    total.minutes += found.minutes
    total.letters += found.letters
    total.change += found.change


def _by_day(totals: Mapping[date, PersonDay]) -> Iterator[DayLoad]:
    held = 0
    for day in sorted(totals):
        found = totals[day]
        held += found.change
        yield DayLoad(
            day=day,
            arrived=found.arrived,
            answered=found.answered,
            minutes=found.minutes,
            letters=found.letters,
            open=held,
        )


def _weeks(days: tuple[DayLoad, ...]) -> Iterator[DayLoad]:
    """By the Monday on which each begins; weeks without anything are left out."""
    weeks: dict[date, list[DayLoad]] = defaultdict(list)
    for each in days:
        weeks[date.fromordinal(each.day.toordinal() - each.day.weekday())].append(each)
    for monday, found in weeks.items():
        yield DayLoad(
            day=monday,
            arrived=sum(each.arrived for each in found),
            answered=sum(each.answered for each in found),
            minutes=sum(each.minutes for each in found),
            letters=sum(each.letters for each in found),
            open=found[-1].open,
        )
