"""Which situations are one: what a condition that may still come looks at tells them apart."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from engine.core.chart import Shape
from engine.core.snapshot import Ending, Item, Place, Snapshot
from engine.verify.explore.moves import Moves, Situation
from engine.verify.names import AnswerRead, EndingRead, FieldRead, Read

_LISTED: Final = 3  # items of a list; longer ones are alike


@dataclass(kw_only=True, slots=True)
class Likeness:
    """Situations with the same key go on in the same ways."""

    moves: Moves
    live: dict[frozenset[int], tuple[Read, ...]] = field(default_factory=dict)

    def key(self, here: Situation) -> Hashable:
        snapshot = here.snapshot
        if snapshot.outcome is not None:
            return snapshot.outcome
        moves = self.moves
        tasks = frozenset(
            (task.place, task.side, task.owners)
            for task in snapshot.tasks.values()
            if moves.matters(task)
        )
        timers = tuple((timer.place, timer.rule) for timer in moves.timers(snapshot))
        items = tuple((place, self._counted(place, each)) for place, each in snapshot.items.items())
        subcases = tuple((each.place, each.ended) for each in snapshot.subcases.values())
        return (
            snapshot.configuration,
            tasks,
            timers,
            items,
            subcases,
            here.kept,
            tuple(snapshot.remembered.items()),
            tuple(self._endings(snapshot)),
            tuple(self._values(snapshot)),
        )

    def _counted(self, place: Place, items: tuple[Item, ...]) -> Hashable:
        """Who goes on, and how the others ended if that is counted."""
        if self.moves.node(place).state.enough is None:
            return tuple(item.key for item in items if item.ended is None)
        return tuple((item.key, item.ended) for item in items)

    def _endings(self, snapshot: Snapshot) -> Iterator[tuple[Place, str]]:
        """How branches ended, where a vote counts that."""
        nodes = self.moves.relevance.chart.nodes
        for place in snapshot.configuration:
            node = self.moves.node(place)
            above = nodes[node.parent]
            ending = snapshot.endings.get(place)
            if above.shape is Shape.PARALLEL and above.state.enough is not None and ending:
                yield place, ending.outcome

    def _values(self, snapshot: Snapshot) -> Iterator[Any]:
        """What was written, as far as a condition that may still come looks at it."""
        nodes = self.moves.relevance.chart.nodes
        for read in self._live(snapshot):
            match read:
                case FieldRead(name=name):
                    yield _told_apart(snapshot.data.get(name))
                case AnswerRead(state=state, name=name) | EndingRead(state=state, name=name):
                    node = nodes[state]
                    stem = (node.logical or node.state.id).split(".item")[0]
                    for place, ending in snapshot.endings.items():
                        if place == stem or place.startswith(f"{stem}["):
                            yield place, _said(ending, name)

    def _live(self, snapshot: Snapshot) -> tuple[Read, ...]:
        live = self.moves.relevance.live
        at = frozenset(self.moves.node(place).index for place in snapshot.configuration)
        if at not in self.live:
            found = frozenset().union(*(live[index] for index in at))
            self.live[at] = tuple(sorted(found, key=repr))
        return self.live[at]


def _said(ending: Ending, name: str) -> str | None:
    """What an ending says under a name."""
    if name in ending.answers:
        return _told_apart(ending.answers[name])
    return ending.outcome if name == "outcome" else ending.by if name == "done_by" else None


def _told_apart(value: Any) -> str:
    """A list that grows with every event would make a new situation of each."""
    if isinstance(value, list | tuple) and len(value) > _LISTED:
        return "many"
    return repr(value)
