"""A day on which the organisation changes: who left, and whose tasks find other owners."""

from dataclasses import dataclass

from engine.core.events import DirectoryChanged
from engine.core.owners import goes_on_after_leaving, still_reachable, works_here
from engine.core.snapshot import OpenTask
from engine.directory import RosterFacts, difference, with_reports
from engine.directory.events import SAID_OF_SEATS, Heard, events_between, news
from engine.directory.roster import Roster
from engine.rehearsal.cases import DIRECTORY, Case, Play
from engine.rehearsal.guests import with_those_from_outside
from engine.rehearsal.signals import forget_departure, raise_signal
from engine.rehearsal.tasks import look_again_at_members, send_anew
from engine.service.signals import RANK_OPERATION


@dataclass(frozen=True, kw_only=True, slots=True)
class DayBegins:
    """Happens at the organisation's midnight, as `engine.service.staffing` has it."""

    roster: Roster

    def __call__(self, play: Play) -> None:
        before, facts = play.facts.roster, play.facts
        after = with_those_from_outside(play, self.roster)
        play.facts = RosterFacts(
            roster=after,
            calendars=facts.calendars,
            home=facts.home,
            book=play.book.as_of(play.now),
        )
        play.people = present(after)
        told = difference(before, after)
        for person in told.elsewhere:
            send_anew(play, person)
        for person in told.came:
            forget_departure(play, person)
        events = events_between(before, after, after.day)
        for event in news(events, lambda: _heard(play), play.open.__contains__):
            raise_signal(play, event.name, event.body, event.to)
        concerned = None
        if told.looked_at is not None:
            concerned = with_reports(told.looked_at, after)
        # After the departures, which are planned already: a case that ends by one need not look.
        for case in tuple(play.open.values()):
            if concerned is None or _concerns(case, concerned):
                play.plan(play.now, RANK_OPERATION, _Looks(case=case))
        play.plan(play.now, RANK_OPERATION, _look_for_strays)


def _heard(play: Play) -> list[Heard]:
    return [
        Heard(name=signal.name, body=signal.body, of_case=signal.sender != DIRECTORY)
        for signal in play.kept
        if signal.name in SAID_OF_SEATS
    ]


def present(roster: Roster) -> tuple[str, ...]:
    return tuple(person for person, one in roster.people.items() if one["active"])


def _concerns(case: Case, people: frozenset[str]) -> bool:
    if case.subject in people:
        return True
    return any(not held or not people.isdisjoint(held) for held in case.holders.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Looks:
    """The case looks again at who has its tasks."""

    case: Case

    def __call__(self, play: Play) -> None:
        case = self.case
        if case.standing.outcome is not None:
            return
        play.take(play, case, DirectoryChanged(at=play.now))
        play.tally.moved[play.day]["cases told"] += 1
        if case.standing.outcome is None:
            look_again_at_members(play, case)


def _look_for_strays(play: Play) -> None:
    """The proof of a reorganisation: no open task is with somebody who left."""
    for case in play.open.values():
        for task in case.standing.tasks.values():
            if any(_is_stray(play, case, task, owner) for owner in task.owners):
                where = (case.process.name, case.process.spoken(task.place))
                play.tally.strays.note(where, case, play.now)


def _is_stray(play: Play, case: Case, task: OpenTask, owner: str) -> bool:
    if works_here(play.facts, owner):
        return False
    goes_on = goes_on_after_leaving(case.process.rules(task).to, task.by_rule)
    return not (goes_on and still_reachable(play.facts, owner))
