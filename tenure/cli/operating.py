"""Commands for operators: signals, cancelling, incidents."""

from typing import Annotated

from cyclopts import Parameter

from engine.queries import incidents as find_incidents
from tenure.cli.asked import Format, Home, Set
from tenure.cli.definitions import counted
from tenure.cli.home import clock_of, moment, opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, table, tell_json
from tenure.cli.values import loose_value, pairs_of


def signal(
    name: Annotated[str, Parameter(help="Such as calibration.published.")],
    /,
    *,
    to: Annotated[
        str | None, Parameter(help="A case, a key or a subject; everybody who waits if absent.")
    ] = None,
    set_: Set = (),
    home: Home = None,
) -> int:
    body = {field: loose_value(value) for field, value in pairs_of(set_).items()}
    with opened(home) as runtime:
        waiting = runtime.service.signal(name, body, to, None, runtime.clock.now())
    say(f"{name} is raised; {counted(waiting, 'case')} waited for it.")
    return 0


def cancel(
    case: Annotated[str, Parameter(help="The name of an open case.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it stands in the history.")],
    home: Home = None,
) -> int:
    if not reason.strip():
        raise Stopped("Say why, with --reason; it stands in the history.")
    name = case.upper()
    with opened(home) as runtime:
        runtime.service.cancel(name, None, reason.strip(), runtime.clock.now())
    say(f"{name} is cancelled.")
    return 0


def incidents(
    *,
    limit: Annotated[int, Parameter(help="At most so many.")] = 50,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime, runtime.database.read() as session:
        page = find_incidents(session, limit=limit)
    if format == "json":
        tell_json(list(page.items))
        return 0
    if not page.items:
        say("No incident is open.")
        return 0
    table(
        ("incident", "case", f"since ({clock_of(runtime)})", "holds it", "what"),
        [
            (
                str(line.id),
                line.case,
                moment(line.opened_at, runtime),
                "yes" if line.blocking else "no",
                line.message,
            )
            for line in page.items
        ],
    )
    say("After the repair: tenure retry INCIDENT")
    return 0


def retry(
    incident: Annotated[int, Parameter(help="Its number, from `tenure incidents`.")],
    /,
    *,
    home: Home = None,
) -> int:
    with opened(home) as runtime:
        next_one = runtime.service.retry(incident, None, runtime.clock.now())
    if next_one is None:
        say(f"Incident {incident} is closed; its case goes on.")
        return 0
    raise Stopped(
        f"It is not repaired yet: incident {next_one} came instead. `tenure incidents` tells why."
    )
