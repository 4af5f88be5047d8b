"""Rows: a condition, a way to go, fields to set - the one form that every exit is written in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.core.chart import Action, Refuse, Shape, Transition, Trigger
from engine.core.expression import Expr, ExpressionRefused
from engine.document import Entry, Mapping, Node, Scalar, Sequence
from engine.loader.behaviour import ROW_KEYS
from engine.loader.compiling import condition
from engine.loader.drafts import Draft, Draw
from engine.loader.effects import read_effects, read_set
from engine.loader.findings import as_mapping, as_text, written, wrong_shape
from engine.loader.keys import Block
from engine.loader.names import check_keys, is_name
from engine.loader.pausing import read_pause
from engine.loader.scopes import Scope, World
from engine.loader.sources import SourceRow, Table
from engine.loader.targets import completes_alone, following, next_of, resolve
from engine.loader.undoing import undo_done

_HERE: Final = Block(
    name=ROW_KEYS.name,
    about=ROW_KEYS.about,
    keys=tuple(key for key in ROW_KEYS.keys if key.name not in ("end", "pause")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row, read; conditions are kept apart from what happens."""

    node: Node  # where it stands
    condition: Expr | None  # None: always
    target: Draft | None  # None: stays, or the target could not be found
    actions: tuple[Action, ...]
    label: str  # as the author wrote it
    always: bool  # no condition was written; a condition that could not be read is one


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """The rows of one exit."""

    rows: tuple[Row, ...]
    listed: bool  # written as a list: no row that fits is then a mistake, not a filter
    what: str  # the button, event or table, for messages
    hit: str = "first"  # how many of them count, as `decide` has it

    def as_table(self, draft: Draft, *, must_fit: bool) -> Table:
        """The same for whoever proves something about it."""
        return Table(
            state=draft.written.id,
            what=self.what,
            hit=self.hit,
            rows=tuple(
                SourceRow(condition=row.condition, place=row.node.span, always=row.always)
                for row in self.rows
            ),
            must_fit=must_fit,
        )


Ends = Callable[[str], Draft]


def read_rows(
    world: World,
    source: Draft,
    node: Node,
    scope: Scope,
    what: str,
    *,
    stays: bool = False,
    ends: Ends | None = None,
) -> Rows:
    """The rows of one exit. A row without `go` goes to the next state, or `stays`.

    `ends` gives the final state of an outcome where rows may close the whole case.
    """
    items = node.items if isinstance(node, Sequence) else (node,)
    if isinstance(node, Sequence) and not items:
        wrong_shape(world.findings, node, f"`{what}`", "at least one row", "[{otherwise: next}]")
    rows: list[Row] = []
    for item in items:
        row = _row(world, source, item, scope, what, stays=stays, ends=ends)
        if row is None:
            continue
        if rows and rows[-1].always:
            world.findings.add(
                "E225",
                item,
                "this row is never looked at: the row above it always fits",
                help="give the row above an `if`, or move it to the end",
            )
        rows.append(row)
    return Rows(rows=tuple(rows), listed=isinstance(node, Sequence), what=what)


def _row(
    world: World,
    source: Draft,
    node: Node,
    scope: Scope,
    what: str,
    *,
    stays: bool,
    ends: Ends | None,
) -> Row | None:
    label = written(world.findings, node.span)
    if isinstance(node, Scalar):
        name = as_text(world.findings, node, f"`{what}`", f"{what}: next")
        if name is None:
            return None
        target = resolve(world.findings, source, name, top=world.top)
        return Row(
            node=node,
            condition=None,
            target=target,
            actions=(),
            label=f"{what}: {label}",
            always=True,
        )
    body = as_mapping(world.findings, node, f"`{what}`", "{if: 'rating >= 4', go: next}")
    if body is None:
        return None
    block = _HERE if ends is None else ROW_KEYS
    check_keys(world.findings, body, block, "a row", elsewhere=ROW_KEYS.names)
    otherwise = body.entry("otherwise")
    for word in ("if", "unless", "go"):
        if otherwise is not None and (entry := body.entry(word)) is not None:
            world.findings.add(
                "E208",
                entry.key,
                f"`{word}` does not go with `otherwise`, which holds when nothing else does",
                help="make two rows of it",
            )
    actions = read_actions(world, body, scope)
    if ends is not None:
        actions = (*actions, *read_pause(world, body, scope, what))
    test = when(world, body, scope)
    way = otherwise or body.entry("go")
    return Row(
        node=node,
        condition=None if otherwise is not None else test,
        target=_closing(world, body, ends) or _way(world, source, body, way, stays=stays),
        actions=actions,
        label=label,
        always=otherwise is not None or (body.get("if") or body.get("unless")) is None,
    )


def _closing(world: World, body: Mapping, ends: Ends | None) -> Draft | None:
    """The end of the whole case that a row of the process's own `on` leads to."""
    end = None if ends is None else body.entry("end")
    if end is None or ends is None:
        return None
    if (go := body.entry("go")) is not None:
        world.findings.add("E208", go.key, "`go` does not go with `end`", help="leave one out")
    name = as_text(world.findings, end.value, "`end`", "end: withdrawn")
    if name is None or not is_name(world.findings, name, "an outcome"):
        return None
    return ends(name.text)


def _way(
    world: World, source: Draft, body: Mapping, way: Entry | None, *, stays: bool
) -> Draft | None:
    if way is None:
        if stays or completes_alone(source):
            return None
        return following(source) or next_of(world.findings, source, body)
    name = as_text(world.findings, way.value, f"`{way.name}`", f"{way.name}: next")
    return None if name is None else resolve(world.findings, source, name, top=world.top)


def read_actions(world: World, body: Mapping, scope: Scope) -> tuple[Action, ...]:
    """The `set`, `do` and `undo` of a row."""
    do = body.get("do")
    effects = () if do is None else read_effects(world, do, scope, "`do`")
    undone = undo_done(world, body, inside=False)
    return (*read_set(world, body.get("set"), scope), *effects, *undone)


def when(world: World, body: Mapping, scope: Scope, *, negated: bool = False) -> Expr | None:
    """`if` and `unless` as one condition; `negated`: as the condition under which to skip."""
    yes, no = body.get("if"), body.get("unless")
    holds = None if yes is None else condition(world, yes, scope, "`if`")
    not_holds = None if no is None else condition(world, no, scope, "`unless`")
    if (yes is None or holds is not None) and (no is None or not_holds is not None):
        return _combined(world, body, scope, holds, not_holds, negated=negated)
    return None


def _combined(
    world: World,
    body: Mapping,
    scope: Scope,
    yes: Expr | None,
    no: Expr | None,
    *,
    negated: bool,
) -> Expr | None:
    if yes is None and no is None:
        return None
    if no is None and yes is not None and not negated:
        return yes
    if yes is None and no is not None and negated:
        return no
    parts = []
    if yes is not None:
        parts.append(f"!({yes.source})" if negated else f"({yes.source})")
    if no is not None:
        parts.append(f"({no.source})" if negated else f"!({no.source})")
    return joined_condition(world, body, scope, (" || " if negated else " && ").join(parts))


def joined_condition(world: World, where: Node, scope: Scope, source: str) -> Expr | None:
    """A condition that the loader put together from sound ones: it can only be too long."""
    try:
        joined = world.environment.within(scope).compile(source)
    except ExpressionRefused as refused:
        world.findings.add(
            refused.problems[0].code,
            where,
            "the conditions of this row are too long together",
            help="let a `set` or a `decide` hold a part of them",
        )
        return None
    world.origins.note(joined, where.span)
    return joined


def draws(source: Draft, trigger: Trigger, rows: Rows, *, filters: bool = False) -> list[Draw]:
    """The transitions of an exit; a list that may run out of rows ends in a refusal.

    `filters`: one conditional row alone says which events count, and is no list of cases.
    """
    made = [
        Draw(
            transition=Transition(
                trigger=trigger,
                condition=row.condition,
                targets=(),
                internal=is_internal(source, row.target),
                actions=row.actions,
                label=row.label,
            ),
            target=row.target,
        )
        for row in rows.rows
    ]
    total = not rows.rows or any(row.always for row in rows.rows)
    must_fit = rows.listed or not filters
    source.tables.append(rows.as_table(source, must_fit=must_fit))
    if not total and must_fit:
        made.append(refusal(source, trigger, rows.what))
    return made


def refusal(source: Draft, trigger: Trigger, what: str) -> Draw:
    """What happens when no row fits: the case stands still and a person is asked."""
    place = source.written.id
    text = (
        f"No row of `{what}` at `{place}` fits, and there is no `otherwise`. "
        "Correct the data, or publish a version with a row for this."
    )
    return Draw(
        transition=Transition(
            trigger=trigger,
            condition=None,
            targets=(),
            internal=True,
            actions=(Refuse(text=text),),
            label="no row fits",
        ),
        target=None,
    )


def is_internal(source: Draft, target: Draft | None) -> bool:
    """A way into one's own inside does not leave oneself; nor does one that moves nothing."""
    if target is None:
        return True
    return source.shape is Shape.COMPOUND and target is not source and target.inside(source)


def straight(
    source: Draft, trigger: Trigger, target: Draft | None, label: str, *actions: Action
) -> Draw:
    """A transition without a condition."""
    return Draw(
        transition=Transition(
            trigger=trigger,
            condition=None,
            targets=(),
            internal=is_internal(source, target),
            actions=actions,
            label=label,
        ),
        target=target,
    )
