"""Actions of entries, exits and transitions: resolved now, into effects with nothing left open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

from engine.core.advice import CATALOGUE, Advice
from engine.core.audience import safe_value, text_for, text_for_operators
from engine.core.binding import Extra, value_of, zone_of
from engine.core.chart import (
    Action,
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
    TriggerKind,
    UndoDone,
)
from engine.core.conversion import plain, text_of
from engine.core.deadlines import shifted
from engine.core.draft import Cue, Draft, Undone
from engine.core.effects import AskAdvice, Call, Emit, OpenIncident, Tell, WriteRecord
from engine.core.expression import Expr
from engine.core.fitting import Misfit, fitted
from engine.core.form import FieldType
from engine.core.owners import everybody
from engine.core.pausing import pause
from engine.core.places import task_key
from engine.core.snapshot import Place
from engine.core.tasks import nobody, open_side_task, own_task, reassign, remind, state_at
from engine.core.telling import Assigned, Compensated
from engine.core.time import Span


def run_actions(
    draft: Draft, actions: tuple[Action, ...], place: Place, extra: Extra = None
) -> None:
    """Do everything, in order; raises Undone at the first that cannot be decided."""
    for action in actions:
        match action:
            case Assign():
                assign(draft, action, place, extra)
            case Raise():
                draft.queue.append(Cue(TriggerKind.SIGNAL, action.event, None, 0))
            case TellPeople():
                _tell(draft, action, place)
            case RemindOwner():
                opened = own_task(draft, place)
                if opened is not None:
                    remind(draft, opened)
            case Reassign():
                reassign(draft, place, action)
            case OpenSideTask():
                if place in draft.active:  # a row that also moves has left it
                    open_side_task(draft, place, action.number)
            case CallWebhook():
                _call(draft, action, place)
            case EmitSignal():
                _emit(draft, action, place)
            case SaveRecord():
                save_record(draft, action, place)
            case AskForHelp():
                message = text_for_operators(draft, action.text, place)
                draft.effects.append(
                    OpenIncident(code="asked", place=place, message=message, blocking=False)
                )
            case PauseClock():
                pause(draft, action)
            case UndoDone():
                undo_done(draft, place, inside=action.inside)
            case Refuse():
                raise Undone("no-row", place, f"At `{place}`: {action.text}")
            case _:
                assert_never(action)


def assign(draft: Draft, action: Assign, place: Place, extra: Extra = None) -> None:
    """One field of the case file gets the value of an expression, as its type is stored."""
    value = value_of(draft, action.value, place, extra)
    field = draft.chart.definition.data.get(action.field)
    if field is None or value is None:
        set_field(draft, action.field, plain(value))
        return
    if field.type is FieldType.DATE and isinstance(value, datetime):
        value = value.astimezone(zone_of(draft)).date()
    try:
        set_field(draft, action.field, fitted(field, value))
    except Misfit as misfit:
        shown = safe_value(draft, action.value, plain(value))
        raise Undone(
            "condition-failed",
            place,
            f"`{action.field}` {misfit}, and `{action.value.source}` at "
            f"{f'`{place}`' if place else 'the case'} gives {shown}. The event was undone "
            "and waits; repair the value or the definition, then let it run again.",
        ) from misfit


def set_field(draft: Draft, field: str, value: Any) -> None:
    """A field gets a stored value; None empties it. What does not change is not told."""
    old = draft.data.get(field)
    if old == value and type(old) is type(value):
        return
    if value is None:
        del draft.data[field]
    else:
        draft.data[field] = value
    draft.changed.add(field)
    draft.taken.append(Assigned(field=field, old=old, new=value))


def _tell(draft: Draft, action: TellPeople, place: Place) -> None:
    state = state_at(draft, place)
    about = own_task(draft, place) if action.about_task else None
    people = everybody(draft, action.to, place)
    if not people:
        nobody(draft, place, action.to, "A message", "Tell them by hand", "no-receiver")
        return
    draft.effects.append(
        Tell(
            place=place,
            to=people,
            title=_title(draft, action, state, place, people),
            text=None if action.text is None else text_for(draft, action.text, place, people),
            about_task=None if about is None else about.key,
        )
    )


def _title(
    draft: Draft, action: TellPeople, state: State, place: Place, people: tuple[str, ...]
) -> str:
    if action.title is not None:
        return text_for(draft, action.title, place, people)
    if action.about_task and state.task is not None:
        return text_for(draft, state.task.title, place, people)
    return state_title(draft, state, place, people)


def state_title(draft: Draft, state: State, place: Place, people: tuple[str, ...]) -> str:
    """What people call a state: its title, or its name in plain words."""
    if state.title is not None:
        return text_for(draft, state.title, place, people)
    nodes = draft.chart.nodes
    index = state.index
    while nodes[index].lowered:
        index = nodes[index].parent
    return nodes[index].name.replace("_", " ").capitalize()


def _values(draft: Draft, body: Mapping[str, Expr], place: Place) -> dict[str, Any]:
    found = {name: plain(value_of(draft, expr, place)) for name, expr in body.items()}
    return {name: value for name, value in found.items() if value is not None}


def _seconds(span: Span) -> int:
    from_unit = {"minutes": 60, "hours": 3_600, "days": 86_400, "workdays": 86_400}
    from_unit |= {"weeks": 604_800, "months": 2_592_000, "years": 31_536_000}
    return span.amount * from_unit[span.unit]


def _call(draft: Draft, action: CallWebhook, place: Place) -> None:
    draft.effects.append(
        Call(
            place=place,
            name=action.name,
            body=_values(draft, action.body, place),
            tries=action.tries,
            within_seconds=_seconds(action.within),
        )
    )


def _emit(draft: Draft, action: EmitSignal, place: Place) -> None:
    to = None if action.to is None else text_of(value_of(draft, action.to, place))
    draft.effects.append(Emit(event=action.event, to=to, body=_values(draft, action.body, place)))


def save_record(draft: Draft, action: SaveRecord, place: Place) -> None:
    of = text_of(value_of(draft, action.of, place))
    if of is None:
        raise Undone(
            "condition-failed",
            place,
            f"The record `{action.kind}` at `{place}` is about nobody: `{action.of.source}` gives "
            "nothing.",
        )
    value = plain(value_of(draft, action.value, place))
    until = None if action.valid is None else shifted(draft, draft.at, action.valid)
    draft.effects.append(
        WriteRecord(
            kind=action.kind,
            of=of,
            value=value,
            attributes=_values(draft, action.attributes, place),
            valid_until=until,
        )
    )


def undo_done(draft: Draft, place: Place, *, inside: bool) -> None:
    """The compensations that completed states are owed, the last completed first, each once.

    All or none: one that cannot be decided undoes the whole macrostep, and a person is asked.
    """
    within = place[: place.rindex(".") + 1] if inside and "." in place else ""
    due = [owed for owed in draft.owed if owed.startswith(within)]
    draft.owed = tuple(owed for owed in draft.owed if owed not in due)
    for owed in reversed(due):
        draft.taken.append(Compensated(place=owed))
        try:
            run_actions(draft, state_at(draft, owed).undo, owed)
        except Undone as undone:
            message = f"`{owed}` cannot be undone, so nothing was: {undone.message}"
            raise Undone("undo-failed", owed, message) from undone


def ask_advice(draft: Draft, place: Place, advice: Advice) -> None:
    """What the contract says, but for what the author changed."""
    usual = CATALOGUE[advice.analytic].parameters
    draft.effects.append(
        AskAdvice(
            task=task_key(place, draft.visits[place]),
            analytic=advice.analytic,
            parameters={**usual, **_values(draft, advice.parameters, place)},
        )
    )
