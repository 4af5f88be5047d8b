"""Up to where something that was written is still read: what is written anew before no more is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from engine.core.chart import Action, Assign, Shape
from engine.core.expression import Expr
from engine.core.index import Node, Row
from engine.verify.filled import required_answers
from engine.verify.names import AnswerRead, EndingRead, FieldRead, Read

Reads = frozenset[Read]
Asks = Callable[[Expr, int], Reads]  # what an expression of a state looks at, as far as it matters
_FORKS = (Shape.PARALLEL, Shape.EACH)
_NONE: Reads = frozenset()


def live_reads(nodes: tuple[Node, ...], asks: Asks) -> tuple[Reads, ...]:
    """By state: what may still be read while it is active, because of what leads on from it.

    What leads on from what it lies in, or stands beside it, is told there.
    """
    flow = _Flow(nodes=nodes, asks=asks)
    flow.settle()
    return tuple(flow.rest)


@dataclass(kw_only=True, slots=True)
class _Flow:
    nodes: tuple[Node, ...]
    asks: Asks
    entry: list[Reads] = field(init=False)  # as it is entered
    rest: list[Reads] = field(init=False)  # while it is active
    done: list[Reads] = field(init=False)  # as it completes

    def __post_init__(self) -> None:
        self.entry, self.rest, self.done = ([_NONE] * len(self.nodes) for _ in range(3))

    def settle(self) -> None:
        """Every state in turn, the last first, until nothing is added any more."""
        growing = True
        while growing:
            growing = False
            for node in reversed(self.nodes):
                at = node.index
                for table, found in (
                    (self.done, self._done(node)),
                    (self.rest, self._rest(node)),
                    (self.entry, self._entry(node)),
                ):
                    growing = growing or found != table[at]
                    table[at] = found

    def _entry(self, node: Node) -> Reads:
        state, at = node.state, node.index
        match node.shape:
            case Shape.FINAL:
                inside = self.done[node.parent]
            case Shape.HISTORY:
                parent = self.nodes[node.parent]
                within = (n for n in self.nodes if parent.rank < n.rank <= parent.last)
                return _all(self.entry[n.index] for n in within if n.shape is not Shape.HISTORY)
            case Shape.COMPOUND:
                inside = _all(self.entry[child] for child in state.initial or node.parts)
            case Shape.PARALLEL | Shape.EACH:
                inside = _all(self.entry[child] for child in node.parts) | self.done[at]
            case Shape.ATOMIC:
                at_once = node.instant or state.start is not None
                inside = self.done[at] if at_once else _NONE
        found = self._before(node, state.entry, inside | self.rest[at])
        if state.skip is None:
            return found
        return found | self.asks(state.skip, at) | self.done[at]

    def _rest(self, node: Node) -> Reads:
        state = node.state
        groups = (node.always, *node.timers.values(), *node.signals.values())
        found = _all(self._rows(node, rows) for rows in groups)
        if node.until or state.start is not None:
            found |= self.done[node.index]
        if state.task is not None:
            pressed = _all(self._rows(node, rows) for rows in node.buttons.values())
            answered = self._before(node, state.completion, pressed) | self.done[node.index]
            own = frozenset(required_answers(state.task, node.index))
            found |= self._ended(node, answered) - own
        return found

    def _done(self, node: Node) -> Reads:
        after = self._rows(node, node.done)
        parent = self.nodes[node.parent] if node.parent >= 0 else None
        if parent is not None and parent.shape in _FORKS:
            after |= self.done[parent.index]
            enough = parent.state.enough
            if enough is not None and enough.condition is not None:
                after |= self.asks(enough.condition, parent.index)
        return self._ended(node, self._before(node, node.state.completion, after))

    def _rows(self, node: Node, rows: Iterable[Row]) -> Reads:
        found = _NONE
        for row in rows:
            transition = row.transition
            after = self.done[node.index] if row.completes else _NONE
            for target in transition.targets:
                after |= self._entered(target, row.domain)
            found |= self._before(node, transition.actions, after)
            if transition.condition is not None:
                found |= self.asks(transition.condition, node.index)
        return found

    def _entered(self, target: int, domain: int | None) -> Reads:
        """A target, and what is entered around it."""
        found = self.entry[target]
        for above in self.nodes[target].ancestors:
            if above in (domain, 0):
                break
            node = self.nodes[above]
            found |= self.rest[above]
            if node.state.skip is not None:
                found |= self.asks(node.state.skip, above)
            if node.shape in _FORKS:
                found |= _all(self.entry[child] for child in node.parts)
        return found

    def _before(self, node: Node, actions: tuple[Action, ...], after: Reads) -> Reads:
        for action in reversed(actions):
            if isinstance(action, Assign) and FieldRead(name=action.field) in after:
                after = after - {FieldRead(name=action.field)} | self.asks(action.value, node.index)
        return after

    def _ended(self, node: Node, after: Reads) -> Reads:
        """Without what the ending of a state says anew; others of an `each` keep theirs."""
        if node.fixed is None or not after:
            return after
        written = node
        while written.lowered:
            written = self.nodes[written.parent]
        return frozenset(
            read
            for read in after
            if not (isinstance(read, EndingRead) and read.state == written.index)
            and not (isinstance(read, AnswerRead) and read.state == node.index)
        )


def _all(found: Iterator[Reads] | Iterable[Reads]) -> Reads:
    return frozenset().union(*found)
