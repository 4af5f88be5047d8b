"""The steps of a play: what somebody does, time that passes, what is expected in between."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from engine.core.anonymity import pool_of
from engine.core.events import (
    CaseCancelled,
    DirectoryChanged,
    SubcaseClosed,
    TaskAnswered,
    TaskClaimed,
)
from engine.core.form import Field, FieldType, Form
from engine.core.places import path_of, state_id
from engine.core.snapshot import OpenTask
from engine.core.time import Span, Unit
from engine.document import did_you_mean
from engine.forms import check
from engine.loader.durations import PhraseRefused, duration
from engine.scenarios.expectations import expect
from engine.scenarios.guests import enlisted
from engine.scenarios.stage import NotAsWritten, Stage, short


def play_step(stage: Stage, name: str, value: Any) -> None:
    """One step; raises NotAsWritten."""
    verb = _VERBS.get(name)
    if stage.snapshot is None and verb is not expect:
        raise NotAsWritten(stage.why_not)
    if verb is not None:
        verb(stage, value)
        return
    person, _, state = name.partition(" ")
    if not state:
        hint = did_you_mean(name, _VERBS)
        help_ = f"; did you mean `{hint}`?" if hint else "."
        raise NotAsWritten(
            f"`{name}` is no step{help_} Write `ann plan: {{…}}` for an answer, or one of "
            f"{', '.join(f'`{verb}`' for verb in _VERBS)}."
        )
    _answer(stage, person, state.strip(), value)


def _answer(stage: Stage, person: str, state: str, value: Any) -> None:
    task = _open_task(stage, person, state)
    rules = stage.definition.states[_index(stage, task)]
    asked = rules.task if task.side is None else rules.side_tasks[task.side]
    assert asked is not None
    answers: dict[str, Any] = {}
    button = asked.buttons[0]
    if isinstance(value, Mapping):
        answers = {field: item for field, item in value.items() if field != "press"}
        button = str(value.get("press", button))
    elif value is not None:
        button = str(value)
    if button not in asked.buttons:
        known = ", ".join(f"`{each}`" for each in asked.buttons)
        raise NotAsWritten(f"`{state}` has no button `{button}`; it has {known}.")
    if asked.form is not None and (answers or button == asked.buttons[0]):
        _check(stage, asked.form, answers, state)
        answers = enlisted(stage.cast, asked.form.fields, answers)
    if task.queue is not None and not task.owners:
        stage.take(TaskClaimed(task=task.key, by=person, at=stage.now))
    if asked.anonymous is not None:
        stage.cast.pools.setdefault(pool_of(stage.standing, task), []).append(answers)
        answers = {}
    done = stage.take(
        TaskAnswered(task=task.key, button=button, answers=answers, by=person, at=stage.now)
    )
    if not done.taken and not done.effects:
        raise NotAsWritten(f"The answer of {person} to `{state}` changed nothing.")


def _check(stage: Stage, form: Form, answers: dict[str, Any], state: str) -> None:
    _fit(form.fields, answers)
    if not answers and not any(field.required for field in form.fields):
        return
    known = {"data": dict(stage.standing.data)}
    needed = [] if answers else [field for field in form.fields if field.name not in form.shared]
    if not answers and not any(field.required for field in needed):
        # A button alone confirms what is on the page already.
        answers.update(
            {name: stage.standing.data[name] for name in form.shared if name in known["data"]}
        )
    faults = check(form, answers, known=known, exists=lambda _: True)
    if faults:
        said = " ".join(f"{fault.at}: {fault.sentence}" for fault in faults)
        raise NotAsWritten(f"These answers to `{state}` would be refused. {said}")


def _fit(fields: tuple[Field, ...], answers: dict[str, Any]) -> None:
    """YAML reads `4` as a number even where a text is asked for; a form would read text."""
    for field in fields:
        value = answers.get(field.name)
        if field.type.value in ("text", "longtext", "choice") and isinstance(value, int | float):
            answers[field.name] = str(value)
        elif field.type is FieldType.FILE and isinstance(value, str):
            # A scenario names the file that somebody hands in.
            reference = {"id": "scenario", "name": value, "size": 1, "sha256": "0" * 64}
            answers[field.name] = reference


def _open_task(stage: Stage, person: str, state: str) -> OpenTask:
    named = [
        task
        for task in stage.standing.tasks.values()
        if state in (stage.word(task), path_of(stage.known(task.place)))
    ]
    theirs = [task for task in named if person in stage.owners(task)]
    if theirs:
        return theirs[0]
    if named:
        owners = ", ".join("/".join(stage.owners(task)) or "nobody" for task in named)
        raise NotAsWritten(f"The task `{state}` is not {person}'s; it is with {owners}.")
    words = [stage.word(task) for task in stage.standing.tasks.values()]
    hint = did_you_mean(state, words)
    help_ = f"; did you mean `{hint}`?" if hint else "."
    raise NotAsWritten(f"No task `{state}` is open{help_}")


def _index(stage: Stage, task: OpenTask) -> int:
    wanted = state_id(task.place)
    return next(state.index for state in stage.definition.states if state.id == wanted)


def _clock(stage: Stage, value: Any) -> None:
    text = str(value).strip()
    if text.startswith("+"):
        try:
            span = duration(text[1:].strip())
        except PhraseRefused as refused:
            raise NotAsWritten(f"The clock cannot move by `{text}`: {refused}") from None
        if span.unit in _EXACT:
            stage.move_clock(stage.now + span.amount * _EXACT[span.unit])
            return
        day = _later(stage, span)
    else:
        day = _day(stage, text)
    stage.move_clock(stage.end_of(day))


def _later(stage: Stage, span: Span) -> date:
    match span.unit:
        case Unit.WORKDAYS:
            return stage.calendar.add_workdays(stage.today, span.amount)
        case Unit.MONTHS | Unit.YEARS:
            months = span.amount * (12 if span.unit is Unit.YEARS else 1)
            years, month = divmod(stage.today.month - 1 + months, 12)
            year = stage.today.year + years
            return date(year, month + 1, min(stage.today.day, monthrange(year, month + 1)[1]))
        case _:
            return stage.today + timedelta(days=span.amount * (7 if span.unit is Unit.WEEKS else 1))


def _day(stage: Stage, text: str) -> date:
    if text.startswith("data."):
        field = text.removeprefix("data.")
        if field not in stage.standing.data:
            raise NotAsWritten(f"The clock cannot go to `{text}`: nobody has filled it.")
        text = str(stage.standing.data[field])
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise NotAsWritten(
            f"The clock cannot go to `{text}`; write a date such as 2027-06-01, a field such as "
            "data.start_date, or a span such as +15 workdays."
        ) from None
    if day < stage.today:
        raise NotAsWritten(f"The clock is at {stage.today} already and never goes back to {day}.")
    return day


def _signal(stage: Stage, value: Any) -> None:
    if not isinstance(value, Mapping) or len(value) != 1:
        raise NotAsWritten("Write a signal as `signal: {name: {what: it says}}`.")
    ((name, body),) = value.items()
    stage.signal(str(name), dict(body or {}))


def _change(stage: Stage, value: Any) -> None:
    if not isinstance(value, Mapping):
        raise NotAsWritten("Write a change as `change: {subject.manager: eve}`.")
    for path, new in value.items():
        stage.cast.change(path, new)
    stage.take(DirectoryChanged(at=stage.now))


def _closed(stage: Stage, value: Any) -> None:
    if not isinstance(value, Mapping) or len(value) != 1:
        raise NotAsWritten("Write the end of a sub-case as `closed: {state: outcome}`.")
    ((state, said),) = value.items()
    waiting = [
        subcase
        for subcase in stage.standing.subcases.values()
        if short(stage.known(subcase.place)) == state and subcase.ended is None
    ]
    if not waiting:
        raise NotAsWritten(f"`{state}` waits for no sub-case.")
    outcome = said.get("outcome", "done") if isinstance(said, Mapping) else str(said)
    data = said.get("data", {}) if isinstance(said, Mapping) else {}
    stage.take(SubcaseClosed(subcase=waiting[0].key, outcome=outcome, data=data, at=stage.now))


def _cancel(stage: Stage, value: Any) -> None:
    stage.take(CaseCancelled(by=None, reason=str(value), at=stage.now))


_VERBS: Mapping[str, Callable[[Stage, Any], None]] = {
    "clock": _clock,
    "signal": _signal,
    "expect": expect,
    "change": _change,
    "closed": _closed,
    "cancel": _cancel,
}
_EXACT = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
