"""What a name in an expression stands for, as far as a proof needs to know."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.core.chart import Action, Definition, Shape, State
from engine.core.form import Field
from engine.core.index import chart_of

_CASE = frozenset({"subject", "case", "now", "today", "event"})


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldRead:
    """A field of the case file."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRead:
    """A question of a task alone: `rate.remark`, or its bare name in the task's own rows."""

    state: int  # index of the task's state
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EndingRead:
    """How a state ended: `rate.outcome`, `peers.answers`."""

    state: int  # index
    name: str


Read = FieldRead | AnswerRead | EndingRead


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """The names of one definition."""

    definition: Definition

    def meaning(self, path: tuple[str, ...], state: int) -> Read | None:
        """What a path stands for in a state; None for people, the case, items and the like."""
        name = path[0]
        if name in self.items(state) or name in _CASE:
            return None
        if name == "data":
            return FieldRead(name=path[1]) if len(path) > 1 else None
        asked = self._asked(state)
        if name in asked:
            return AnswerRead(state=state, name=name)
        if name in self.definition.people:
            return None
        found = self._state(path, state)
        if found is not None:
            return found
        return FieldRead(name=name) if name in self.definition.data else None

    def field(self, read: Read) -> Field | None:
        """What the author declared about it."""
        match read:
            case FieldRead(name=name):
                return self.definition.data.get(name)
            case AnswerRead(state=state, name=name):
                return self._asked(state).get(name)
            case EndingRead():
                return None

    def items(self, state: int) -> frozenset[str]:
        """The variables of the `each` states around a state."""
        return frozenset(
            at.each.item
            for at in self.lineage(state)
            if at.each is not None and at.index != state and at.shape is Shape.EACH
        )

    def lineage(self, state: int) -> Iterator[State]:
        """The state and what it lies in, up to the root."""
        at: int | None = state
        while at is not None:
            found = self.definition.states[at]
            yield found
            at = found.parent

    @staticmethod
    def actions(state: State) -> Iterator[Action]:
        """Whatever a state does, in the order in which it may."""
        for actions in (state.entry, state.completion, *(t.actions for t in state.transitions)):
            yield from actions

    def written(self, state: int) -> State:
        """The state an author would name: a hidden part's is what it belongs to."""
        return next((at for at in self.lineage(state) if not at.hidden), self.definition.states[0])

    def _asked(self, state: int) -> dict[str, Field]:
        """The questions of a state's task that are not of the case file."""
        task = self.definition.states[state].task
        if task is None or task.form is None:
            return {}
        return {f.name: f for f in task.form.fields if f.name not in task.form.shared}

    def _state(self, path: tuple[str, ...], state: int) -> Read | None:
        """`evaluate.self.remark`: a state that can be seen from here, then what is inside it."""
        found = self._seen(path[0], state)
        rest = path[1:]
        while found is not None and rest:
            inner = self._child(found, rest[0])
            if inner is None:
                break
            found, rest = inner, rest[1:]
        if found is None or not rest:
            return None
        asking = self._asking(found)
        if asking is not None and rest[0] in self._asked(asking):
            return AnswerRead(state=asking, name=rest[0])
        return EndingRead(state=found, name=rest[0])

    def _seen(self, name: str, state: int) -> int | None:
        for at in self.lineage(state):
            child = self._child(at.index, name)
            if child is not None:
                return child
        return None

    def _child(self, index: int, name: str) -> int | None:
        states = self.definition.states
        for child in states[index].children:
            if states[child].name == name and not states[child].hidden:
                return child
            if states[child].hidden:  # an instance, or a lowered part: look through it
                found = self._child(child, name)
                if found is not None:
                    return found
        return None

    def _asking(self, index: int) -> int | None:
        """The state whose task is meant: itself, or the hidden one that carries its task."""
        states = self.definition.states
        if states[index].task is not None:
            return index
        if states[index].shape in (Shape.EACH, Shape.PARALLEL):
            return None
        return next(
            (c for c in states[index].children if states[c].hidden and states[c].task is not None),
            None,
        )


def index_of(definition: Definition, state: str) -> int:
    """The index of a state by its id."""
    return chart_of(definition).by_id[state]
