"""One case on a stage: its clock, its directory, and everything that was seen to happen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from engine.core.chart import Definition
from engine.core.effects import AskAdvice, Effect, Emit, OpenIncident, Tell, WriteRecord
from engine.core.events import CaseStarted, Event, SignalArrived, TimerCameDue
from engine.core.facts import Calendar
from engine.core.index import chart_of
from engine.core.places import path_of, state_id
from engine.core.questions import awaited_signals, comes_next, innermost, known_place
from engine.core.snapshot import CaseFacts, OpenTask, Snapshot
from engine.core.step import Compensated, Entered, Step, Taken, Transitioned, step
from engine.scenarios.cast import Cast, day_at
from engine.scenarios.guests import enlisted

CASE = "TEST-0001"
_MOST_COMING = 4  # timers that are shown
_MOST_TIMERS = 10_000  # in one move of the clock; more means a timer that sets itself


class NotAsWritten(Exception):  # noqa: N818 - it is a finding, not a defect of ours
    """Something went otherwise than the scenario says; the message is a sentence."""


@dataclass(kw_only=True)
class Stage:
    """Plays one case; the mutable part of a scenario."""

    definition: Definition
    cast: Cast
    now: datetime
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the scenario's `people:`
    snapshot: Snapshot | None = None
    not_meant: tuple[tuple[str, Any], ...] = ()  # why the rule of `starts_by` wanted no case
    told: list[Tell] = field(default_factory=list)
    records: list[WriteRecord] = field(default_factory=list)
    incidents: list[OpenIncident] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)  # state ids
    taken: set[tuple[str, str, str]] = field(default_factory=set)  # state id, trigger, row
    advised: list[str] = field(default_factory=list)  # analytics that were asked
    undone: list[str] = field(default_factory=list)  # places, in the order they were undone
    kept: list[SignalArrived] = field(default_factory=list)  # signals that nobody wanted yet
    lately: list[Taken] = field(default_factory=list)  # of the last event
    story: list[str] = field(default_factory=list)  # what was taken so far, a line each

    def start(self, data: Mapping[str, Any]) -> None:
        case = CaseFacts(
            id=CASE,
            subject=self.cast.subject,
            opened_by=None,
            opened_at=self.now,
            key=None,
        )
        given = enlisted(self.cast, self.definition.data.values(), data)
        self.take(CaseStarted(case=case, data=given))

    def signal(self, name: str, body: Mapping[str, Any]) -> None:
        """A signal is kept until the case waits for it, as it is outside of a test."""
        self.kept.append(SignalArrived(name=name, body=body, at=self.now))
        self._deliver()

    def take(self, event: Event) -> Step:
        """What comes of an event, and of the signals that the case then waits for."""
        done = self._step(event)
        self._deliver()
        return done

    def _deliver(self) -> None:
        while self.kept:
            wanted = awaited_signals(self.definition, self.standing)
            first = next((each for each in self.kept if each.name in wanted), None)
            if first is None:
                return
            self.kept.remove(first)
            self._step(replace(first, at=self.now))

    def _step(self, event: Event) -> Step:
        """One macrostep; a blocking incident is a finding."""
        done = step(self.definition, self.snapshot, event, self.now.astimezone(UTC), self.cast)
        self.snapshot = done.snapshot
        self.lately = list(done.taken) or self.lately
        for entry in done.taken:
            self._note(entry)
        for effect in done.effects:
            self._keep(effect)
        return done

    @property
    def why_not(self) -> str:
        """Why no case was started."""
        parts = "; ".join(f"`{label}` is {value!r}" for label, value in self.not_meant)
        return f"No case was started: {parts or 'no rule wanted one'}."

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
            f"{short(self.known(entry.place)) or 'the case'}: {row(entry.label, entry.trigger)}"
            for entry in self.lately
            if isinstance(entry, Transitioned)
        ]
        return (
            f"it is {self.now.astimezone(self.calendar.zone):%A %Y-%m-%d %H:%M}",
            f"the case is at {where}{ended}",
            f"open tasks: {'; '.join(tasks) or 'none'}",
            f"comes next: {'; '.join(self._coming()) or 'nothing by itself'}",
            f"the last event took: {'; '.join(moves) or 'no transition'}",
        )

    def _coming(self) -> list[str]:
        """What happens if nobody acts, the soonest first."""
        zone = self.calendar.zone
        return [
            f"{each.at.astimezone(zone):%Y-%m-%d} {short(each.place)}: {each.phrase}"
            for each in comes_next(self.definition, self.standing)[:_MOST_COMING]
        ]

    def _note(self, entry: Taken) -> None:
        if isinstance(entry, Entered):
            self.visited.add(state_id(entry.place))
        if isinstance(entry, Compensated):
            self.undone.append(short(self.known(entry.place)))
        if isinstance(entry, Transitioned):
            self.taken.add((state_id(entry.place), entry.trigger, entry.label))
            self.story.append(self._told(entry))

    def _told(self, entry: Transitioned) -> str:
        """`2027-01-04 09:00 rate: submit → second_look`."""
        where = short(self.known(entry.place)) or "the case"
        to = ", ".join(short(self.known(target)) for target in entry.targets)
        at = f"{self.now.astimezone(self.calendar.zone):%Y-%m-%d %H:%M}"
        return f"{at} {where}: {row(entry.label, entry.trigger)}" + (f" → {to}" if to else "")

    def _keep(self, effect: Effect) -> None:
        if isinstance(effect, OpenIncident):
            self.incidents.append(effect)
            if effect.blocking:
                raise NotAsWritten(effect.message)
        elif isinstance(effect, Emit) and effect.to in (None, CASE, self.cast.subject):
            body = json.loads(json.dumps(effect.body, default=str))
            self.kept.append(SignalArrived(name=effect.event, body=body, at=self.now))
        elif isinstance(effect, AskAdvice):
            self.advised.append(effect.analytic)
        elif isinstance(effect, Tell):
            self.told.append(effect)
        elif isinstance(effect, WriteRecord):
            self.records.append(effect)
            self.cast.note(effect.kind, effect.of, {**effect.attributes, "value": effect.value})


def row(label: str, trigger: str) -> str:
    """A transition without where it leads to: `submit {if: rating >= 4}` is told by its button."""
    if label.startswith("{"):
        return f"{trigger} {label}" if trigger else label
    return label.partition(": ")[0] or trigger


def short(place: str) -> str:
    """The last word of a place: `evaluate.peers[dan]` is `peers`, `peers[dan].ask` is `ask`."""
    return path_of(place).split("/", 1)[0].rsplit(".", 1)[-1]
