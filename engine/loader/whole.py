"""Events that count in every state, and the ends of the whole case that only they lead to."""

from collections.abc import Callable
from typing import Final

from engine.core.chart import PauseClock, Shape, Trigger, TriggerKind
from engine.document import Node
from engine.loader.drafts import Draft, hidden_final
from engine.loader.findings import as_mapping
from engine.loader.names import is_event
from engine.loader.pausing import check_pauses
from engine.loader.rows import draws, read_rows
from engine.loader.scopes import World, scope_at, with_event

CANCELLED: Final = "cancelled"


def read_case_events(world: World, node: Node | None) -> None:
    """The `on` of the process; also makes the end that cancelling leads to."""
    top = world.top
    ends = _ends(top)
    pairs = None if node is None else as_mapping(world.findings, node, "`on`")
    scope = with_event(scope_at(world, top))
    for entry in () if pairs is None else pairs.entries:
        if not is_event(world.findings, entry.key, entry.name):
            continue
        rows = read_rows(world, top, entry.value, scope, entry.name, stays=True, ends=ends)
        pauses = [act for row in rows.rows for act in row.actions if isinstance(act, PauseClock)]
        if pauses:
            check_pauses(world, entry.key, pauses)
        trigger = Trigger(kind=TriggerKind.SIGNAL, name=entry.name)
        top.transitions.extend(draws(top, trigger, rows, filters=True))
    ends(CANCELLED)


def _ends(top: Draft) -> Callable[[str], Draft]:
    def end(outcome: str) -> Draft:
        name = f"${outcome}"
        found = top.child(name)
        if found is not None and found.shape is Shape.FINAL:
            return found
        return hidden_final(top, name, outcome)

    return end
