"""What `step` needs to know about a definition again and again, worked out once per definition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.core.chart import Definition, PauseClock, Shape, State, Transition, Trigger, TriggerKind
from engine.core.snapshot import Place
from engine.core.time import Deadline, TimerKind, Unit

DONE_NAME = "$done"
CANCELLED_NAME = "$cancelled"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Row:
    """A transition of one state with what the algorithm asks of it."""

    source: int  # index of the state it stands in
    transition: Transition
    domain: int | None  # the state whose inside is left and entered; None: nothing moves
    whole: bool  # the domain itself is left, too: a branch or an instance that begins anew
    trigger: str  # for the telling: `submit`, `done`, `late.0`, `` for none
    completes: bool = False  # a `wait for`: taking it completes the source


Rows = tuple[Row, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Node:
    """One state with its neighbours worked out."""

    state: State
    index: int
    name: str  # the last word of the id
    shape: Shape
    parent: int  # the root's is -1
    in_each: bool  # its parent is an EACH, so that its places are instances
    fixed: Place | None  # its only place; None below an EACH
    ancestors: tuple[int, ...]  # from the parent up to the root
    rank: int  # position in document order
    last: int  # rank of its last descendant, its own if it has none
    instance: int | None  # the innermost instance state it is or belongs to
    lowered: bool  # a tail that people do not see: its ending is its parent's
    always: Rows
    done: Rows
    buttons: Mapping[str, Rows]
    timers: Mapping[str, Rows]
    signals: Mapping[str, Rows]  # a `wait for` is the first row of its signal
    histories: tuple[int, ...]  # its HISTORY children
    parts: tuple[int, ...]  # its other children
    finals: tuple[int, ...]  # its FINAL children
    logical: Place | None  # its only place without a lowered tail; None below an EACH
    until: bool  # has a timer that ends it
    instant: bool  # nothing to wait for: it completes as soon as it was entered


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Chart:
    """A definition, indexed."""

    definition: Definition
    nodes: tuple[Node, ...]
    ranks: tuple[int, ...]  # of the nodes
    by_id: Mapping[str, int]
    by_name: Mapping[str, tuple[int, ...]]  # states people can name in an expression
    signals: frozenset[str]  # those that any state answers to
    eventless: bool  # whether any transition needs no event
    has_each: bool
    undoes: bool  # whether any state has an `undo`
    has_pools: bool  # whether any task is anonymous
    follows: bool  # whether any item list or deadline reads something that can change
    pauses: Mapping[str, PauseClock]  # what stops the clock of the case, by the event that does
    dated: bool  # whether any deadline is counted on a calendar, which changes when people move
    # what each expression reads (engine.core.binding), by its id()
    needs: dict[int, tuple[object, Mapping[str, frozenset[str]]]] = field(default_factory=dict)


def chart_of(definition: Definition) -> Chart:
    """The definition's index, made at the first call and kept with the definition."""
    known = definition.memo.get("chart")
    if isinstance(known, Chart):
        return known
    chart = _indexed(definition)
    definition.memo["chart"] = chart
    return chart


def _indexed(definition: Definition) -> Chart:
    states = definition.states
    order = tuple(_preorder(states, 0))
    rank = {index: position for position, index in enumerate(order)}
    nodes = tuple(_node(states, state, rank) for state in states)
    named: dict[str, list[int]] = {}
    for node in nodes:
        if not node.state.hidden and node.shape is not Shape.HISTORY and node.parent >= 0:
            named.setdefault(node.name, []).append(node.index)
    return Chart(
        definition=definition,
        nodes=nodes,
        ranks=tuple(node.rank for node in nodes),
        by_id={state.id: state.index for state in states},
        by_name={name: tuple(indices) for name, indices in named.items()},
        signals=frozenset(name for node in nodes for name in node.signals),
        eventless=any(node.always for node in nodes),
        has_each=any(node.shape is Shape.EACH for node in nodes),
        undoes=any(state.undo for state in states),
        has_pools=any(node.state.task and node.state.task.anonymous for node in nodes),
        pauses=pauses_of(states),
        follows=any(_follows(state) for state in states),
        dated=any(_on_a_calendar(each) for state in states for each in _deadlines(state)),
    )


def pauses_of(states: tuple[State, ...]) -> Mapping[str, PauseClock]:
    """What stops the clock of a case, by the event that does."""
    return {
        action.reason: action
        for transition in states[0].transitions
        for action in transition.actions
        if isinstance(action, PauseClock)
    }


def _preorder(states: tuple[State, ...], index: int) -> Iterator[int]:
    yield index
    for child in states[index].children:
        yield from _preorder(states, child)


def _follows(state: State) -> bool:
    return state.each is not None or any(each.anchor is not None for each in _deadlines(state))


def _deadlines(state: State) -> list[Deadline]:
    deadlines = [rule.deadline for rule in state.timers]
    return deadlines + [task.due for task in (state.task, *state.side_tasks) if task and task.due]


def _on_a_calendar(deadline: Deadline) -> bool:
    return deadline.span is not None and deadline.span.unit not in (Unit.HOURS, Unit.MINUTES)


def ancestors_of(states: tuple[State, ...], index: int) -> tuple[int, ...]:
    """Indices from the parent up to the root."""
    above = []
    parent = states[index].parent
    while parent is not None:
        above.append(parent)
        parent = states[parent].parent
    return tuple(above)


def _node(states: tuple[State, ...], state: State, rank: Mapping[int, int]) -> Node:
    ancestors = ancestors_of(states, state.index)
    line = (state.index, *ancestors)
    instance = next((i for i in line if _is_instance(states, i)), None)
    groups: dict[TriggerKind, dict[str, list[Row]]] = {kind: {} for kind in TriggerKind}
    if state.wait is not None:
        groups[TriggerKind.SIGNAL][state.wait.signal] = [_wait_row(state)]
    for transition in state.transitions:
        trigger = transition.trigger
        domain, whole = transition_domain(states, state.index, transition)
        row = Row(
            source=state.index,
            transition=transition,
            domain=domain,
            whole=whole,
            trigger=trigger.name or ("done" if trigger.kind is TriggerKind.DONE else ""),
        )
        groups[trigger.kind].setdefault(trigger.name, []).append(row)
    done = tuple(row for rows in groups[TriggerKind.DONE].values() for row in rows)
    until = any(rule.kind is TimerKind.UNTIL for rule in state.timers)
    return Node(
        state=state,
        index=state.index,
        name=state.id.rsplit(".", 1)[-1],
        shape=state.shape,
        parent=-1 if state.parent is None else state.parent,
        in_each=_is_instance(states, state.index),
        fixed=state.id if instance is None else None,
        ancestors=ancestors,
        rank=rank[state.index],
        last=max(rank[index] for index in _preorder(states, state.index)),
        instance=instance,
        lowered=_is_lowered(states, state.index),
        always=tuple(row for rows in groups[TriggerKind.ALWAYS].values() for row in rows),
        done=done,
        buttons=_frozen(groups[TriggerKind.BUTTON]),
        timers=_frozen(groups[TriggerKind.TIMER]),
        signals=_frozen(groups[TriggerKind.SIGNAL]),
        histories=tuple(c for c in state.children if states[c].shape is Shape.HISTORY),
        parts=tuple(c for c in state.children if states[c].shape is not Shape.HISTORY),
        finals=tuple(c for c in state.children if states[c].shape is Shape.FINAL),
        logical=None if instance is not None else _logical_id(states, state.index),
        until=until,
        instant=state.shape is Shape.ATOMIC
        and not (state.task or state.wait or state.start or until)
        and bool(done or state.completion),
    )


def _frozen(rows: Mapping[str, list[Row]]) -> Mapping[str, Rows]:
    return {name: tuple(each) for name, each in rows.items()}


def _is_instance(states: tuple[State, ...], index: int) -> bool:
    parent = states[index].parent
    return parent is not None and states[parent].shape is Shape.EACH


def _is_lowered(states: tuple[State, ...], index: int) -> bool:
    """Hidden, and neither an instance nor a child of the root."""
    return states[index].hidden and bool(states[index].parent) and not _is_instance(states, index)


def _logical_id(states: tuple[State, ...], index: int) -> str:
    while _is_lowered(states, index):
        index = states[index].parent or 0
    return states[index].id


def _wait_row(state: State) -> Row:
    assert state.wait is not None
    transition = Transition(
        trigger=Trigger(kind=TriggerKind.SIGNAL, name=state.wait.signal),
        condition=state.wait.match,
        targets=(),
        internal=True,
        actions=(),
        label=f"wait for {state.wait.signal}",
    )
    return Row(
        source=state.index,
        transition=transition,
        domain=None,
        whole=False,
        trigger=state.wait.signal,
        completes=True,
    )


def transition_domain(
    states: tuple[State, ...], source: int, transition: Transition
) -> tuple[int | None, bool]:
    """SCXML's getTransitionDomain: the innermost state around everything that is left and entered.

    Unlike SCXML's it may be a PARALLEL, whose branches then all begin anew, while it stays. What
    leads from inside a branch to that branch (or, if `internal`, from the branch to itself), and
    whatever happens within an instance of an EACH, leaves that one alone (the second value is then
    True): what others work on beside it stays open. A HISTORY target needs no looking up: what it
    stands for lies where it lies itself.
    """
    targets = transition.targets
    if not targets:
        return None, False
    lines = [(target, *ancestors_of(states, target)) for target in targets]
    above = [line[1:] for line in lines]
    inside = all(source in line for line in above)
    if transition.internal and inside and states[source].shape is Shape.COMPOUND:
        return source, False
    below = source
    for index in ancestors_of(states, source):
        if all(index in line for line in above):
            match states[index].shape:
                case Shape.PARALLEL:
                    alone = all(target == below for target in targets)
                    if alone and (source != below or transition.internal):
                        return below, True
                    return index, False
                case Shape.EACH:
                    return below, True
                case _:
                    return index, False
        below = index
    return 0, False
