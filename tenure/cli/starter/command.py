"""`tenure starter`: brings people in, starts what is missing, and shows the three checks."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from sqlmodel import Session

from engine.directory import Roster, SheetUnreadable, plan_people, preview, read_sheet
from engine.queries import CaseFilter, Reader, cases, processes
from engine.queries.records import records
from engine.service import CohortLine
from tenure.cli.asked import Format, Home
from tenure.cli.cohorts import refusals, start_all
from tenure.cli.definitions import counted
from tenure.cli.home import opened
from tenure.cli.lookup import find_person
from tenure.cli.starter.choosing import Best, best, most_critical, seats_for
from tenure.cli.starter.wishes import COLUMNS, Wishes, read_wishes
from tenure.cli.starter.words import as_data, told
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import complain, say, tell_json
from tenure.runtime import Runtime
from tenure.starter import (
    PLAN,
    PREFIX,
    SKILLS,
    SUCCESSION,
    Seat,
    State,
    begun,
    plan_data,
    read_state,
)
from tenure.starter.words import name_of

_RECORDS = {SKILLS: "skills", SUCCESSION: "succession"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Missing:
    """What would be started."""

    best: Best
    people: tuple[str, ...]
    seats: tuple[Seat, ...]


def starter(
    file: Annotated[
        Path | None,
        Parameter(
            help="The people file; besides its usual columns `top`, `critical`, `risk`, "
            "`successor` and `needs`. Without it: how far things are."
        ),
    ] = None,
    /,
    *,
    confirm: Annotated[
        str | None,
        Parameter(help="Begin the 90-day plan of this successor: number, mail address or name."),
    ] = None,
    yes: Annotated[bool, Parameter(help="Do not ask.", negative="")] = False,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home, create=True) as runtime:
        wishes = Wishes() if file is None else _brought_in(runtime, file)
        if file is not None:
            _publish(runtime)
            _begin(runtime, wishes, asked=not yes)
        if confirm is not None:
            _confirm(runtime, wishes, confirm)
        _show(runtime, wishes, file, format)
    return 0


# --- people and processes ---


def _brought_in(runtime: Runtime, file: Path) -> Wishes:
    """The directory after the file, and what the file says besides. Raises Stopped."""
    try:
        sheet = read_sheet(file.read_bytes(), also=COLUMNS)
    except OSError as error:
        raise Stopped(f"{file} cannot be read: {error.strerror}.") from error
    except SheetUnreadable as error:
        raise Stopped(f"{file}: {error}.") from error
    now = runtime.clock.now()
    directory = runtime.service.tools.directory
    with runtime.database.read() as session:
        plan = plan_people(sheet, session.connection(), directory.day(now), full=False)
    if plan.problems:
        say(preview(plan))
        raise Stopped("Nothing was written. Put the problems right, and run it again.")
    if not plan.empty:
        imported = runtime.service.import_people(plan, None, now)
        say(f"Directory: {len(imported.persons):,} written.")
    with runtime.database.read() as session:
        return read_wishes(file, sheet, directory.facts(session, now).roster)


def _publish(runtime: Runtime) -> None:
    """Ships what nobody has published yet; a version of yours is left as it is."""
    now = runtime.clock.now()
    with runtime.database.read() as session:
        known = {one.process for one in processes(session, now)}
    for name in (SKILLS, SUCCESSION, PLAN):
        if name not in known:
            source = files("definitions").joinpath(f"{name}.yaml").read_text("utf-8")
            published = runtime.service.publish(source, f"{name}.yaml", None, now)
            say(f"{published.process} is published, version {published.version}.")


# --- what is missing is started ---


def _begin(runtime: Runtime, wishes: Wishes, *, asked: bool) -> None:
    now = runtime.clock.now()
    directory = runtime.service.tools.directory
    with runtime.database.read() as session:
        roster = directory.facts(session, now).roster
        missing = _missing(session, Reader(directory=directory), roster, wishes, now)
    for line in _offer(missing, wishes, roster):
        say(line)
    if not missing.people and not missing.seats:
        return
    if asked and not _agreed():
        raise Stopped("Nothing was started.")
    people = [CohortLine(line=n, subject=p, data={}) for n, p in enumerate(missing.people, 1)]
    seats = [
        CohortLine(line=n, subject=seat.position, data={"holder": seat.holder})
        for n, seat in enumerate(missing.seats, 1)
    ]
    _start(runtime, SKILLS, people, roster, now)
    _start(runtime, SUCCESSION, seats, roster, now)
    say()


def _missing(
    session: Session, reader: Reader, roster: Roster, wishes: Wishes, now: datetime
) -> _Missing:
    so_far = begun(session)
    chosen = best(session, roster, wishes, now)
    people = dict.fromkeys([*(so_far.people or chosen.people), *wishes.top])
    seats = [
        seat
        for seat in most_critical(wishes, roster)
        if seat.position in so_far.positions or len(so_far.positions) < seats_for(roster)
    ]

    def lacks(process: str, about: str) -> bool:
        if records(session, now, kind=_RECORDS[process], about=about, limit=1):
            return False
        wanted = CaseFilter(process=process, subject=about, status="open")
        return not cases(session, reader, wanted, now, limit=1).items

    return _Missing(
        best=chosen,
        people=tuple(
            person for person in people if roster.people[person]["active"] and lacks(SKILLS, person)
        ),
        seats=tuple(seat for seat in seats if lacks(SUCCESSION, seat.position)),
    )


def _offer(missing: _Missing, wishes: Wishes, roster: Roster) -> list[str]:
    lines = []
    if missing.people:
        names = ", ".join(name_of(roster, person) for person in missing.people)
        lines.append(f"Skills would be asked of {names}: {missing.best.because}.")
    if missing.seats:
        seats = ", ".join(
            f"{seat.position} of {name_of(roster, seat.holder)}" for seat in missing.seats
        )
        lines.append(f"Who could follow would be asked for {seats}.")
    more = len(wishes.seats) - seats_for(roster)
    if more > 0:
        lines.append(
            f"More positions are marked, {more} of them; a company of this size begins with "
            f"{seats_for(roster)}, the highest risk first."
        )
    return lines


def _agreed() -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Stopped(
            "Nothing was started: these people would get mail, and nobody is here to say yes. "
            "Add --yes if that is right."
        )
    say("Start these? They get mail at once. [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _start(
    runtime: Runtime, process: str, lines: Sequence[CohortLine], roster: Roster, now: datetime
) -> None:
    if not lines:
        return
    # To the thousandth of a second: what is new may be started right after what was there before.
    name = f"{PREFIX}{process} {now.replace(tzinfo=None).isoformat(' ', 'milliseconds')}"
    number = runtime.service.start_cohort(name, process, lines, None, now)
    launched = start_all(runtime, number, len(lines))
    about = {line.line: str(line.subject) for line in lines}
    for line, why in sorted(refusals(runtime, number).items()):
        complain(f"{name_of(roster, about[line])}: {why}")
    say(f"{counted(launched.done - launched.refused, 'case')} of {process} started.")


# --- the plan, and the state ---


def _confirm(runtime: Runtime, wishes: Wishes, words: str) -> None:
    """HR's own choice: of those who are named, not always the one that the figures say."""
    now = runtime.clock.now()
    state, roster = _state(runtime, wishes, now)
    person = find_person(roster, words)
    found = [one for one in state.readiness if one.person == person]
    if not found:
        known = ", ".join(name_of(roster, one.person) for one in state.readiness) or "nobody yet"
        raise Stopped(f"{name_of(roster, person)} is not named as a successor. Named are: {known}.")
    case = runtime.service.start(PLAN, person, plan_data(found[0]), None, now)
    say(f"{case} is started: 90 days for {name_of(roster, person)}.\n")


def _show(runtime: Runtime, wishes: Wishes, file: Path | None, format: str) -> None:  # noqa: A002
    now = runtime.clock.now()
    state, roster = _state(runtime, wishes, now)
    if format == "json":
        tell_json(as_data(state))
    else:
        again = "tenure starter" if file is None else f"tenure starter {file}"
        say(told(state, roster, runtime, again, now))


def _state(runtime: Runtime, wishes: Wishes, now: datetime) -> tuple[State, Roster]:
    directory = runtime.service.tools.directory
    reader = Reader(directory=directory)
    with runtime.database.read() as session:
        facts = directory.facts(session, now)
        return read_state(session, reader, facts, wishes.seats, now), facts.roster
