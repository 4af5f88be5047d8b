"""Bulk starts whose people an expression chooses: who would be in, and starting those who are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from engine.core.chart import Definition
from engine.core.start_rules import StartRule
from engine.core.starting import Looked, NotMeant, Undecided
from engine.core.starting import Wanted as Meant
from engine.directory.facts import RosterFacts
from engine.service.beginnings import everybody_looked_at, wanted
from engine.service.turns import in_turns
from tenure.cli.cohorts import refusals, start_all
from tenure.cli.definitions import counted
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import complain, say
from tenure.cli.values import values_of
from tenure.runtime import Runtime


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is asked for on the command line."""

    definition: Definition
    cohort: str
    given: Mapping[str, str]  # `--set`: for everybody, over what the rule's `with` gives
    by: str | None  # person id

    @property
    def rule(self) -> StartRule:
        """Raises Stopped."""
        found = [rule for rule in self.definition.starts if rule.cohort == self.cohort]
        if found:
            return found[0]
        known = ", ".join(rule.cohort for rule in self.definition.starts if rule.cohort)
        has = f"Its cohorts are: {known}." if known else "It has no cohort in its `starts:`."
        raise Stopped(f"{self.definition.process} knows no cohort `{self.cohort}`. {has}")


def tell_eligible(runtime: Runtime, asked: Wanted, now: datetime) -> int:
    """Who would be in, and of everybody else why not; nothing is written."""
    facts = _facts(runtime, now)
    looked = everybody_looked_at(asked.definition, asked.rule, now, facts)
    say(preview(looked, facts))
    return 0


def preview(looked: list[Looked], facts: RosterFacts) -> str:
    """The people by what the rule says about them."""
    meant = [each for each in looked if isinstance(each, Meant)]
    lines = [f"{counted(len(meant), 'case')} would be started."]
    lines += [f"  in       {name_of(each.subject, facts)}" for each in meant]
    lines += [f"  {because(each, facts)}" for each in looked if not isinstance(each, Meant)]
    return "\n".join(lines)


def because(each: NotMeant | Undecided, facts: RosterFacts) -> str:
    """Why somebody is not in."""
    if isinstance(each, Undecided):
        return f"unclear  {name_of(each.subject, facts)}: {each.why}"
    reasons = "; ".join(f"{label}: {_shown(value)}" for label, value in each.because)
    return f"not in   {name_of(each.subject, facts)} ({reasons})"


def start_eligible(
    runtime: Runtime, asked: Wanted, name: str | None, now: datetime, a_day: int | None
) -> int:
    """Starts a case for everybody who is in; whoever is unclear or refused is told.

    With `a_day` so many on each working day: what comes later is started by `tenure serve`.
    """
    facts, definition = _facts(runtime, now), asked.definition
    fields = [field for field in definition.data.values() if field.from_start]
    more = values_of(asked.given, fields, facts.roster, now)
    lines = [
        replace(line, data={**line.data, **more})
        for line in wanted(definition, asked.rule, now, facts)
    ]
    if not lines:
        raise Stopped("Nobody is in; --preview tells of everybody why not.")
    if a_day is not None:
        lines = in_turns(lines, a_day, facts.calendar(None), now)
    day = f"{now.astimezone(facts.calendar(None).zone):%Y-%m-%d}"
    called = name or f"{definition.process}: {asked.cohort} {day}"
    number = runtime.service.start_cohort(
        called, definition.process, lines, asked.by, now, rule=asked.rule.id
    )
    launched = start_all(runtime, number, len(lines))
    subjects = {line.line: line.subject for line in lines}
    for line, why in sorted(refusals(runtime, number).items()):
        complain(f"{name_of(subjects[line], facts)}: {why}")
    started = launched.done - launched.refused
    say(
        f"{counted(started, 'case')} of {definition.process} started, {to_come(launched.later)}"
        f"{launched.refused:,} people refused."
    )
    return 1 if launched.refused else 0


def to_come(later: int) -> str:
    return f"{later:,} to come while `tenure serve` runs, " if later else ""


def _facts(runtime: Runtime, now: datetime) -> RosterFacts:
    with runtime.database.read() as session:
        return runtime.service.tools.directory.facts(session, now)


def name_of(person: str | None, facts: RosterFacts) -> str:
    """Name and number; of a position or a record, what it is called."""
    known = facts.roster.people.get(person or "")
    return f"{known['name']} ({known['number']})" if known else str(person or "the one case")


def _shown(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "yes" if value else "no"
        case dict() if "name" in value:
            return str(value["name"])
        case date():
            return value.isoformat()
        case _:
            return str(value)
