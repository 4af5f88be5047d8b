"""Conditions that the tried values do not decide: each is taken to hold, and not to hold.

A definition is played in which such a condition (and each list that an `each` goes through) answers
from a tape. What comes of the answers that the values themselves give is a real play; all others
may be one, with values that were not tried.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from engine.core.chart import Definition, State, Transition
from engine.core.expression import Expr, ExpressionFailed

MOST_GUESSES: Final = 32  # ways that one move may take
_SOMEBODY: Final = ("una",)
_FAILS: Final = object()  # the values give no answer


class NoWay(Exception):  # noqa: N818 - it is no failure, but the answer to a guess
    """What was assumed cannot be: then no row fits, and that there is such a row is proved."""


@dataclass(kw_only=True, slots=True)
class Guesses:
    """The tape: what is answered in turn while one move is played."""

    told: tuple[Any, ...] = ()
    made: list[Any] = field(default_factory=list)
    others: list[tuple[Any, ...]] = field(default_factory=list)  # what else might be answered
    known: dict[int, Any] = field(default_factory=dict)  # a condition answers alike all along
    assumed: bool = False  # something was answered that the values do not give

    def plays(self, play: Callable[[], Any]) -> Iterator[tuple[Any, bool]]:
        """What comes of a move for all answers there are, and whether they were assumed.

        The first is what the values give. Ends with None, assumed, if there are too many.
        """
        waiting: list[tuple[Any, ...]] = [()]
        count = 0
        while waiting:
            count += 1
            if count > MOST_GUESSES:
                yield None, True
                return
            told = self._rewound(waiting.pop())
            with suppress(NoWay):
                yield play(), self.assumed
            made, others = self.made, self.others
            for at in range(len(told), len(made)):
                waiting += [(*made[:at], other) for other in others[at]]

    def _rewound(self, told: tuple[Any, ...]) -> tuple[Any, ...]:
        self.told, self.made, self.others = told, [], []
        self.known, self.assumed = {}, False
        return told

    def answer(self, asked: int, given: Any, others: tuple[Any, ...]) -> Any:
        """What one condition answers now; `given` is what its values give."""
        if asked in self.known:
            return self.known[asked]
        at = len(self.made)
        chosen = self.told[at] if at < len(self.told) else given
        self.assumed = self.assumed or chosen is not given
        self.made.append(chosen)
        self.others.append(others)
        self.known[asked] = chosen
        return chosen


@dataclass(frozen=True, kw_only=True, slots=True)
class _Guess:
    """Stands where an expression stood, and is read as it was."""

    expr: Expr
    tape: Guesses
    answers: tuple[Any, ...]  # all that it may answer
    sure: bool  # a list with somebody on it is all there is to try

    @property
    def source(self) -> str:
        return self.expr.source

    @property
    def reads(self) -> frozenset[tuple[str, ...]]:
        return self.expr.reads

    @property
    def type(self) -> Any:
        return self.expr.type

    def eval(self, values: Mapping[str, Any]) -> Any:
        try:
            given = self.expr.eval(values)
        except ExpressionFailed:
            chosen = self.tape.answer(id(self), _FAILS, self.answers)
            if chosen is _FAILS:
                raise
            return chosen
        others = tuple(each for each in self.answers if bool(each) != bool(given))
        return self.tape.answer(id(self), given, () if self.sure and given else others)


def guessing(
    definition: Definition, guessed: frozenset[Expr], alike: frozenset[int], tape: Guesses
) -> Definition:
    """The same definition, in which these conditions and all lists are guessed.

    `alike` are the EACH states of which a list with somebody on it is enough to try.
    """
    rewriting = _Rewriting(guessed=guessed, alike=alike, tape=tape)
    return replace(definition, states=tuple(map(rewriting.state, definition.states)))


@dataclass(kw_only=True, slots=True)
class _Rewriting:
    guessed: frozenset[Expr]
    alike: frozenset[int]
    tape: Guesses

    def state(self, state: State) -> State:
        wait, enough, each = state.wait, state.enough, state.each
        if wait is not None:
            wait = replace(wait, match=self._condition(wait.match))
        if enough is not None:
            enough = replace(enough, condition=self._condition(enough.condition))
        if each is not None:
            sure = state.index in self.alike
            each = replace(each, items=self._guess(each.items, ((), _SOMEBODY), sure=sure))
        return replace(
            state,
            transitions=tuple(map(self._row, state.transitions)),
            skip=self._condition(state.skip),
            wait=wait,
            enough=enough,
            each=each,
        )

    def _row(self, row: Transition) -> Transition:
        return replace(row, condition=self._condition(row.condition))

    def _condition(self, expr: Expr | None) -> Expr | None:
        if expr is None or expr not in self.guessed:
            return expr
        return self._guess(expr, (True, False), sure=False)

    def _guess(self, expr: Expr, answers: tuple[Any, ...], *, sure: bool) -> Expr:
        return cast("Expr", _Guess(expr=expr, tape=self.tape, answers=answers, sure=sure))
