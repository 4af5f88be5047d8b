"""How a state is left: by a button, by how it ended, by an event, or simply onward."""

from collections.abc import Iterator
from typing import Final

from engine.core.chart import Trigger, TriggerKind
from engine.core.expression import Expr
from engine.document import Entry, Mapping
from engine.loader.drafts import Draft, Draw
from engine.loader.enough import outcomes_inside, quorum_names
from engine.loader.findings import as_mapping, unknown
from engine.loader.names import is_event, looks_like_event
from engine.loader.rows import Rows, draws, joined_condition, read_rows, straight
from engine.loader.scopes import Scope, World, with_event
from engine.loader.targets import completes_alone, following
from engine.loader.tasks import buttons_of

_DONE: Final = Trigger(kind=TriggerKind.DONE)


def _entries(world: World, draft: Draft) -> tuple[Entry, ...]:
    node = draft.body.get("on")
    if node is None:
        return ()
    pairs = as_mapping(world.findings, node, "`on`", "on: {accept: next, return: plan}")
    return () if pairs is None else pairs.entries


def read_buttons(world: World, draft: Draft, scope: Scope) -> None:
    """One exit per button of a task; a button without one goes where the state goes on to."""
    task = draft.body.get("task")
    body = task if isinstance(task, Mapping) else Mapping(entries=(), span=draft.place)
    buttons = draft.task.buttons if draft.task is not None else buttons_of(world, body)
    voting = (
        draft.hidden
        and draft.parent is not None
        and bool(quorum_names(draft.parent.parent or draft))
    )
    named = [] if voting else [e for e in _entries(world, draft) if not looks_like_event(e.name)]
    for entry in named:
        if entry.name not in buttons:
            unknown(world.findings, "E214", entry.key, "the button", entry.name, known=buttons)
    on = draft.body.entry("on")
    given = {entry.name: entry for entry in named}
    for button in buttons:
        trigger = Trigger(kind=TriggerKind.BUTTON, name=button)
        if button in given:
            rows = read_rows(world, draft, given[button].value, scope, button)
            draft.transitions.extend(draws(draft, trigger, rows))
            continue
        if named and on is not None and draft.body.get("then") is None:
            world.findings.add(
                "W201",
                on.key,
                f"the button `{button}` has no row here, and goes to the next state",
                help=f"add `{button}: next` if that is meant",
            )
        _go_on(world, draft, trigger, scope, label=button)


def read_signals(world: World, draft: Draft, scope: Scope) -> None:
    """Events from outside; a row without `go` changes nothing but what it sets."""
    heard = with_event(scope)
    for entry in _entries(world, draft):
        if looks_like_event(entry.name):
            read_signal(world, draft, entry, heard)


def read_signal(world: World, draft: Draft, entry: Entry, scope: Scope) -> None:
    if not is_event(world.findings, entry.key, entry.name):
        return
    rows = read_rows(world, draft, entry.value, scope, entry.name, stays=True)
    trigger = Trigger(kind=TriggerKind.SIGNAL, name=entry.name)
    draft.transitions.extend(draws(draft, trigger, rows, filters=True))


def read_outcomes(world: World, draft: Draft, scope: Scope) -> None:
    """`on: {approved: …}` where a state can end in several ways."""
    named = [entry for entry in _entries(world, draft) if not looks_like_event(entry.name)]
    if draft.inner == "task" and not quorum_names(draft):
        return  # then these are the buttons of each instance
    known = _outcomes(draft)
    for entry in named:
        if known is not None and entry.name not in known:
            unknown(world.findings, "E215", entry.key, "the outcome", entry.name, known=known)
            continue
        rows = read_rows(world, draft, entry.value, scope, entry.name)
        draft.transitions.extend(_when_ended(world, draft, entry, rows, scope))


def _outcomes(draft: Draft) -> tuple[str, ...] | None:
    """How the state can end; None: that is decided elsewhere."""
    match draft.kind:
        case "start":
            return None
        case "each":
            return quorum_names(draft) or ("done",)
        case "states":
            return tuple(dict.fromkeys((*outcomes_inside(draft), "done")))
        case "wait":
            return ()
        case _:
            return ("done",)


def _when_ended(
    world: World, draft: Draft, entry: Entry, rows: Rows, scope: Scope
) -> Iterator[Draw]:
    # From the root where that is possible: a nearer name could mean something else.
    path = draft.name if any(at.kind == "item" for at in draft.lineage()) else draft.id
    if path.split(".", 1)[0] in world.roles:
        path = draft.name
    ended = f'{path}.outcome == "{entry.name}"'
    for draw in draws(draft, _DONE, rows):
        own = draw.transition.condition
        source = ended if own is None else f"{ended} && ({own.source})"
        test = joined_condition(world, entry.key, scope, source)
        if test is not None:
            yield _with_condition(draw, test)


def _with_condition(draw: Draw, test: Expr) -> Draw:
    row = draw.transition
    draw.transition = type(row)(
        trigger=row.trigger,
        condition=test,
        targets=row.targets,
        internal=row.internal,
        actions=row.actions,
        label=row.label,
    )
    return draw


def carry_on(world: World, draft: Draft, scope: Scope, *, plain: bool = False) -> None:
    """Where a state goes when it completes; `plain`: `then` belongs to what lies around it."""
    skippable = draft.skip is not None
    if draft.kind == "task" and not skippable:
        if draft.hidden or draft.body.get("then") is None:
            return
        return
    _go_on(world, draft, _DONE, scope, label="done", plain=plain)


def _go_on(
    world: World,
    draft: Draft,
    trigger: Trigger,
    scope: Scope,
    *,
    label: str,
    plain: bool = False,
) -> None:
    then = draft.body.get("then")
    in_each = draft.hidden and draft.parent is not None and draft.parent.kind == "item"
    if then is not None and not plain and not in_each:
        rows = read_rows(world, draft, then, scope, "then")
        draft.transitions.extend(draws(draft, trigger, rows))
        return
    target = following(draft)
    if target is None:
        if not completes_alone(draft):
            _leads_nowhere(world, draft)
        return
    draft.transitions.append(straight(draft, trigger, target, f"{label}: next"))


def _leads_nowhere(world: World, draft: Draft) -> None:
    if draft.kind == "decide" and draft.skip is None:
        return  # its rows say where they go; those that do not were told so
    world.findings.add(
        "E222",
        draft.place,
        f"`{draft.written.name}` is the last state and leads nowhere",
        help="add `closed: {end: done}` below it, or say where to go with `then:`",
    )
