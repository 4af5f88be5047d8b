"""What the pages show, gathered from the bench once for each of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from markupsafe import Markup

from engine import diagram
from engine.core.effects import HandedOver, OpenedTask
from engine.core.form import Field
from engine.core.places import state_id
from engine.core.questions import awaited_signals
from engine.core.snapshot import OpenTask
from engine.queries.telling import listed
from engine.scenarios import FIRST_DAY, Script, Stage, scenario_text, scripts_of, sees
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
    """Whoever has a part, or was asked or told something; in the order in which they came up."""
    tasks = open_tasks(stage)
    ids = dict.fromkeys(
        [
            *(one for named in stage.named.values() for one in named),
            *(one for task in _ever_opened(stage) for one in stage.owners(task)),
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


def _ever_opened(stage: Stage) -> Iterator[OpenTask]:
    """Also what is answered by now: its mails are still there to be read."""
    for moment in stage.moments:
        for effect in moment.done.effects:
            if isinstance(effect, OpenedTask | HandedOver):
                yield effect.task


def name_of(stage: Stage, person: str) -> str:
    known = stage.cast.people.get(person)
    return str(known["name"]) if known else person


def fields(stage: Stage, person: str) -> tuple[FieldLine, ...]:
    return tuple(_line(stage, person, field) for field in stage.definition.data.values())


def _line(stage: Stage, person: str, field: Field) -> FieldLine:
    seen = sees(stage, person, field)
    return FieldLine(
        label=field.label,
        name=field.name,
        shown=_shown(stage, field, stage.calendar.zone) if seen else "",
        hidden=None if seen else _why_hidden(field),
    )


def _shown(stage: Stage, field: Field, zone: tzinfo) -> str:
    value = stage.standing.data.get(field.name)

    def words(one: Field, cell: Any) -> str:
        return text(one, cell, lambda person: name_of(stage, person), zone)

    if field.columns and isinstance(value, list):
        rows = (
            ", ".join(f"{one.label}: {words(one, row.get(one.name))}" for one in field.columns)
            for row in value
            if isinstance(row, Mapping)
        )
        return "; ".join(rows)
    return words(field, value)


def _why_hidden(field: Field) -> str:
    """As a sentence without its full stop."""
    roles = listed([role.replace("_", " ") for role in field.seen_by or ("nobody",)])
    until = f" until {field.until.replace('_', ' ')}" if field.until else ""
    return f"only {roles} may see it{until}"


def signals(bench: Bench) -> tuple[str, ...]:
    """Signals that the case would take now."""
    if bench.definition is None or bench.show is None:
        return ()
    return tuple(sorted(awaited_signals(bench.definition, bench.show.stage.standing)))


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


def scenario(bench: Bench) -> str:
    """What was played up to now, as an item of `tests:`, under a name that no other one has."""
    script, show = bench.script, bench.show
    if script is None or show is None:
        return ""
    stage = show.stage
    taken = {one.name for one in scripts_of(bench.good)} if bench.good else set()
    return scenario_text(
        f"{script.name}, as played" if script.name in taken else script.name,
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
