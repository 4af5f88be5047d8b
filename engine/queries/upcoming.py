"""What happens next to a case if nobody acts: its timers, told as what they will do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from engine.core.chart import (
    AskForHelp,
    Assign,
    CallWebhook,
    EmitSignal,
    OpenSideTask,
    PauseClock,
    Raise,
    Reassign,
    Refuse,
    RemindOwner,
    SaveRecord,
    State,
    TellPeople,
    Transition,
    TriggerKind,
    UndoDone,
)
from engine.core.snapshot import Snapshot, Timer
from engine.core.time import TimerKind
from engine.queries.atlas import Atlas, NameOf


@dataclass(frozen=True, kw_only=True, slots=True)
class Upcoming:
    """One thing that comes by itself."""

    at: datetime
    place: str  # the title of the place it belongs to
    words: str  # a sentence without its full stop: `a reminder goes to Bob Ray`
    timer: str  # its key
    phrase: str  # as the author wrote it: `3 workdays before due`


def upcoming(atlas: Atlas, snapshot: Snapshot, name_of: NameOf) -> tuple[Upcoming, ...]:
    """In the order in which they come."""
    found = [
        _one(atlas, snapshot, timer, name_of)
        for timer in sorted(snapshot.timers.values(), key=lambda one: (one.at, one.key))
    ]
    return tuple(one for one in found if one is not None)


def _one(atlas: Atlas, snapshot: Snapshot, timer: Timer, name_of: NameOf) -> Upcoming | None:
    state = atlas.state(timer.place)
    if state is None:
        return None
    rule = next((one for one in state.timers if one.id == timer.rule), None)
    if rule is None:
        return None
    words = list(_consequences(atlas, snapshot, state, timer, name_of))
    if rule.kind is TimerKind.REMIND and not words:
        words = [f"a reminder goes to {_owners(snapshot, timer, name_of)}"]
    if rule.kind is TimerKind.UNTIL and not words:
        words = ["the wait is over and the case goes on"]
    return Upcoming(
        at=timer.at,
        place=atlas.title_of(timer.place, name_of),
        words=", ".join(words) or "the case looks whether it can go on",
        timer=timer.key,
        phrase=rule.deadline.phrase,
    )


def _consequences(
    atlas: Atlas, snapshot: Snapshot, state: State, timer: Timer, name_of: NameOf
) -> Iterator[str]:
    """Of the first row that could be taken; with a condition it is only perhaps taken."""
    rows = [
        row
        for row in state.transitions
        if row.trigger.kind is TriggerKind.TIMER and row.trigger.name == timer.rule
    ]
    if not rows:
        return
    row = rows[0]
    perhaps = "perhaps " if row.condition is not None else ""
    for words in _actions(row, snapshot, timer, name_of):
        yield perhaps + words
    definition = atlas.definition
    if row.targets and definition is not None:
        targets = [definition.states[index] for index in row.targets]
        shown = [atlas.title_of(one.id, name_of) for one in targets if not one.hidden]
        if shown:
            yield f"{perhaps}the case goes to {' and '.join(f'“{one}”' for one in shown)}"
        else:
            yield f"{perhaps}this step ends and the case goes on"


def _actions(row: Transition, snapshot: Snapshot, timer: Timer, name_of: NameOf) -> Iterator[str]:
    for action in row.actions:
        match action:
            case RemindOwner():
                yield f"a reminder goes to {_owners(snapshot, timer, name_of)}"
            case TellPeople(to=to):
                yield f"{to.label} is told"
            case Reassign(to=to):
                yield f"the task goes to {to.label}"
            case OpenSideTask():
                yield "its task comes round again"
            case AskForHelp():
                yield "operations are asked for help"
            case CallWebhook(name=name):
                yield f"the webhook {name} is called"
            case EmitSignal(event=event):
                yield f"the signal {event} is raised"
            case SaveRecord(kind=kind):
                yield f"the record {kind} is written"
            case Assign(field=field):
                yield f"{field} is set"
            case PauseClock():
                yield "its clock stops"
            case UndoDone():
                yield "what was done is taken back"
            case Raise() | Refuse():
                pass  # an inner step, told by what follows from it
            case _:
                assert_never(action)


def _owners(snapshot: Snapshot, timer: Timer, name_of: NameOf) -> str:
    owners = [
        person
        for task in snapshot.tasks.values()
        if task.place == timer.place and task.side is None
        for person in task.owners
    ]
    return " and ".join(name_of(person) for person in owners) or "whoever has the task then"
