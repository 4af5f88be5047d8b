"""Cases of a company that begin: on their day, by hand, by a schedule, or by what somebody said.

Follows `engine.service.beginnings` and `engine.service.cohorts`: a rule writes down whom it wants a
case for, and each start stands on its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from engine.core.schedule import next_after
from engine.core.start_rules import StartRule
from engine.core.starting import NotMeant, Undecided, look, who_may_start
from engine.directory.calendars import zone_of
from engine.rehearsal.behaviour import at_work, dice
from engine.rehearsal.cases import Play, Signal
from engine.rehearsal.company import ByHand, Company, Round, asks_department
from engine.rehearsal.given import given_at_start
from engine.rehearsal.processes import Process
from engine.rehearsal.starting import NotStarted, OpenAlready, begin_root
from engine.rehearsal.taking import enter
from engine.service.errors import StartRefused
from engine.service.signals import RANK_OPERATION

_TRIES = 5  # people looked at before nobody is found who could start a case
_SOON = timedelta(seconds=1)  # a case that an event starts is younger than the event
_NINE = time(9)
_A_YEAR = 365


def begin_case(
    play: Play,
    process: Process,
    number: int,
    subject: str | None,
    data: Mapping[str, Any],
    how: str,
    by: str | None = None,
) -> bool:
    """Whether the case is open now; why not is noted. `how` says what started it."""
    try:
        begun = begin_root(play, number, process, subject, data, by)
    except OpenAlready as refused:
        if play.company:  # whoever is asked for twice goes on with the first
            play.tally.open_already[process.name, how] += 1
            return False
        _refuse(play, process, number, str(refused))
        return False
    except (StartRefused, NotStarted) as refused:
        _refuse(play, process, number, str(refused))
        return False
    assert begun.first is not None
    enter(play, *begun.first, begun.children, how)
    return True


def plan_company(play: Play, company: Company, first: datetime, until: datetime) -> None:
    """Everything that begins by itself, from the first day to the last."""
    for process in play.processes.by_name.values():
        for rule in process.definition.starts:
            if rule.schedule is not None:
                _plan_schedule(play, process, rule, first - _SOON)
    zone = zone_of(play.facts.home.zone)
    for each in company.rounds:
        at = datetime.combine(each.on, _NINE, zone).astimezone(UTC)
        play.plan(max(at, first), RANK_OPERATION, _Round(round=each))
    for hand in company.hands:
        _plan_hand(play, hand, first, until)


def hear(play: Play, signal: Signal) -> None:
    """Starts what `starts: {signal: …}` wants for an event."""
    for process, rule in play.processes.starting(signal.name):
        looked = look(process.definition, rule, None, signal.body, play.now, play.facts)
        play.tally.asked[process.name, rule.id] += 1
        if isinstance(looked, NotMeant):
            continue
        if isinstance(looked, Undecided):
            _refuse(play, process, _next(play), _undecided(rule, looked))
            continue
        begins = _Begins(
            process=process, how=rule.id, subject=looked.subject, data=looked.data, signal=signal
        )
        play.plan(play.now + _SOON, RANK_OPERATION, begins)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Begins:
    """A case that a rule wants."""

    process: Process
    how: str  # the rule, as people read it
    subject: str | None
    data: Mapping[str, Any]
    signal: Signal | None = None
    here: bool = False  # only if they still work here

    def __call__(self, play: Play) -> None:
        if self.here and self.subject is not None and self.subject not in play.people:
            return
        number, process, signal = _next(play), self.process, self.signal
        data = given_at_start(play, process, number, self.subject, self.data)
        if begin_case(play, process, number, self.subject, data, self.how) and signal is not None:
            play.tally.began[signal.sender, signal.name, process.name] += 1


@dataclass(frozen=True, kw_only=True, slots=True)
class _Comes:
    """A schedule whose day has come."""

    process: Process
    rule: StartRule

    def __call__(self, play: Play) -> None:
        for subject, data in _wanted(play, self.process, self.rule):
            _Begins(process=self.process, how=self.rule.id, subject=subject, data=data)(play)
        _plan_schedule(play, self.process, self.rule, play.now)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Round:
    """A cohort whose day has come: its cases begin from now on, one after the other."""

    round: Round

    def __call__(self, play: Play) -> None:
        process = play.processes.by_name[self.round.process]
        wanted = self._everybody(play, process)
        calendar = play.facts.calendar(None)
        how = next((r.id for r in process.definition.starts if r.cohort), "for each department")
        for place, (subject, data) in enumerate(wanted):
            days = place * self.round.over // max(1, len(wanted))
            rolled = dice(play.seed, process.name, "round", place)
            at = at_work(calendar, play.day, days, play.now, rolled)
            given = {**data, **self.round.data}
            here = process.definition.subject == "person"
            begins = _Begins(process=process, how=how, subject=subject, data=given, here=here)
            play.plan(at, RANK_OPERATION, begins)

    def _everybody(self, play: Play, process: Process) -> list[tuple[str | None, dict[str, Any]]]:
        rules = [rule for rule in process.definition.starts if rule.cohort is not None]
        if rules:
            return _wanted(play, process, rules[0])
        if process.definition.subject == "person":
            return [(person, {}) for person in play.people]
        if asks_department(process) and "department" not in self.round.data:
            people = (play.facts.roster.people[person] for person in play.people)
            names = sorted({one["department"] for one in people if one["department"]})
            return [(None, {"department": name}) for name in names]
        return [(subject, {}) for subject in _subjects(play, process)]


def _wanted(
    play: Play, process: Process, rule: StartRule
) -> list[tuple[str | None, dict[str, Any]]]:
    """Whom a schedule or a cohort wants a case for."""
    found = []
    people = play.people if process.definition.subject == "person" else (None,)
    for person in people:
        looked = look(process.definition, rule, person, None, play.now, play.facts)
        play.tally.asked[process.name, rule.id] += 1
        if isinstance(looked, Undecided):
            _refuse(play, process, _next(play), _undecided(rule, looked))
        elif not isinstance(looked, NotMeant):
            found.append((looked.subject, dict(looked.data)))
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hand:
    """Somebody starts a case."""

    hand: ByHand
    place: int

    def __call__(self, play: Play) -> None:
        process = play.processes.by_name[self.hand.process]
        rolled = dice(play.seed, process.name, "by hand", self.place)
        number = _next(play)
        subjects = _subjects(play, process)
        for _ in range(_TRIES):
            subject = rolled.choice(subjects) if subjects else None
            starters = _starters(play, process, subject)
            if starters:
                by = rolled.choice(starters)
                data = given_at_start(play, process, number, subject, self.hand.data, by)
                begin_case(play, process, number, subject, data, "by hand", by)
                return
        _refuse(play, process, number, "Nobody is there whom `by_hand` lets start one.")


def _subjects(play: Play, process: Process) -> tuple[str | None, ...]:
    match process.definition.subject:
        case "person":
            return play.people
        case "none":
            return (None,)
        case "position":
            roles = play.facts.roster.roles
            return tuple(sorted(f"{role} of {unit}" if unit else role for role, unit in roles))
        case record:
            return (f"{record}-1",)


def _starters(play: Play, process: Process, subject: str | None) -> tuple[str, ...]:
    rule = process.definition.by_hand
    if rule is None:  # an operator can
        return play.people
    if rule.who is not None:
        return who_may_start(process.definition, rule.who, subject, play.now, play.facts)
    if subject not in play.people:
        return play.people
    assert subject is not None
    boss = (play.facts.person(subject) or {}).get("manager")
    return (subject, boss) if boss in play.people else (subject,)


def _plan_hand(play: Play, hand: ByHand, first: datetime, until: datetime) -> None:
    years = (until - first).days / _A_YEAR
    a_year = hand.a_year
    if a_year is None:
        a_year = len(play.people) * (hand.percent or 0) / 100
    calendar = play.facts.calendar(None)
    for place in range(round(a_year * years)):
        rolled = dice(play.seed, hand.process, "by hand", "when", place)
        day = (first + (until - first) * rolled.random()).date()
        at = at_work(calendar, day, 0, first, rolled)
        play.plan(at, RANK_OPERATION, _Hand(hand=hand, place=place))


def _plan_schedule(play: Play, process: Process, rule: StartRule, after: datetime) -> None:
    assert rule.schedule is not None
    at = next_after(rule.schedule, after, play.facts.calendar(None))
    if at is not None:
        play.plan(at, RANK_OPERATION, _Comes(process=process, rule=rule))


def _undecided(rule: StartRule, looked: Undecided) -> str:
    return f"Nobody can say whether “{rule.id}” wants one. {looked.why}"


def _next(play: Play) -> int:
    play.number += 1
    return play.number


def _refuse(play: Play, process: Process, number: int, why: str) -> None:
    name = f"{process.prefix}-{number:04d}"
    play.tally.refused.of[process.name,].note(number, name, play.now, why)
