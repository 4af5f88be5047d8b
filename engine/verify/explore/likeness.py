"""Which situations are one: what a condition that may still come looks at tells them apart."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from engine.core.chart import Shape
from engine.core.places import instance_place
from engine.core.snapshot import Ending, Item, Place, Snapshot
from engine.verify.explore.moves import Moves
from engine.verify.explore.situation import Situation
from engine.verify.names import AnswerRead, EndingRead, FieldRead, Read

Names = Callable[[Place], Place]
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
        names = _alike(snapshot)
        return (
            frozenset(map(names, snapshot.configuration)),
            frozenset(self._tasks(snapshot, names)),
            tuple(self._timers(snapshot, names)),
            frozenset((names(at), self._counted(at, each)) for at, each in snapshot.items.items()),
            frozenset((names(each.place), each.ended) for each in snapshot.subcases.values()),
            here.kept,
            tuple(snapshot.remembered.items()),
            tuple(self._endings(snapshot)),
            tuple(self._values(snapshot, names)),
        )

    def _tasks(self, snapshot: Snapshot, names: Names) -> Iterator[Hashable]:
        """Whoever has the task of an instance because it is theirs is like all others who do."""
        for task in snapshot.tasks.values():
            if self.moves.matters(task):
                place = names(task.place)
                own = f"[{task.owners[0]}]" in task.place if len(task.owners) == 1 else False
                yield place, task.side, "own" if own else task.owners

    def _timers(self, snapshot: Snapshot, names: Names) -> Iterator[Hashable]:
        """In the order in which they come, those of one moment together."""
        waiting = self.moves.timers(snapshot)
        for _, found in groupby(waiting, key=lambda timer: timer.at):
            yield frozenset((names(timer.place), timer.rule) for timer in found)

    def _counted(self, place: Place, items: tuple[Item, ...]) -> Hashable:
        """Who goes on, and how the others ended if that is counted."""
        if self.moves.node(place).state.enough is None:
            return sum(1 for item in items if item.ended is None)
        return frozenset(Counter(item.ended for item in items).items())

    def _endings(self, snapshot: Snapshot) -> Iterator[tuple[Place, str]]:
        """How branches ended, where a vote counts that."""
        nodes = self.moves.relevance.chart.nodes
        for place in snapshot.configuration:
            node = self.moves.node(place)
            above = nodes[node.parent]
            ending = snapshot.endings.get(place)
            if above.shape is Shape.PARALLEL and above.state.enough is not None and ending:
                yield place, ending.outcome

    def _values(self, snapshot: Snapshot, names: Names) -> Iterator[Any]:
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
                            yield names(place), _said(ending, name)

    def _live(self, snapshot: Snapshot) -> tuple[Read, ...]:
        live = self.moves.relevance.live
        at = frozenset(self.moves.node(place).index for place in snapshot.configuration)
        if at not in self.live:
            found = frozenset().union(*(live[index] for index in at))
            self.live[at] = tuple(sorted(found, key=repr))
        return self.live[at]


def _alike(snapshot: Snapshot) -> Names:
    """Names places so that it makes no difference who of an `each` has come how far."""
    if not snapshot.items:
        return str
    found: dict[Place, Place] = {}
    for each, items in snapshot.items.items():
        if "[" in each:  # inside another: it goes along with that
            continue
        inside: dict[Place, list[str]] = {instance_place(each, item.key): [] for item in items}
        for place in snapshot.configuration:
            instance, _, rest = place.partition("]")
            if f"{instance}]" in inside:
                inside[f"{instance}]"].append(rest)
        for number, instance in enumerate(sorted(inside, key=inside.__getitem__)):
            found[instance] = instance_place(each, str(number))

    def name(place: Place) -> Place:
        instance, bracket, rest = place.partition("]")
        known = found.get(instance + bracket) if bracket else None
        return place if known is None else known + rest

    return name


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
