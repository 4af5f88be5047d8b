"""What is counted while a rehearsal runs; tallies of parts add up to the tally of the whole."""

from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from engine.service import Brief

_EXAMPLES = 3


def _days() -> dict[date, "PersonDay"]:
    return defaultdict(PersonDay)  # a function with a name, so that a tally can be pickled


@dataclass(slots=True, kw_only=True)
class PersonDay:
    """One person's day."""

    arrived: int = 0  # tasks that became theirs
    answered: int = 0
    minutes: int = 0  # that the answered ones take, as far as the definition says
    letters: int = 0  # mails, reminders of one instant being one
    change: int = 0  # of the number of open tasks


@dataclass(slots=True, kw_only=True)
class Noted:
    """How often something happened, and to which cases for example."""

    count: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)  # number and name of a case
    said: tuple[int, str] | None = None  # the first example's own words
    first: datetime | None = None

    def note(self, number: int, name: str, at: datetime, said: str = "") -> None:
        self.count += 1
        self.said = min(self.said or (number, said), (number, said))
        self.first = at if self.first is None else min(self.first, at)
        self._keep((number, name))

    def add(self, other: "Noted") -> None:
        self.count += other.count
        sayings = [said for said in (self.said, other.said) if said is not None]
        self.said = min(sayings, default=None)
        firsts = [at for at in (self.first, other.first) if at is not None]
        self.first = min(firsts, default=None)
        for example in other.examples:
            self._keep(example)

    def _keep(self, example: tuple[int, str]) -> None:
        if example not in self.examples:
            self.examples = sorted([*self.examples, example])[:_EXAMPLES]


@dataclass(slots=True, kw_only=True)
class Noteds:
    """Noted, by whatever it is told apart by."""

    of: dict[Hashable, Noted] = field(default_factory=lambda: defaultdict(Noted))

    def note(self, key: Hashable, case: Any, at: datetime, said: str = "") -> None:
        self.of[key].note(case.number, case.name, at, said)

    def add(self, other: "Noteds") -> None:
        for key, noted in other.of.items():
            self.of[key].add(noted)


Kept = tuple[str, datetime, Brief]  # what tells it apart, when it leaves, what it says


@dataclass(slots=True, kw_only=True)
class Sample:
    """Letters as they would be sent: of each kind those whose dice fell lowest.

    Reminders of one person and instant have the same dice, since they leave as one letter.
    """

    most: int = 0  # of each kind
    kept: dict[str, dict[float, list[Kept]]] = field(default_factory=lambda: defaultdict(dict))

    def wants(self, kind: str, rolled: float) -> bool:
        found = self.kept[kind]
        return len(found) < self.most or (self.most > 0 and rolled <= max(found))

    def keep(self, kind: str, rolled: float, kept: Kept) -> None:
        found = self.kept[kind]
        found.setdefault(rolled, []).append(kept)
        if len(found) > self.most:
            del found[max(found)]

    def add(self, other: "Sample") -> None:
        for kind, found in other.kept.items():
            for rolled, entries in found.items():
                for entry in entries if self.wants(kind, rolled) else ():
                    self.keep(kind, rolled, entry)


@dataclass(slots=True, kw_only=True)
class Tally:
    """Everything a report is made of. Counters by (process, …), days as dates of the home zone."""

    started: Counter[str] = field(default_factory=Counter)
    ways: Counter[tuple[str, str]] = field(default_factory=Counter)  # (process, what started it)
    open_already: Counter[tuple[str, str]] = field(default_factory=Counter)  # the same, for nothing
    raised: Counter[tuple[str, str]] = field(default_factory=Counter)  # (sender, event)
    joints: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # and who took it
    began: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # and what it started
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)  # (process, rule): looked at
    ended: dict[tuple[str, str], list[float]] = field(  # (process, outcome): days it took
        default_factory=lambda: defaultdict(list)
    )
    refused: Noteds = field(default_factory=Noteds)  # (process,): cases that cannot start
    standing: Noteds = field(default_factory=Noteds)  # (process, kind, where, why) at the end
    rounds: Noteds = field(default_factory=Noteds)  # (process, place): cases that came too often
    most_rounds: dict[tuple[str, str], int] = field(default_factory=dict)
    incidents: Noteds = field(default_factory=Noteds)  # (process, code, state, blocking)
    entered: Counter[tuple[str, str]] = field(default_factory=Counter)
    taken: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    steps: int = 0
    days: dict[str, dict[date, PersonDay]] = field(default_factory=lambda: defaultdict(_days))
    letters: Counter[tuple[str, date]] = field(default_factory=Counter)  # but for reminders
    reminders: Counter[tuple[datetime, str]] = field(default_factory=Counter)  # (instant, person)
    answers: Counter[str] = field(default_factory=Counter)  # in time, late, without a due date
    drafts: Counter[str] = field(default_factory=Counter)  # begun, handed over, lost
    withdrawn: int = 0  # tasks that nobody needs to answer any more
    handed: Counter[str] = field(default_factory=Counter)  # by reason
    moved: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    strays: Noteds = field(default_factory=Noteds)  # (process, place): with somebody who left
    invented: Counter[tuple[str, str]] = field(default_factory=Counter)  # (process, event)
    unfit: Counter[tuple[str, str]] = field(default_factory=Counter)  # invented for nothing
    stand_ins: Counter[tuple[str, str]] = field(default_factory=Counter)  # processes not given
    unanswerable: Noteds = field(default_factory=Noteds)  # (process, state)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)  # (process, webhook)
    records: Counter[tuple[str, str]] = field(default_factory=Counter)  # (process, kind)
    sample: Sample = field(default_factory=Sample)

    def add(self, other: "Tally") -> None:
        """Takes the other one's counts in; the other must not be used any more."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif isinstance(mine, int):
                setattr(self, each.name, mine + theirs)
            elif isinstance(mine, (Noteds, Sample)):
                mine.add(theirs)
        for key, lengths in other.ended.items():
            self.ended[key] += lengths
        for place, most in other.most_rounds.items():
            self.most_rounds[place] = max(most, self.most_rounds.get(place, 0))
        for day, counts in other.moved.items():
            self.moved[day].update(counts)
        for person, days in other.days.items():
            for when, theirs in days.items():
                mine = self.days[person][when]
                for each in fields(PersonDay):
                    total = getattr(mine, each.name) + getattr(theirs, each.name)
                    setattr(mine, each.name, total)
