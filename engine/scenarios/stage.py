"""One case on a stage: its clock, its directory, and everything that was seen to happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from engine.core.chart import Definition, State
from engine.core.effects import Effect, OpenIncident, Tell, WriteRecord
from engine.core.events import CaseStarted, Event, TimerCameDue
from engine.core.facts import Calendar
from engine.core.index import chart_of
from engine.core.places import state_id
from engine.core.questions import innermost, known_place
from engine.core.snapshot import CaseFacts, OpenTask, Snapshot
from engine.core.step import Entered, Step, Taken, Transitioned, step
from engine.scenarios.cast import Cast, day_at

_MOST_TIMERS = 10_000  # in one move of the clock; more means a timer that sets itself


class NotAsWritten(Exception):  # noqa: N818 - it is a finding, not a defect of ours
    """Something went otherwise than the scenario says; the message is a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One event and what came of it, as it was seen."""

    at: datetime
    event: Event
    before: Snapshot | None
    done: Step


@dataclass(kw_only=True)
class Stage:
    """Plays one case; the mutable part of a scenario."""

    definition: Definition
    cast: Cast
    now: datetime
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the scenario's `people:`
    snapshot: Snapshot | None = None
    told: list[Tell] = field(default_factory=list)
    records: list[WriteRecord] = field(default_factory=list)
    incidents: list[OpenIncident] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)  # state ids
    taken: set[tuple[str, str, str]] = field(default_factory=set)  # state id, trigger, row
    lately: list[Taken] = field(default_factory=list)  # of the last event
    moments: list[Moment] = field(default_factory=list)  # everything that happened, in order

    def start(self, data: Mapping[str, Any]) -> None:
        case = CaseFacts(
            id="TEST-0001",
            subject=self.cast.subject,
            opened_by=None,
            opened_at=self.now,
            key=None,
        )
        self.take(CaseStarted(case=case, data=data))

    def take(self, event: Event) -> Step:
        """One macrostep; a blocking incident is a finding."""
        done = step(self.definition, self.snapshot, event, self.now.astimezone(UTC), self.cast)
        self.moments.append(Moment(at=self.now, event=event, before=self.snapshot, done=done))
        self.snapshot = done.snapshot
        self.lately = list(done.taken) or self.lately
        for entry in done.taken:
            self._note(entry)
        for effect in done.effects:
            self._keep(effect)
        return done

    def move_clock(self, to: datetime) -> None:
        """Lets time pass; what comes due on the way fires at its instant, in order."""
        for _ in range(_MOST_TIMERS):
            due = [timer for timer in self.standing.timers.values() if timer.at <= to]
            if not due:
                break
            first = min(due, key=lambda timer: (timer.at, timer.key))
            self.now = max(self.now, first.at)
            self.take(TimerCameDue(timer=first.key, at=first.at))
        else:
            raise NotAsWritten(f"More than {_MOST_TIMERS:,} timers came due on the way.")
        self.now = max(self.now, to)

    @property
    def standing(self) -> Snapshot:
        assert self.snapshot is not None
        return self.snapshot

    @property
    def calendar(self) -> Calendar:
        about = self.cast.people.get(self.cast.subject or "", {})
        return self.cast.calendar(about.get("location"))

    @property
    def today(self) -> date:
        return self.now.astimezone(self.calendar.zone).date()

    def end_of(self, day: date) -> datetime:
        """18:00: what is due at five has fired."""
        return day_at(day, 18, self.calendar)

    def owners(self, task: OpenTask) -> tuple[str, ...]:
        """Who may answer a task: its owners, or everybody in its queue."""
        return task.owners or self.cast.members(task.queue or "")

    def state(self, task: OpenTask) -> State:
        """The state that a task belongs to."""
        wanted = state_id(task.place)
        return next(state for state in self.definition.states if state.id == wanted)

    def word(self, task: OpenTask) -> str:
        """What a scenario calls a task's state."""
        return short(self.known(task.place))

    def known(self, place: str) -> str:
        return known_place(chart_of(self.definition), place)

    def where(self) -> list[str]:
        """Where the case is, outermost to innermost, in the author's words."""
        inner = innermost(self.definition, self.standing)
        return [short(place) for place in inner]

    def describe(self) -> tuple[str, ...]:
        """How things stand, for somebody whose scenario failed."""
        where = ", ".join(self.where()) or "nowhere"
        ended = f", ended as `{self.standing.outcome}`" if self.standing.outcome else ""
        tasks = [
            f"{'/'.join(self.owners(task)) or 'nobody'} {self.word(task)}"
            + (f" (due {task.due.astimezone(self.calendar.zone):%Y-%m-%d})" if task.due else "")
            for task in self.standing.tasks.values()
        ]
        moves = [
            f"{short(self.known(entry.place)) or 'the case'}: {entry.label}"
            for entry in self.lately
            if isinstance(entry, Transitioned)
        ]
        return (
            f"it is {self.now.astimezone(self.calendar.zone):%A %Y-%m-%d %H:%M}",
            f"the case is at {where}{ended}",
            f"open tasks: {'; '.join(tasks) or 'none'}",
            f"the last event took: {'; '.join(moves) or 'no transition'}",
        )

    def _note(self, entry: Taken) -> None:
        if isinstance(entry, Entered):
            self.visited.add(state_id(entry.place))
        if isinstance(entry, Transitioned):
            self.taken.add((state_id(entry.place), entry.trigger, entry.label))

    def _keep(self, effect: Effect) -> None:
        if isinstance(effect, OpenIncident):
            self.incidents.append(effect)
            if effect.blocking:
                raise NotAsWritten(effect.message)
        elif isinstance(effect, Tell):
            self.told.append(effect)
        elif isinstance(effect, WriteRecord):
            self.records.append(effect)


def short(place: str) -> str:
    """The last word of a place: `evaluate.peers[dan]` is `peers`."""
    return place.split("[", 1)[0].rsplit(".", 1)[-1].split("/", 1)[0] if place else ""
