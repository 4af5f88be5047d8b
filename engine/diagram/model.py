"""What of a chart is worth drawing: the author's states and the ways between them.

Hidden states of the lowering are left out: a branch and its single body are one box, ways to a
hidden end are no arrows.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.core.chart import Definition, Shape, State, Transition, TriggerKind


class BoxKind(StrEnum):
    """What a box stands for; each looks different without its colour."""

    TASK = "task"
    EACH = "each"
    WAIT = "wait"
    DECISION = "decide"
    AUTOMATIC = "do"
    SUBCASE = "start"
    END = "end"
    GROUP = "group"  # contains others, one of them active
    BRANCHES = "branches"  # contains others, all of them active


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A state to draw."""

    id: str  # the state's id
    label: str
    note: str | None  # second line: whose task it is, what is waited for
    kind: BoxKind
    parent: str | None  # id of the box around it


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrow:
    """A way from one box to another."""

    source: str
    target: str
    label: str | None  # button, event or time that takes it; None: it just goes on
    back: bool  # leads to something earlier in the file


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """Everything to draw, boxes in document order and parents before children."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    anywhere: tuple[tuple[str, str], ...]  # (event, where it leads) from every state
    first: str | None  # id of the box where a case begins


def picture(definition: Definition) -> Picture:
    """The picture of a definition."""
    drawn = _Drawn(definition)
    boxes = tuple(
        Box(
            id=state.id,
            label=_label(state),
            note=_note(drawn.body(state)),
            kind=_kind(state, drawn),
            parent=drawn.around(state),
        )
        for state in definition.states
        if drawn.shows(state)
    )
    return Picture(
        title=definition.title,
        boxes=boxes,
        arrows=tuple(drawn.arrows()),
        anywhere=tuple(drawn.anywhere()),
        first=drawn.first(),
    )


class _Drawn:
    """The chart seen as boxes: which state is a box, and which box a state is drawn in."""

    def __init__(self, definition: Definition) -> None:
        self.states = definition.states

    def shows(self, state: State) -> bool:
        return self.box_of(state) is state

    def box_of(self, state: State) -> State | None:
        """The box that stands for a state; None for the root and for hidden ends."""
        if state.parent is None:
            return None
        parent = self.states[state.parent]
        if state.shape is Shape.HISTORY:
            return self.box_of(parent)
        if state.hidden and state.shape is Shape.FINAL:
            return None
        # The single body of a branch or an instance is drawn as the box around it.
        if state.hidden or self._is_body(state, parent):
            return self.box_of(parent)
        return state

    def body(self, state: State) -> State:
        """The state that carries a box's task or wait: itself, or its single lowered body."""
        while True:
            inner = [
                self.states[child]
                for child in state.children
                if self.states[child].shape not in (Shape.FINAL, Shape.HISTORY)
                and not self.shows(self.states[child])
            ]
            if len(inner) != 1:
                return state
            state = inner[0]

    def around(self, state: State) -> str | None:
        box = self.box_of(self.states[state.parent]) if state.parent is not None else None
        return box.id if box else None

    def arrows(self) -> Iterator[Arrow]:
        """One arrow for each pair of boxes, with everything that takes it written at it."""
        ways: dict[tuple[str, str], list[str]] = {}
        silent: dict[tuple[str, str], str] = {}  # what the unlabelled way of a pair is called
        back: dict[tuple[str, str], bool] = {}
        for state in self.states:
            source = self.box_of(state)
            for transition in state.transitions if source else ():
                for target in self._leads_to(transition):
                    if source is None or target.id == source.id:
                        continue
                    pair = (source.id, target.id)
                    back[pair] = target.index <= source.index
                    labels = ways.setdefault(pair, [])
                    label = _way(transition, state)
                    if label and label not in labels:
                        labels.append(label)
                    if label is None and (word := _plainly(transition, state)):
                        silent[pair] = word
        exits = Counter(source for source, _ in ways)
        for pair, labels in ways.items():
            said = [silent[pair], *labels] if labels and pair in silent else labels
            # Where a decision leads to one place whatever holds, what held says nothing.
            says = said and (exits[pair[0]] > 1 or len(said) == 1 or pair in silent)
            yield Arrow(
                source=pair[0],
                target=pair[1],
                label=" / ".join(said) if says else None,
                back=back[pair],
            )

    def _leads_to(self, transition: Transition) -> Iterator[State]:
        for index in transition.targets:
            box = self.box_of(self.states[index])
            if box is not None:
                yield box

    def anywhere(self) -> Iterator[tuple[str, str]]:
        for transition in self.states[0].transitions:
            for index in transition.targets:
                target = self.states[index]
                yield _way(transition, self.states[0]) or "", target.outcome or _label(target)

    def first(self) -> str | None:
        for index in self.states[0].initial:
            box = self.box_of(self.states[index])
            if box is not None:
                return box.id
        return None

    def _is_body(self, state: State, parent: State) -> bool:
        """Whether the author wrote one thing where the chart has two."""
        if parent.parent is None or parent.shape is not Shape.COMPOUND:
            return False
        above = self.states[parent.parent]
        others = [
            child
            for child in parent.children
            if child != state.index and not self.states[child].hidden
        ]
        lowered = above.shape is Shape.PARALLEL or parent.hidden
        return lowered and not others and state.name in _BODY_NAMES


_BODY_NAMES = frozenset({"task", "wait", "do", "decide", "start"})


def _label(state: State) -> str:
    return state.name.replace("_", " ").replace("-", " ").strip().capitalize()


def _note(body: State) -> str | None:
    if body.task is not None:
        return body.task.to.label
    if body.wait is not None:
        return f"until {body.wait.signal}"
    if body.start is not None:
        return body.start.process
    for rule in body.timers:
        if rule.id == "until":
            return f"until {rule.deadline.phrase}"
    return None


def _kind(state: State, drawn: _Drawn) -> BoxKind:
    if state.shape is Shape.FINAL:
        return BoxKind.END
    if state.shape is Shape.EACH:
        return BoxKind.EACH
    body = drawn.body(state)
    if state.shape is Shape.PARALLEL:
        return BoxKind.BRANCHES
    if body.task is not None:
        return BoxKind.TASK
    if body.start is not None:
        return BoxKind.SUBCASE
    if body.wait is not None or any(rule.id == "until" for rule in body.timers):
        return BoxKind.WAIT
    if body.shape is Shape.COMPOUND:
        return BoxKind.GROUP
    conditions = [row for row in body.transitions if row.trigger.kind is TriggerKind.ALWAYS]
    return BoxKind.DECISION if len(conditions) > 1 else BoxKind.AUTOMATIC


def _way(transition: Transition, state: State) -> str | None:
    """What is written at an arrow."""
    trigger = transition.trigger
    if trigger.kind is TriggerKind.TIMER:
        rule = next((rule for rule in state.timers if rule.id == trigger.name), None)
        if rule is None or rule.id == "until":
            return None
        phrase = rule.deadline.phrase
        return phrase if phrase.endswith("late") else f"after {phrase}"
    if trigger.kind is TriggerKind.ALWAYS:
        return _condition(transition)
    if trigger.kind is TriggerKind.DONE:
        return None
    if trigger.kind is TriggerKind.SIGNAL and state.wait and state.wait.signal == trigger.name:
        return None
    only_button = state.task is not None and state.task.buttons == (trigger.name,)
    word = None if only_button else trigger.name.replace("_", " ")
    condition = _condition(transition)
    return f"{word}: {condition}" if word and condition else condition or word


def _plainly(transition: Transition, state: State) -> str | None:
    """What an arrow without words is called when other ways share it."""
    if state.task is not None:
        return "answered" if transition.trigger.name in state.task.buttons else None
    decides = any(row.trigger.kind is TriggerKind.ALWAYS for row in state.transitions)
    return None if decides else "done"


def _condition(transition: Transition) -> str | None:
    """The condition as written, without the `data.` that every reader can do without."""
    source = transition.condition.source if transition.condition else None
    return source.replace("data.", "") if source else None
