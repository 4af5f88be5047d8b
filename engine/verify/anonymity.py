"""Anonymous rounds that may end with too few answers for any of them to be shown."""

from collections.abc import Iterator
from math import ceil

from engine.core.anonymity import anonymous_task
from engine.core.chart import Definition, State
from engine.core.expression.tree import path_of
from engine.core.form import Field
from engine.core.index import chart_of
from engine.document import Mark
from engine.loader import Sources
from engine.verify.findings import Finding
from engine.verify.names import Names


def check_anonymity(definition: Definition, sources: Sources) -> Iterator[Finding]:
    names = Names(definition=definition)
    chart = chart_of(definition)
    for node in chart.nodes:
        task = anonymous_task(chart, node.state)
        if task is None or task.anonymous is None:
            continue
        listed = _listed(names, node.state)
        fewest = _fewest(node.state, listed)
        if fewest >= task.anonymous:
            continue
        also: tuple[Mark, ...] = ()
        if listed is not None and listed.name in sources.fields:
            also = (Mark(span=sources.fields[listed.name], label="who is asked"),)
        yield Finding(
            code="W420",
            place=sources.states[names.written(node.index).id],
            message=f"this round can be over with {fewest} answers, and of fewer than"
            f" {task.anonymous} nothing is shown",
            also=also,
            help=_way_out(node.state, listed, task.anonymous),
        )


def _listed(names: Names, state: State) -> Field | None:
    """The field that says who is asked; None for an expression."""
    assert state.each is not None
    path = path_of(state.each.items.tree)
    read = None if path is None else names.meaning(path, state.index)
    return None if read is None else names.field(read)


def _fewest(state: State, listed: Field | None) -> int:
    """The smallest number of answers with which the round is over, when everybody answers."""
    asked = int(listed.min) if listed is not None and listed.min else 1
    enough = state.enough
    if enough is None:
        return asked
    ways = [asked]
    if enough.count is not None:
        ways.append(enough.count)
    if enough.share is not None:
        ways.append(ceil(enough.share * asked))
    if enough.condition is not None:
        ways.append(1)
    return max(1, min(ways))


def _way_out(state: State, listed: Field | None, least: int) -> str:
    if listed is not None and (listed.min or 0) < least:
        return f"let at least {least} be asked, with `min: {least}` on `{listed.name}`"
    if state.enough is not None:
        return f"ask for `enough: {least}` or more"
    return "name the people in a field of `data` with a `min`"
