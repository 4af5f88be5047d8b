"""`tenure starts`: what starts cases by itself, when it does next, and what came of it."""

from typing import Annotated

from cyclopts import Parameter

from engine.queries.starts import RuleRun, rule_runs, waiting_rules
from tenure.cli.asked import Format, Home
from tenure.cli.home import clock_of, moment, opened
from tenure.cli.terminal import say, table, tell_json


def starts(
    process: Annotated[str | None, Parameter(help="Of this process; of all if absent.")] = None,
    /,
    *,
    limit: Annotated[int, Parameter(help="At most so many of what came of them.")] = 10,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime, runtime.database.read() as session:
        rules = waiting_rules(session, process)
        runs = rule_runs(session, process, limit)
        facts = runtime.service.tools.directory.facts(session, runtime.clock.now())
    if format == "json":
        tell_json({"rules": list(rules), "runs": list(runs)})
        return 0
    if not rules and not runs:
        say("Nothing starts by itself. `starts:` in a definition says what does.")
        return 0
    table(
        ("process", "starts with", f"next ({clock_of(runtime)})"),
        [
            (rule.process, rule.rule, moment(rule.next_at, runtime) or "when it is raised")
            for rule in rules
        ],
    )
    names = {person: str(known["name"]) for person, known in facts.roster.people.items()}
    for run in runs:
        say(_line(run, moment(run.at, runtime)))
        for subject, why in run.refused:
            say(f"  refused  {names.get(subject or '', subject or run.process)}: {why}")
    return 0


def _line(run: RuleRun, at: str) -> str:
    waiting = f", {run.waiting:,} to come" if run.waiting else ""
    return f"{at}  {run.process}, {run.rule}: {run.started:,} started{waiting}"
