"""What each event does to tasks, timers and sub-cases before any transition is looked for."""

from engine.core.actions import run_actions, set_field
from engine.core.chart import Shape, Task, TriggerKind
from engine.core.completion import CANCELLED, complete, finish, keep_ending
from engine.core.draft import Cue, Draft
from engine.core.effects import ClosedTask, OpenIncident
from engine.core.events import (
    CaseCancelled,
    SubcaseClosed,
    TaskAnswered,
    TaskClaimed,
    TaskReassigned,
    TimerCameDue,
)
from engine.core.exit import exit_states
from engine.core.index import CANCELLED_NAME
from engine.core.owners import Found, works_here
from engine.core.places import ROOT, side_place
from engine.core.snapshot import Ending, OpenTask, Place, Subcase
from engine.core.subcases import check_subcases
from engine.core.tasks import (
    BY_HAND,
    barred,
    hand_over,
    open_side_task,
    own_task,
    remind,
    state_at,
    task_rules,
)
from engine.core.telling import Transitioned
from engine.core.time import TimerKind
from engine.core.timers import advance_timer


def answered(draft: Draft, event: TaskAnswered) -> Cue | None:
    """Close the task and keep its answers; the cue is its button. Side tasks move nothing."""
    opened = draft.tasks.get(event.task)
    if opened is None or event.by not in opened.owners:
        return None
    task = task_rules(draft, opened)
    if event.button not in task.buttons:
        return None
    if event.by in barred(draft, opened):
        _four_eyes(draft, opened, event.by)
        return None
    own = _shared_out(draft, task, event)
    del draft.tasks[opened.key]
    draft.effects.append(ClosedTask(task=opened.key, outcome=event.button, by=event.by))
    place = opened.place
    if opened.side is not None:
        draft.endings[side_place(place, opened.side)] = Ending(
            outcome=event.button, at=draft.at, by=event.by, answers=own
        )
        return None
    keep_ending(draft, place, event.button, event.by, own)
    draft.answered = place
    draft.answers = own
    completion = state_at(draft, place).completion
    if completion:
        run_actions(draft, completion, place)
    return Cue(TriggerKind.BUTTON, event.button, place, draft.visits[place])


def _shared_out(draft: Draft, task: Task, event: TaskAnswered) -> dict[str, object]:
    """Shared answers go to the case file; the task's own are given back."""
    shared = frozenset() if task.form is None else task.form.shared
    own: dict[str, object] = {}
    for name, value in event.answers.items():
        if name in shared:
            set_field(draft, name, value)
        elif value is not None:
            own[name] = value
    return own


def _four_eyes(draft: Draft, opened: OpenTask, person: str) -> None:
    draft.unchanged = True
    rule = task_rules(draft, opened).to
    draft.effects.append(
        OpenIncident(
            code="four-eyes",
            place=opened.place,
            message=(
                f"`{person}` may not do the task at `{opened.place}`: `not` of the rule "
                f"`{rule.label}` keeps them from it. Nothing was changed; give it to somebody else."
            ),
            blocking=False,
        )
    )


def timer_due(draft: Draft, event: TimerCameDue) -> Cue | None:
    """Take or advance the timer; what its kind asks for is done unless a row says otherwise."""
    timer = draft.timers.get(event.timer)
    if timer is None or timer.at > event.at:  # gone, or moved meanwhile
        return None
    place = timer.place
    node = draft.chart.nodes[draft.active[place]]
    rule = next(each for each in node.state.timers if each.id == timer.rule)
    advance_timer(draft, timer, rule)
    rows = node.timers.get(rule.id)
    match rule.kind:
        case TimerKind.REMIND if not rows:
            opened = own_task(draft, place)
            if opened is not None:
                remind(draft, opened)
        case TimerKind.EVERY if not rows:
            open_side_task(draft, place, int(rule.id.rsplit(".", 1)[-1]))
        case TimerKind.UNTIL if not rows:
            draft.taken.append(
                Transitioned(
                    place=place,
                    trigger=rule.id,
                    label=f"wait until {rule.deadline.phrase}",
                    targets=(),
                    because=(),
                )
            )
            complete(draft, place)
        case TimerKind.UNTIL:
            keep_ending(draft, place, "done", None, {})
            if node.state.completion:
                run_actions(draft, node.state.completion, place)
        case _:
            pass
    if not rows:
        return None
    return Cue(TriggerKind.TIMER, rule.id, place, draft.visits[place])


def subcase_closed(draft: Draft, event: SubcaseClosed) -> None:
    subcase = draft.subcases.get(event.subcase)
    if subcase is None or subcase.ended is not None:
        return
    place = subcase.place
    draft.subcases[subcase.key] = Subcase(key=subcase.key, place=place, ended=event.outcome)
    draft.taken.append(
        Transitioned(
            place=place,
            trigger="subcase.closed",
            label=subcase.key,
            targets=(),
            because=(("outcome", event.outcome),),
        )
    )
    start = state_at(draft, place).start
    assert start is not None
    check_subcases(draft, place, start, event)


def claimed(draft: Draft, event: TaskClaimed) -> None:
    """The first member who claims a task of a queue has it."""
    opened = draft.tasks.get(event.task)
    if opened is None or opened.queue is None or opened.owners:
        return
    if event.by not in draft.facts.members(opened.queue):
        return
    if event.by in barred(draft, opened):
        _four_eyes(draft, opened, event.by)
        return
    member = Found(people=(event.by,), queue=opened.queue, rule=opened.by_rule)
    hand_over(draft, opened, member, "claimed")


def handed(draft: Draft, event: TaskReassigned) -> None:
    opened = draft.tasks.get(event.task)
    if opened is None or opened.owners == (event.to,):
        return
    if not works_here(draft.facts, event.to):
        draft.unchanged = True
        message = (
            f"The task at `{opened.place}` cannot go to `{event.to}`: nobody of that id works "
            "here. Nothing was changed; give it to somebody else."
        )
        draft.effects.append(
            OpenIncident(code="no-owner", place=opened.place, message=message, blocking=False)
        )
    elif event.to in barred(draft, opened):
        _four_eyes(draft, opened, event.to)
    else:
        chosen = Found(people=(event.to,), queue=None, rule=BY_HAND)
        hand_over(draft, opened, chosen, event.reason, chosen=event.to)


def cancelled(draft: Draft, event: CaseCancelled) -> list[Place]:
    """Leave everything; the places to enter are the loader's final state for this, if any.

    Exit actions that fail do not keep a case alive: everything is left without them.
    """
    root = draft.chart.nodes[0]
    final = next(
        (
            child
            for child in root.state.children
            if draft.chart.nodes[child].shape is Shape.FINAL
            and draft.chart.nodes[child].name == CANCELLED_NAME
        ),
        None,
    )
    targets = [] if final is None else [draft.chart.nodes[final].state.id]
    draft.taken.append(
        Transitioned(
            place=ROOT,
            trigger=CANCELLED,
            label=event.reason,
            targets=tuple(targets),
            because=(),
        )
    )
    exit_states(draft, [place for place in draft.active if place], actions=False)
    if not targets:
        finish(draft, CANCELLED)
        draft.active.clear()
    return targets
