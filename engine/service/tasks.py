"""What a macrostep does to tasks: their rows, who holds them, and the letters about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, insert, literal_column, update

from engine.core.effects import (
    CarriedTask,
    ClosedTask,
    HandedOver,
    MovedDue,
    OpenedTask,
    Remind,
)
from engine.core.events import Event, TaskAnswered, TaskClaimed
from engine.core.facts import Facts
from engine.core.snapshot import OpenTask
from engine.service.cases import TASK, CaseFile, tell
from engine.service.holders import begin_holds, end_holds, hold, holders_of, members
from engine.service.incidents import close_ownerless
from engine.service.letters import Letters, cancel_waiting, told_of
from engine.service.tools import Tools
from engine.store import Overtaken, Statement, Transaction, to_micros
from engine.store.statements import constant

_OPEN = Statement(
    insert(TASK).values(
        id=bindparam("id"),
        public_id=bindparam("public_id"),
        case_id=bindparam("case_id"),
        key=bindparam("key"),
        state=bindparam("state"),
        title=bindparam("title"),
        text=bindparam("text"),
        status=constant("open"),
        queue=bindparam("queue"),
        opened_at=bindparam("opened_at"),
        due_at=bindparam("due_at"),
        reminders=literal_column("0"),
    )
)
_CLOSE = Statement(
    update(TASK)
    .where(TASK.c.id == bindparam("of"), TASK.c.status == constant("open"))
    .values(
        status=bindparam("status"),
        outcome=bindparam("outcome"),
        closed_by=bindparam("by"),
        closed_at=bindparam("now"),
    )
)
_MOVE = Statement(update(TASK).where(TASK.c.id == bindparam("of")).values(due_at=bindparam("due")))
_COUNT = Statement(
    update(TASK).where(TASK.c.id == bindparam("of")).values(reminders=bindparam("number"))
)
_STATE = Statement(update(TASK).where(TASK.c.id == bindparam("of")).values(state=bindparam("at")))
_WORDS = Statement(
    update(TASK)
    .where(TASK.c.id == bindparam("of"))
    .values(title=bindparam("headed"), text=bindparam("says"))
)
_QUEUE = Statement(
    update(TASK).where(TASK.c.id == bindparam("of")).values(queue=bindparam("in_queue"))
)
_PUBLIC_ID_BYTES = 15  # 120 bits: nobody guesses one


@dataclass(slots=True, kw_only=True, eq=False)
class _Opened:
    """A task that this macrostep opened, as it stands at its end."""

    task: OpenTask
    title: str
    text: str | None


@dataclass(slots=True, kw_only=True, eq=False)
class TaskChanges:
    """The effects of one macrostep on tasks, folded: what opens and closes in it never was."""

    opened: dict[str, _Opened] = field(default_factory=dict)
    closed: list[ClosedTask] = field(default_factory=list)
    handed: list[HandedOver] = field(default_factory=list)
    moved: list[MovedDue] = field(default_factory=list)
    carried: list[CarriedTask] = field(default_factory=list)
    reminded: list[Remind] = field(default_factory=list)

    def add(
        self, effect: OpenedTask | ClosedTask | HandedOver | MovedDue | CarriedTask | Remind
    ) -> None:
        match effect:
            case OpenedTask(task=task, title=title, text=text):
                self.opened[task.key] = _Opened(task=task, title=title, text=text)
            case ClosedTask(task=key):
                if self.opened.pop(key, None) is None:
                    self.closed.append(effect)
            case HandedOver(task=task, title=title, text=text):
                if task.key in self.opened:
                    opened = self.opened[task.key]
                    opened.task = task
                    if title is not None:
                        opened.title, opened.text = title, text
                else:
                    self.handed.append(effect)
            case MovedDue():
                self.moved.append(effect)
            case CarriedTask():
                self.carried.append(effect)
            case Remind():
                self.reminded.append(effect)


def write_tasks(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    changes: TaskChanges,
    event: Event | None,
    facts: Facts,
    letters: Letters,
    now: int,
) -> None:
    """`event` is None where a case goes to another version."""
    for carried in changes.carried:
        _carry(tx, case, carried)
    for closed in changes.closed:
        _close(tx, case, closed, event, letters, now)
    for handed in changes.handed:
        _hand_over(tools, tx, case, handed, event, facts, letters, now)
    for moved in changes.moved:
        if moved.task in changes.opened:
            continue  # its row is written with the date it ends up with
        due = None if moved.due is None else to_micros(moved.due)
        tx.run(_MOVE, {"of": case.task_number(tx, moved.task), "due": due})
    if changes.opened:
        _open(tools, tx, case, changes, facts, letters, now)
    for reminded in changes.reminded:
        number = case.task_number(tx, reminded.task)
        tx.run(_COUNT, {"of": number, "number": reminded.number})
        letters.add(
            "reminder",
            holders_of(tx, number),
            task=number,
            payload={"number": reminded.number, "overdue": reminded.overdue},
        )


def _carry(tx: Transaction, case: CaseFile, carried: CarriedTask) -> None:
    """The row says what the new version calls it; who holds it and their links stay."""
    number = case.task_number(tx, carried.task.key)
    states = case.version.definition.states
    tx.run(_STATE, {"of": number, "at": states[case.version.index_of(carried.task.place)].id})
    if carried.reworded:
        tx.run(_WORDS, {"of": number, "headed": carried.title, "says": carried.text})


def _open(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    changes: TaskChanges,
    facts: Facts,
    letters: Letters,
    now: int,
) -> None:
    due = {moved.task: moved.due for moved in changes.moved}
    rows = []
    held: list[Mapping[str, Any]] = []
    states = case.version.definition.states
    entropy = tools.entropy(_PUBLIC_ID_BYTES * len(changes.opened))
    numbers = tx.numbers("task", len(changes.opened))
    for position, (number, opened) in enumerate(zip(numbers, changes.opened.values(), strict=True)):
        task = opened.task
        until = due.get(task.key, task.due)
        start = position * _PUBLIC_ID_BYTES
        rows.append(
            {
                "id": number,
                "public_id": entropy[start : start + _PUBLIC_ID_BYTES].hex(),
                "case_id": case.id,
                "key": task.key,
                "state": states[case.version.index_of(task.place)].id,
                "title": opened.title,
                "text": opened.text,
                "queue": task.queue,
                "opened_at": to_micros(task.opened_at),
                "due_at": None if until is None else to_micros(until),
            }
        )
        case.note_task(task.key, number)
        candidate = not task.owners
        people = task.owners or members(task, facts)
        held.extend(
            {"task_id": number, "person": person, "candidate": candidate, "now": now}
            for person in people
        )
        letters.add("task", people, task=number)
    tx.run(_OPEN, rows)
    begin_holds(tx, held)


def _close(
    tx: Transaction,
    case: CaseFile,
    closed: ClosedTask,
    event: Event | None,
    letters: Letters,
    now: int,
) -> None:
    number = case.task_number(tx, closed.task)
    answered = closed.by is not None
    updated = tx.run(
        _CLOSE,
        {
            "of": number,
            "status": "answered" if answered else "withdrawn",
            "outcome": closed.outcome,
            "by": closed.by,
            "now": now,
        },
    )
    if updated != 1:
        raise Overtaken(f"The task {closed.task} of {case.name} was closed by somebody else.")
    mine = isinstance(event, TaskAnswered) and event.task == closed.task
    if not mine or _is_shared(case, closed.task):
        cancel_waiting(tx, case.id, number, "the task is closed", now)
        people = told_of(tx, case.id, number)
        open_to = set(holders_of(tx, number))
        letters.add(
            "no_longer_needed",
            sorted(people & open_to - {closed.by}),
            task=number,
            payload={"outcome": closed.outcome},
        )
    # Who answered keeps the session: it shows what was recorded and is good for nothing else.
    end_holds(tx, number, now, revoke=not answered)


def _is_shared(case: CaseFile, key: str) -> bool:
    """Whether others than one owner have been asked for the task that is being closed."""
    task = None if case.before is None else case.before.tasks.get(key)
    return task is None or len(task.owners) > 1


def _hand_over(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    handed: HandedOver,
    event: Event | None,
    facts: Facts,
    letters: Letters,
    now: int,
) -> None:
    task = handed.task
    number = case.task_number(tx, task.key)
    came = hold(tx, number, task, facts, now)
    if task.owners or task.queue:
        found = close_ownerless(tx, case, task.place, now)
        if found:
            tell(tools, tx, case, found)
    tx.run(_QUEUE, {"of": number, "in_queue": task.queue})
    if handed.title is not None:
        tx.run(_WORDS, {"of": number, "headed": handed.title, "says": handed.text})
    if isinstance(event, TaskClaimed):
        return  # who claimed it has the page open, and the others see it in the queue
    payload = {"before": handed.before, "owners": task.owners, "queue": task.queue}
    letters.add("handed_over" if task.owners else "task", came, task=number, payload=payload)
    left = [person for person in handed.before if person not in task.owners]
    letters.add("no_longer_needed", left, task=number, payload=payload)
