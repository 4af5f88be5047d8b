"""Decision tables: `hit` is lowered to rows and, where one row is not all, to hidden steps.

* `first`: the rows themselves.
* `unique`: the first true row leads to a step of its own that refuses if a later row holds too.
* `all`, `sum`: one step per row, in two lanes: no row was true so far, and some row was. Rows must
  not read what an earlier row sets, so that looking at them in turn is looking at them at once.
"""

from dataclasses import replace
from typing import Final

from engine.core.chart import (
    Action,
    Assign,
    Refuse,
    Shape,
    Transition,
    Trigger,
    TriggerKind,
)
from engine.core.expression import Expr, Kind
from engine.document import Mapping, Mark, Node
from engine.loader.behaviour import DECIDE_KEYS
from engine.loader.drafts import DONE, Draft, Draw, hidden_child, hidden_final
from engine.loader.findings import as_word, wrong_shape
from engine.loader.names import check_keys
from engine.loader.rows import Row, Rows, draws, joined_condition, read_rows, refusal, straight
from engine.loader.scopes import Scope, World

MOST_ROWS: Final = 200
HITS: Final = ("first", "unique", "all", "sum")
_ALWAYS: Final = Trigger(kind=TriggerKind.ALWAYS)


def hit_of(body: Mapping) -> str:
    """What `hit` says, as far as it can be read; never complains."""
    table = body.get("decide")
    hit = table.get("hit") if isinstance(table, Mapping) else None
    word = getattr(hit, "text", "first")
    return word if word in HITS else "first"


def read_decision(
    world: World, draft: Draft, node: Node, scope: Scope, after: tuple[Action, ...]
) -> None:
    """The rows of a `decide`; `after` is the state's own `set`, done whichever row is taken."""
    rows = _rows(world, draft, node, scope)
    if rows is None or not rows.rows:
        return
    if len(rows.rows) > MOST_ROWS:
        world.findings.add("E232", node, f"a table has at most {MOST_ROWS} rows", help="split it")
        return
    hit = hit_of(draft.body)
    if hit in ("first", "unique"):
        rows = replace(rows, rows=tuple(_with(row, after) for row in rows.rows))
    else:
        draft.completion.extend(after)
        rows = replace(
            rows,
            rows=tuple(row if not row.always else _with(row, after) for row in rows.rows),
        )
    rows = replace(rows, hit=hit)
    if hit != "first":
        draft.tables.append(rows.as_table(draft, must_fit=True))
    match hit:
        case "first":
            draft.transitions.extend(draws(draft, _ALWAYS, rows))
        case "unique":
            _unique(draft, rows)
        case "all":
            if _independent(world, rows):
                _collect(world, draft, rows, scope, adding=False)
        case _:
            if _independent(world, rows, adding=True) and _addable(world, rows):
                _collect(world, draft, rows, scope, adding=True)


def _with(row: Row, after: tuple[Action, ...]) -> Row:
    return replace(row, actions=(*row.actions, *after))


def _rows(world: World, draft: Draft, node: Node, scope: Scope) -> Rows | None:
    if not isinstance(node, Mapping) or node.get("rows") is None:
        if isinstance(node, Mapping) and node.get("if") is None and node.get("otherwise") is None:
            check_keys(world.findings, node, DECIDE_KEYS, "`decide`")
            return None
        if isinstance(node, Mapping):
            wrong_shape(world.findings, node, "`decide`", "a list of rows", "- {otherwise: next}")
            return None
        rows = read_rows(world, draft, node, scope, "decide")
        return replace(rows, listed=True)
    check_keys(world.findings, node, DECIDE_KEYS, "`decide`")
    as_word(world.findings, node.get("hit"), "`hit`", HITS, default="first")
    rows = read_rows(world, draft, node.get("rows") or node, scope, "decide")
    otherwise = node.entry("otherwise")
    found = list(rows.rows)
    if otherwise is not None:
        if found and found[-1].always:
            world.findings.add(
                "E225", otherwise.key, "this row is never looked at: a row above it always fits"
            )
        last = read_rows(world, draft, otherwise.value, scope, "otherwise")
        found += [replace(row, always=True) for row in last.rows]
    return Rows(rows=tuple(found), listed=True, what="decide")


def hidden_step(draft: Draft, name: str) -> Draft:
    return hidden_child(draft, name, "step", Shape.ATOMIC, Mapping(entries=(), span=draft.place))


def prepare(draft: Draft) -> None:
    """Gives a table that needs steps its hidden states, before all states are numbered."""
    hit = hit_of(draft.body)
    table = draft.body.get("decide")
    rows = table.get("rows") if isinstance(table, Mapping) else None
    if hit == "first" or rows is None:
        return
    items = [
        item
        for item in getattr(rows, "items", (rows,))
        if isinstance(item, Mapping) and (item.get("if") or item.get("unless"))
    ]
    if len(items) > MOST_ROWS:
        return
    draft.shape = Shape.COMPOUND
    hidden_step(draft, "$rows")
    for number in range(1, len(items) + 1):
        if hit == "unique" or number > 1:
            hidden_step(draft, f"$row{number}")
        if hit in ("all", "sum"):
            hidden_step(draft, f"$none{number}")
    hidden_final(draft, DONE, "done")


def _unique(draft: Draft, rows: Rows) -> None:
    first = _step(draft, "$rows")
    conditional = [row for row in rows.rows if not row.always]
    for number, row in enumerate(conditional, 1):
        chosen = _step(draft, f"$row{number}")
        first.transitions.append(_when(row.condition, chosen, row.label))
        for later, other in enumerate(conditional[number:], number + 1):
            text = (
                f"Rows {number} and {later} of the table at `{draft.written.id}` hold both, and "
                "only one may. Publish a version whose rows exclude each other."
            )
            refuse = straight(chosen, _ALWAYS, None, other.label, Refuse(text=text))
            chosen.transitions.append(
                Draw(transition=replace(refuse.transition, condition=other.condition), target=None)
            )
        chosen.transitions.append(straight(chosen, _ALWAYS, row.target, row.label, *row.actions))
    _last(first, rows)


def _last(step: Draft, rows: Rows) -> None:
    """What happens when no row held."""
    rest = next((row for row in rows.rows if row.always), None)
    if rest is None:
        step.transitions.append(refusal(step, _ALWAYS, rows.what))
    else:
        step.transitions.append(straight(step, _ALWAYS, rest.target, rest.label, *rest.actions))


def _collect(world: World, draft: Draft, rows: Rows, scope: Scope, *, adding: bool) -> None:
    conditional = [row for row in rows.rows if not row.always]
    count = len(conditional)
    start = _step(draft, "$rows")
    done = draft.child(DONE)
    zeros = _zeros(world, conditional) if adding else ()
    for number, row in enumerate(conditional, 1):
        actions = _added(world, row, scope) if adding else row.actions
        some_next = _step(draft, f"$row{number + 1}") if number < count else done
        none_next = _step(draft, f"$none{number + 1}") if number < count else None
        none = _step(draft, f"$none{number}")
        none.transitions.append(_when(row.condition, some_next, row.label, *actions))
        if number > 1:
            some = _step(draft, f"$row{number}")
            some.transitions.append(_when(row.condition, some_next, row.label, *actions))
            some.transitions.append(straight(some, _ALWAYS, some_next, "the row does not hold"))
        if none_next is not None:
            none.transitions.append(straight(none, _ALWAYS, none_next, "the row does not hold"))
        else:
            _last(none, rows)
    if conditional:
        entry = _step(draft, "$none1")
        start.transitions.append(straight(start, _ALWAYS, entry, "the table begins", *zeros))
    else:
        _last(start, rows)


def _when(test: Expr | None, target: Draft | None, label: str, *actions: Action) -> Draw:
    return Draw(
        transition=Transition(
            trigger=_ALWAYS,
            condition=test,
            targets=(),
            internal=False,
            actions=actions,
            label=label,
        ),
        target=target,
    )


def _step(draft: Draft, name: str) -> Draft:
    found = draft.child(name)
    assert found is not None, name
    return found


def _sets(row: Row) -> dict[str, Assign]:
    return {action.field: action for action in row.actions if isinstance(action, Assign)}


def _independent(world: World, rows: Rows, *, adding: bool = False) -> bool:
    """Whether no row reads, or (unless they are added) sets again, what an earlier row sets."""
    sound = True
    setters: dict[str, Row] = {}
    conditional = [row for row in rows.rows if not row.always]
    for row in conditional:
        if row.target is not None and isinstance(row.node, Mapping) and row.node.entry("go"):
            world.findings.add(
                "E228",
                row.node.entry("go").key,  # type: ignore[union-attr]
                "a row cannot choose the way when every true row counts",
                help="leave `go` out, and let a second `decide` choose the way",
            )
            sound = False
        sets = _sets(row)
        read = {path[1] for path in _reads(row) if path[0] == "data" and len(path) > 1}
        clash = next((f for f in (read if adding else {*read, *sets}) if f in setters), None)
        own = next((f for f in read if f in sets and adding), None)
        if clash is not None or own is not None:
            field = clash or own
            first = setters.get(field or "", row)
            world.findings.add(
                "E228",
                row.node,
                f"this row {'reads' if field in read else 'sets'} `{field}`, which a row sets that "
                "may be true as well",
                also=(Mark(span=first.node.span, label="set here"),),
                help="all rows look at the same values: let a `decide` of its own come after this"
                if field in read
                else "use `hit: sum` to add numbers, or `hit: first` to choose one",
            )
            sound = False
        setters |= dict.fromkeys(sets, row)
    return sound


def _reads(row: Row) -> set[tuple[str, ...]]:
    found = set(row.condition.reads) if row.condition is not None else set()
    for action in _sets(row).values():
        found |= action.value.reads
    return found


def _addable(world: World, rows: Rows) -> bool:
    sound = True
    for row in rows.rows:
        for field in _sets(row):
            kind = world.data[field].kind
            if kind not in (Kind.NUMBER, Kind.ANY):
                world.findings.add(
                    "E228",
                    row.node,
                    f"`hit: sum` adds numbers, and `{field}` is {kind}",
                    help="make the field a `number`, or use `hit: all`",
                )
                sound = False
    return sound


def _zeros(world: World, rows: list[Row]) -> tuple[Assign, ...]:
    zero = world.environment.compile("0")
    fields = dict.fromkeys(field for row in rows for field in _sets(row))
    return tuple(Assign(field=field, value=zero) for field in fields)


def _added(world: World, row: Row, scope: Scope) -> tuple[Action, ...]:
    """The row's assignments as additions to what the rows before it gave."""
    found: list[Action] = []
    for action in row.actions:
        if not isinstance(action, Assign):
            found.append(action)
            continue
        source = f"data.{action.field} + ({action.value.source})"
        total = joined_condition(world, row.node, scope, source)
        if total is not None:
            found.append(Assign(field=action.field, value=total))
    return tuple(found)
