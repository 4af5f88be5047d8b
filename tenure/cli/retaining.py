"""Commands for what is kept and what is forgotten: retention, and holds against it."""

from typing import Annotated

from cyclopts import Parameter

from tenure.cli.asked import Format, Home
from tenure.cli.definitions import counted
from tenure.cli.home import clock_of, moment, opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, table, tell_json
from tenure.retention import forget

Case = Annotated[str, Parameter(help="The name of a case, such as ONB-0042.")]
Reason = Annotated[str, Parameter(help="Why; it stands in the history.")]


def retention(
    *,
    dry_run: Annotated[
        bool, Parameter(help="Tell what would be erased, and erase nothing.", negative="")
    ] = False,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime:
        now = runtime.clock.now()
        due = runtime.service.erasures(now)
        guests = runtime.service.guests_due(now)
        if format == "json":
            tell_json([*due, *({"guest": each} for each in guests)])
        elif due:
            table(
                ("case", f"closed ({clock_of(runtime)})", "to erase", "held because"),
                [
                    (
                        each.case,
                        moment(each.closed_at, runtime),
                        ", ".join(each.what),
                        each.held or "",
                    )
                    for each in due
                ],
            )
        if format != "json" and guests:
            say(f"{counted(len(guests), 'guest')} whom no case keeps: name and address.")
        done = None if dry_run else forget(runtime.service, due, guests, now)
    if format == "json":
        return 0
    if not due and not guests:
        say("Nothing is due to be erased.")
    elif done is None:
        say("Nothing was erased; without --dry-run it is.")
    else:
        also = f", {counted(done.guests, 'guest')} erased" if done.guests else ""
        say(f"{counted(done.erased, 'case')} erased, {done.held} held{also}.")
        if not done.swept:
            say(
                "The database was in use, so its free pages may still hold what was erased; the "
                "next night's run, or this command again, overwrites them."
            )
    return 0


def hold(case: Case, /, *, reason: Reason, home: Home = None) -> int:
    name = case.upper()
    with opened(home) as runtime:
        runtime.service.place_hold(name, None, _said(reason), runtime.clock.now())
    say(f"{name} is held: nothing of it is erased until `tenure release {name}`.")
    return 0


def release(case: Case, /, *, reason: Reason, home: Home = None) -> int:
    name = case.upper()
    with opened(home) as runtime:
        runtime.service.lift_hold(name, None, _said(reason), runtime.clock.now())
    say(f"{name} is held no longer; what is due is erased in the coming night.")
    return 0


def _said(reason: str) -> str:
    if not reason.strip():
        raise Stopped("Say why, with --reason; it stands in the history.")
    return reason.strip()
