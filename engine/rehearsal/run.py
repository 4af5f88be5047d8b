"""A rehearsal from its first day to its last: the same setup gives the same tally, always."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from heapq import heappop
from typing import Any

from engine.directory import Calendars, Place, RosterFacts
from engine.directory.calendars import zone_of
from engine.rehearsal.beginnings import begin_case, hear, plan_company
from engine.rehearsal.behaviour import Behaviour
from engine.rehearsal.book import Book
from engine.rehearsal.cases import Play
from engine.rehearsal.company import Company
from engine.rehearsal.days import DayBegins, present
from engine.rehearsal.letters import send_letters
from engine.rehearsal.processes import Processes
from engine.rehearsal.standing import note_standing
from engine.rehearsal.taking import take
from engine.rehearsal.tally import Sample, Tally
from engine.rehearsal.timeline import Timeline
from engine.service.signals import RANK_OPERATION


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """One case of the cohort."""

    number: int  # from 1 on; with it the dice of the case
    process: str
    subject: str | None
    data: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Setup:
    """Everything that a rehearsal hangs on."""

    processes: Processes
    timeline: Timeline
    cohort: tuple[Start, ...]
    behaviour: Behaviour
    seed: int
    first: datetime  # when it begins
    until: datetime  # what would happen later does not
    home: Place  # the organisation's own calendar and clock
    letters: int = 0  # how many of each kind are kept as they would be sent
    company: Company | None = None  # None: nothing begins but the cohort

    @property
    def independent(self) -> bool:
        """Whether parts of the cohort may be played apart from one another."""
        if self.company is not None:
            return False
        keys = [
            (start.process, start.subject, str(sorted(start.data.items())))
            for start in self.cohort
            if self.processes.by_name[start.process].definition.key is not None
        ]
        return self.processes.independent and len(keys) == len(set(keys))

    def part(self, numbers: range) -> "Setup":
        return replace(
            self, cohort=tuple(start for start in self.cohort if start.number in numbers)
        )


def rehearse(setup: Setup) -> Tally:
    """Plays the cohort on a clock that jumps from one happening to the next."""
    play = _play(setup)
    for start in setup.cohort:
        play.plan(start.at, RANK_OPERATION, _Begins(start=start), f"{start.number:09d}")
        play.number = max(play.number, start.number)
    if setup.company is not None:
        play.company = True
        plan_company(play, setup.company, setup.first, setup.until)
    zone = zone_of(setup.home.zone)
    for roster in setup.timeline.rosters[1:]:
        midnight = datetime.combine(roster.day, time(0), zone).astimezone(UTC)
        if midnight > setup.first:
            play.plan(midnight, RANK_OPERATION, DayBegins(roster=roster))
    while play.ahead:
        if play.ahead[0][0] > play.now:
            send_letters(play)
        play.now, _, _, _, happens = heappop(play.ahead)
        happens(play)
    send_letters(play)
    play.now = setup.until
    for case in play.open.values():
        note_standing(play, case)
    return play.tally


def _play(setup: Setup) -> Play:
    roster = setup.timeline.on(setup.first.astimezone(zone_of(setup.home.zone)).date())
    book = Book()
    return Play(
        processes=setup.processes,
        behaviour=setup.behaviour,
        seed=setup.seed,
        take=take,
        hear=hear,
        facts=RosterFacts(
            roster=roster,
            calendars=Calendars(),
            home=setup.home,
            book=book.as_of(setup.first),
        ),
        book=book,
        people=present(roster),
        now=setup.first,
        until=setup.until,
        tally=Tally(sample=Sample(most=setup.letters)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Begins:
    start: Start

    def __call__(self, play: Play) -> None:
        start = self.start
        process = play.processes.by_name[start.process]
        begin_case(play, process, start.number, start.subject, start.data, "with the cohort")


def add_up(tallies: Iterable[Tally]) -> Tally:
    """The tally of the whole from those of its parts, in the order of the cohort."""
    whole = Tally()
    for tally in tallies:
        whole.sample.most = max(whole.sample.most, tally.sample.most)
        whole.add(tally)
    return whole
