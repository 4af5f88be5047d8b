"""States of the chart while they are being built, and how they are frozen at the end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.core.advice import Advice
from engine.core.chart import (
    Action,
    Each,
    Enough,
    Shape,
    StartSubcase,
    State,
    Task,
    Transition,
    Wait,
)
from engine.core.expression import Expr, Template
from engine.core.time import TimerRule
from engine.document import Mapping, Node, Scalar
from engine.document import Span as Place
from engine.loader.phrases import Loop
from engine.loader.sources import Table

DONE: Final = "$done"
MOST_STATES: Final = 1000


@dataclass(kw_only=True, slots=True, eq=False)
class Draft:
    """One state of the chart while it is being built."""

    id: str  # dotted path from the root
    name: str  # its last word
    kind: str  # `root`, a kind of the language, `branch`, `item`, `final`, `history`
    shape: Shape
    parent: "Draft | None"
    body: Mapping  # the author's keys; empty for what the lowering made
    place: Place  # where the author named it
    hidden: bool  # made by the lowering
    children: list["Draft"] = field(default_factory=list)
    index: int = -1
    loop: Loop | None = None  # EACH: its item and list
    loop_text: Scalar | None = None  # EACH: where that stands
    inner: str | None = None  # EACH: the kind of its instances
    # what `states` fills in
    title: Template | None = None
    initial: list["Draft"] = field(default_factory=list)
    transitions: list["Draw"] = field(default_factory=list)
    entry: list[Action] = field(default_factory=list)
    completion: list[Action] = field(default_factory=list)
    skip: Expr | None = None
    timers: list[TimerRule] = field(default_factory=list)
    task: Task | None = None
    side_tasks: list[Task] = field(default_factory=list)
    wait: Wait | None = None
    start: StartSubcase | None = None
    each: Each | None = None
    enough: Enough | None = None
    outcome: str | None = None
    deep: bool = False
    undo: list[Action] = field(default_factory=list)
    advise: Node | None = None  # the author's `advise`, of which the body has made a task
    advice: Advice | None = None
    tables: list[Table] = field(default_factory=list)  # the rows of its exits, as written

    def lineage(self) -> Iterator["Draft"]:
        """Itself and what it lies in, up to the root."""
        at: Draft | None = self
        while at is not None:
            yield at
            at = at.parent

    def inside(self, other: "Draft") -> bool:
        return any(at is other for at in self.lineage())

    def walk(self) -> Iterator["Draft"]:
        """Itself and everything inside, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def written(self) -> "Draft":
        """The state that the author wrote and this one is a part of."""
        return next((at for at in self.lineage() if not at.hidden), self)

    def child(self, name: str) -> "Draft | None":
        return next((child for child in self.children if child.name == name), None)


@dataclass(kw_only=True, slots=True, eq=False)
class Draw:
    """A transition whose target is still a draft."""

    transition: Transition
    target: Draft | None  # None: it moves nothing


def hidden_child(parent: Draft, name: str, kind: str, shape: Shape, body: Mapping) -> Draft:
    """A state that the lowering needs and the author never sees."""
    made = Draft(
        id=f"{parent.id}.{name}" if parent.id else name,
        name=name,
        kind=kind,
        shape=shape,
        parent=parent,
        body=body,
        place=parent.place,
        hidden=True,
    )
    parent.children.append(made)
    return made


def hidden_final(parent: Draft, name: str, outcome: str) -> Draft:
    made = hidden_child(parent, name, "final", Shape.FINAL, Mapping(entries=(), span=parent.place))
    made.outcome = outcome
    return made


def number(top: Draft) -> list[Draft]:
    """All drafts in document order, each with its index."""
    drafts = list(top.walk())
    for index, draft in enumerate(drafts):
        draft.index = index
    return drafts


def freeze(draft: Draft) -> State:
    """The finished state; all drafts must be numbered."""
    return State(
        index=draft.index,
        id=draft.id,
        name=draft.name,
        title=draft.title,
        shape=draft.shape,
        parent=None if draft.parent is None else draft.parent.index,
        children=tuple(child.index for child in draft.children),
        initial=tuple(child.index for child in draft.initial),
        transitions=tuple(_freeze(draw) for draw in draft.transitions),
        entry=tuple(draft.entry),
        exit=(),
        completion=tuple(draft.completion),
        skip=draft.skip,
        timers=tuple(draft.timers),
        task=draft.task,
        side_tasks=tuple(draft.side_tasks),
        wait=draft.wait,
        start=draft.start,
        each=draft.each,
        enough=draft.enough,
        outcome=draft.outcome,
        deep=draft.deep,
        hidden=draft.hidden,
        undo=tuple(draft.undo),
        advice=draft.advice,
    )


def _freeze(draw: Draw) -> Transition:
    row = draw.transition
    return Transition(
        trigger=row.trigger,
        condition=row.condition,
        targets=() if draw.target is None else (draw.target.index,),
        internal=row.internal,
        actions=row.actions,
        label=row.label,
    )
