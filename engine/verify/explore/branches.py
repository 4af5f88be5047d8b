"""Which branches have nothing to do with what is beside them."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from engine.core.chart import Assign, EmitSignal, Raise, Shape, State, TriggerKind
from engine.core.index import Node
from engine.verify.filled import possible_answers
from engine.verify.names import EndingRead, FieldRead, Names, Read

ByState = Mapping[int, AbstractSet[Read]]  # what the conditions of a state look at
Timers = frozenset[tuple[int, str]]


def quiet_branches(nodes: tuple[Node, ...], reads: ByState, moving: Timers) -> Iterator[int]:
    """Branches whose steps come to the same whether they are made first or last.

    Nothing in them hangs on time or events, they lead nowhere outside, and neither read what is
    written beside them nor write what is read elsewhere.
    """
    for node in nodes:
        if node.shape not in (Shape.PARALLEL, Shape.EACH) or node.state.enough is not None:
            continue
        for child in node.parts:
            within = [at for at in nodes if nodes[child].rank <= at.rank <= nodes[child].last]
            if _keeps_to_itself(nodes, within, reads, moving):
                yield child


def _keeps_to_itself(
    nodes: tuple[Node, ...],
    within: list[Node],
    asked: ByState,
    moving: Timers,
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
    writes = {read for node in within for read in _written(node.state)}
    reads = {read for index in own for read in asked.get(index, ())}
    elsewhere = [node for node in nodes if node.index not in own]
    if any(asked.get(node.index, set()) & writes for node in elsewhere):
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
