"""What starts cases by itself: rules of `starts:` that heard their signal or whose day has come.

A rule only writes down whom it wants a case for, in the transaction of what made it; `launch`
starts them. So a signal is never heard twice, a schedule comes round once however long nobody
looked, and one case that cannot be started stops no other.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from engine.core.chart import Definition
from engine.core.facts import Facts
from engine.core.schedule import next_after
from engine.core.start_rules import StartRule
from engine.core.starting import Looked, NotMeant, Undecided, Wanted, look
from engine.directory.facts import RosterFacts
from engine.service.definitions import Version
from engine.service.enlisting import enlist
from engine.service.errors import StartRefused
from engine.service.outcomes import CohortLine
from engine.service.tools import Tools
from engine.store import Statement, Transaction, from_micros, to_micros
from engine.store.statements import insert_into, table_of
from engine.store.tables import StartRuleRow

_RULE = table_of(StartRuleRow)
_KNOWN = Statement(select(_RULE.c.rule, _RULE.c.next_at).where(_RULE.c.process == bindparam("of")))
_DROP = Statement(delete(_RULE).where(_RULE.c.process == bindparam("of")))
_ADD = insert_into(StartRuleRow, without=("id",))
_HEARING = Statement(
    select(_RULE.c.process, _RULE.c.definition_id, _RULE.c.rule)
    .where(_RULE.c.signal == bindparam("name"))
    .order_by(_RULE.c.process, _RULE.c.rule)
)
_DUE = Statement(
    select(_RULE.c.id, _RULE.c.process, _RULE.c.definition_id, _RULE.c.rule, _RULE.c.next_at)
    .where(_RULE.c.next_at <= bindparam("now"))
    .order_by(_RULE.c.next_at, _RULE.c.id)
    .with_for_update(skip_locked=True)
)
_MOVE = Statement(
    update(_RULE).where(_RULE.c.id == bindparam("of")).values(next_at=bindparam("next_at"))
)


def keep_rules(tx: Transaction, version: Version, facts: Facts, now: datetime) -> None:
    """From now on the rules of this version count; one that was there already keeps its day."""
    definition = version.definition
    was: dict[str, int | None] = dict(tx.all(_KNOWN, {"of": definition.process}))
    tx.run(_DROP, {"of": definition.process})
    rows = []
    for rule in definition.starts:
        if rule.cohort is not None:
            continue
        next_at = was.get(rule.id)
        if rule.schedule is not None and next_at is None:
            next_at = _next(rule, now, facts)
        rows.append(
            {
                "process": definition.process,
                "rule": rule.id,
                "definition_id": version.id,
                "signal": rule.signal,
                "next_at": next_at,
            }
        )
    tx.run(_ADD, rows)


def hear(
    tools: Tools, tx: Transaction, signal: int, name: str, body: Mapping[str, Any], now: datetime
) -> None:
    """Writes down the cases that a signal starts."""
    for process, definition_id, rule_id in tx.all(_HEARING, {"name": name}):
        try:
            definition = tools.definitions.get(tx, definition_id).definition
        except StartRefused as unreadable:
            line: CohortLine | None = _refused(str(unreadable))
        else:
            facts = tools.directory.facts(tx.connection, now)
            rule = rule_of(definition, rule_id)
            line = _line(1, look(definition, rule, None, body, now, facts))
        if line is not None:
            enlist(tx, f"{process}: {rule_id} #{signal}", process, [line], None, now, rule=rule_id)


def come_round(tools: Tools, tx: Transaction, facts: RosterFacts, now: datetime) -> int:
    """Writes down the cases of every schedule whose day has come; how many schedules did.

    One that was missed several times comes once, as of the first time it was missed.
    """
    due = tx.all(_DUE, {"now": to_micros(now)})
    for number, process, definition_id, rule_id, due_at in due:
        tools.failpoints.reach("schedule.between")
        then = from_micros(due_at)
        next_at: int | None = None
        try:
            definition = tools.definitions.get(tx, definition_id).definition
        except StartRefused as unreadable:
            lines = [_refused(str(unreadable))]  # and not again: nobody can say when
        else:
            rule = rule_of(definition, rule_id)
            lines = wanted(definition, rule, then, facts)
            next_at = _next(rule, now, facts)
        day = then.astimezone(facts.calendar(None).zone)
        name = f"{process}: {rule_id} ({day:%Y-%m-%d %H:%M})"
        enlist(tx, name, process, lines, None, now, rule=rule_id)
        tx.run(_MOVE, {"of": number, "next_at": next_at})
        tools.failpoints.reach("schedule.written")
    return len(due)


def wanted(
    definition: Definition, rule: StartRule, now: datetime, facts: RosterFacts
) -> list[CohortLine]:
    """Whom a schedule or a cohort wants a case for; also of whom it could not be said."""
    looked = everybody_looked_at(definition, rule, now, facts)
    lines = (_line(number, each) for number, each in enumerate(looked, start=1))
    return [line for line in lines if line is not None]


def everybody_looked_at(
    definition: Definition, rule: StartRule, now: datetime, facts: RosterFacts
) -> list[Looked]:
    """What a rule says about each person who works here, or about nobody's one case."""
    if definition.subject != "person":
        return [look(definition, rule, None, None, now, facts)]
    people = facts.roster.people
    here = sorted(person for person, known in people.items() if known["active"])
    return [look(definition, rule, person, None, now, facts) for person in here]


def rule_of(definition: Definition, rule: str) -> StartRule:
    return next(each for each in definition.starts if each.id == rule)


def _line(number: int, looked: Looked) -> CohortLine | None:
    match looked:
        case NotMeant():
            return None
        case Wanted(subject=subject, data=data):
            return CohortLine(line=number, subject=subject, data=data)
        case Undecided(subject=subject, why=why):
            return CohortLine(line=number, subject=subject, data={}, refused=why)


def _refused(why: str) -> CohortLine:
    return CohortLine(line=1, subject=None, data={}, refused=why)


def _next(rule: StartRule, now: datetime, facts: Facts) -> int | None:
    assert rule.schedule is not None
    found = next_after(rule.schedule, now, facts.calendar(None))
    return None if found is None else to_micros(found)
