"""`tenure start`: one case, or one for everybody in a file."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from sqlmodel import Session

from engine.core.chart import Definition
from engine.directory import Roster
from engine.queries import Reader
from engine.queries import process as read_process
from engine.service.turns import in_turns
from tenure.cli.asked import Home, Set
from tenure.cli.cohorts import read_cohort, refusals, start_all
from tenure.cli.definitions import counted
from tenure.cli.eligible import Wanted, start_eligible, tell_eligible, to_come
from tenure.cli.home import opened
from tenure.cli.lookup import find_person
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import complain, say
from tenure.cli.values import pairs_of, values_of
from tenure.runtime import Runtime


def start(
    process: Annotated[str, Parameter(help="The id of a published process.")],
    person: Annotated[
        str | None, Parameter(help="Whom it is about: number, mail address or name.")
    ] = None,
    /,
    *,
    set_: Set = (),
    cohort: Annotated[
        Path | None, Parameter(help="CSV with a column `number` and the fields asked at the start.")
    ] = None,
    name: Annotated[
        str | None, Parameter(help="What the bulk start is called; its file's name if absent.")
    ] = None,
    eligible: Annotated[
        str | None,
        Parameter(help="A cohort of the process's `starts:`: everybody whom its `if` holds for."),
    ] = None,
    preview: Annotated[
        bool,
        Parameter(help="With --eligible: tell who would be in and who not, and why.", negative=""),
    ] = False,
    a_day: Annotated[
        int | None,
        Parameter(help="With --cohort or --eligible: start so many on each working day."),
    ] = None,
    by: Annotated[
        str | None, Parameter(help="Who starts it, for `by_hand`; an operator if absent.")
    ] = None,
    home: Home = None,
) -> int:
    if sum(each is not None for each in (person, cohort, eligible)) > 1:
        raise Stopped("Name a person, a --cohort file or --eligible people, one of them.")
    if preview and eligible is None:
        raise Stopped("--preview goes with --eligible, which says who could be in.")
    if a_day is not None and (a_day < 1 or (cohort is None and eligible is None)):
        raise Stopped(
            "--a-day goes with --cohort or --eligible, and is how many are started on each "
            "working day, such as --a-day 20."
        )
    with opened(home) as runtime:
        if cohort is not None:
            called = name or cohort.name
            return _start_cohort(runtime, process, cohort, called, pairs_of(set_), by, a_day)
        now = runtime.clock.now()
        with runtime.database.read() as session:
            definition, roster = read_newest(runtime, session, process, now)
        who = None if by is None else find_person(roster, by)
        if eligible is not None:
            wanted = Wanted(definition=definition, cohort=eligible, given=pairs_of(set_), by=who)
            return (
                tell_eligible(runtime, wanted, now)
                if preview
                else start_eligible(runtime, wanted, name, now, a_day)
            )
        subject = person
        if person is not None and definition.subject == "person":
            subject = find_person(roster, person)
        asked = [field for field in definition.data.values() if field.from_start]
        data = values_of(pairs_of(set_), asked, roster, now)
        case = runtime.service.start(process, subject, data, who, now)
    say(f"{case} is started.")
    return 0


def read_newest(
    runtime: Runtime, session: Session, name: str, now: datetime
) -> tuple[Definition, Roster]:
    """The newest version of a process, and the directory of today. Raises Stopped."""
    reader = Reader(directory=runtime.service.tools.directory)
    page = read_process(session, reader, name, now)
    if page is None:
        raise Stopped(f"No process `{name}` is published. `tenure publish FILE` does that.")
    number = page.versions[0].definition_id
    definition = reader.atlases(session, [number])[number].definition
    if definition is None:
        raise Stopped(
            f"The newest version of {name} was published by another tenure, and this one cannot "
            "read it. Publish it again as a new version."
        )
    return definition, reader.directory.facts(session, now).roster


def _start_cohort(
    runtime: Runtime,
    process: str,
    file: Path,
    name: str,
    common: dict[str, str],
    by: str | None,
    a_day: int | None,
) -> int:
    now = runtime.clock.now()
    with runtime.database.read() as session:
        definition, roster = read_newest(runtime, session, process, now)
        calendar = runtime.service.tools.directory.facts(session, now).calendar(None)
    read = read_cohort(file, definition, common, roster, now)
    who = None if by is None else find_person(roster, by)
    started = later = 0
    refused = dict(read.refused)
    if read.lines:
        lines = read.lines if a_day is None else in_turns(read.lines, a_day, calendar, now)
        number = runtime.service.start_cohort(name, process, lines, who, now)
        launched = start_all(runtime, number, len(read.lines))
        started, later = launched.done - launched.refused, launched.later
        refused |= refusals(runtime, number)
    for line, why in sorted(refused.items()):
        complain(f"{file}:{line}: {why}")
    say(
        f"{counted(started, 'case')} of {process} started, {to_come(later)}"
        f"{len(refused):,} lines refused."
    )
    return 1 if refused else 0
