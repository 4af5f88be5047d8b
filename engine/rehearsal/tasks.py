"""What a macrostep does to tasks: who has them now, and the letters about them.

Follows `engine.service.tasks` line by line, in memory: the same people get the same letters.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.core.effects import (
    ClosedTask,
    Effect,
    HandedOver,
    MovedDue,
    OpenedTask,
    Remind,
    Tell,
)
from engine.core.events import DirectoryChanged, Event, TaskAnswered, TaskClaimed
from engine.core.snapshot import OpenTask, Snapshot
from engine.rehearsal.asking import ask, forget, move
from engine.rehearsal.cases import Case, Letter, Play
from engine.service.tasks import TaskChanges

_OF_TASKS = (OpenedTask, ClosedTask, HandedOver, MovedDue, Remind)


def follow_tasks(
    play: Play,
    case: Case,
    before: Snapshot | None,
    event: Event | None,
    effects: Iterable[Effect],
) -> None:
    changes = TaskChanges()
    told = []
    for effect in effects:
        if isinstance(effect, _OF_TASKS):
            changes.add(effect)
        elif isinstance(effect, Tell):
            told.append(effect)
    for closed in changes.closed:
        _close(play, case, before, closed, event)
    for handed in changes.handed:
        _hand_over(play, case, handed, event)
    for opened in changes.opened.values():
        case.titles[opened.task.key] = (opened.title, opened.text)
        task = case.standing.tasks[opened.task.key]
        _write(play, case, "task", hold(play, case, task), task)
    for moved in changes.moved:
        if moved.task not in changes.opened and moved.task in case.standing.tasks:
            move(play, case, case.standing.tasks[moved.task], case.holders.get(moved.task, ()))
    for reminded in changes.reminded:
        late = case.standing.tasks.get(reminded.task)
        holders = case.holders.get(reminded.task, ())
        _write(play, case, "reminder", holders, late, {"number": reminded.number})
    for message in told:
        kind = "note" if message.about_task is None else "escalation"
        payload: dict[str, Any] = {"title": message.title, "text": message.text}
        about = case.standing.tasks.get(message.about_task or "")
        if about is not None or message.about_task is None:  # nobody is late with a closed task
            _write(play, case, kind, message.to, about, payload)


def look_again_at_members(play: Play, case: Case) -> None:
    """Who works from a queue now sees its unclaimed tasks; to the core nothing happened."""
    for task in case.standing.tasks.values():
        if task.queue is not None and not task.owners:
            _write(play, case, "task", hold(play, case, task), task)


def send_anew(play: Play, person: str) -> None:
    """Somebody who came or left is reached in another place, and gets their tasks there."""
    for case in play.open.values():
        for key, holders in case.holders.items():
            if person in holders and key in case.standing.tasks:
                _write(play, case, "new_link", (person,), case.standing.tasks[key])


def hold(play: Play, case: Case, task: OpenTask) -> tuple[str, ...]:
    """Notes who has or sees the task; who did not before."""
    wanted = task.owners
    if not wanted and task.queue is not None:
        wanted = play.facts.members(task.queue)
    had = case.holders.get(task.key, ())
    case.holders[task.key] = wanted
    came = tuple(person for person in wanted if person not in had)
    for person in had:
        if person not in wanted:
            play.person_day(person).change -= 1
    for person in came:
        day = play.person_day(person)
        day.arrived += 1
        day.change += 1
    ask(play, case, task, wanted)
    return came


def _close(
    play: Play, case: Case, before: Snapshot | None, closed: ClosedTask, event: Event | None
) -> None:
    key = closed.task
    holders = case.holders.pop(key, ())
    told = case.told.pop(key, set())
    was = None if before is None else before.tasks.get(key)
    mine = isinstance(event, TaskAnswered) and event.task == key
    shared = was is None or len(was.owners) > 1
    if not mine or shared:
        people = sorted(told & set(holders) - {closed.by})
        _write(play, case, "no_longer_needed", people, was, {"outcome": closed.outcome})
    for person in holders:
        play.person_day(person).change -= 1
    if closed.by is None:
        play.tally.withdrawn += 1
        if key in case.drafts:
            play.tally.drafts["lost"] += 1
    elif was is not None:
        _count_answer(play, case, was, closed.by)
    forget(case, key)


def _count_answer(play: Play, case: Case, task: OpenTask, by: str) -> None:
    day = play.person_day(by)
    day.answered += 1
    day.minutes += case.process.rules(task).minutes or 0
    if task.due is None:
        play.tally.answers["no due date"] += 1
    else:
        play.tally.answers["in time" if play.now <= task.due else "late"] += 1


def _hand_over(play: Play, case: Case, handed: HandedOver, event: Event | None) -> None:
    task = handed.task
    came = hold(play, case, task)
    if isinstance(event, DirectoryChanged):
        found = "handed over" if task.owners or task.queue else "nobody found"
        play.tally.moved[play.day][found] += 1
    if isinstance(event, TaskClaimed):
        return  # who claimed it has the page open, and the others see it in the queue
    if task.key in case.drafts:
        play.tally.drafts["handed over"] += 1
    payload = {"before": handed.before, "owners": task.owners, "queue": task.queue}
    _write(play, case, "handed_over" if task.owners else "task", came, task, payload)
    left = [person for person in handed.before if person not in task.owners]
    _write(play, case, "no_longer_needed", left, task, payload)


def _write(
    play: Play,
    case: Case,
    kind: str,
    people: Iterable[str],
    task: OpenTask | None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    title, text = ("", None) if task is None else case.titles.get(task.key, ("", None))
    for person in people:
        letter = Letter(
            kind=kind,
            case=case,
            person=person,
            task=task,
            title=title,
            text=text,
            payload=payload or {},
        )
        play.outbox.append(letter)
