"""Who is away: entered, called off and listed on the command line."""

from datetime import date, datetime
from typing import Annotated

from cyclopts import Parameter

from engine.directory import Absence, AbsenceRefused
from engine.queries import AbsenceLine, Reader
from engine.queries import absences as find_absences
from tenure.cli.asked import Format, Home
from tenure.cli.home import opened
from tenure.cli.lookup import find_person
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, table, tell_json
from tenure.runtime import Runtime


def away(
    who: Annotated[
        str | None, Parameter(help="By number, mail address or name; absent: list who is away.")
    ] = None,
    /,
    *,
    first: Annotated[
        datetime | None, Parameter(name="--from", help="First day away; today if absent.")
    ] = None,
    back: Annotated[
        datetime | None, Parameter(help="First day back; left open if nobody knows it yet.")
    ] = None,
    stand_in: Annotated[
        str | None, Parameter(help="Who gets their tasks meanwhile; nobody if absent.")
    ] = None,
    leave: Annotated[
        bool,
        Parameter(
            help="So long that processes about them pause, such as parental leave.", negative=""
        ),
    ] = False,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime:
        if who is None:
            return _list(runtime, as_json=format == "json")
        now = runtime.clock.now()
        today = runtime.service.tools.directory.day(now)
        with runtime.database.read() as session:
            roster = runtime.service.tools.directory.roster(session, today)
        absence = Absence(
            person=find_person(roster, who),
            since=today if first is None else first.date(),
            back=None if back is None else back.date(),
            stand_in=None if stand_in is None else find_person(roster, stand_in),
            leave=leave,
        )
        try:
            runtime.service.note_absence(absence, None, now)
        except AbsenceRefused as refused:
            raise Stopped(f"Nothing was written: {refused}.") from refused
        name = roster.people[absence.person]["name"]
        deputy = None if absence.stand_in is None else roster.people[absence.stand_in]["name"]
    until = "until further notice" if absence.back is None else f"and back on {absence.back}"
    acts = f"{deputy} acts for them" if deputy else "nobody acts for them: their tasks stay theirs"
    say(f"{name} is away from {absence.since} {until}; {acts}.")
    return 0


def call_back(
    who: Annotated[str, Parameter(help="By number, mail address or name.")],
    /,
    *,
    on: Annotated[datetime | None, Parameter(help="First day back; today if absent.")] = None,
    home: Home = None,
) -> int:
    with opened(home) as runtime:
        now = runtime.clock.now()
        today = runtime.service.tools.directory.day(now)
        with runtime.database.read() as session:
            roster = runtime.service.tools.directory.roster(session, today)
        person = find_person(roster, who)
        back = today if on is None else on.date()
        name = roster.people[person]["name"]
        if not runtime.service.call_back(person, back, None, now):
            raise Stopped(f"{name} is not away on {back}, and no later absence is entered.")
    say(f"{name} is there on {back}; what was theirs comes back to them.")
    return 0


def _list(runtime: Runtime, *, as_json: bool) -> int:
    with runtime.database.read() as session:
        reader = Reader(directory=runtime.service.tools.directory)
        found = find_absences(session, reader, runtime.clock.now())
    if as_json:
        tell_json(list(found))
        return 0
    if not found:
        say("Nobody is away, and no absence is entered.")
        return 0
    table(
        ("number", "name", "away from", "back on", "acts for them", "kind", "said by"),
        [
            (
                one.number,
                one.name,
                _day(one.since),
                _day(one.back) or "not known",
                one.stand_in or "nobody",
                _kind(one),
                one.told_by or "",
            )
            for one in found
        ],
    )
    return 0


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _kind(one: AbsenceLine) -> str:
    kind = "leave" if one.leave else "absence"
    return kind if one.begun else f"{kind}, to come"
