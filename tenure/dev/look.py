"""What the pages show, gathered from the bench once for each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from markupsafe import Markup

from engine import diagram
from engine.core.chart import TriggerKind
from engine.core.form import Field
from engine.core.places import state_id
from engine.scenarios import FIRST_DAY, Script, Stage, scenario_text, sees
from engine.scenarios.stage import short
from tenure.dev.desk import words_of
from tenure.dev.workshop import Bench
from web.words import text


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenLine:
    """A task that waits for somebody."""

    key: str
    title: str
    owners: tuple[str, ...]
    queue: str | None  # nobody has taken it yet
    due: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLine:
    """Somebody the author can be."""

    id: str
    name: str
    parts: tuple[str, ...]  # roles of the play: `subject`, `manager`
    tasks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldLine:
    """A field of the case file as one person sees it."""

    label: str
    name: str
    shown: str  # the value in words; empty: nobody has filled it
    hidden: str | None  # why this person does not see it


def drawing(bench: Bench) -> dict[str, str]:
    """The diagram with the case on it, and the same as a list."""
    assert bench.definition is not None
    picture = diagram.picture(bench.definition)
    marks = diagram.Marks()
    if bench.show is not None:
        stage = bench.show.stage
        current = (state_id(place) for place in stage.standing.configuration)
        marks = diagram.case_marks(picture, current, stage.visited)
    return {
        "svg": Markup(diagram.svg(picture, marks, style=False)),  # noqa: S704 - it escapes
        "outline": diagram.outline(picture, marks),
    }


def open_tasks(stage: Stage) -> tuple[OpenLine, ...]:
    return tuple(
        OpenLine(
            key=task.key,
            title=words_of(stage, task.key)[0],
            owners=stage.owners(task),
            queue=None if task.owners else task.queue,
            due=task.due,
        )
        for task in stage.standing.tasks.values()
    )


def people(stage: Stage) -> tuple[PersonLine, ...]:
    """Whoever has a part, or a task; in the order in which they were named."""
    tasks = open_tasks(stage)
    ids = dict.fromkeys(
        [
            *(one for named in stage.named.values() for one in named),
            *(one for task in tasks for one in task.owners),
            *(one for tell in stage.told for one in tell.to),
        ]
    )
    return tuple(
        PersonLine(
            id=one,
            name=name_of(stage, one),
            parts=tuple(role for role, named in stage.named.items() if one in named),
            tasks=sum(one in task.owners for task in tasks),
        )
        for one in ids
    )


def name_of(stage: Stage, person: str) -> str:
    known = stage.cast.people.get(person)
    return str(known["name"]) if known else person


def fields(stage: Stage, person: str) -> tuple[FieldLine, ...]:
    zone = stage.calendar.zone
    return tuple(
        FieldLine(
            label=field.label,
            name=field.name,
            shown=_shown(stage, field, zone) if sees(stage, person, field) else "",
            hidden=None if sees(stage, person, field) else _why_hidden(field),
        )
        for field in stage.definition.data.values()
    )


def _shown(stage: Stage, field: Field, zone: tzinfo) -> str:
    value = stage.standing.data.get(field.name)
    if isinstance(value, list) and field.columns:
        rows = (
            ", ".join(f"{key} {cell}" for key, cell in row.items())
            for row in value
            if isinstance(row, Mapping)
        )
        return "; ".join(rows)
    return text(field, value, lambda person: name_of(stage, person), zone)


def _why_hidden(field: Field) -> str:
    roles = ", ".join(role.replace("_", " ") for role in field.seen_by or ())
    until = f", and for others from {field.until.replace('_', ' ')} on" if field.until else ""
    return f"for {roles}{until}"


def signals(bench: Bench) -> tuple[str, ...]:
    """Signals that the case would take now."""
    if bench.definition is None or bench.show is None:
        return ()
    active = {state_id(place) for place in bench.show.stage.standing.configuration} | {""}
    found: dict[str, None] = {}
    for state in bench.definition.states:
        if state.id not in active:
            continue
        if state.wait is not None:
            found[state.wait.signal] = None
        for transition in state.transitions:
            if transition.trigger.kind is TriggerKind.SIGNAL:
                found[transition.trigger.name] = None
    return tuple(found)


def subcases(stage: Stage) -> tuple[str, ...]:
    """States whose started case is still open."""
    open_ = (one for one in stage.standing.subcases.values() if one.ended is None)
    return tuple(dict.fromkeys(short(stage.known(one.place)) for one in open_))


def clock_to(stage: Stage, at: datetime) -> str:
    """The clock's step that reaches an instant: its day, or hours where that day's end is past."""
    end = stage.end_of(at.astimezone(stage.calendar.zone).date())
    if stage.now < at <= end:
        return end.date().isoformat()
    hours = -(-(at - stage.now) // timedelta(hours=1))
    return f"+{max(int(hours), 1)} hours"


def scenario(bench: Bench, name: str) -> str:
    """What was played up to now, as an item of `tests:`."""
    script, show = bench.script, bench.show
    if script is None or show is None:
        return ""
    stage = show.stage
    return scenario_text(
        name,
        script.people,
        script.start,
        script.starts_by,
        _day_of(script),
        ((step.name, step.value) for step in script.steps[: show.played]),
        _expected(stage),
    )


def _day_of(script: Script) -> str | None:
    return None if script.at == FIRST_DAY else script.at.isoformat()


def _expected(stage: Stage) -> dict[str, Any]:
    if stage.standing.outcome is not None:
        return {"ended": stage.standing.outcome}
    tasks = [
        f"{owner} {stage.word(task)}"
        for task in stage.standing.tasks.values()
        if task.queue is None or task.owners
        for owner in (task.owners or ("nobody",))
    ]
    return {"at": list(dict.fromkeys(stage.where())), "tasks": tasks}
