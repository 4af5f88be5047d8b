"""`tenure records`: the shared facts that cases have written, as of a day or all of them."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Annotated

from cyclopts import Parameter

from engine.directory import Roster
from engine.queries.record_words import age, spoken
from engine.queries.records import Freshness, RecordLine, Standing, freshness
from engine.queries.records import records as find_records
from tenure.cli.asked import Format, Home
from tenure.cli.home import clock_of, moment, opened
from tenure.cli.lookup import find_person
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, table, tell_json
from tenure.runtime import Runtime


def records(
    about: Annotated[
        str | None, Parameter(help="About this person (number, mail address, name) or this id.")
    ] = None,
    /,
    *,
    kind: Annotated[str | None, Parameter(help="Of this kind, such as rating.")] = None,
    as_of: Annotated[
        datetime | None, Parameter(help="As things stood at the end of this day; now if absent.")
    ] = None,
    stale: Annotated[
        bool,
        Parameter(
            help="Only what has expired and was not renewed, of people who work here.", negative=""
        ),
    ] = False,
    all_: Annotated[
        bool, Parameter(name="--all", help="Also what is not valid any more.", negative="")
    ] = False,
    limit: Annotated[int, Parameter(help="At most so many.")] = 50,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    if stale and all_:
        raise Stopped("--stale and --all exclude each other: --all shows stale records as well.")
    with opened(home) as runtime, runtime.database.read() as session:
        now = runtime.clock.now()
        facts = runtime.service.tools.directory.facts(session, now)
        roster = facts.roster
        known = find_records(session, now, only=None, about=about, limit=1) if about else ()
        whom = about if about is None or known else find_person(roster, about)
        at = now
        if as_of is not None:
            at = datetime.combine(as_of.date(), time.max, facts.calendar(None).zone)
        left = _left(roster) if stale else frozenset()
        only = None if all_ else Standing.STALE if stale else Standing.VALID
        found = find_records(
            session, at, only=only, kind=kind, about=whom, without=left, limit=limit
        )
        if format == "json":
            tell_json(list(found))
            return 0
        if stale and about is None and kind is None:
            _tell_kinds(freshness(session, at, without=left), at)
        if found:
            _tell(found, roster, at, runtime)
        else:
            say("Nothing is stale." if stale else "There is no such record.")
    return 0


def _left(roster: Roster) -> frozenset[str]:
    return frozenset(person for person, one in roster.people.items() if not one["active"])


def _tell_kinds(kinds: tuple[Freshness, ...], at: datetime) -> None:
    """How much of each kind can be relied on, before what cannot is named."""
    if kinds:
        table(
            ("record", "valid", "stale", "the oldest is of"),
            [
                (each.kind, str(each.valid), str(each.stale), _ago(age(each.oldest, at)))
                for each in kinds
            ],
        )
        say()


def _ago(words: str) -> str:
    return words if words == "today" else f"{words} ago"


def _tell(found: tuple[RecordLine, ...], roster: Roster, at: datetime, runtime: Runtime) -> None:
    table(
        ("about", "record", "value", f"valid from ({clock_of(runtime)})", "until", "age", "case"),
        [
            (
                _name(line.about, roster.people),
                line.kind,
                spoken(line.value, line.attributes, roster),
                moment(line.valid_from, runtime),
                _until(line, runtime),
                age(line.valid_from, at),
                line.case,
            )
            for line in found
        ],
    )


def _name(about: str, people: Mapping[str, Mapping[str, object]]) -> str:
    return str(people[about]["name"]) if about in people else about


def _until(line: RecordLine, runtime: Runtime) -> str:
    """`2027-06-30 09:00, stale`: a record that may be relied on says no more than its end."""
    until = moment(line.valid_until, runtime) or "replaced"
    match line.standing:
        case Standing.VALID:
            return until
        case Standing.STALE:
            return f"{until}, stale"
        case Standing.REPLACED:
            return f"{until}, a newer one counts" if line.valid_until else "a newer one counts"
