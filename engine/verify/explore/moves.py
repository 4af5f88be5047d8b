"""What can happen to a case in one situation, and what the engine makes of it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from engine.core.chart import Definition, Task
from engine.core.effects import Effect, Emit, OpenIncident
from engine.core.events import (
    CaseStarted,
    Event,
    SignalArrived,
    SubcaseClosed,
    TaskAnswered,
    TaskClaimed,
    TimerCameDue,
)
from engine.core.index import Node, Rows
from engine.core.places import path_of, state_id
from engine.core.questions import awaited_signals
from engine.core.snapshot import CaseFacts, OpenTask, Place, Snapshot, Timer
from engine.core.step import Entered, Skipped, Taken, Transitioned, step
from engine.verify.explore.answers import FIRST_DAY, Answers, answers_for
from engine.verify.explore.bare import Bare
from engine.verify.explore.guesses import Guesses, NoWay, guessing
from engine.verify.explore.messages import bodies_for, outcomes_of
from engine.verify.explore.relevance import Relevance
from engine.verify.explore.situation import After, Move, Situation, left_open, pressed
from engine.verify.explore.world import SUBJECT, World
from engine.verify.filled import possible_answers

_MORNING, _EVENING = time(9), time(18)
_MOST_FIRINGS: Final = 100  # of timers on one day; more is a timer that sets itself


@dataclass(kw_only=True, slots=True)
class Moves:
    """Gives the moves of a situation; what does not change from one to another is kept."""

    definition: Definition
    relevance: Relevance
    world: World
    tape: Guesses = field(default_factory=Guesses)
    _played: Definition = field(init=False)  # what of it leads on, undecided conditions guessed
    _answers: dict[tuple[int, int | None], Answers] = field(default_factory=dict)
    _bodies: dict[tuple[int, str], list[dict[str, Any]]] = field(default_factory=dict)
    _ends: dict[Place, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        relevance = self.relevance
        bare = Bare(moving=relevance.moving, awaited=relevance.awaited)
        states = tuple(map(bare.state, self.definition.states))
        played = replace(self.definition, states=states, records=())
        self._played = guessing(played, relevance.guessed, relevance.alike, self.tape)

    def starts(self) -> Iterator[After]:
        given = [each for each in self.definition.data.values() if each.from_start]
        found = answers_for(self.relevance, given, 0, None)
        now = datetime.combine(FIRST_DAY, _MORNING, UTC)
        subject = None if self.definition.subject == "none" else SUBJECT
        case = CaseFacts(id="TEST-0001", subject=subject, opened_by=None, opened_at=now, key=None)
        for data in found.sets:
            event = CaseStarted(case=case, data=data)
            yield from self._played_out(Move(step="", value=data), None, now, (), event)

    def of(self, here: Situation, only: Place | None) -> Iterator[After]:
        """Every move and what comes of it, None if that is unknown; or only those of one branch."""
        for task in here.snapshot.tasks.values():
            if self.matters(task) and (only is None or _is_in(task.place, only)):
                yield from self._answered(here, task)
        if only is not None:
            return
        yield from self._told(here)
        yield from self._closed(here)
        yield from self._later(here)

    # --- people ---

    def matters(self, task: OpenTask) -> bool:
        """An answer to the task of an `every:` moves nothing, unless a condition looks at it."""
        if task.side is None:
            return True
        node = self.node(task.place)
        answers = possible_answers(node.state.side_tasks[task.side], node.index)
        return not self.relevance.every.isdisjoint(answers)

    def _answered(self, here: Situation, task: OpenTask) -> Iterator[After]:
        node = self.node(task.place)
        asked = node.state.task if task.side is None else node.state.side_tasks[task.side]
        assert asked is not None
        members = self.world.members(task.queue) if task.queue else ()
        person = next(iter(task.owners or members), None)
        if person is None:
            yield Move(step="", value=None), None, False
            return
        claim = (
            (TaskClaimed(task=task.key, by=person, at=here.now),)
            if task.queue is not None and not task.owners
            else ()
        )
        found = self._sets(node, task.side, asked)
        for answers in found.sets:
            for button in asked.buttons:
                event = TaskAnswered(
                    task=task.key, button=button, answers=answers, by=person, at=here.now
                )
                move = Move(
                    step=f"{person} {self.word(task.place)}",
                    value=pressed(answers, None if button == asked.buttons[0] else button),
                )
                told = (here.snapshot, here.now, here.kept, *claim, event)
                for _, after, assumed in self._played_out(move, *told):
                    yield move, after if found.every else left_open(after), assumed

    def _sets(self, node: Node, side: int | None, asked: Task) -> Answers:
        if asked.form is None:
            return Answers(sets=({},), every=True)
        key = (node.index, side)
        if key not in self._answers:
            form = asked.form
            found = answers_for(self.relevance, form.fields, node.index, form.shared)
            self._answers[key] = found
        return self._answers[key]

    # --- events and sub-cases ---

    def _told(self, here: Situation) -> Iterator[After]:
        """Events from elsewhere; what the process itself sends comes only from itself."""
        for place in here.snapshot.configuration:
            node = self.node(place)
            for name, rows in node.signals.items():
                if name in self.relevance.emitted:
                    continue
                for body in self._said(node, name, rows):
                    event = SignalArrived(name=name, body=body, at=here.now)
                    move = Move(step="signal", value={name: body})
                    yield from self._played_out(move, here.snapshot, here.now, here.kept, event)

    def _said(self, node: Node, name: str, rows: Rows) -> list[dict[str, Any]]:
        key = (node.index, name)
        if key not in self._bodies:
            self._bodies[key] = bodies_for(self.relevance, self.world, rows)
        return self._bodies[key]

    def _closed(self, here: Situation) -> Iterator[After]:
        for subcase in here.snapshot.subcases.values():
            if subcase.ended is not None:
                continue
            node = self.node(subcase.place)
            for outcome in outcomes_of(self.relevance, node.index):
                event = SubcaseClosed(subcase=subcase.key, outcome=outcome, data={}, at=here.now)
                move = Move(step="closed", value={self.word(subcase.place): outcome})
                yield from self._played_out(move, here.snapshot, here.now, here.kept, event)

    # --- time ---

    def timers(self, snapshot: Snapshot) -> list[Timer]:
        """Those that lead anywhere, the soonest first."""
        moving = self.relevance.moving
        found = [
            t for t in snapshot.timers.values() if (self.node(t.place).index, t.rule) in moving
        ]
        return sorted(found, key=lambda timer: (timer.at, timer.key))

    def _later(self, here: Situation) -> Iterator[After]:
        """The clock moves to the evening of the day on which something comes due."""
        waiting = self.timers(here.snapshot)
        if not waiting:
            return
        day = max(waiting[0].at, here.now).date()
        to = datetime.combine(day, _EVENING, UTC)
        if waiting[0].at > to or here.now > to:
            to += timedelta(days=1)
        move = Move(step="clock", value=to.date().isoformat())
        for after, assumed in self.tape.plays(lambda: self._until(here, to)):
            yield move, after, assumed

    def _until(self, here: Situation, to: datetime) -> Situation | None:
        at: Situation | None = here
        sent, unsure = frozenset[str](), False
        for _ in range(_MOST_FIRINGS):
            if at is None:
                return None
            sent, unsure = sent | at.sent, unsure or at.unsure
            due = [timer for timer in self.timers(at.snapshot) if timer.at <= to]
            if not due:
                return replace(at, now=to, sent=sent, unsure=unsure)
            now = max(at.now, due[0].at)
            event = TimerCameDue(timer=due[0].key, at=due[0].at)
            at = self._after(at.snapshot, now, at.kept, event)
        return None

    # --- the engine ---

    def _played_out(
        self,
        move: Move,
        snapshot: Snapshot | None,
        now: datetime,
        kept: tuple[tuple[str, str], ...],
        *events: Event,
    ) -> Iterator[After]:
        for after, assumed in self.tape.plays(lambda: self._after(snapshot, now, kept, *events)):
            yield move, after, assumed

    def _after(
        self,
        snapshot: Snapshot | None,
        now: datetime,
        kept: tuple[tuple[str, str], ...],
        *events: Event,
    ) -> Situation | None:
        """What comes of events, and of those that the process then tells itself."""
        sent: list[str] = []
        unsure = False
        waiting, pending = list(events), list(kept)
        for _ in range(_MOST_FIRINGS):
            if not waiting:
                break
            done = step(self._played, snapshot, waiting.pop(0), now, self.world)
            snapshot = done.snapshot
            stopped = _incident(done.effects)
            if stopped is not None:
                if self.tape.assumed and stopped.code == "no-row":
                    raise NoWay
                return None
            unsure = unsure or self._is_unsure(done.taken)
            own = list(self._own_events(done.effects))
            sent += [name for name, _ in own]
            # Of what nobody here ever waits for, none is kept: each round would be a new situation.
            pending += [each for each in own if each[0] in self.relevance.awaited]
            if not waiting:
                waiting += _taken_up(self.definition, snapshot, pending, now)
        assert snapshot is not None
        return Situation(
            snapshot=snapshot,
            now=now,
            kept=tuple(pending),
            sent=frozenset(sent),
            unsure=unsure,
        )

    def _is_unsure(self, taken: Iterable[Taken]) -> bool:
        """Whether a state on the way decides by more than was tried."""
        unsure = self.relevance.unsure
        return bool(unsure) and any(
            self.node(entry.place).index in unsure
            for entry in taken
            if isinstance(entry, Entered | Transitioned | Skipped)
        )

    def _own_events(self, effects: Iterable[Effect]) -> Iterator[tuple[str, str]]:
        for effect in effects:
            if isinstance(effect, Emit) and effect.to is None:
                yield effect.event, json.dumps(effect.body, sort_keys=True, default=str)

    # --- words ---

    def node(self, place: Place) -> Node:
        chart = self.relevance.chart
        found = chart.by_id.get(place)
        return chart.nodes[chart.by_id[state_id(place)] if found is None else found]

    def word(self, place: Place) -> str:
        """What a scenario calls a state: its name, or its whole path where there are several."""
        chart = self.relevance.chart
        known = place
        node = self.node(place)
        while node.lowered:
            known = known[: -len(node.name) - 1]
            node = chart.nodes[node.parent]
        known = path_of(known)
        name = known.rsplit(".", 1)[-1]
        return name if len(chart.by_name.get(name, ())) < 2 else known


def _incident(effects: Iterable[Effect]) -> OpenIncident | None:
    """What stops the case, if anything does."""
    found = (each for each in effects if isinstance(each, OpenIncident) and each.blocking)
    return next(found, None)


def _is_in(place: Place, branch: Place) -> bool:
    return place == branch or place.startswith((f"{branch}.", f"{branch}["))


def _taken_up(
    definition: Definition, snapshot: Snapshot, pending: list[tuple[str, str]], now: datetime
) -> list[Event]:
    """The first event that was kept and is wanted now; it is kept no longer."""
    if not pending:
        return []
    wanted = awaited_signals(definition, snapshot)
    first = next((each for each in pending if each[0] in wanted), None)
    if first is None:
        return []
    pending.remove(first)
    return [SignalArrived(name=first[0], body=json.loads(first[1]), at=now)]
