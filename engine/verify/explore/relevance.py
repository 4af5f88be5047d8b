"""What has to be told apart while a definition is played: all else would only multiply the ways."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from engine.core.chart import (
    Assign,
    Definition,
    EmitSignal,
    OpenSideTask,
    Raise,
    Shape,
    State,
)
from engine.core.expression import Expr
from engine.core.expression.tree import ListOf, path_of
from engine.core.index import Chart, Node, Row, chart_of
from engine.core.time import TimerRule
from engine.verify.explore.branches import quiet_branches
from engine.verify.explore.exactness import is_decided, odd_fields, unsure_states
from engine.verify.explore.liveness import Reads, live_reads
from engine.verify.filled import possible_answers
from engine.verify.guards import Grid, compared
from engine.verify.names import EndingRead, FieldRead, Names, Read
from engine.verify.terms import ABSENT, Term


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
    alike: frozenset[int]  # EACH states that are never empty, or as well might be
    unsure: frozenset[int]  # states that decide by more than was tried
    guessed: frozenset[Expr]  # conditions that look at more than is tried
    emitted: frozenset[str]  # events that the process itself sends to whoever waits for them
    awaited: frozenset[str]  # events that it waits for, in whatever state

    @property
    def chart(self) -> Chart:
        return chart_of(self.names.definition)


def relevance_of(definition: Definition, *, finely: bool = False) -> Relevance:
    """`finely` guesses nothing, and tries values for whatever any condition looks at instead."""
    names = Names(definition=definition)
    asked = _Asked(names=names)
    guessed = set()
    for state in definition.states:
        for expr in conditions(state):
            if finely or asked.decides(expr, state.index):
                asked.look(expr, state.index)
            else:
                guessed.add(expr)
    asked.follow_assignments()
    nodes = chart_of(definition).nodes
    moving = frozenset(
        (node.index, rule.id)
        for node in nodes
        for rule in node.state.timers
        if _moves(node, rule, asked.every)
    )
    quiet = frozenset(quiet_branches(nodes, asked.reads, moving))
    return Relevance(
        names=names,
        values={
            key: _told_apart(found, asked.grid.terms[key])
            for key, found in asked.grid.representatives().items()
        },
        keys=asked.keys,
        every=frozenset(asked.every),
        live=live_reads(nodes, asked.reads_of),
        moving=moving,
        quiet=quiet,
        alike=frozenset(
            node.index
            for node in nodes
            if node.shape is Shape.EACH
            and (not quiet.isdisjoint(node.parts) or _has_items(names, node.state))
        ),
        unsure=unsure_states(definition.states),
        guessed=frozenset(guessed),
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


@dataclass(kw_only=True, slots=True)
class _Asked:
    """Gathers what conditions look at, and what that in turn is made of."""

    names: Names
    state: int = 0  # whose expression is looked at
    grid: Grid = field(init=False)
    keys: dict[Read, str] = field(default_factory=dict)
    reads: dict[int, set[Read]] = field(default_factory=dict)  # by state
    looked: dict[tuple[Expr, int], Reads] = field(default_factory=dict)  # by expression and state
    every: set[Read] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.grid = Grid(describe=self._describe)

    def look(self, expr: Expr, state: int) -> Reads:
        """Notes what an expression of a state looks at, and what that is computed from."""
        known = self.looked.get((expr, state))
        if known is not None:
            return known
        self.looked[expr, state] = frozenset()  # what is computed from itself is never filled
        self.state = state
        self.grid.test(expr)
        found: set[Read] = set()
        for path in expr.reads:
            read = self.names.meaning(path, state)
            if read is None:
                continue
            found.add(read)
            declared = self.names.field(read)
            if declared is not None and declared.compute is not None:
                found |= self.look(declared.compute, 0)
        self.reads.setdefault(state, set()).update(found)
        self.every |= found
        self.looked[expr, state] = frozenset(found)
        return self.looked[expr, state]

    def reads_of(self, expr: Expr, state: int) -> Reads:
        """What was noted about an expression; nothing of one that decides nothing."""
        return self.looked.get((expr, state), frozenset())

    def decides(self, expr: Expr, state: int) -> bool:
        """Whether the values that are tried decide a condition in every way."""
        self.state = state
        odd = odd_fields(self.names.definition)
        return is_decided(self.names, expr, self._describe, self.keys, odd)

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


def _told_apart(values: Iterable[Any], term: Term) -> tuple[Any, ...]:
    """One of all values of which every comparison says the same."""
    found: dict[Any, Any] = {}
    for value in values:
        if isinstance(value, bool) or value is ABSENT or (term.others and isinstance(value, str)):
            alike: Any = repr(value)
        elif term.others:
            cuts = (cut for cut in term.constants if isinstance(cut, int | float))
            alike = tuple((value > cut) - (value < cut) for cut in cuts)
        else:
            alike = tuple(str(compared(value, to, sign)) for sign, to in term.tests)
        found.setdefault(alike, value)
    return tuple(found.values())


def _has_items(names: Names, state: State) -> bool:
    """Whether there is always somebody on the list that an `each` goes through."""
    assert state.each is not None
    tree = state.each.items.tree
    if isinstance(tree, ListOf):
        return bool(tree.items)
    path = path_of(tree)
    read = None if path is None else names.meaning(path, state.index)
    listed = None if read is None else names.field(read)
    return listed is not None and listed.required and (listed.min or 0) >= 1


def _moves(node: Node, rule: TimerRule, relevant: AbstractSet[Read]) -> bool:
    """Whether a timer leads anywhere; a reminder does not, nor whom a late task is told to."""
    rows = node.timers.get(rule.id, ())
    if not rows:
        return node.until and rule.id == "until"
    return any(_leads_on(node, row, relevant) for row in rows)


def _leads_on(node: Node, row: Row, relevant: AbstractSet[Read]) -> bool:
    if row.transition.targets and not _like_an_answer(node, row, relevant):
        return True
    for action in row.transition.actions:
        match action:
            case Assign() | EmitSignal() | Raise():
                return True
            case OpenSideTask(number=number):
                task = node.state.side_tasks[number]
                if not relevant.isdisjoint(possible_answers(task, node.index)):
                    return True
            case _:
                pass
    return False


def _like_an_answer(node: Node, row: Row, relevant: AbstractSet[Read]) -> bool:
    """Whether a row leads only where whoever has the task leads as well, whatever they answer."""
    task = node.state.task
    if task is None or row.transition.condition is not None or node.state.completion:
        return False
    pressed = [rows[0].transition for rows in node.buttons.values()]
    pressed += [each.transition for each in node.done[:1] if len(node.buttons) < len(task.buttons)]
    if not any(
        each.targets == row.transition.targets and each.condition is None and not each.actions
        for each in pressed
    ):
        return False
    line = {node.index, *node.ancestors}
    return relevant.isdisjoint(possible_answers(task, node.index)) and not any(
        isinstance(read, EndingRead) and read.state in line for read in relevant
    )
