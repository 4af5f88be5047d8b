"""The directory on the command line: bringing it up to date, and looking into it."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from engine.directory import (
    ImportPlan,
    Sheet,
    plan_people,
    preview,
    read_sheet,
)
from engine.queries import PersonLine, Reader
from engine.queries import people as find_people
from tenure.cli.asked import Format, Home
from tenure.cli.home import opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, table, tell_json


def import_people(
    file: Annotated[Path, Parameter(help="CSV with number, name, email and more columns.")],
    /,
    *,
    as_of: Annotated[
        datetime | None, Parameter(help="Day from which it holds, such as 2027-02-01; today.")
    ] = None,
    full: Annotated[
        bool, Parameter(help="The file is everybody: who is not in it has left.", negative="")
    ] = False,
    dry_run: Annotated[
        bool, Parameter(help="Tell what would change, and change nothing.", negative="")
    ] = False,
    skip_problems: Annotated[
        bool, Parameter(help="Import the other rows of a file with problems.", negative="")
    ] = False,
    yes: Annotated[bool, Parameter(help="Do not ask.", negative="")] = False,
    home: Home = None,
) -> int:
    try:
        sheet = read_sheet(file.read_bytes())
    except OSError as error:
        raise Stopped(f"{file} cannot be read: {error.strerror}.") from error
    return bring_up_to_date(
        sheet,
        as_of=as_of,
        full=full,
        dry_run=dry_run,
        skip_problems=skip_problems,
        yes=yes,
        home=home,
    )


def bring_up_to_date(
    sheet: Sheet,
    *,
    as_of: datetime | None,
    full: bool,
    dry_run: bool,
    skip_problems: bool,
    yes: bool,
    home: Path | None,
) -> int:
    """Tells what the sheet would change, asks where somebody can answer, and imports it."""
    with opened(home, create=True) as runtime:
        now = runtime.clock.now()
        today = runtime.service.tools.directory.day(now)
        day = today if as_of is None else as_of.date()
        with runtime.database.read() as session:
            plan = plan_people(sheet, session.connection(), day, full=full)
        say(preview(plan))
        if dry_run or _stops(plan, skip_problems=skip_problems, yes=yes):
            return 1 if plan.problems else 0
        imported = runtime.service.import_people(plan, None, now, despite_problems=skip_problems)
    say(f"Done: {_people(len(imported.persons))} written.")
    return 0


def _stops(plan: ImportPlan, *, skip_problems: bool, yes: bool) -> bool:
    """Whether nothing is to be written; True after a no. Raises Stopped where nobody can say."""
    if plan.problems and not skip_problems:
        raise Stopped(
            "Nothing was written. Put the problems right, or import the other rows with "
            "--skip-problems."
        )
    if plan.empty:
        return True
    leaving = sum(1 for change in plan.changes if change.kind == "leaves")
    if yes:
        return False
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        if leaving:
            raise Stopped(
                f"Nothing was written: {_people(leaving)} would leave, and nobody is "
                "here to say yes. Add --yes if that is right; without --full nobody leaves."
            )
        return False
    say("Write this? [y/N] ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        say("Nothing was written.")
        return True
    return False


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def _named(one: PersonLine) -> str:
    if one.guest:
        return f"{one.name} (guest, {one.email})"
    if not one.active:
        return f"{one.name} (has left)"
    if not one.away:
        return one.name
    return f"{one.name} (away{f', {one.stand_in} acts' if one.stand_in else ''})"


def list_people(
    search: Annotated[
        tuple[str, ...],
        Parameter(
            help="Words of a name, number, address, title or department.", show_default=False
        ),
    ] = (),
    /,
    *,
    everybody: Annotated[
        bool, Parameter(help="Also guests, and who has left.", negative="")
    ] = False,
    limit: Annotated[int, Parameter(help="At most so many.")] = 50,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime, runtime.database.read() as session:
        found = find_people(
            session,
            Reader(directory=runtime.service.tools.directory),
            " ".join(search),
            runtime.clock.now(),
            limit=limit,
            everybody=everybody,
        )
    if format == "json":
        tell_json(list(found))
        return 0
    if not found:
        say("Nobody is found.")
        return 0
    table(
        ("number", "name", "department", "reports to", "roles and queues"),
        [
            (
                one.number or "",
                _named(one),
                one.department or "",
                one.manager or "",
                ", ".join((*one.roles, *one.queues)),
            )
            for one in found
        ],
    )
    if len(found) == limit:
        say(f"These are the first {limit}; narrow the search, or raise --limit.")
    return 0
