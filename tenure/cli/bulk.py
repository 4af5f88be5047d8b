"""`tenure cohort`: how far bulk starts are, who joins late, and who is taken out."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from cyclopts import Parameter

from engine.core.chart import Definition
from engine.directory.facts import RosterFacts
from engine.queries import CohortPage, CohortSummary, Reader, StepLine, cohort_members
from engine.queries import cohort as read_cohort_page
from engine.queries import cohorts as read_cohorts
from engine.service import CohortLine
from engine.service.membership import Drift, drift
from tenure.cli.asked import Format, Home, Set
from tenure.cli.cohorts import refusals, start_all
from tenure.cli.definitions import counted
from tenure.cli.eligible import because, name_of
from tenure.cli.home import clock_of, moment, opened
from tenure.cli.lookup import find_person
from tenure.cli.starting import read_newest
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import complain, say, table, tell_json
from tenure.cli.values import pairs_of, values_of
from tenure.runtime import Runtime

Name = Annotated[str, Parameter(help="What the bulk start is called, or its number.")]
_WIDE = 20  # columns of a bar


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A bulk start, and what is needed to add to it."""

    line: CohortSummary
    definition: Definition  # the newest
    inside: frozenset[str]  # subjects
    facts: RosterFacts
    now: datetime


def list_cohorts(
    process: Annotated[str | None, Parameter(help="Of this process; of all if absent.")] = None,
    /,
    *,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime, runtime.database.read() as session:
        lines = read_cohorts(session, runtime.clock.now(), process=process)
    if format == "json":
        tell_json(list(lines))
        return 0
    if not lines:
        say("Nothing was started in bulk. `tenure start PROCESS --eligible NAME` does that.")
        return 0
    table(
        ("number", "name", "process", f"since ({clock_of(runtime)})", "how far"),
        [
            (
                str(line.number),
                line.name,
                line.process,
                moment(line.started_at, runtime),
                in_words(line),
            )
            for line in lines
        ],
    )
    return 0


def show_cohort(
    name: Name,
    /,
    *,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    with opened(home) as runtime:
        page = _page(runtime, name, runtime.clock.now())
        if format == "json":
            tell_json(page)
            return 0
        line = page.line
        say(f"{line.name} ({page.title}), since {moment(line.started_at, runtime)}")
        say(in_words(line))
        table(
            ("step", "reached", "there now", "overdue", "share"),
            [
                (
                    step.title,
                    f"{step.reached:,}",
                    f"{step.now:,}" if step.now else "",
                    f"{step.overdue:,}" if step.overdue else "",
                    _bar(step, line.started),
                )
                for step in page.steps
            ],
        )
        for outcome, count in page.outcomes:
            say(f"  closed   {outcome.replace('_', ' ')}: {count:,}")
        for member in page.apart:
            who = member.subject.name if member.subject else page.title
            turn = f" until {moment(member.turn, runtime)}" if member.turn else ""
            say(f"  {member.status:<8} {who}{turn}{f': {member.note}' if member.note else ''}")
    return 0


def add_to_cohort(
    name: Name,
    people: Annotated[
        tuple[str, ...],
        Parameter(help="Who joins: number, mail address or name.", consume_multiple=True),
    ] = (),
    /,
    *,
    eligible: Annotated[
        bool,
        Parameter(help="Everybody whom the cohort's `if` holds for by now.", negative=""),
    ] = False,
    preview: Annotated[
        bool,
        Parameter(help="With --eligible: tell who would join, and do nothing.", negative=""),
    ] = False,
    set_: Set = (),
    by: Annotated[
        str | None, Parameter(help="Who asks, for `by_hand`; an operator if absent.")
    ] = None,
    home: Home = None,
) -> int:
    if bool(people) == eligible:
        raise Stopped("Name who joins, or say --eligible; one of them.")
    if preview and not eligible:
        raise Stopped("--preview goes with --eligible, which says who could join.")
    with opened(home) as runtime:
        asked = _asked(runtime, name)
        if eligible:
            lines = list(_drift(asked).joining)
            if preview or not lines:
                return _tell_drift(asked)
        else:
            lines = [_named(words, asked) for words in people]
        who = None if by is None else find_person(asked.facts.roster, by)
        fields = [field for field in asked.definition.data.values() if field.from_start]
        more = values_of(pairs_of(set_), fields, asked.facts.roster, asked.now)
        lines = [replace(line, data={**line.data, **more}) for line in lines]
        return _join(runtime, asked, lines, who)


def remove_from_cohort(
    name: Name,
    person: Annotated[str, Parameter(help="Who is taken out: number, mail address or name.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it stands in the history.")],
    home: Home = None,
) -> int:
    if not reason.strip():
        raise Stopped("Say why, with --reason; it stands in the history.")
    with opened(home) as runtime:
        asked = _asked(runtime, name)
        who = _named(person, asked).subject or ""
        case = runtime.service.remove_from_cohort(
            asked.line.name, who, None, reason.strip(), asked.now
        )
    then = "no case was started yet" if case is None else f"{case} is cancelled"
    say(f"{name_of(who, asked.facts)} is taken out of {asked.line.name}; {then}.")
    return 0


def in_words(line: CohortSummary) -> str:
    """How far it is, shortest first: what is nothing is not said."""
    told = [
        f"{line.closed_cases:,} of {counted(line.total, 'case')} closed",
        f"{line.open_cases:,} open" if line.open_cases else "",
        f"{line.overdue:,} overdue" if line.overdue else "",
        f"{line.waiting:,} to come" if line.waiting else "",
        f"{line.refused:,} refused" if line.refused else "",
        f"{line.removed:,} taken out" if line.removed else "",
    ]
    return ", ".join(part for part in told if part)


def _asked(runtime: Runtime, name: str) -> _Asked:
    now = runtime.clock.now()
    line = _page(runtime, name, now).line
    with runtime.database.read() as session:
        definition, _ = read_newest(runtime, session, line.process, now)
        return _Asked(
            line=line,
            definition=definition,
            inside=cohort_members(session, line.number),
            facts=runtime.service.tools.directory.facts(session, now),
            now=now,
        )


def _page(runtime: Runtime, name: str, now: datetime) -> CohortPage:
    reader = Reader(directory=runtime.service.tools.directory)
    with runtime.database.read() as session:
        page = read_cohort_page(session, reader, name, now)
    if page is None:
        raise Stopped(f"There is no cohort “{name}”. `tenure cohort list` tells which there are.")
    return page


def _bar(step: StepLine, of: int) -> str:
    return "#" * round(_WIDE * step.reached / of) if of else ""


def _named(words: str, asked: _Asked) -> CohortLine:
    person = asked.definition.subject == "person"
    subject = find_person(asked.facts.roster, words) if person else words
    return CohortLine(line=0, subject=subject, data={})


def _drift(asked: _Asked) -> Drift:
    rule = next((one for one in asked.definition.starts if one.id == asked.line.rule), None)
    if rule is None or rule.cohort is None:
        raise Stopped(
            f"{asked.line.name} was not chosen by a cohort that the `starts:` of "
            f"{asked.line.process} has, so nobody can say who is eligible. Name who joins."
        )
    return drift(asked.definition, rule, asked.inside, asked.facts, asked.now)


def _tell_drift(asked: _Asked) -> int:
    found = _drift(asked)
    say(f"{counted(len(found.joining), 'case')} would be added to {asked.line.name}.")
    for line in found.joining:
        say(f"  joins    {name_of(line.subject, asked.facts)}")
    for each in found.outside:
        say(f"  {because(each, asked.facts)}")
    return 0


def _join(runtime: Runtime, asked: _Asked, lines: list[CohortLine], by: str | None) -> int:
    number, known = runtime.service.add_to_cohort(asked.line.name, lines, by)
    for subject in known:
        complain(f"{name_of(subject, asked.facts)} is in {asked.line.name} already.")
    before = set(refusals(runtime, number))
    start_all(runtime, number, asked.line.total + len(lines))
    refused = {line: why for line, why in refusals(runtime, number).items() if line not in before}
    for why in refused.values():
        complain(why)
    joined = len(lines) - len(known) - len(refused)
    say(f"{counted(joined, 'case')} of {asked.line.process} added to {asked.line.name}.")
    return 1 if refused or known else 0
