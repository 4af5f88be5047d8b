"""What differs between two versions, in the words of the process and not of its file."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.core.alike import only_texts_differ, outline, same
from engine.core.carried_timers import paired
from engine.core.chart import Definition, Shape, State, Task, Transition, TriggerKind
from engine.core.time import TimerKind, TimerRule
from engine.versions.change import Change, Sign, arrow, listed, quoted_text
from engine.versions.parts import (
    called,
    entries,
    field_changes,
    form_changes,
    owner,
    person_changes,
    texts,
    word,
)

_RULES: Final = {
    TimerKind.REMIND: "reminder",
    TimerKind.LATE: "escalation",
    TimerKind.AFTER: "after",
    TimerKind.UNTIL: "wait until",
    TimerKind.EVERY: "every",
}
_OWN: Final = "questions of its own"
# What a state has besides its task, its timers and its rows, and what people call it.
_PARTS: Final = (
    ("skip", "when it is skipped"),
    ("entry", "what it does"),
    ("completion", "what it sets"),
    ("wait", "what it waits for"),
    ("start", "the case it starts"),
    ("each", "for whom it is done"),
    ("enough", "when it is enough"),
    ("outcome", "how it ends"),
    ("deep", "where it goes on"),
)


def diff(
    old: Definition, new: Definition, renamed: Mapping[str, str] | None = None
) -> tuple[Change, ...]:
    """`renamed` are states that have another id now, by their old one."""
    told = (
        *_process(old, new),
        *_states(old, new, dict(renamed or {})),
        *entries("people", old.people, new.people, person_changes),
        *entries("field", old.data, new.data, field_changes),
        *entries("form", old.forms, new.forms, form_changes),
    )
    if all(change.text for change in told) and not only_texts_differ(old, new):
        return (*told, _unnamed(new))
    return told


def _unnamed(new: Definition) -> Change:
    """Never silent: what has no words of its own is no patch either, and that is said."""
    says = "is written in another order, or differs in a detail of how it runs"
    return Change(sign=Sign.CHANGED, what="process", name=new.process, says=says)


def _process(old: Definition, new: Definition) -> Iterator[Change]:
    yield from texts("process", new.process, old, new, ("title", "description"))
    for name in ("subject", "key", "calendar", "records"):
        before, after = getattr(old, name), getattr(new, name)
        if not same(before, after):
            yield Change(
                sign=Sign.CHANGED, what="process", name=new.process, says=f"{name} changes"
            )


# --- states ---


def _states(old: Definition, new: Definition, renamed: dict[str, str]) -> Iterator[Change]:
    before = {state.id: state for state in old.states if _written(state)}
    after = {state.id: state for state in new.states if _written(state)}
    origin = {renamed.get(name, name): name for name in before if renamed.get(name, name) in after}
    for name, state in after.items():
        if name not in origin:
            yield Change(sign=Sign.ADDED, what="state", name=name, says=_kind(state))
            continue
        was = before[origin[name]]
        if was.id != name:
            says = "has another name"
            yield Change(sign=Sign.CHANGED, what="state", name=arrow(was.id, name), says=says)
        yield from _state(old, new, was, state, renamed)
    for name in before:
        if renamed.get(name, name) not in after:
            yield Change(sign=Sign.REMOVED, what="state", name=name, says="", state=name)


def _written(state: State) -> bool:
    return not state.hidden and state.shape is not Shape.HISTORY


def _kind(state: State) -> str:
    if state.shape in (Shape.COMPOUND, Shape.PARALLEL, Shape.EACH, Shape.FINAL):
        words = {Shape.COMPOUND: "states", Shape.FINAL: "end"}
        return words.get(state.shape, state.shape.value)
    if state.task is not None:
        return "task"
    if state.wait is not None or any(rule.kind is TimerKind.UNTIL for rule in state.timers):
        return "wait"
    return "start" if state.start is not None else "do"


def _state(
    old: Definition, new: Definition, was: State, now: State, renamed: Mapping[str, str]
) -> Iterator[Change]:
    name = now.id or "everywhere"

    def changed(says: str, *, text: bool = False) -> Change:
        return Change(sign=Sign.CHANGED, what="state", name=name, says=says, text=text)

    if _kind(was) != _kind(now):
        yield changed(f"is of another kind: {arrow(_kind(was), _kind(now))}")
    yield from texts("state", name, was, now, ("title",))
    one, other = _lowered(old, was), _lowered(new, now)
    for before, after in _tasks(one, other):
        for says, text in _task(old, new, before, after):
            yield changed(says, text=text)
    for says in _timers(one.timers, other.timers):
        yield changed(says)
    for says in _rows(old, new, one, other, renamed):
        yield changed(says)
    rows = ([row.actions for row in each.transitions] for each in (one, other))
    if _only_words(*rows):
        yield changed("a message has other words", text=True)
    for part, what in _PARTS:
        before, after = _part(one, was, part), _part(other, now, part)
        if outline(before, texts=False) != outline(after, texts=False):
            yield changed(f"{what} changes")
        elif not same(before, after):
            yield changed("a message has other words", text=True)


def _only_words(was: Any, now: Any) -> bool:
    return not same(was, now) and outline(was, texts=False) == outline(now, texts=False)


def _part(inner: State, outer: State, name: str) -> Any:
    return getattr(outer, name) or getattr(inner, name)


def _lowered(definition: Definition, state: State) -> State:
    """The state that carries what the author wrote: a branch keeps its task one deeper."""
    while state.task is None and state.wait is None and not state.timers:
        parts = [definition.states[child] for child in state.children]
        inner = [each for each in parts if each.hidden and each.shape is not Shape.FINAL]
        if len(inner) != 1 or len(parts) - len(inner) > 1:
            return state
        state = inner[0]
    return state


def _tasks(was: State, now: State) -> Iterator[tuple[Task, Task]]:
    if was.task is not None and now.task is not None:
        yield was.task, now.task
    yield from zip(was.side_tasks, now.side_tasks, strict=False)


def _task(old: Definition, new: Definition, was: Task, now: Task) -> Iterator[tuple[str, bool]]:
    """What differs, and whether it is only words."""
    if not same(was.to, now.to):
        yield f"asked of {arrow(owner(was.to), owner(now.to))}", False
    if not same(was.due, now.due):
        phrases = [None if each is None else each.phrase for each in (was.due, now.due)]
        yield f"due {arrow(*phrases)}", False
    if was.buttons != now.buttons:
        yield f"buttons {arrow(listed(was.buttons), listed(now.buttons))}", False
    forms = [_form(old, was), _form(new, now)]
    if forms[0] != forms[1]:
        yield f"form {arrow(*forms)}", False
    elif forms[0] == _OWN and was.form is not None and now.form is not None:
        for change in form_changes("form", now.form.name, was.form, now.form):
            yield f"its form: {change.says}", change.text
    for name in ("optional", "sign", "assurance", "on_owner_change"):
        before, after = getattr(was, name), getattr(now, name)
        if before != after:
            yield f"{name} {arrow(word(before), word(after))}", False
    for name in ("title", "text", "minutes"):
        before, after = getattr(was, name), getattr(now, name)
        if not same(before, after):
            yield f"{called(name)} {arrow(quoted_text(before), quoted_text(after))}", True


def _form(definition: Definition, task: Task) -> str | None:
    """What a task asks by its name under `forms:`, whose changes are told there."""
    if task.form is None:
        return None
    return task.form.name if task.form.name in definition.forms else _OWN


def _timers(was: tuple[TimerRule, ...], now: tuple[TimerRule, ...]) -> Iterator[str]:
    pairs = paired(was, now)
    for rule in now:
        before = pairs.get(rule.id)
        kind = _RULES[rule.kind]
        if before is None:
            yield f"{kind} {rule.deadline.phrase} is new"
        elif not same(before.deadline, rule.deadline) or before.repeat != rule.repeat:
            yield f"{kind} {arrow(before.deadline.phrase, rule.deadline.phrase)}"
    kept = {rule.id for rule in pairs.values()}
    for rule in was:
        if rule.id not in kept:
            yield f"{_RULES[rule.kind]} {rule.deadline.phrase} is gone"


def _rows(
    old: Definition, new: Definition, was: State, now: State, renamed: Mapping[str, str]
) -> Iterator[str]:
    """Ways on, by what leads there, where to, and what is done on the way."""
    before, after = _ways(old, was, renamed), _ways(new, now, {})
    gone = [label for way, label in before.items() if way not in after]
    for way, label in after.items():
        if way in before:
            continue
        if label in gone:
            gone.remove(label)
            yield f"{label} does something else"
        else:
            yield f"{label} is new"
    for label in gone:
        yield f"{label} is gone"


def _ways(definition: Definition, state: State, renamed: Mapping[str, str]) -> dict[Any, str]:
    return {
        (
            row.trigger.kind,
            row.trigger.name,
            outline(row.condition),
            tuple(_target(definition, index, renamed) for index in row.targets),
            outline(row.actions, texts=False),
        ): _called(row)
        for row in state.transitions
        if row.label
    }


def _called(row: Transition) -> str:
    """A way on by what leads there and how the author wrote it."""
    trigger = row.trigger
    told = row.label.startswith(trigger.name) or trigger.kind is TriggerKind.TIMER
    return f"“{row.label}”" if told else f"{trigger.name} “{row.label}”"


def _target(definition: Definition, index: int, renamed: Mapping[str, str]) -> str:
    name = definition.states[index].id
    return renamed.get(name, name)
