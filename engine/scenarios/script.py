"""A scenario as data: whom it is about, what happens in it, and playing it from the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engine.core.chart import Definition
from engine.document import Mapping as Table
from engine.loader import Loaded
from engine.loader.later import plain
from engine.scenarios.beginnings import begin
from engine.scenarios.cast import cast_of, day_at
from engine.scenarios.stage import Stage
from engine.scenarios.steps import play_step
from engine.scenarios.writing import steps_of
from engine.scenarios.written import NotAsWritten

FIRST_DAY = date(2027, 1, 4)  # a Monday; where a scenario begins that names no day


@dataclass(frozen=True, kw_only=True, slots=True)
class PlayStep:
    """One line of a play, as the author writes it."""

    name: str  # `ann plan`, `clock`, `signal`, …
    value: Any  # plain data; None: the only button


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """Everything a case needs to be played again, on this version or on another."""

    name: str
    people: Mapping[str, Any]
    start: Mapping[str, Any]
    at: date
    starts_by: Any = None  # as in a test; None: somebody starts it
    steps: tuple[PlayStep, ...] = ()

    def then(self, step: PlayStep) -> "Script":
        return replace(self, steps=(*self.steps, step))


@dataclass(frozen=True, kw_only=True, slots=True)
class Performance:
    """What came of a script."""

    stage: Stage
    played: int  # steps that went as written
    trouble: str | None  # why the next one did not, a sentence
    ends: tuple[int, ...] = field(default=())  # how much had happened after each step, by moments


def stage_of(definition: Definition, people: Any, at: str) -> Stage:
    """An empty stage on the morning of a day. Raises NotAsWritten."""
    if not isinstance(people, Mapping):
        raise NotAsWritten("Write `people:` as `{subject: ann, manager: bob}`.")
    cast = cast_of(definition, people)
    about = cast.people.get(cast.subject or "", {})
    try:
        day = date.fromisoformat(at)
    except ValueError:
        raise NotAsWritten(f"`at: {at}` is no date; write one such as 2027-01-04.") from None
    calendar = cast.calendar(about.get("location"))
    named = {role: tuple(_names(value)) for role, value in people.items()}
    return Stage(definition=definition, cast=cast, now=day_at(day, 9, calendar), named=named)


def perform(definition: Definition, script: Script) -> Performance:
    """Plays a script as far as it goes. Raises NotAsWritten where not even the start does."""
    stage = stage_of(definition, script.people, script.at.isoformat())
    begin(stage, script.starts_by, script.start)
    if stage.snapshot is None:
        raise NotAsWritten(stage.why_not)
    ends = [len(stage.moments)]
    for number, step in enumerate(script.steps):
        try:
            play_step(stage, step.name, step.value)
        except NotAsWritten as finding:
            # What the step did before it failed would stay on the stage; play what went well again.
            well = perform(definition, replace(script, steps=script.steps[:number]))
            return replace(well, trouble=str(finding))
        ends.append(len(stage.moments))
    return Performance(stage=stage, played=len(script.steps), trouble=None, ends=tuple(ends))


def scripts_of(loaded: Loaded) -> tuple[Script, ...]:
    """The scenarios of `tests:` without what they expect; those that cannot be read are left out.

    `tenure test` says what is the matter with those.
    """
    found = []
    for node in loaded.tests.items if loaded.tests else ():
        if not isinstance(node, Table):
            continue
        try:
            found.append(_script(node))
        except (NotAsWritten, ValueError):
            continue
    return tuple(found)


def _script(node: Table) -> Script:
    told = {entry.name: plain(entry.value) for entry in node.entries if entry.name != "play"}
    people, start = told.get("people", {}), told.get("start", {})
    if not isinstance(people, Mapping) or not isinstance(start, Mapping):
        raise NotAsWritten("Write `people:` as `{subject: ann, manager: bob}`.")
    return Script(
        name=str(told.get("name", "unnamed")),
        people=people,
        start=start,
        at=date.fromisoformat(str(told.get("at", FIRST_DAY))),
        starts_by=told.get("starts_by"),
        steps=tuple(
            PlayStep(name=name, value=value)
            for _, name, value in steps_of(node)
            if name != "expect"
        ),
    )


def _names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    return [str(value.get("name"))] if isinstance(value, Mapping) else [str(value)]
