"""What has to be told apart while a definition is played: all else would only multiply the ways."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.core.chart import (
    Assign,
    Definition,
    EmitSignal,
    OpenSideTask,
    Raise,
    State,
)
from engine.core.expression import Expr
from engine.core.index import Chart, Node, chart_of
from engine.core.time import TimerRule
from engine.verify.explore.branches import Reads, live_reads, quiet_branches
from engine.verify.explore.exactness import is_decided, odd_fields, unsure_states
from engine.verify.filled import possible_answers
from engine.verify.guards import Grid
from engine.verify.names import FieldRead, Names, Read


@dataclass(kw_only=True, slots=True)
class Relevance:
    """What conditions look at, and where that still matters."""

    names: Names
    values: Mapping[str, tuple[Any, ...]]  # by key of a term: one value of each kind there is
    keys: Mapping[Read, str]
    every: Reads  # whatever any condition looks at
    live: tuple[Reads, ...]  # by state: what conditions may still look at, from there on
    moving: frozenset[tuple[int, str]]  # state and id of the timers that lead anywhere
    quiet: frozenset[int]  # branches and instances that have nothing to do with what is beside them
    unsure: frozenset[int]  # states that decide by more than was tried
    emitted: frozenset[str]  # events that the process itself sends to whoever waits for them
    awaited: frozenset[str]  # events that it waits for, in whatever state

    @property
    def chart(self) -> Chart:
        return chart_of(self.names.definition)


def relevance_of(definition: Definition) -> Relevance:
    names = Names(definition=definition)
    asked = _Asked(names=names)
    for state in definition.states:
        for expr in (*conditions(state), *lists(state)):
            asked.look(expr, state.index)
    asked.follow_assignments()
    nodes = chart_of(definition).nodes
    moving = frozenset(
        (node.index, rule.id)
        for node in nodes
        for rule in node.state.timers
        if _moves(node, rule, asked.every)
    )
    return Relevance(
        names=names,
        values={
            key: _told_apart(found, asked.grid.terms[key].constants)
            for key, found in asked.grid.representatives().items()
        },
        keys=asked.keys,
        every=frozenset(asked.every),
        live=live_reads(nodes, asked.reads),
        moving=moving,
        quiet=frozenset(quiet_branches(nodes, asked.reads, moving)),
        unsure=unsure_states(definition.states, asked.decides),
        emitted=frozenset(
            action.event
            for state in definition.states
            for action in Names.actions(state)
            if isinstance(action, EmitSignal) and action.to is None
        ),
        awaited=frozenset(name for node in nodes for name in node.signals),
    )


def conditions(state: State) -> Iterator[Expr]:
    """Every expression of a state that decides where a case goes."""
    for row in state.transitions:
        if row.condition is not None:
            yield row.condition
    if state.skip is not None:
        yield state.skip
    if state.wait is not None and state.wait.match is not None:
        yield state.wait.match
    if state.enough is not None and state.enough.condition is not None:
        yield state.enough.condition


def lists(state: State) -> Iterator[Expr]:
    """What decides how often a state is there."""
    for each in (state.each, None if state.start is None else state.start.each):
        if each is not None:
            yield each.items


@dataclass(kw_only=True, slots=True)
class _Asked:
    """Gathers what conditions look at, and what that in turn is made of."""

    names: Names
    state: int = 0  # whose expression is looked at
    grid: Grid = field(init=False)
    keys: dict[Read, str] = field(default_factory=dict)
    reads: dict[int, set[Read]] = field(default_factory=dict)  # by state
    every: set[Read] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.grid = Grid(describe=self._describe)

    def look(self, expr: Expr, state: int) -> None:
        self.state = state
        self.grid.test(expr)
        for path in expr.reads:
            read = self.names.meaning(path, state)
            if read is not None:
                self._note(read, state)

    def decides(self, state: State) -> bool:
        """Whether the values that are tried decide all conditions of a state in every way."""
        self.state = state.index
        odd = odd_fields(self.names.definition)
        return all(
            is_decided(self.names, expr, self._describe, self.keys, odd)
            for expr in conditions(state)
        )

    def _note(self, read: Read, state: int) -> None:
        self.reads.setdefault(state, set()).add(read)
        if read in self.every:
            return
        self.every.add(read)
        declared = self.names.field(read)
        if declared is not None and declared.compute is not None:
            self.look(declared.compute, 0)

    def follow_assignments(self) -> None:
        """What is written into a field that matters matters, too."""
        before = -1
        while before != len(self.every):
            before = len(self.every)
            for state in self.names.definition.states:
                for action in Names.actions(state):
                    if isinstance(action, Assign) and FieldRead(name=action.field) in self.every:
                        self.look(action.value, state.index)

    def _describe(self, path: tuple[str, ...]) -> tuple[str, Any, tuple[str, ...]]:
        read = self.names.meaning(path, self.state)
        if read is None:
            return ".".join(path), None, ()
        declared = self.names.field(read)
        if isinstance(read, FieldRead):
            key, depth = read.name, 2 if path[0] == "data" else 1
        else:
            key, depth = f"{read.state}.{read.name}", path.index(read.name) + 1
        inner = path[depth:]
        if inner:
            return ".".join((key, *inner)), None, ()
        self.keys[read] = key
        return key, declared, ()


def _told_apart(values: Iterable[Any], constants: Iterable[Any]) -> tuple[Any, ...]:
    """One of all numbers that lie alike to everything they are compared with."""
    cuts = [c for c in constants if isinstance(c, int | float) and not isinstance(c, bool)]
    found: dict[Any, Any] = {}
    for value in values:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        alike = tuple((value > cut) - (value < cut) for cut in cuts) if number else (repr(value),)
        found.setdefault((number, alike), value)
    return tuple(found.values())


def _moves(node: Node, rule: TimerRule, relevant: Iterable[Read]) -> bool:
    """Whether a timer leads anywhere; a reminder does not, nor whom a late task is told to."""
    rows = node.timers.get(rule.id, ())
    if not rows:
        return node.until and rule.id == "until"
    wanted = set(relevant)
    for row in rows:
        if row.transition.targets:
            return True
        for action in row.transition.actions:
            match action:
                case Assign() | EmitSignal() | Raise():
                    return True
                case OpenSideTask(number=number):
                    task = node.state.side_tasks[number]
                    if wanted & set(possible_answers(task, node.index)):
                        return True
                case _:
                    pass
    return False
