"""A definition without what leads nowhere: texts, messages, calls, records, reminders and advice.

It goes where the whole one goes, and a step of it costs half as much.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from engine.core.chart import (
    Action,
    AskForHelp,
    CallWebhook,
    EmitSignal,
    RemindOwner,
    SaveRecord,
    State,
    Task,
    TellPeople,
    Transition,
)
from engine.core.expression import Template
from engine.core.time import TimerKind

_NO_TEXT: Final = Template(text="", parts=(), reads=frozenset())
_FROM_DUE: Final = (TimerKind.REMIND, TimerKind.LATE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bare:
    """What of a definition has to stay."""

    moving: AbstractSet[tuple[int, str]]  # state and id of the timers that lead anywhere
    awaited: AbstractSet[str]  # events of the process itself that it waits for

    def state(self, state: State) -> State:
        timers = tuple(rule for rule in state.timers if (state.index, rule.id) in self.moving)
        dated = any(rule.kind in _FROM_DUE for rule in timers)
        return replace(
            state,
            title=None,
            transitions=tuple(map(self._row, state.transitions)),
            entry=self._actions(state.entry),
            exit=self._actions(state.exit),
            completion=self._actions(state.completion),
            undo=self._actions(state.undo),
            timers=timers,
            task=None if state.task is None else _task(state.task, dated=dated),
            side_tasks=tuple(_task(task, dated=False) for task in state.side_tasks),
            advice=None,
        )

    def _row(self, row: Transition) -> Transition:
        return replace(row, actions=self._actions(row.actions)) if row.actions else row

    def _actions(self, actions: tuple[Action, ...]) -> tuple[Action, ...]:
        return tuple(action for action in actions if self._stays(action))

    def _stays(self, action: Action) -> bool:
        match action:
            case EmitSignal():
                return action.to is None and action.event in self.awaited
            case TellPeople() | RemindOwner() | CallWebhook() | SaveRecord() | AskForHelp():
                return False
            case _:
                return True


def _task(task: Task, *, dated: bool) -> Task:
    return replace(task, title=_NO_TEXT, text=None, due=task.due if dated else None)
