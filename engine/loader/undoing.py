"""`undo:` - what takes back what a state did, and the places where that is asked for."""

from typing import Final

from engine.core.chart import UndoDone
from engine.document import Mapping, Scalar
from engine.loader.drafts import Draft
from engine.loader.effects import read_effects
from engine.loader.findings import as_word
from engine.loader.scopes import World, scope_at

DONE_STATES: Final = "done_states"


def read_undo(world: World, draft: Draft) -> None:
    """The compensation of a state."""
    entry = draft.body.entry("undo")
    if entry is None:
        return
    if isinstance(entry.value, Scalar) and entry.value.text == DONE_STATES:
        world.findings.add(
            "E208",
            entry.key,
            "`undo: done_states` stands at an `end` or in a row",
            help="here go the effects that take back what this state did: `undo: {tell: manager}`",
        )
        return
    if any(at.kind == "item" for at in draft.lineage()):
        world.findings.add(
            "E208",
            entry.key,
            "a state inside an `each` is there once per item and cannot be undone alone",
            help="put `undo` on the `each` itself; it runs once for all of them",
        )
        return
    draft.undo.extend(read_effects(world, entry.value, scope_at(world, draft), "`undo`"))


def undo_done(world: World, body: Mapping, *, inside: bool) -> tuple[UndoDone, ...]:
    """`undo: done_states`; `inside`: only of the compound that is closed by it."""
    entry = body.entry("undo")
    if entry is None:
        return ()
    world.undo_asked.append(entry.key.span)
    as_word(world.findings, entry.value, "`undo`", (DONE_STATES,), default=DONE_STATES)
    return (UndoDone(inside=inside),)


def check_undo(world: World) -> None:
    """A promise to undo where no state says how."""
    if any(draft.undo for draft in world.top.walk()):
        return
    for place in world.undo_asked:
        world.findings.add(
            "W203",
            place,
            "no state has an `undo`, so there is nothing to undo",
            help="say at a state what takes it back: `undo: {tell: manager}`",
        )
