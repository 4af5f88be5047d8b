"""Commands that look: cases, tasks, and what happened in a case."""

from typing import Annotated, Literal

from cyclopts import Parameter

from engine.queries import CaseFilter, CaseLine, Reader, TaskLine, processes
from engine.queries import cases as find_cases
from engine.queries import history as read_history
from engine.queries import tasks as find_tasks
from tenure.cli.asked import Format, Home
from tenure.cli.definitions import counted
from tenure.cli.home import clock_of, moment, opened
from tenure.cli.lookup import find_person
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, table, tell_json
from tenure.runtime import Runtime

Limit = Annotated[int, Parameter(help="At most so many.")]


def cases(
    *,
    process: Annotated[str | None, Parameter(help="Of this process.")] = None,
    state: Annotated[str | None, Parameter(help="That stand in this state or below it.")] = None,
    person: Annotated[str | None, Parameter(help="That are about this person.")] = None,
    status: Annotated[
        Literal["open", "closed", "all"], Parameter(help="Open ones, closed ones, or all.")
    ] = "open",
    overdue: Annotated[bool, Parameter(help="With an overdue task.", negative="")] = False,
    stuck: Annotated[bool, Parameter(help="With an open incident.", negative="")] = False,
    paused: Annotated[bool, Parameter(help="Whose clock stands still.", negative="")] = False,
    limit: Limit = 50,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime, runtime.database.read() as session:
        now = runtime.clock.now()
        reader = Reader(directory=runtime.service.tools.directory)
        published = [line.process for line in processes(session, now)]
        if process is not None and process not in published:
            raise Stopped(f"No process `{process}` is published. {_there_is(published)}")
        subject = None
        if person is not None:
            subject = find_person(reader.directory.facts(session, now).roster, person)
        wanted = CaseFilter(
            process=process,
            status=None if status == "all" else status,
            subject=subject,
            state=state,
            overdue=overdue,
            stuck=stuck,
            paused=paused,
        )
        page = find_cases(session, reader, wanted, now, limit=limit)
    if format == "json":
        tell_json(list(page.items))
        return 0
    if not page.items:
        say("No case fits.")
        return 0
    table(
        ("case", "process", "about", f"due ({clock_of(runtime)})", "stands at"),
        [
            (
                line.name,
                f"{line.process} {line.version}",
                line.subject.name if line.subject else "",
                moment(line.next_due, runtime) + (" overdue" if line.overdue else ""),
                _standing(line),
            )
            for line in page.items
        ],
    )
    if page.after is not None:
        say(f"These are the newest {limit}; narrow the search, or raise --limit.")
    return 0


def _there_is(processes: list[str]) -> str:
    if not processes:
        return "`tenure publish FILE` does that."
    return f"There is {', '.join(f'`{name}`' for name in processes)}."


def tasks(
    *,
    person: Annotated[str | None, Parameter(help="Of this person and their queues.")] = None,
    limit: Limit = 50,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime, runtime.database.read() as session:
        now = runtime.clock.now()
        whose = None
        if person is not None:
            directory = runtime.service.tools.directory
            whose = find_person(directory.facts(session, now).roster, person)
        page = find_tasks(session, whose, now, limit=limit)
    if format == "json":
        tell_json(list(page.items))
        return 0
    if not page.items:
        say("No task is open.")
        return 0
    table(
        ("task", "case", "with", f"due ({clock_of(runtime)})", "title"),
        [_task_row(line, runtime) for line in page.items],
    )
    if page.after is not None:
        say(f"These are the oldest {limit}; raise --limit for more.")
    return 0


def history(
    case: Annotated[str, Parameter(help="The name of a case, such as ONB-0042.")],
    /,
    *,
    details: Annotated[
        bool, Parameter(help="Every line of the record, also what the engine notes.", negative="")
    ] = False,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    name = case.upper()
    with opened(home) as runtime, runtime.database.read() as session:
        entries = read_history(session, Reader(directory=runtime.service.tools.directory), name)
    if not entries:
        raise Stopped(f"There is no case {name}. `tenure cases --status all` lists them.")
    if format == "json":
        tell_json(
            [
                {
                    "seq": entry.seq,
                    "at": entry.at,
                    "kind": entry.kind,
                    "words": entry.words,
                    "actor": entry.actor,
                    "assurance": entry.assurance,
                    "object": entry.object,
                    "version": entry.version,
                    "public": entry.public,
                    "erased": entry.erased,
                    "request": entry.request,
                    "hash": entry.hash,
                }
                for entry in entries
            ]
        )
        return 0
    told = [entry for entry in entries if details or not entry.detail]
    table(
        ("line", f"when ({clock_of(runtime)})", "what"),
        [(str(entry.seq), moment(entry.at, runtime), entry.words) for entry in told],
    )
    if len(told) < len(entries):
        say(f"{counted(len(entries) - len(told), 'line')} more with --details.")
    return 0


def _standing(line: CaseLine) -> str:
    where = ", ".join(line.at) or f"ended as {line.outcome}"
    paused = f" - paused since {line.paused_since:%Y-%m-%d}" if line.paused_since else ""
    return where + paused + (f" - {counted(line.incidents, 'incident')}" if line.incidents else "")


def _task_row(line: TaskLine, runtime: Runtime) -> tuple[str, ...]:
    people = ", ".join(one.name for one in line.owners or line.candidates) or "nobody"
    if line.queue and not line.owners:
        people = f"queue {line.queue}"
    due = moment(line.due_at, runtime) + (" overdue" if line.overdue else "")
    return line.public_id, line.case, people, due, line.title
