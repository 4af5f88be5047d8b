"""Which fields are filled in by the time a state is entered: on every way there, and on some way.

One walk over the chart, to its fixed point. On every way (`Flow.sure`) is what may be read; what
only some way fills in may be empty; what no way fills in (`Flow.possible`) is never there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from engine.core.chart import (
    Action,
    Assign,
    Definition,
    Shape,
    State,
    Transition,
    TriggerKind,
)
from engine.core.expression import Expr
from engine.core.form import FieldType
from engine.core.index import Node, chart_of
from engine.core.time import TimerKind
from engine.verify.demands import there_if
from engine.verify.filled import ending, possible_answers, required_answers
from engine.verify.names import EndingRead, FieldRead, Names, Read

Facts = frozenset[Read]
Implied = Mapping[Read, Facts]
ENTERED = "$entered"  # as the name of an EndingRead: the state was entered at least once


class Mode(Enum):
    """Whose facts count where ways meet."""

    EVERY = "every way"
    SOME = "some way"


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """What is filled in where; a state that nothing enters is missing."""

    entered: Mapping[int, Facts]  # by state index: when it is entered
    done: Mapping[int, Facts]  # when it has completed
    closed: Mapping[int, Facts]  # by index of an end of the case
    fills: Mapping[Read, Facts]  # by field: what holds right after it was filled in, wherever


def sure_flow(definition: Definition) -> Flow:
    """On every way. A field that is there because another one is counts, too."""

    def worked_out() -> Flow:
        first = _run(definition, Mode.EVERY, {})
        return _run(definition, Mode.EVERY, first.fills)

    return _known(definition, "sure flow", worked_out)


def possible_flow(definition: Definition) -> Flow:
    """On at least one way."""
    return _known(definition, "possible flow", lambda: _run(definition, Mode.SOME, {}))


def _known(definition: Definition, name: str, work_out: Callable[[], Flow]) -> Flow:
    """Worked out once for a definition, though several proofs ask for it."""
    found = definition.memo.get(name)
    if not isinstance(found, Flow):
        found = definition.memo[name] = work_out()
    return found


def _run(definition: Definition, mode: Mode, implied: Implied) -> Flow:
    walk = _Walk(names=Names(definition=definition), mode=mode, implied=implied)
    walk.enter(0, walk.at_start())
    nodes = chart_of(definition).nodes
    while walk.changed:
        for node in nodes:
            if node.index in walk.changed:
                walk.changed.discard(node.index)
                walk.visit(node)
    return Flow(entered=walk.entered, done=walk.done, closed=walk.closed, fills=walk.fills)


def closure(facts: Facts, implied: Implied) -> Facts:
    """The facts, and all that is there because they are."""
    if not implied:
        return facts
    found = set(facts)
    waiting = list(facts)
    while waiting:
        for more in implied.get(waiting.pop(), ()):
            if more not in found:
                found.add(more)
                waiting.append(more)
    return frozenset(found)


@dataclass(kw_only=True, slots=True)
class _Walk:
    names: Names
    mode: Mode
    implied: Implied
    entered: dict[int, Facts] = field(default_factory=dict)
    begun: dict[int, Facts] = field(default_factory=dict)  # entered from its beginning
    done: dict[int, Facts] = field(default_factory=dict)
    closed: dict[int, Facts] = field(default_factory=dict)
    fills: dict[Read, Facts] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)  # states to be visited once more

    @property
    def definition(self) -> Definition:
        return self.names.definition

    def at_start(self) -> Facts:
        found: set[Read] = set()
        for name, declared in self.definition.data.items():
            given = declared.from_start and (declared.required or self.mode is Mode.SOME)
            if given or declared.type is FieldType.COMPUTED:
                found.add(FieldRead(name=name))
        return frozenset(found)

    # --- meeting ---

    def meet(self, where: dict[int, Facts], key: int, facts: Facts) -> None:
        known = where.get(key)
        if known is None:
            joined = facts
        elif self.mode is Mode.EVERY:
            joined = known & facts
        else:
            joined = known | facts
        if joined != known:
            where[key] = joined
            if key in self.entered:
                self.changed.add(key)
            parent = self.definition.states[key].parent
            if where is self.done and parent in self.entered:
                self.changed.add(parent)

    def note_fill(self, read: Read, facts: Facts) -> None:
        known = self.fills.get(read)
        self.fills[read] = facts if known is None else known & facts

    def enter(self, index: int, facts: Facts) -> None:
        """A state is entered, and on the way to it what it lies in."""
        for at in reversed(tuple(self.names.lineage(index))):
            self.meet(self.entered, at.index, facts)
        self.meet(self.begun, index, facts)

    # --- one state ---

    def visit(self, node: Node) -> None:
        state = node.state
        mark = EndingRead(state=node.index, name=ENTERED)
        facts = self.after(self.entered[node.index] | {mark}, state.entry)
        begun = self.begun.get(node.index)
        if begun is not None or state.shape in (Shape.PARALLEL, Shape.EACH):
            inside = self.after((facts if begun is None else begun) | {mark}, state.entry)
            if self.mode is Mode.SOME:
                inside |= self._meanwhile(state)
            first = state.initial if state.shape in (Shape.COMPOUND, Shape.HISTORY) else node.parts
            for child in first:
                self.enter(child, inside)
        if state.shape is Shape.FINAL:
            self._final(node, facts)
            return
        if state.skip is not None:
            self.done_with(node, facts | self.there(state.skip, node, answer=True))
            facts |= self.there(state.skip, node, answer=False)
        if state.task is not None:
            self._answers(node, facts)
        self._other_exits(node, facts)
        if state.shape is Shape.PARALLEL:
            self._join(node, facts)
        elif state.shape is Shape.EACH:
            self.done_with(node, self._ended(node, facts | self._inside_each(node)))

    def _meanwhile(self, state: State) -> Facts:
        """What events and side tasks may fill in while the state lasts, in any of its parts."""
        found: set[Read] = set()
        for each in state.transitions:
            if not each.targets:
                found |= {FieldRead(name=a.field) for a in each.actions if isinstance(a, Assign)}
        for task in state.side_tasks:
            found |= set(possible_answers(task, state.index))
        if state.shape in (Shape.PARALLEL, Shape.EACH):
            below = [s for s in self.definition.states if self._below(s, state.index)]
            for one in below:
                if one.task is not None:
                    found |= set(possible_answers(one.task, one.index))
                found |= {FieldRead(name=a.field) for a in _assigns(one)}
                found |= set(ending(one, answered=one.task is not None))
        return frozenset(found)

    def _below(self, state: State, index: int) -> bool:
        return any(at.index == index for at in self.names.lineage(state.index))

    def _inside_each(self, node: Node) -> Facts:
        """Whatever an instance may fill in; a list may be empty, so nothing is sure."""
        if self.mode is Mode.EVERY:
            return frozenset()
        return self._meanwhile(node.state)

    def _answers(self, node: Node, facts: Facts) -> None:
        task = node.state.task
        assert task is not None
        given = frozenset(required_answers(task, node.index))
        for read in possible_answers(task, node.index):
            self.note_fill(read, closure(facts, self.implied) | given | {read})
        if self.mode is Mode.SOME:
            given = frozenset(possible_answers(task, node.index))
        known = self._ended(node, facts | given, answered=True)
        for button in task.buttons:
            rows = node.buttons.get(button)
            if rows:
                self.take(node, (row.transition for row in rows), known)
            else:
                self.done_with(node, known)

    def _other_exits(self, node: Node, facts: Facts) -> None:
        for name, rows in node.timers.items():
            rule = next(each for each in node.state.timers if each.id == name)
            known = facts if rule.kind is not TimerKind.UNTIL else self._ended(node, facts)
            self.take(node, (row.transition for row in rows), known)
        for rows in node.signals.values():
            own = [row for row in rows if not row.completes]
            self.take(node, (row.transition for row in own), facts)
        self.take(node, (row.transition for row in node.always), facts)
        waits = node.state.wait is not None or (node.until and "until" not in node.timers)
        at_once = node.instant and not node.always  # a decision's rows always lead away
        if waits or at_once or node.state.start is not None:
            known = facts
            if node.state.wait is not None and node.state.wait.match is not None:
                known |= self.there(node.state.wait.match, node, answer=True)
            self.done_with(node, self._ended(node, known))

    def take(self, node: Node, rows: Iterable[Transition], facts: Facts) -> None:
        """Rows of one trigger: each is looked at when those above it did not hold."""
        known = facts
        for row in rows:
            here = known
            if row.condition is not None:
                here = known | self.there(row.condition, node, answer=True)
                known = known | self.there(row.condition, node, answer=False)
            here = self.after(here, row.actions)
            for target in row.targets:
                self.enter(target, here)
            if row.condition is None and row.trigger.kind is not TriggerKind.SIGNAL:
                return

    def there(self, condition: Expr, node: Node, *, answer: bool) -> Facts:
        """What an answer of a condition says about the fields it asks for."""
        found = set()
        for path in there_if(condition, answer):
            read = self.names.meaning(path, node.index)
            if read is not None:
                found.add(read)
        return closure(frozenset(found), self.implied)

    def after(self, facts: Facts, actions: Iterable[Action]) -> Facts:
        for action in actions:
            if isinstance(action, Assign):
                read = FieldRead(name=action.field)
                facts |= {read}
                self.note_fill(read, closure(facts, self.implied))
        return facts

    # --- completing ---

    def _ended(self, node: Node, facts: Facts, *, answered: bool = False) -> Facts:
        found = facts | set(ending(node.state, answered=answered))
        at = node.state
        while at.hidden and at.parent:  # its ending is that of what it is a part of
            at = self.definition.states[at.parent]
            if at.shape in (Shape.EACH, Shape.PARALLEL):
                break
            found |= set(ending(at, answered=answered))
        return self.after(found, node.state.completion)

    def done_with(self, node: Node, facts: Facts) -> None:
        self.meet(self.done, node.index, facts)
        self.take(node, (row.transition for row in node.done), facts)

    def _join(self, node: Node, facts: Facts) -> None:
        branches = [child for child in node.parts if child in self.done]
        if self.mode is Mode.EVERY and node.state.enough is not None:
            self.done_with(node, self._ended(node, facts))
        elif len(branches) == len(node.parts) or (branches and node.state.enough is not None):
            ends: Facts = frozenset().union(*(self.done[child] for child in branches))
            self.done_with(node, self._ended(node, facts | ends))

    def _final(self, node: Node, facts: Facts) -> None:
        if node.parent == 0:
            self.meet(self.closed, node.index, facts)
            return
        parent = chart_of(self.definition).nodes[node.parent]
        facts |= set(ending(parent.state, answered=False))
        self.done_with(parent, self.after(facts, parent.state.completion))


def _assigns(state: State) -> Iterator[Assign]:
    for action in Names.actions(state):
        if isinstance(action, Assign):
            yield action
