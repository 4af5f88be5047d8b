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
    Shape,
    State,
    TriggerKind,
)
from engine.core.expression import Expr
from engine.core.index import Chart, Node, chart_of
from engine.core.time import TimerRule
from engine.verify.filled import possible_answers
from engine.verify.guards import Grid
from engine.verify.names import EndingRead, FieldRead, Names, Read

Reads = frozenset[Read]
_NONE: Reads = frozenset()


@dataclass(kw_only=True, slots=True)
class Relevance:
    """What conditions look at, and where that still matters."""

    names: Names
    values: Mapping[str, tuple[Any, ...]]  # by key of a term: one value of each kind there is
    keys: Mapping[Read, str]
    every: Reads  # whatever any condition looks at
    guessed: Reads  # of these the ones of which no list of values stands for all there are
    live: tuple[Reads, ...]  # by state: what conditions may still look at, from there on
    moving: frozenset[tuple[int, str]]  # state and id of the timers that lead anywhere
    quiet: frozenset[int]  # branches and instances that have nothing to do with what is beside them
    emitted: frozenset[str]  # events that the process itself sends to whoever waits for them

    @property
    def chart(self) -> Chart:
        return chart_of(self.names.definition)


def relevance_of(definition: Definition) -> Relevance:
    names = Names(definition=definition)
    asked = _Asked(names=names)
    for state in definition.states:
        for expr in conditions(state):
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
        guessed=frozenset(asked.guessed),
        live=_live(nodes, asked.reads),
        moving=moving,
        quiet=frozenset(_quiet(nodes, asked, moving)),
        emitted=frozenset(
            action.event
            for state in definition.states
            for action in Names.actions(state)
            if isinstance(action, EmitSignal) and action.to is None
        ),
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
    every: set[Read] = field(default_factory=set)
    guessed: set[Read] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.grid = Grid(describe=self._describe)

    def look(self, expr: Expr, state: int) -> None:
        self.state = state
        self.grid.test(expr)
        alone = Grid(describe=self._describe)
        alone.test(expr)
        for path in expr.reads:
            read = self.names.meaning(path, state)
            if read is not None:
                if not (alone.real and alone.exact):
                    self.guessed.add(read)
                self._note(read, state)

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


def _live(nodes: tuple[Node, ...], reads: Mapping[int, set[Read]]) -> tuple[Reads, ...]:
    """From each state on: along its transitions and those of what it lies in, into what follows."""
    ways = {(node.index, down): list(_ways(node, down=down)) for node in nodes for down in (0, 1)}
    found = []
    for node in nodes:
        seen = {(node.index, 1)}
        waiting = [(node.index, 1)]
        total: set[Read] = set()
        while waiting:
            at = waiting.pop()
            total |= reads.get(at[0], _NONE)
            for way in ways[at]:
                if way not in seen:
                    seen.add(way)
                    waiting.append(way)
        found.append(frozenset(total))
    return tuple(found)


def _ways(node: Node, *, down: int) -> Iterator[tuple[int, int]]:
    for row in node.state.transitions:
        for target in row.targets:
            yield (target, 1)
    if node.parent > 0:
        yield (node.parent, 0)
    if down:
        for child in node.state.initial or node.parts:
            yield (child, 1)
        for child in node.parts if node.shape in (Shape.PARALLEL, Shape.EACH) else ():
            yield (child, 1)


def _quiet(
    nodes: tuple[Node, ...], asked: _Asked, moving: frozenset[tuple[int, str]]
) -> Iterator[int]:
    """Branches whose steps come to the same whether they are made first or last.

    Nothing in them hangs on time or events, they lead nowhere outside, and neither read what is
    written beside them nor write what is read elsewhere.
    """
    for node in nodes:
        if node.shape not in (Shape.PARALLEL, Shape.EACH) or node.state.enough is not None:
            continue
        for child in node.parts:
            within = [at for at in nodes if nodes[child].rank <= at.rank <= nodes[child].last]
            if _keeps_to_itself(nodes, within, asked, moving):
                yield child


def _keeps_to_itself(
    nodes: tuple[Node, ...],
    within: list[Node],
    asked: _Asked,
    moving: frozenset[tuple[int, str]],
) -> bool:
    own = {node.index for node in within}
    for node in within:
        state = node.state
        if node.signals or any((node.index, rule.id) in moving for rule in state.timers):
            return False
        if any(target not in own for row in state.transitions for target in row.targets):
            return False
        if any(isinstance(action, EmitSignal | Raise) for action in Names.actions(state)):
            return False
    writes = {read for node in within for read in _written(node.state)} & asked.every
    reads = {read for index in own for read in asked.reads.get(index, ())}
    elsewhere = [node for node in nodes if node.index not in own]
    if any(asked.reads.get(node.index, set()) & writes for node in elsewhere):
        return False
    if any(_interrupts(nodes[index]) for index in within[0].ancestors if index):
        return False
    forks = [i for i in within[0].ancestors if nodes[i].shape in (Shape.PARALLEL, Shape.EACH)]
    top = forks[-1]
    beside = [at for at in elsewhere if top in (at.index, *at.ancestors)]
    if reads & {read for node in beside for read in _written(node.state)}:
        return False
    if any(
        _branch(nodes, node.index) != _branch(nodes, target)
        for node in beside
        if node.index not in within[0].ancestors
        for row in node.state.transitions
        for target in row.targets
    ):
        return False
    near = {node.index for node in beside}
    return not any(isinstance(read, EndingRead) and read.state in near for read in reads)


def _interrupts(node: Node) -> bool:
    """Whether something may leave the state before what is in it has ended."""
    kinds = (TriggerKind.DONE, TriggerKind.BUTTON)
    return any(row.targets and row.trigger.kind not in kinds for row in node.state.transitions)


def _branch(nodes: tuple[Node, ...], index: int) -> int:
    """The innermost branch or instance that a state is or lies in."""
    forks = (Shape.PARALLEL, Shape.EACH)
    line = (index, *nodes[index].ancestors)
    return next((i for i in line if i and nodes[nodes[i].parent].shape in forks), 0)


def _written(state: State) -> Iterator[Read]:
    for action in Names.actions(state):
        if isinstance(action, Assign):
            yield FieldRead(name=action.field)
    for task in (state.task, *state.side_tasks):
        if task is not None:
            yield from possible_answers(task, state.index)
