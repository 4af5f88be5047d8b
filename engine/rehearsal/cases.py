"""The cases of a rehearsal, and what they share: the clock, the directory, what lies ahead."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heappush
from typing import Any

from engine.core.events import Event
from engine.core.snapshot import OpenTask, Place, Snapshot
from engine.directory import RosterFacts
from engine.directory.calendars import zone_of
from engine.rehearsal.behaviour import Behaviour
from engine.rehearsal.book import Book
from engine.rehearsal.processes import Process, Processes
from engine.rehearsal.tally import PersonDay, Tally

Happens = Callable[["Play"], None]
Take = Callable[["Play", "Case", Event], bool]
Hear = Callable[["Play", "Signal"], None]

DIRECTORY = "the directory"  # who raises an event that no case does


@dataclass(slots=True, kw_only=True, eq=False)
class Case:
    """One case, and what the service would keep beside its snapshot."""

    number: int  # its place in the cohort; a sub-case has its root's
    name: str
    process: Process
    subject: str | None
    key: str | None
    opened_at: datetime
    depth: int = 0  # how many cases opened one another on the way here
    parent: tuple["Case", str] | None = None  # who waits for it, under which Subcase.key
    snapshot: Snapshot | None = None
    moved_at: datetime | None = None  # when something happened in it last
    held: str | None = None  # the sentence of the incident that stops it
    children: dict[str, "Case"] = field(default_factory=dict)  # by Subcase.key
    holders: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of open tasks, who sees it
    told: dict[str, set[str]] = field(default_factory=dict)  # of open tasks, who had a mail
    titles: dict[str, tuple[str, str | None]] = field(default_factory=dict)  # and the text
    plans: dict[tuple[str, str], int] = field(default_factory=dict)  # (task, person): newest plan
    planned: dict[tuple[str, str], datetime] = field(default_factory=dict)  # answers to come
    # who will not answer, and how often somebody was told of it
    silent: dict[tuple[str, str], int] = field(default_factory=dict)
    drafts: dict[str, None] = field(default_factory=dict)  # open tasks that somebody began
    expected: set[tuple[Place, str]] = field(default_factory=set)  # events that will come
    waits: frozenset[tuple[Place, str]] = frozenset()  # where it waits now, and for which events
    stands_until: frozenset[str] = frozenset()  # events that let its clock go on
    heard: set[int] = field(default_factory=set)  # kept signals that it took

    @property
    def standing(self) -> Snapshot:
        assert self.snapshot is not None
        return self.snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """A signal that is kept for whoever comes to wait for it later."""

    number: int
    name: str
    body: Mapping[str, Any]
    to: str | None  # a key, case name or subject; None: all
    at: datetime
    sender: str = DIRECTORY  # the process of the case that raised it


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail that leaves at the end of this instant, if it is still true then."""

    kind: str  # OutboxRow.kind
    case: Case
    person: str
    task: OpenTask | None  # as it was when the letter was written
    title: str  # of the task
    text: str | None
    payload: Mapping[str, Any]


@dataclass(slots=True, kw_only=True, eq=False)
class Play:
    """A rehearsal while it runs."""

    processes: Processes
    behaviour: Behaviour
    seed: int
    take: Take  # one macrostep; whether the event fitted
    hear: Hear  # what an event starts, in a company
    facts: RosterFacts  # of the day that it is
    book: Book  # what cases recorded
    people: tuple[str, ...]  # ids of who works here that day
    now: datetime
    until: datetime
    company: bool = False  # whether cases begin by `starts:`
    tally: Tally = field(default_factory=Tally)
    ahead: list[tuple[datetime, int, str, int, Happens]] = field(default_factory=list)  # a heap
    count: int = 0  # so that what happens at one instant has an order
    open: dict[str, Case] = field(default_factory=dict)  # by name
    keys: dict[tuple[str, str], str] = field(default_factory=dict)  # of open cases, their names
    guests: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # by id; also in `facts`
    kept: list[Signal] = field(default_factory=list)
    kept_as: dict[str, list[Signal]] = field(default_factory=lambda: defaultdict(list))  # by name
    taken: set[int] = field(default_factory=set)  # kept signals that some case took
    waiting: dict[str, dict[str, Case]] = field(  # by event, the open cases that wait for it
        default_factory=lambda: defaultdict(dict)
    )
    number: int = 0  # of the newest case that is no sub-case
    outbox: list[Letter] = field(default_factory=list)  # of this instant

    @property
    def day(self) -> date:
        """The organisation's own."""
        return self.now.astimezone(zone_of(self.facts.home.zone)).date()

    def person_day(self, person: str) -> PersonDay:
        return self.tally.days[person][self.day]

    def plan(self, at: datetime, rank: int, happens: Happens, key: str = "") -> None:
        """At one instant the ranks of the service's inbox decide, then `key`, then the order."""
        if at > self.until:
            return
        self.count += 1
        heappush(self.ahead, (max(at, self.now), rank, key, self.count, happens))
