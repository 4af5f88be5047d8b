"""What the rows of a case's tasks must say, folded from the effects of its macrosteps."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.core.chart import Definition
from engine.core.effects import (
    CarriedTask,
    ClosedTask,
    Effect,
    HandedOver,
    MovedDue,
    OpenedTask,
    Remind,
)
from engine.core.instants import to_micros
from engine.core.places import state_id
from engine.core.snapshot import OpenTask


@dataclass(slots=True, kw_only=True)
class PlayedTask:
    """A task as its row must have it; only what is random is not known."""

    state: str
    title: str
    text: str | None
    status: str = "open"
    queue: str | None
    opened_at: int
    due_at: int | None
    closed_at: int | None = None
    outcome: str | None = None
    closed_by: str | None = None
    reminders: int = 0
    owners: tuple[str, ...]  # the last ones
    had: set[str] = field(default_factory=set)  # everybody who ever owned it


class PlayedTasks:
    """All tasks of one case by key; what opens and closes in one macrostep never gets a row."""

    def __init__(self) -> None:
        self.by_key: dict[str, PlayedTask] = {}

    def take(self, definition: Definition, effects: Iterable[Effect], now: int) -> None:
        """The effects of one macrostep, in order."""
        opened: set[str] = set()
        for effect in effects:
            match effect:
                case OpenedTask(task=task, title=title, text=text):
                    opened.add(task.key)
                    self.by_key[task.key] = _opened(definition, task, title, text)
                case ClosedTask(task=key) if key in opened:
                    opened.remove(key)
                    del self.by_key[key]
                case ClosedTask(task=key, outcome=outcome, by=by):
                    self._close(key, outcome, by, now)
                case HandedOver(task=task, title=title, text=text):
                    played = self.by_key[task.key]
                    if task.key in opened:  # nobody had it before
                        played.had.clear()
                    played.queue, played.owners = task.queue, task.owners
                    if title is not None:
                        played.title, played.text = title, text
                    played.had.update(task.owners)
                case MovedDue(task=key, due=due):
                    self.by_key[key].due_at = None if due is None else to_micros(due)
                case CarriedTask():
                    self._carry(definition, effect)
                case Remind(task=key, number=number):
                    self.by_key[key].reminders = number
                case _:
                    pass  # it says nothing of tasks

    def _carry(self, definition: Definition, carried: CarriedTask) -> None:
        played = self.by_key[carried.task.key]
        played.state = _state_of(definition, carried.task.place)
        if carried.reworded:
            played.title, played.text = carried.title or "", carried.text

    def _close(self, key: str, outcome: str, by: str | None, now: int) -> None:
        played = self.by_key[key]
        played.status = "withdrawn" if by is None else "answered"
        played.outcome, played.closed_by, played.closed_at = outcome, by, now


def _opened(definition: Definition, task: OpenTask, title: str, text: str | None) -> PlayedTask:
    return PlayedTask(
        state=_state_of(definition, task.place),
        title=title,
        text=text,
        queue=task.queue,
        opened_at=to_micros(task.opened_at),
        due_at=None if task.due is None else to_micros(task.due),
        owners=task.owners,
        had=set(task.owners),
    )


def _state_of(definition: Definition, place: str) -> str:
    known = any(state.id == place for state in definition.states)
    return place if known else state_id(place)
