"""Who gets a case: everybody, so many, or the people of a cohort file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.core.chart import Definition
from engine.directory import Roster
from engine.rehearsal import Behaviour, Processes, Start
from engine.rehearsal.behaviour import dice
from engine.rehearsal.processes import Process
from engine.rehearsal.values import Drawing, value
from tenure.cli.cohorts import read_cohort
from tenure.cli.stopped import Stopped
from tenure.cli.values import values_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the command line says about the cases."""

    cases: int | None  # None: everybody
    file: Path | None  # a cohort file for the first process
    common: Mapping[str, str]  # `--set`
    behaviour: Behaviour
    seed: int


def cohort_of(
    processes: Processes, wanted: Wanted, roster: Roster, first: datetime
) -> tuple[tuple[Start, ...], dict[int, str]]:
    """The cases, and by line why some of the file's ask for nothing that could be done.

    Raises Stopped for what fits no process.
    """
    _check_common(processes, wanted)
    starts: list[Start] = []
    refused: dict[int, str] = {}
    for place, name in enumerate(processes.roots):
        process = processes.by_name[name]
        common = {
            key: text
            for key, text in wanted.common.items()
            if key in {field.name for field in process.version.start_form.fields}
        }
        if wanted.file is not None and place == 0:
            read = read_cohort(wanted.file, process.definition, common, roster, first)
            refused = dict(read.refused)
            asked: list[tuple[str | None, Mapping[str, Any]]] = [
                (line.subject, line.data) for line in read.lines[: wanted.cases]
            ]
        else:
            fields = process.version.start_form.fields
            data = values_of(common, fields, roster, first)
            asked = [(each, data) for each in _subjects(process.definition, wanted, roster)]
        for subject, given in asked:
            number = len(starts) + 1
            complete = _completed(process, number, subject, given, wanted, roster, first)
            starts.append(
                Start(number=number, process=name, subject=subject, data=complete, at=first)
            )
    return tuple(starts), refused


def _subjects(
    definition: Definition, wanted: Wanted, roster: Roster
) -> Iterator[str | None] | Sequence[str | None]:
    if definition.subject == "none":
        return [None] * (wanted.cases or 1)
    if definition.subject != "person":
        return [f"{definition.subject}-{number}" for number in range(1, (wanted.cases or 1) + 1)]
    people = [person for person, one in roster.people.items() if one["active"]]
    count = len(people) if wanted.cases is None else wanted.cases
    if count > len(people) and definition.key is not None:
        raise Stopped(
            f"{definition.process} has at most one case for the same {', '.join(definition.key)}, "
            f"and the people file names {len(people):,} people, so {count:,} cases are too many. "
            "Give more people, or fewer --cases."
        )
    return [people[number % len(people)] for number in range(count)]


def _completed(
    process: Process,
    number: int,
    subject: str | None,
    given: Mapping[str, Any],
    wanted: Wanted,
    roster: Roster,
    first: datetime,
) -> dict[str, Any]:
    """What nobody said about the start of a case is made up, for each case on its own."""
    data = dict(given)
    for field in process.version.start_form.fields:
        if field.name not in data:
            draw = Drawing(
                rolled=dice(wanted.seed, number, "start", field.name),
                behaviour=wanted.behaviour,
                hints=process.hints,
                people=tuple(one for one, known in roster.people.items() if known["active"]),
                but=frozenset({subject} if subject else ()),
                by={},
                now=first,
                data={},
            )
            data[field.name] = value(field, draw)
    return data


def _check_common(processes: Processes, wanted: Wanted) -> None:
    known = {
        field.name
        for name in processes.roots
        for field in processes.by_name[name].version.start_form.fields
    }
    strange = sorted(set(wanted.common) - known)
    if strange:
        listed = ", ".join(sorted(known)) or "none"
        raise Stopped(
            f"No case is started with `{strange[0]}`. The fields at the start are: {listed}."
        )
