"""Cases that could never end: stuck where nothing can happen any more, or going round for ever."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.core.chart import Definition, Shape
from engine.core.index import Node
from engine.document import Mark
from engine.document import Span as Place
from engine.loader import Sources
from engine.loader.findings import quoted
from engine.verify.explore import Explored, explore
from engine.verify.explore.scenario import scenario_to, where
from engine.verify.findings import Finding
from engine.verify.names import Names

_MOST_TOLD: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """How far the exploration of a definition went."""

    seen: int
    most: int
    whole: bool  # nothing is left that was not looked at
    unknown: int  # situations from which some way could not be followed

    def __str__(self) -> str:
        told = f"explored {self.seen:,} situations of at most {self.most:,}"
        if not self.whole:
            told += ", and there are more"
        if self.unknown:
            told += f"; from {self.unknown:,} of them some way on is not known"
        return told


def check_stuck(definition: Definition, sources: Sources) -> tuple[list[Finding], Bound]:
    explored = explore(definition)
    bound = Bound(
        seen=len(explored.found),
        most=explored.most,
        whole=explored.whole,
        unknown=sum(1 for each in explored.found if each.open) if explored.whole else 0,
    )
    telling = _Telling(explored=explored, sources=sources)
    return list(telling.findings()), bound


@dataclass(kw_only=True, slots=True)
class _Telling:
    explored: Explored
    sources: Sources

    def findings(self) -> Iterator[Finding]:
        lost = self.explored.lost()
        still = [number for number in lost if not self._goes_on(number)]
        around = set(self._never_still(lost, still))
        explored, numbers = self.explored.really(lost)
        shown = _Telling(explored=explored, sources=self.sources)
        told: set[tuple[str, ...]] = set()
        for number in (each for each, known in numbers.items() if known in still):
            names = tuple(shown._where(number))
            if names not in told and len(told) < _MOST_TOLD:
                told.add(names)
                yield shown._stuck(number)
        circles = (each for each, known in numbers.items() if known in around)
        circle = next((each for each in circles if explored.way_round(each)), None)
        if circle is not None:
            yield shown._round(circle)

    def _goes_on(self, number: int) -> bool:
        return bool(self.explored.found[number].leads_to)

    def _never_still(self, lost: list[int], still: list[int]) -> list[int]:
        """Those of the lost situations that do not even lead to one where nothing happens."""
        before: dict[int, list[int]] = {}
        for number in lost:
            for after in self.explored.found[number].leads_to:
                before.setdefault(after, []).append(number)
        seen, waiting = set(still), list(still)
        while waiting:
            for number in before.get(waiting.pop(), ()):
                if number not in seen:
                    seen.add(number)
                    waiting.append(number)
        return [number for number in lost if number not in seen]

    def _stuck(self, number: int) -> Finding:
        names, waits = self._where(number), self._waits(number)
        events = list(dict.fromkeys(event for _, event in waits))
        sure = not set(events) & self.explored.sent
        places = self._places(number, waiting=True)
        what = f"a case can get stuck at {_and(names)}"
        if events:
            why = "which nobody sends any more" if sure else "which may never come"
            what += f": there it waits for {_and(events)}, {why}"
        else:
            what += ": nothing can happen there any more"
        return Finding(
            code="E415" if sure else "W415",
            place=places[0],
            message=what,
            label="here",
            also=tuple(Mark(span=place, label="and here") for place in places[1:]),
            help=(
                "let somebody send it on every way that leads here, or give the wait an end, such "
                "as `after: {10 workdays: …}`; "
                if events
                else "let every way that leads here go on; "
            )
            + "the test below shows how a case gets here",
            test=scenario_to(self.explored, number, f"gets stuck at {' and '.join(names)}"),
        )

    def _round(self, number: int) -> Finding:
        names = self._where(number)
        seen, waiting = {number}, [number]
        while waiting:
            for after in self.explored.found[waiting.pop()].leads_to:
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
        circle = dict.fromkeys(name for each in sorted(seen) for name in self._where(each))
        return Finding(
            code="E416",
            place=self._places(number, waiting=False)[0],
            message=f"a case can go round for ever: from {_and(names)} it comes only to "
            f"{_and(list(circle)[:8])}, and never to an end",
            label="from here on",
            help="let one of them go on to an end, whatever was answered before; the test below "
            "shows how a case gets here",
            test=scenario_to(self.explored, number, f"goes round from {' and '.join(names)}"),
        )

    def _where(self, number: int) -> list[str]:
        """The innermost states in the author's words, without branches that have ended."""
        names = Names(definition=self.explored.definition)
        inner = self._innermost(number)
        words = [names.written(node.index).name for node in inner]
        return list(dict.fromkeys(words)) or where(
            self.explored, self.explored.found[number].here.snapshot
        )

    def _innermost(self, number: int) -> list[Node]:
        """Active states without active states inside that still have something to do."""
        snapshot = self.explored.found[number].here.snapshot
        nodes = [self.explored.moves.node(place) for place in snapshot.configuration]
        above = {node.parent for node in nodes}
        ended = {node.parent for node in nodes if node.shape is Shape.FINAL}
        return [
            node
            for node in nodes
            if node.index not in above and node.shape is not Shape.FINAL and node.index not in ended
        ]

    def _waits(self, number: int) -> list[tuple[Node, str]]:
        """Active states that wait for an event, and the event."""
        moves = self.explored.moves
        return [
            (node, name)
            for node in map(moves.node, self.explored.found[number].here.snapshot.configuration)
            for name in node.signals
        ]

    def _places(self, number: int, *, waiting: bool) -> list[Place]:
        """Where the innermost states stand in the file; those alone that wait for an event."""
        names = Names(definition=self.explored.definition)
        inner = [node for node, _ in self._waits(number)] if waiting else []
        written = (names.written(node.index) for node in inner or self._innermost(number))
        spans = (self.sources.states.get(state.id) for state in written)
        found = dict.fromkeys(span for span in spans if span is not None)
        return list(found) or [next(iter(self.sources.states.values()))]


def _and(words: list[str]) -> str:
    return quoted(words).replace(" or ", " and ")
