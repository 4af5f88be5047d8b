"""`tenure records`: the shared facts that cases have written, as of a day or all of them."""

import json
from datetime import datetime, time
from typing import Annotated, Any

from cyclopts import Parameter

from engine.queries.records import RecordLine
from engine.queries.records import records as find_records
from tenure.cli.asked import Format, Home
from tenure.cli.home import clock_of, moment, opened
from tenure.cli.lookup import find_person
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
        datetime | None, Parameter(help="What was valid at the end of this day; now if absent.")
    ] = None,
    all_: Annotated[
        bool, Parameter(name="--all", help="Also what is not valid any more.", negative="")
    ] = False,
    limit: Annotated[int, Parameter(help="At most so many.")] = 50,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime, runtime.database.read() as session:
        now = runtime.clock.now()
        facts = runtime.service.tools.directory.facts(session, now)
        known = {row.about for row in find_records(session, about=about, limit=1)}
        whom = about if about is None or about in known else find_person(facts.roster, about)
        at = now
        if as_of is not None:
            at = datetime.combine(as_of.date(), time.max, facts.calendar(None).zone)
        found = find_records(session, kind=kind, about=whom, at=None if all_ else at, limit=limit)
        names = {person: str(one["name"]) for person, one in facts.roster.people.items()}
        if format == "json":
            tell_json(list(found))
        elif not found:
            say("There is no such record.")
        else:
            _tell(found, names, runtime)
    return 0


def _tell(found: tuple[RecordLine, ...], names: dict[str, str], runtime: Runtime) -> None:
    table(
        ("about", "record", "value", f"valid from ({clock_of(runtime)})", "until", "case"),
        [
            (
                names.get(line.about, line.about),
                line.kind,
                _shown({"": line.value, **line.attributes}),
                moment(line.valid_from, runtime),
                moment(line.valid_until, runtime) or "replaced",
                line.case,
            )
            for line in found
        ],
    )


def _shown(values: dict[str, Any]) -> str:
    """`4, calibrated: true`."""
    return ", ".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}" if name else _plain(value)
        for name, value in values.items()
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
