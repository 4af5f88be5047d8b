"""Fills the drafts of the outline: each kind of state gets what the chart has a place for."""

from typing import Final

from engine.core.chart import Shape, Task, Wait
from engine.document import Mapping, Node, Scalar
from engine.loader.advising import read_advice
from engine.loader.behaviour import WAIT_KEYS
from engine.loader.compiling import condition, template
from engine.loader.deadlines import deadline
from engine.loader.decisions import read_decision
from engine.loader.drafts import Draft, hidden_child
from engine.loader.effects import read_effects, read_set
from engine.loader.enough import read_enough
from engine.loader.exits import carry_on, read_buttons, read_outcomes, read_signals
from engine.loader.findings import (
    as_mapping,
    as_text,
    as_word,
)
from engine.loader.forms import Papers
from engine.loader.names import check_keys, is_event
from engine.loader.rows import when
from engine.loader.scopes import (
    Scope,
    World,
    readable_answers,
    scope_at,
    task_questions,
    with_answers,
    with_event,
)
from engine.loader.subcases import read_loop, read_start
from engine.loader.tasks import read_task
from engine.loader.timers import add_until, read_after, read_every, read_late, read_reminders
from engine.loader.undoing import read_undo, undo_done

_WAIT: Final = "wait: {until: data.start_date}"


def prepare_resume(top: Draft) -> None:
    """Gives a compound with `resume: last` the state that remembers where it was left."""
    for draft in list(top.walk()):
        word = draft.body.get("resume")
        if draft.shape is not Shape.COMPOUND or not isinstance(word, Scalar) or word.text != "last":
            continue
        if draft.kind == "states" or (draft.kind == "item" and draft.body.get("states")):
            history = hidden_child(draft, "$last", "history", Shape.HISTORY, draft.body)
            history.deep = True


def fill(world: World, draft: Draft, papers: Papers) -> None:
    """Everything of one state; its children are filled on their own."""
    if draft.shape is Shape.COMPOUND:
        _initial(draft)
    match draft.kind:
        case "root" | "step" | "history" | "final" | "item" | "broken":
            return
        case "end":
            draft.title = template(
                world, draft.body.get("title"), scope_at(world, draft), "`title`"
            )
            draft.entry.extend(read_set(world, draft.body.get("set"), scope_at(world, draft)))
            draft.entry.extend(undo_done(world, draft.body, inside=draft.parent is not world.top))
        case "branch":
            _frame(world, draft)
        case _:
            if not draft.hidden:
                _frame(world, draft)
            _body(world, draft, papers)


def _initial(draft: Draft) -> None:
    last = draft.child("$last")
    first = next((child for child in draft.children if child is not last), None)
    if last is not None and first is not None:
        last.initial.append(first)
    start = last or first
    if start is not None:
        draft.initial.append(start)


def _frame(world: World, draft: Draft) -> None:
    """What goes with a state whatever it is: its title, and whether it is passed over."""
    scope = scope_at(world, draft.parent or draft)
    draft.title = template(world, draft.body.get("title"), scope, "`title`")
    draft.skip = when(world, draft.body, scope, negated=True)
    as_word(world.findings, draft.body.get("resume"), "`resume`", ("last",), default="last")
    if draft.body.get("task") is None:
        template(world, draft.body.get("text"), scope, "`text`")
    read_undo(world, draft)


def _body(world: World, draft: Draft, papers: Papers) -> None:
    scope = scope_at(world, draft)
    body = draft.body
    in_each = draft.hidden and draft.parent is not None and draft.parent.kind == "item"
    match draft.kind:
        case "task":
            _task(world, draft, scope, papers, in_each=in_each)
            return
        case "each":
            _each(world, draft)
        case "wait":
            scope = dict(_wait(world, draft, _of(body, "wait"), scope))
        case "start":
            read_start(world, draft, _of(body, "start"), scope)
        case "do":
            draft.entry.extend(read_effects(world, _of(body, "do"), scope, "`do`"))
        case "decide":
            after = () if in_each else read_set(world, body.get("set"), scope)
            read_decision(world, draft, _of(body, "decide"), scope, after)
            carry_on(world, draft, scope, plain=True)
            return
        case _:
            pass
    if in_each:  # the keys beside `each` are those of the whole, but for a task's
        carry_on(world, draft, scope, plain=True)
        return
    if draft.kind in ("each", "parallel"):
        draft.enough = read_enough(world, draft, scope)
    draft.completion.extend(read_set(world, body.get("set"), scope))
    if draft.kind != "do":
        read_signals(world, draft, scope)
        read_outcomes(world, draft, scope)
        _clock(world, draft, scope, papers)
    carry_on(world, draft, scope)


def _of(body: Mapping, name: str) -> Node:
    found = body.get(name)
    return body if found is None else found


def _clock(world: World, draft: Draft, scope: Scope, papers: Papers) -> None:
    body = draft.body
    if (late := body.get("late")) is not None and "task" not in (draft.kind, draft.inner):
        read_late(world, draft, late, scope)
    if (after := body.get("after")) is not None:
        read_after(world, draft, after, scope)
    if (every := body.get("every")) is not None:

        def side_task(node: Node) -> Task | None:
            return read_task(world, draft, node, scope, papers, side=True)

        read_every(world, draft, every, scope, side_task)


def _task(world: World, draft: Draft, scope: Scope, papers: Papers, *, in_each: bool) -> None:
    body = draft.body
    node = _of(body, "task")
    draft.task = read_task(world, draft, node, scope, papers)
    if draft.written.advise is not None:
        draft.advice = read_advice(world, draft.written.advise, scope)
    asked = task_questions(world, node)
    _shadowed(world, draft, node, tuple(asked.own))
    rows_scope = with_answers(world, scope, readable_answers(world, node), draft)
    read_buttons(world, draft, rows_scope)
    if (remind := body.get("remind")) is not None:
        read_reminders(world, draft, remind)
    if (late := body.get("late")) is not None:
        read_late(world, draft, late, scope)
    if in_each:
        carry_on(world, draft, rows_scope, plain=True)
        return
    draft.completion.extend(read_set(world, body.get("set"), rows_scope))
    read_signals(world, draft, scope)
    _clock(world, draft, scope, papers)
    carry_on(world, draft, rows_scope)


def _shadowed(world: World, draft: Draft, node: Node, own: tuple[str, ...]) -> None:
    """An answer with a visible state's name: rows of this task then read the answer."""
    visible = {c.name for at in draft.lineage() for c in at.children if not c.hidden}
    for name in own:
        if name in visible and draft.body.get("on") is not None:
            world.findings.add(
                "W202",
                node,
                f"`{name}` is an answer of this task and a state: here the name means the answer",
                help="rename one of them",
            )


def _each(world: World, draft: Draft) -> None:
    if draft.loop is None or draft.loop_text is None or draft.parent is None:
        return
    outer = scope_at(world, draft.parent)
    draft.each = read_loop(world, draft.loop_text, draft.loop, outer)


def _wait(world: World, draft: Draft, node: Node, scope: Scope) -> Scope:
    """Reads a `wait`; gives the scope of what follows, where `event` may be known."""
    findings = world.findings
    body = as_mapping(findings, node, "`wait`", _WAIT)
    if body is None:
        return scope
    check_keys(findings, body, WAIT_KEYS, "`wait`")
    signal, match, until = body.get("for"), body.entry("match"), body.get("until")
    if signal is None and until is None:
        findings.add("E203", body, "`wait` needs `for` or `until`", help=f"for example `{_WAIT}`")
    if until is not None:
        found = deadline(world, until, scope, "`until`")
        if found is not None:
            add_until(draft, found)
    if signal is None:
        if match is not None:
            findings.add("E208", match.key, "`match` goes with `for`", help="leave it out")
        return scope
    heard = with_event(scope)
    name = as_text(findings, signal, "`for`", "for: calibration.published")
    test = None if match is None else condition(world, match.value, heard, "`match`")
    if name is not None and is_event(findings, name, name.text):
        draft.wait = Wait(signal=name.text, match=test)
    return heard
