"""Circles that nothing stops: no person, no date, no event in them."""

from collections.abc import Iterator, Mapping

from engine.core.chart import Definition, Shape
from engine.core.index import Node, chart_of
from engine.document import Mark
from engine.loader import Sources
from engine.verify.findings import Finding
from engine.verify.names import Names


def check_circles(definition: Definition, sources: Sources) -> Iterator[Finding]:
    names = Names(definition=definition)
    onward = {node.index: tuple(_at_once(definition, node)) for node in chart_of(definition).nodes}
    told: set[int] = set()
    for start in onward:
        circle = _circle(onward, start)
        if circle is None or told.intersection(circle):
            continue
        told.update(circle)
        states = list(dict.fromkeys(names.written(index).id for index in circle))
        shown = [definition.states[chart_of(definition).by_id[each]].name for each in states]
        yield Finding(
            code="E408",
            place=sources.states[states[0]],
            message="this goes round without anybody or anything to wait for: "
            + " → ".join((*shown, shown[0])),
            also=tuple(Mark(span=sources.states[each], label="then") for each in states[1:2]),
            help="put a task, a `wait` or an exit into the circle",
        )


def _at_once(definition: Definition, node: Node) -> Iterator[int]:
    """Where a state goes in the same step in which it is entered."""
    state = node.state
    if node.shape is Shape.COMPOUND:
        yield from state.initial
    elif node.shape is Shape.FINAL and state.parent:
        above = chart_of(definition).nodes[state.parent]
        if above.shape is Shape.COMPOUND:
            for row in above.done:
                yield from row.transition.targets
    for row in node.always:
        yield from row.transition.targets
    does = node.instant or (state.start is not None and state.start.wait == 0)
    if does and not node.always:
        for row in node.done:
            yield from row.transition.targets


def _circle(onward: Mapping[int, tuple[int, ...]], start: int) -> list[int] | None:
    """The shortest way from a state back to it."""
    came: dict[int, int] = {}
    waiting = [start]
    while waiting:
        index = waiting.pop(0)
        for target in onward[index]:
            if target == start:
                way = [index]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if target not in came:
                came[target] = index
                waiting.append(target)
    return None
