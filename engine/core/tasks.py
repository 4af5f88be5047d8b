"""Tasks of one state: opened on entry, handed over, moved, reminded of, withdrawn."""

from datetime import datetime

from engine.core.audience import hidden_in, text_for
from engine.core.chart import Reassign, State, Task
from engine.core.deadlines import due_instant
from engine.core.draft import Draft, index_of
from engine.core.effects import (
    ClosedTask,
    HandedOver,
    MovedDue,
    OpenedTask,
    OpenIncident,
    Remind,
)
from engine.core.expression import Expr
from engine.core.owners import Found, at_the_desk, barred_from, find, labels, present, works_here
from engine.core.people import OnOwnerChange, OwnerRule
from engine.core.places import side_place, side_task_key, task_key
from engine.core.snapshot import OpenTask, Place

BY_HAND = "by hand"
WITHDRAWN = "withdrawn"


def open_task(draft: Draft, place: Place, task: Task) -> None:
    """Open the task of the state at `place`."""
    _opened(draft, place, task, task_key(place, draft.visits[place]), None)


def open_side_task(draft: Draft, place: Place, number: int) -> None:
    """Open a task of the state's `every:` beside whatever else is open."""
    where = side_place(place, number)
    count = draft.visits.get(where, 0) + 1
    draft.visits[where] = count
    task = state_at(draft, place).side_tasks[number]
    _opened(draft, place, task, side_task_key(place, number, count), number)


def _opened(draft: Draft, place: Place, task: Task, key: str, side: int | None) -> None:
    found = find(draft, task.to, place)
    opened = OpenTask(
        key=key,
        place=place,
        side=side,
        owners=found.people,
        queue=found.queue,
        opened_at=draft.at,
        due=None if draft.paused else due_instant(draft, task.due, draft.at, place),
        by_rule=found.rule,
        acting=found.acting if task.on_owner_change is OnOwnerChange.CO_OWN else (),
    )
    draft.tasks[key] = opened
    readers = found.people if found.queue is None else draft.facts.members(found.queue)
    title = text_for(draft, task.title, place, readers)
    text = None if task.text is None else text_for(draft, task.text, place, readers)
    draft.effects.append(OpenedTask(task=opened, title=title, text=text))
    if not found.people and found.queue is None:
        nobody(draft, place, task.to, f"The task `{title}`", "Reassign it by hand")


def nobody(
    draft: Draft,
    place: Place,
    rule: OwnerRule,
    what: str,
    way_out: str,
    code: str = "no-owner",
) -> None:
    """Ask operations about a rule that gave nobody; the case goes on."""
    about = f" of {draft.case.subject}" if draft.case.subject else ""
    message = (
        f"{what} at `{place}`{about} has nobody: the rule `{rule.label}` and its fallbacks give no "
        f"person who is known and not excluded. {way_out}, or complete the directory."
    )
    draft.effects.append(OpenIncident(code=code, place=place, message=message, blocking=False))


def state_at(draft: Draft, place: Place) -> State:
    """The state a place is of, whether it is active or was just left."""
    index = draft.active.get(place)
    return draft.chart.nodes[index_of(draft.chart, place) if index is None else index].state


def task_rules(draft: Draft, opened: OpenTask) -> Task:
    """What the definition says about an open task."""
    state = state_at(draft, opened.place)
    task = state.task if opened.side is None else state.side_tasks[opened.side]
    assert task is not None
    return task


def own_task(draft: Draft, place: Place) -> OpenTask | None:
    """The open task of the state itself, not a side task."""
    for opened in draft.tasks.values():
        if opened.place == place and opened.side is None:
            return opened
    return None


def withdraw(draft: Draft, opened: OpenTask) -> None:
    del draft.tasks[opened.key]
    draft.effects.append(ClosedTask(task=opened.key, outcome=WITHDRAWN, by=None))


def owned_by(
    opened: OpenTask, to: Found, due: datetime | None, chosen: str | None = None
) -> OpenTask:
    return OpenTask(
        key=opened.key,
        place=opened.place,
        side=opened.side,
        owners=to.people,
        queue=to.queue,
        opened_at=opened.opened_at,
        due=due,
        by_rule=to.rule,
        reminded=opened.reminded,
        chosen=chosen,
        acting=to.acting,
    )


def hand_over(
    draft: Draft, opened: OpenTask, to: Found, why: str, *, chosen: str | None = None
) -> None:
    """`chosen` is whom somebody named for it, whoever represents them."""
    now = owned_by(opened, to, opened.due, chosen)
    draft.tasks[opened.key] = now
    title, text = _retold(draft, now)
    draft.effects.append(
        HandedOver(task=now, before=opened.owners, reason=why, title=title, text=text)
    )


def _retold(draft: Draft, opened: OpenTask) -> tuple[str | None, str | None]:
    """Title and text for new owners, where these may see less than a value in them."""
    task = task_rules(draft, opened)
    readers = opened.owners if opened.queue is None else draft.facts.members(opened.queue)
    words = [template for template in (task.title, task.text) if template is not None]
    if not any(hidden_in(draft, template, readers) for template in words):
        return None, None
    title = text_for(draft, task.title, opened.place, readers)
    text = None if task.text is None else text_for(draft, task.text, opened.place, readers)
    return title, text


def reassign(draft: Draft, place: Place, action: Reassign) -> None:
    """The action of an escalation: the state's open task goes to whom the rule gives."""
    opened = own_task(draft, place)
    if opened is None:
        return
    found = find(draft, action.to, place, never=_never(draft, opened))
    if not found.people and found.queue is None:
        nobody(draft, place, action.to, "The reassignment of a task", "Reassign it by hand")
    elif (found.people, found.queue) != (opened.owners, opened.queue):
        hand_over(draft, opened, found, f"rule: {found.rule}")


def _never(draft: Draft, opened: OpenTask) -> tuple[Expr, ...]:
    return task_rules(draft, opened).to.exclude


def barred(draft: Draft, opened: OpenTask) -> frozenset[str]:
    """Whom four eyes keep from this task, now."""
    return barred_from(draft, task_rules(draft, opened).to, opened.place)


def look_again_at_owners(draft: Draft) -> None:
    """After a change of the directory: every open task is with whom its rule gives now."""
    for opened in tuple(draft.tasks.values()):
        _look_again(draft, opened)


def _look_again(draft: Draft, opened: OpenTask) -> None:
    task = task_rules(draft, opened)
    known = tuple(each for each in opened.owners if works_here(draft.facts, each))
    if opened.queue is not None and draft.facts.members(opened.queue):
        _look_again_at_queue(draft, opened, known)
        return
    rule = _answering_rule(draft, opened, task)
    if rule is None:  # somebody chose the owner: only their leaving undoes that
        if opened.chosen is not None and _with_chosen(draft, opened, task):
            return
        if known == opened.owners and known:
            return
        rule = task.to
    ask_rule(draft, opened, task, rule, known, "the directory changed")


def _with_chosen(draft: Draft, opened: OpenTask, task: Task) -> bool:
    """Whether the task is with whom somebody chose, or with who acts for them now."""
    assert opened.chosen is not None
    if task.on_owner_change is OnOwnerChange.KEEP:
        return False
    people = present(draft, (opened.chosen,), barred(draft, opened))
    if people and people != opened.owners:
        acting = Found(people=people, queue=None, rule=opened.by_rule)
        hand_over(draft, opened, acting, "the directory changed", chosen=opened.chosen)
    return bool(people)


def ask_rule(
    draft: Draft,
    opened: OpenTask,
    task: Task,
    rule: OwnerRule,
    known: tuple[str, ...],
    why: str,
) -> None:
    """The task goes to whom the rule gives now, if its state does not keep it with who has it."""
    found = find(draft, rule, opened.place, never=task.to.exclude)
    people = found.people
    acting: tuple[str, ...] = ()
    if task.on_owner_change is OnOwnerChange.KEEP and known:
        people = known
    elif task.on_owner_change is OnOwnerChange.CO_OWN:
        own = (each for each in known if each not in opened.acting)
        people, acting = tuple(dict.fromkeys((*own, *people))), found.acting
    if (people, found.queue) == (opened.owners, opened.queue):
        return
    kept = Found(people=people, queue=found.queue, rule=found.rule, acting=acting)
    hand_over(draft, opened, kept, why)
    if not people and found.queue is None:
        nobody(draft, opened.place, rule, "An open task", "Reassign it by hand")


def _look_again_at_queue(draft: Draft, opened: OpenTask, known: tuple[str, ...]) -> None:
    assert opened.queue is not None
    members = draft.facts.members(opened.queue)
    took = next((each for each in (opened.chosen, *known) if each in members), None)
    has = None if took is None else at_the_desk(draft, took, opened.queue, barred(draft, opened))
    now = () if has is None else (has,)
    if now != opened.owners:
        kept = Found(people=now, queue=opened.queue, rule=opened.by_rule)
        chosen = took if has != took and now else None
        hand_over(draft, opened, kept, "the directory changed", chosen=chosen)


def _answering_rule(draft: Draft, opened: OpenTask, task: Task) -> OwnerRule | None:
    """The rule that gave the task its owners; None: a person did."""
    if opened.by_rule in labels(task.to):
        return task.to
    for transition in state_at(draft, opened.place).transitions:
        for action in transition.actions:
            if isinstance(action, Reassign) and opened.by_rule in labels(action.to):
                return action.to
    return None


def remind(draft: Draft, opened: OpenTask) -> None:
    number = opened.reminded + 1
    draft.tasks[opened.key] = OpenTask(
        key=opened.key,
        place=opened.place,
        side=opened.side,
        owners=opened.owners,
        queue=opened.queue,
        opened_at=opened.opened_at,
        due=opened.due,
        by_rule=opened.by_rule,
        reminded=number,
        chosen=opened.chosen,
        acting=opened.acting,
    )
    overdue = opened.due is not None and draft.at > opened.due
    draft.effects.append(Remind(task=opened.key, number=number, overdue=overdue))


def move_due(draft: Draft, opened: OpenTask, due: datetime | None) -> None:
    holder = Found(
        people=opened.owners, queue=opened.queue, rule=opened.by_rule, acting=opened.acting
    )
    draft.tasks[opened.key] = owned_by(opened, holder, due, opened.chosen)
    draft.effects.append(MovedDue(task=opened.key, due=due))
