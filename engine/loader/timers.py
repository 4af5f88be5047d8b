"""What hangs on the clock: reminders, escalation, ways out after a time, returning tasks."""

from collections.abc import Callable

from engine.core.chart import (
    Action,
    AskForHelp,
    OpenSideTask,
    Reassign,
    RemindOwner,
    Shape,
    Task,
    Trigger,
    TriggerKind,
)
from engine.core.time import Deadline, Span, TimerKind, TimerRule
from engine.document import Mapping, Node
from engine.loader.behaviour import EVERY_KEYS, STAGE_KEYS
from engine.loader.compiling import template
from engine.loader.deadlines import read_duration, refuse_phrase
from engine.loader.drafts import Draft
from engine.loader.durations import PhraseRefused, duration
from engine.loader.effects import read_effects, read_tell
from engine.loader.findings import as_items, as_mapping, as_text, quoted
from engine.loader.names import check_keys
from engine.loader.people import owner
from engine.loader.phrases import looping, reminder
from engine.loader.rows import draws, read_rows, straight
from engine.loader.scopes import Scope, World
from engine.loader.targets import resolve

_STAGES = ("tell", "reassign", "go", "incident")

SideTask = Callable[[Node], Task | None]


def read_reminders(world: World, draft: Draft, node: Node) -> None:
    """`remind: [3 workdays before due, at due]`."""
    phrases = as_items(world.findings, node, "`remind`", "remind: [3 workdays before due]")
    if phrases and not _has_due(world, draft, node, "`remind`"):
        return
    if draft.task is not None and draft.task.optional:
        world.findings.add(
            "E208",
            node,
            "nobody is reminded of an optional task",
            help="leave `remind` or `optional: true` out",
        )
    for number, item in enumerate(phrases):
        text = as_text(world.findings, item, "`remind`", "remind: [3 workdays before due]")
        if text is None:
            continue
        try:
            phrase = reminder(text.text)
        except PhraseRefused as refused:
            refuse_phrase(world, "E218", text, refused)
            continue
        deadline = Deadline(
            phrase=text.text.strip(), span=phrase.span, before=phrase.before, anchor=None
        )
        repeat = phrase.span if phrase.repeats else None
        _add(draft, f"remind.{number}", TimerKind.REMIND, deadline, repeat)
        _move(draft, f"remind.{number}", None, deadline.phrase, RemindOwner())


def read_late(world: World, draft: Draft, node: Node, scope: Scope) -> None:
    """`late: {after: 3 workdays, tell: skip}`, or a list of such stages."""
    if draft.kind == "task" and not _has_due(world, draft, node, "`late`"):
        return
    kind = TimerKind.LATE if draft.kind == "task" else TimerKind.AFTER
    for number, item in enumerate(as_items(world.findings, node, "`late`")):
        stage = as_mapping(world.findings, item, "`late`", "{after: 3 workdays, tell: manager}")
        if stage is None:
            continue
        check_keys(world.findings, stage, STAGE_KEYS, "a stage of `late`")
        after = stage.get("after")
        span = None if after is None else read_duration(world, after, "`after`")
        target, actions = _stage(world, draft, stage, scope)
        if span is None:
            continue
        phrase = after.text.strip() if after is not None and hasattr(after, "text") else ""
        rule = f"late.{number}"
        late = Deadline(phrase=f"{phrase} late", span=span, before=False, anchor=None)
        _add(draft, rule, kind, late, None)
        _move(draft, rule, target, late.phrase, *actions)


def _stage(
    world: World, draft: Draft, stage: Mapping, scope: Scope
) -> tuple[Draft | None, tuple[Action, ...]]:
    findings = world.findings
    given = [entry for entry in stage.entries if entry.name in _STAGES]
    if len(given) != 1:
        findings.add(
            "E203" if not given else "E204",
            given[1].key if given else stage,
            f"a stage of `late` wants exactly one of {quoted(_STAGES)}",
            help="write one stage for each, with the same `after`",
        )
        return None, ()
    entry = given[0]
    for word in ("title", "text"):
        if entry.name != "tell" and (extra := stage.entry(word)) is not None:
            findings.add(
                "E208", extra.key, f"`{word}` goes with `tell`, not with `{entry.name}`",
                help="leave it out",
            )  # fmt: skip
    match entry.name:
        case "tell":
            return None, read_tell(world, stage, scope, about_task=draft.kind == "task")
        case "reassign" if draft.kind != "task":
            findings.add(
                "E208",
                entry.key,
                "there is no task here to reassign",
                help="use `tell` or `incident`",
            )
            return None, ()
        case "reassign":
            rule = owner(world, entry.value, scope, "`reassign`")
            return None, () if rule is None else (Reassign(to=rule),)
        case "go":
            name = as_text(findings, entry.value, "`go`", "go: done")
            target = None if name is None else resolve(findings, draft, name, top=world.top)
            return target, ()
        case _:
            text = template(world, entry.value, scope, "`incident`")
            return None, () if text is None else (AskForHelp(text=text),)


def read_after(world: World, draft: Draft, node: Node, scope: Scope) -> None:
    """`after: {10 workdays: target}`."""
    pairs = as_mapping(world.findings, node, "`after`", "after: {10 workdays: next}")
    for number, entry in enumerate(() if pairs is None else pairs.entries):
        rows = read_rows(world, draft, entry.value, scope, f"after {entry.name}")
        try:
            span = duration(entry.name)
        except PhraseRefused as refused:
            refuse_phrase(world, "E216", entry.key, refused)
            continue
        rule = f"after.{number}"
        _add(draft, rule, TimerKind.AFTER, _from_entry(entry.name, span), None)
        trigger = Trigger(kind=TriggerKind.TIMER, name=rule)
        draft.transitions.extend(draws(draft, trigger, rows, filters=True))


def read_every(world: World, draft: Draft, node: Node, scope: Scope, side_task: SideTask) -> None:
    """`every: {period: 3 months, task: …}`, or a list of them."""
    for number, item in enumerate(as_items(world.findings, node, "`every`")):
        body = as_mapping(
            world.findings, item, "`every`", "{period: 3 months, task: {to: manager}}"
        )
        if body is None:
            continue
        check_keys(world.findings, body, EVERY_KEYS, "`every`")
        task_node, do, period = body.get("task"), body.get("do"), body.get("period")
        if (task_node is None) == (do is None):
            world.findings.add(
                "E203" if do is None else "E204",
                body,
                "`every` wants a `task` or a `do`",
                help="for example `{period: 3 months, task: {to: manager, title: Coaching note}}`",
            )
        task = None if task_node is None else side_task(task_node)
        effects = () if do is None else read_effects(world, do, scope, "`do`")
        text = None if period is None else as_text(world.findings, period, "`period`", "3 months")
        if text is None:
            continue
        try:
            span = looping(text.text)
        except PhraseRefused as refused:
            refuse_phrase(world, "E216", text, refused)
            continue
        rule = f"every.{number}"
        if task is not None:
            draft.side_tasks.append(task)
            effects = (OpenSideTask(number=len(draft.side_tasks) - 1),)
        _add(draft, rule, TimerKind.EVERY, _from_entry(f"every {text.text}", span), span)
        _move(draft, rule, None, f"every {text.text.strip()}", *effects)


def add_until(draft: Draft, deadline: Deadline) -> None:
    """The end of a `wait` for a date."""
    _add(draft, "until", TimerKind.UNTIL, deadline, None)


def _from_entry(phrase: str, span: Span) -> Deadline:
    return Deadline(phrase=phrase.strip(), span=span, before=False, anchor=None)


def _add(draft: Draft, rule: str, kind: TimerKind, deadline: Deadline, repeat: Span | None) -> None:
    draft.timers.append(TimerRule(id=rule, kind=kind, deadline=deadline, repeat=repeat))


def _move(draft: Draft, rule: str, target: Draft | None, label: str, *actions: Action) -> None:
    trigger = Trigger(kind=TriggerKind.TIMER, name=rule)
    draft.transitions.append(straight(draft, trigger, target, label, *actions))


def _has_due(world: World, draft: Draft, node: Node, what: str) -> bool:
    """Whether the state has a task with a due date to count from."""
    task = draft.body.get("task")
    if draft.shape is Shape.ATOMIC and isinstance(task, Mapping) and task.get("due") is not None:
        return True
    world.findings.add(
        "E226",
        node,
        f"{what} counts from the due date, and this task has none",
        help="add `due: 5 workdays` to the task",
    )
    return False
