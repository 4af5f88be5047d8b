"""Fields that are written in two places at the same time: whoever is last wins, by accident."""

from collections.abc import Callable, Iterator
from itertools import combinations

from engine.core.chart import Assign, Definition, Shape, State
from engine.core.index import Node, chart_of
from engine.document import Mark
from engine.loader import Sources
from engine.verify.findings import Finding
from engine.verify.names import Names
from engine.verify.tables import grid_for


def check_writes(definition: Definition, sources: Sources) -> Iterator[Finding]:
    names = Names(definition=definition)
    for node in chart_of(definition).nodes:
        if node.shape is Shape.PARALLEL:
            yield from _branches(names, sources, node)
        elif node.shape is Shape.EACH:
            yield from _instances(names, sources, node)


def _branches(names: Names, sources: Sources, node: Node) -> Iterator[Finding]:
    written = {child: _written(names.definition, child) for child in node.parts}
    told: set[str] = set()
    for one, two in combinations(node.parts, 2):
        common = sorted(written[one].keys() & written[two].keys() - told)
        if not common or _exclude_each_other(names, node.index, one, two):
            continue
        for field in common:
            told.add(field)
            first = names.written(written[one][field])
            second = names.written(written[two][field])
            yield Finding(
                code="E406",
                place=sources.states[second.id],
                message=f"`{second.name}` writes `{field}`, and so does `{first.name}` in another"
                " branch that runs beside it",
                also=(Mark(span=sources.states[first.id], label=f"writes `{field}`, too"),),
                help="let one of them ask for it, or give each a field of its own",
            )


def _exclude_each_other(names: Names, parallel: int, one: int, two: int) -> bool:
    """Whether no values let both branches begin: `if: data.remote` and `unless: data.remote`."""
    skips = [names.definition.states[branch].skip for branch in (one, two)]
    grid = grid_for(names, parallel)
    tests = [grid.test(skip) for skip in skips if skip is not None]
    if len(tests) < len(skips):
        return False
    together = any(all(each is False for each in answers) for _, answers in grid.decided(tests))
    return grid.exact and not together


def _instances(names: Names, sources: Sources, node: Node) -> Iterator[Finding]:
    for field, state in sorted(_written(names.definition, node.index, _replacing).items()):
        here = names.written(state)
        place = sources.states.get(here.id) or sources.states[names.written(node.index).id]
        yield Finding(
            code="W406",
            place=place,
            message=f"everybody in this `each` writes the same field `{field}`, so only the last"
            " answer is kept",
            help=f"make it a question of the task: its answers are then all in"
            f" `{names.written(node.index).name}.answers`",
        )


def _written(
    definition: Definition,
    index: int,
    fields_of: Callable[[State], Iterator[str]] | None = None,
) -> dict[str, int]:
    """Fields that a state and all inside it write, each with the state that does.

    With `fields_of`, those that it names, of what is inside alone.
    """
    found: dict[str, int] = {}
    waiting = [index] if fields_of is None else list(definition.states[index].children)
    while waiting:
        state = definition.states[waiting.pop(0)]
        for field in (fields_of or own_writes)(state):
            found.setdefault(field, state.index)
        waiting = [*state.children, *waiting]
    return found


def _replacing(state: State) -> Iterator[str]:
    """The fields whose value the state replaces; `set: {no: data.no + [peer]}` only adds to it."""
    if state.task is not None and state.task.form is not None:
        yield from sorted(state.task.form.shared)
    for action in Names.actions(state):
        if isinstance(action, Assign) and not _adds(action):
            yield action.field


def _adds(action: Assign) -> bool:
    return any(path[:2] == ("data", action.field) for path in action.value.reads)


def own_writes(state: State) -> Iterator[str]:
    """The fields of the case file that the state itself writes."""
    if state.task is not None and state.task.form is not None:
        yield from sorted(state.task.form.shared)
    for action in Names.actions(state):
        if isinstance(action, Assign):
            yield action.field
