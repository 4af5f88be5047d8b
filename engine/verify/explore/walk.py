"""Breadth first through all situations: where no way leads on to an end, and how one gets there."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Final

from engine.core.chart import Definition
from engine.core.index import Node
from engine.core.snapshot import Place
from engine.verify.explore.likeness import Likeness
from engine.verify.explore.moves import Moves
from engine.verify.explore.relevance import Relevance, relevance_of
from engine.verify.explore.situation import Move, Situation, signals_of
from engine.verify.explore.world import World, world_of
from engine.verify.names import EndingRead

MOST_SITUATIONS: Final = 4_000
_MOVES: Final = 3  # for each situation that may be seen


@dataclass(kw_only=True, slots=True)
class Found:
    """One situation, and how the case first came into it."""

    here: Situation
    before: int | None  # number of the situation before; None: the start
    by: Move
    after: dict[int, Move] = field(default_factory=dict)  # what may come next, by its number
    perhaps: set[int] = field(default_factory=set)  # and what may with values that were not tried
    real: bool = True  # False: only with such values a case comes here
    open: bool = False  # something may come next that is not known

    @property
    def leads_to(self) -> tuple[int, ...]:
        """Everything that may come next, as far as it is known."""
        return (*self.after, *self.perhaps)


@dataclass(kw_only=True, slots=True)
class Explored:
    """Every situation that was seen."""

    definition: Definition
    moves: Moves
    likeness: Likeness
    most: int
    found: list[Found]
    sent: frozenset[str]  # events of the process itself that some way sends
    whole: bool  # False: the bound came first

    @property
    def relevance(self) -> Relevance:
        return self.moves.relevance

    @property
    def world(self) -> World:
        return self.moves.world

    def really(self, lost: list[int]) -> tuple["Explored", dict[int, int]]:
        """Where these situations are played with what a case really says, by their numbers there.

        Somebody may have to say more than what was tried; then it is played with more.
        """
        here = {number: number for number in lost if self.found[number].real}
        if here or not lost:
            return self, here
        known = {self.likeness.key(self.found[number].here): number for number in lost}
        walk = _Walk(
            moves=Moves(
                definition=self.definition,
                relevance=relevance_of(self.definition, finely=True),
                world=self.world,
            ),
            most=self.most,
        )
        walk.run()
        finer = replace(_explored(walk), sent=self.sent | walk.sent)
        keys = {
            number: self.likeness.key(each.here)
            for number, each in enumerate(walk.found)
            if each.real
        }
        return finer, {number: known[key] for number, key in keys.items() if key in known}

    def lost(self) -> list[int]:
        """Numbers of the situations from which no way leads to an end, the nearest first."""
        before: list[list[int]] = [[] for _ in self.found]
        for number, each in enumerate(self.found):
            for after in each.leads_to:
                before[after].append(number)
        good = [
            number
            for number, each in enumerate(self.found)
            if each.open or each.here.snapshot.outcome is not None
        ]
        seen = set(good)
        while good:
            for number in before[good.pop()]:
                if number not in seen:
                    seen.add(number)
                    good.append(number)
        return [number for number in range(len(self.found)) if number not in seen]

    def way_to(self, number: int) -> list[Move]:
        """The shortest play that leads there, the start first."""
        at: int | None = number
        moves = []
        while at is not None:
            moves.append(self.found[at].by)
            at = self.found[at].before
        return moves[::-1]

    def way_round(self, number: int) -> list[Move] | None:
        """The shortest way from a situation back to it; None if there is none."""
        before: dict[int, int] = {}
        waiting = deque([number])
        while waiting and number not in before:
            at = waiting.popleft()
            for after in self.found[at].after:
                if after not in before:
                    before[after] = at
                    waiting.append(after)
        if number not in before:
            return None
        line = [number]
        while len(line) == 1 or line[-1] != number:
            line.append(before[line[-1]])
        return self._played(line[::-1])

    def _played(self, line: list[int]) -> list[Move] | None:
        """The moves along a line of situations: not everybody in them goes by the same name."""
        here = self.found[line[0]].here
        moves: list[Move] = []
        for number in line[1:]:
            wanted = self.likeness.key(self.found[number].here)
            for move, after, assumed in self.moves.of(here, None):
                if not assumed and after is not None and self.likeness.key(after) == wanted:
                    moves.append(move)
                    here = after
                    break
            else:
                return None
        return moves


def explore(definition: Definition, most: int = MOST_SITUATIONS) -> Explored:
    """At most `most` situations of a case."""
    relevance = relevance_of(definition)
    told = frozenset(
        definition.states[read.state].id
        for read in relevance.every
        if isinstance(read, EndingRead) and read.name == "answers"
    )
    moves = Moves(definition=definition, relevance=relevance, world=world_of(definition, told))
    walk = _Walk(moves=moves, most=most)
    walk.run()
    return _explored(walk)


def _explored(walk: "_Walk") -> Explored:
    return Explored(
        definition=walk.moves.definition,
        moves=walk.moves,
        likeness=walk.likeness,
        most=walk.most,
        found=walk.found,
        sent=frozenset(walk.sent),
        whole=not walk.full,
    )


@dataclass(kw_only=True, slots=True)
class _Walk:
    moves: Moves
    most: int
    found: list[Found] = field(default_factory=list)
    known: dict[Hashable, int] = field(default_factory=dict)
    waiting: deque[int] = field(default_factory=deque)
    assumed: deque[tuple[int | None, Move, Situation]] = field(default_factory=deque)
    likeness: Likeness = field(init=False)
    sent: set[str] = field(default_factory=set)
    full: bool = False  # the bound was reached, and something was left out
    moved: int = 0  # how many moves were made

    def __post_init__(self) -> None:
        self.likeness = Likeness(moves=self.moves)

    def run(self) -> None:
        for move, after, assumed in self.moves.starts():
            if after is None:
                continue
            if assumed:
                self.assumed.append((None, move, after))
            else:
                self._meet(after, None, move)
        self._expand_all()
        while self.assumed and not self.full:  # whatever can really be reached is known by now
            number, move, after = self.assumed.popleft()
            then, _ = self._meet(after, number, move, real=False)
            if number is not None:
                self._assume(number, then)
            self._expand_all()
        for number in self.waiting:
            self.found[number].open = True
        for before, *_ in self.assumed:
            if before is not None:
                self.found[before].open = True

    def _expand_all(self) -> None:
        while self.waiting and not self.full:
            self._expand(self.waiting.popleft())
            self.full = self.full or (bool(self.waiting) and self.moved >= _MOVES * self.most)

    def _assume(self, number: int, then: int | None) -> None:
        if then is None:
            self.found[number].open = True
        else:
            self.found[number].perhaps.add(then)

    def _meet(
        self, here: Situation, before: int | None, by: Move, *, real: bool = True
    ) -> tuple[int | None, bool]:
        """The number of a situation, None beyond the bound; and whether it is a new one."""
        self.sent |= here.sent
        key = self.likeness.key(here)
        number = self.known.get(key)
        if number is not None:
            return number, False
        if len(self.found) >= self.most:
            self.full = True
            return None, False
        number = self.known[key] = len(self.found)
        self.found.append(Found(here=here, before=before, by=by, real=real))
        if here.snapshot.outcome is None:
            self.waiting.append(number)
        return number, True

    def _expand(self, number: int) -> None:
        at = self.found[number]
        alone = self._alone(at.here)
        if alone is not None and self._follow(number, alone):
            return
        self._follow(number, None)

    def _follow(self, number: int, only: Place | None) -> bool:
        """Makes all moves, or those of one branch; whether a new situation came of it."""
        at = self.found[number]
        fresh, heard, silent = False, frozenset[str](), frozenset[str]()
        for move, after, assumed in self.moves.of(at.here, only):
            self.moved += 1
            if after is None:
                at.open = True
                continue
            at.open = at.open or after.unsure
            told = signals_of(move)
            if assumed and at.real:
                self.assumed.append((number, move, after))
                heard |= told
                continue
            then, new = self._meet(after, number, move, real=at.real)
            if then is None:
                at.open = True
                continue
            fresh = fresh or new
            if then != number or after.snapshot.visits != at.here.snapshot.visits:
                if at.real:
                    at.after.setdefault(then, move)
                else:
                    at.perhaps.add(then)
                heard |= told
            else:
                silent |= told
        # An event that never did anything may do something when it says something else.
        at.open = at.open or not silent <= heard
        return fresh

    def _alone(self, here: Situation) -> Place | None:
        """A branch whose moves may come first, since they have nothing to do with any others."""
        relevance = self.moves.relevance
        for task in here.snapshot.tasks.values():
            if task.side is None:
                place, node = task.place, self.moves.node(task.place)
                while node.index not in relevance.quiet and node.parent > 0:
                    place, node = self._above(place, node)
                if node.index in relevance.quiet:
                    return place
        return None

    def _above(self, place: Place, node: Node) -> tuple[Place, Node]:
        nodes = self.moves.relevance.chart.nodes
        cut = place.rindex("[") if node.in_each else len(place) - len(node.name) - 1
        return place[:cut], nodes[node.parent]
