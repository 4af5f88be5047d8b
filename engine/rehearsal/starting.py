"""Cases that begin: of the cohort, and those that another case starts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.core.effects import OpenIncident, StartCase
from engine.core.events import CaseStarted
from engine.core.snapshot import CaseFacts
from engine.core.step import Step, step
from engine.rehearsal.behaviour import at_work, dice
from engine.rehearsal.cases import Case, Play
from engine.rehearsal.guests import enlisted
from engine.rehearsal.processes import Process
from engine.service.errors import StartRefused
from engine.service.starting import key_of

_DEEPEST = 12  # as the service has it
_ELSEWHERE = (5, 30)  # working days that a case of a process which was not given takes


class NotStarted(Exception):  # noqa: N818 - what became of it
    """A sub-case cannot be started, so the macrostep that wanted it is undone."""

    def __init__(self, incident: OpenIncident) -> None:
        super().__init__(incident.message)
        self.incident = incident


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A case whose first macrostep is decided and not yet followed up."""

    key: str  # Subcase.key in the case that starts it
    process: str
    first: tuple[Case, Step] | None = None  # None: the process was not given to the rehearsal
    children: tuple["Begun", ...] = ()
    ends_at: datetime | None = None  # of one that was not given


class OpenAlready(StartRefused):
    """There is at most one case of the key, and it is open."""


def begin_root(
    play: Play,
    number: int,
    process: Process,
    subject: str | None,
    data: Mapping[str, Any],
    by: str | None = None,
) -> Begun:
    """A case of the cohort. Raises StartRefused, or NotStarted if it cannot take its first step."""
    name = f"{process.prefix}-{number:04d}"
    case, given = _prepared(play, process, number, name, subject, data)
    return _first_step(play, case, "", given, by)


def begin(play: Play, parent: Case, asked: Iterable[StartCase]) -> tuple[Begun, ...]:
    """Sub-cases of one macrostep; raises NotStarted if any cannot begin: then nothing happens."""
    return tuple(_begin(play, parent, each) for each in asked)


def _begin(play: Play, parent: Case, asked: StartCase) -> Begun:
    process = play.processes.by_name.get(asked.process)
    if process is None:
        return _elsewhere(play, parent, asked)
    try:
        _check_depth(parent)
        name = f"{parent.name}/{asked.subcase}"
        case, given = _prepared(play, process, parent.number, name, asked.subject, asked.data)
        case.depth = parent.depth + 1
        return _first_step(play, case, asked.subcase, given)
    except (StartRefused, NotStarted) as refused:
        place = asked.subcase.partition("#")[0]
        raise NotStarted(
            OpenIncident(
                code="subcase-refused",
                place=place,
                message=f"At `{place}` a case of {asked.process} should start. {refused}",
                blocking=True,
            )
        ) from refused


def _check_depth(parent: Case) -> None:
    if parent.depth + 1 >= _DEEPEST:
        raise StartRefused(
            f"{_DEEPEST} cases have opened one another in a row, which looks like a circle."
        )


def _prepared(
    play: Play,
    process: Process,
    number: int,
    name: str,
    subject: str | None,
    data: Mapping[str, Any],
) -> tuple[Case, Mapping[str, Any]]:
    """The case, and the data that it starts with: guests by their ids."""
    definition = process.definition
    if definition.subject == "person" and (subject is None or play.facts.person(subject) is None):
        raise StartRefused(
            f"A case of {process.name} is about a person, and {subject or 'nobody'} is none that "
            "the people file knows."
        )
    asked = {field.name for field in process.version.start_form.fields}
    strange = sorted(data.keys() - asked)
    if strange:
        raise StartRefused(f"{process.name} takes no {', '.join(strange)} at its start.")
    faults = process.takes(process.version.start_form, data, {}, play.facts.roster.people)
    if faults:
        raise StartRefused(f"{process.name} cannot be started so. {' '.join(faults)}")
    data = enlisted(play, process.version.start_form, data)
    key = key_of(definition, subject, data)
    if key is not None and (process.name, key) in play.keys:
        raise OpenAlready(
            f"The case {play.keys[process.name, key]} of {process.name} is still open for the "
            f"same {' and '.join(definition.key or ())}, and there is at most one."
        )
    case = Case(
        number=number,
        name=name,
        process=process,
        subject=subject,
        key=key,
        opened_at=play.now,
    )
    return case, data


def _first_step(
    play: Play, case: Case, key: str, data: Mapping[str, Any], by: str | None = None
) -> Begun:
    about = CaseFacts(
        id=case.name,
        subject=case.subject,
        opened_by=by,
        opened_at=play.now,
        key=case.key,
    )
    given = {name: value for name, value in data.items() if value is not None}
    event = CaseStarted(case=about, data=given)
    done = step(case.process.definition, None, event, play.now, play.facts)
    play.tally.steps += 1
    for effect in done.effects:
        if isinstance(effect, OpenIncident) and effect.blocking:
            raise NotStarted(effect)
    children = begin(play, case, (e for e in done.effects if isinstance(e, StartCase)))
    if case.key is not None:
        play.keys[case.process.name, case.key] = case.name
    return Begun(key=key, process=case.process.name, first=(case, done), children=children)


def _elsewhere(play: Play, parent: Case, asked: StartCase) -> Begun:
    rolled = dice(play.seed, parent.name, asked.subcase, "elsewhere")
    calendar = play.facts.calendar(None)
    ends = at_work(calendar, play.day, rolled.randint(*_ELSEWHERE), play.now, rolled)
    return Begun(key=asked.subcase, process=asked.process, ends_at=ends)
