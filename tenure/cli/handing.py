"""`tenure reassign`: open tasks given to somebody else, one, several, or all that somebody has."""

from typing import Annotated

from cyclopts import Parameter

from engine.directory import Roster
from engine.queries import tasks as find_tasks
from engine.service.handing import hand_over
from tenure.cli.asked import Home
from tenure.cli.definitions import counted
from tenure.cli.home import opened
from tenure.cli.lookup import find_person
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import complain, say
from tenure.runtime import Runtime

_MOST = 10_000  # tasks of one person


def reassign(
    task: Annotated[
        tuple[str, ...],
        Parameter(help="Open tasks, from `tenure tasks`.", consume_multiple=True),
    ] = (),
    /,
    *,
    to: Annotated[str, Parameter(help="Who gets them: number, mail address or name.")],
    reason: Annotated[str, Parameter(help="Why; it stands in the history.")],
    all_of: Annotated[
        str | None, Parameter(help="Every open task that this person has, instead of naming them.")
    ] = None,
    home: Home = None,
) -> int:
    if not reason.strip():
        raise Stopped("Say why, with --reason; it stands in the history.")
    if bool(task) == (all_of is not None):
        raise Stopped("Name tasks, or say whose with --all-of; one of them.")
    with opened(home) as runtime:
        now = runtime.clock.now()
        with runtime.database.read() as session:
            roster = runtime.service.tools.directory.facts(session, now).roster
        chosen = task if all_of is None else _all_of(runtime, roster, all_of)
        who = find_person(roster, to)
        handed = hand_over(runtime.service, chosen, who, None, reason.strip(), now)
    for one in handed:
        if one.refused is not None:
            complain(f"{one.task}: {one.refused}")
    given = sum(one.refused is None for one in handed)
    say(f"{counted(given, 'task')} given to {roster.people[who]['name']}.")
    return 0 if given == len(handed) else 1


def _all_of(runtime: Runtime, roster: Roster, words: str) -> tuple[str, ...]:
    """What they have, not what waits in their queues. Raises Stopped if that is nothing."""
    who = find_person(roster, words)
    with runtime.database.read() as session:
        lines = find_tasks(session, who, runtime.clock.now(), limit=_MOST).items
    own = tuple(line.public_id for line in lines if any(owner.id == who for owner in line.owners))
    if not own:
        raise Stopped(f"{roster.people[who]['name']} has no open task.")
    return own
