"""What starts a case: the rules of `starts:`, and whether one of them wants a case now.

A rule is looked at before there is a case, with what every case will know: the subject, the people
of the process, the day, and what the signal said. Looking never raises and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.core.binding import failing_value, values_for
from engine.core.chart import Definition
from engine.core.conversion import plain, text_of
from engine.core.draft import Draft, Undone, draft_of
from engine.core.expression import Expr, ExpressionFailed
from engine.core.facts import Facts
from engine.core.index import chart_of
from engine.core.owners import everybody, find_people
from engine.core.people import OwnerRule
from engine.core.places import ROOT
from engine.core.snapshot import CaseFacts, unstarted
from engine.core.start_rules import OwnHand, StartRule


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A case is to be started."""

    subject: str | None
    data: Mapping[str, Any]  # what `with:` gives


@dataclass(frozen=True, kw_only=True, slots=True)
class NotMeant:
    """The rule's condition does not hold; no case, and nothing is wrong."""

    subject: str | None
    because: tuple[tuple[str, Any], ...]  # every part of the condition, with its value


@dataclass(frozen=True, kw_only=True, slots=True)
class Undecided:
    """Nobody can say: an expression has no answer."""

    subject: str | None
    why: str  # a sentence


Looked = Wanted | NotMeant | Undecided


def look(
    definition: Definition,
    rule: StartRule,
    subject: str | None,
    body: Mapping[str, Any] | None,
    now: datetime,
    facts: Facts,
) -> Looked:
    """What a rule says about a subject; a rule with `for:` finds its subject itself."""
    draft = _before(definition, subject, body, now, facts)
    try:
        if rule.subject is not None:
            subject = text_of(failing_value(draft, rule.subject, ROOT))
            draft = _before(definition, subject, body, now, facts)
        if rule.condition is not None:
            answer = failing_value(draft, rule.condition, ROOT)
            if answer is False:
                return NotMeant(subject=subject, because=_explained(draft, rule.condition))
            if answer is not True:
                why = f"`{rule.condition.source}` gives {answer!r}, which is neither yes nor no."
                return Undecided(subject=subject, why=why)
        given = {name: plain(failing_value(draft, each, ROOT)) for name, each in rule.data.items()}
        data = {name: value for name, value in given.items() if value is not None}
    except ExpressionFailed as failed:
        return Undecided(subject=subject, why=str(failed))
    except Undone as undone:
        return Undecided(subject=subject, why=undone.message)
    return Wanted(subject=subject, data=data)


def may_start(
    definition: Definition,
    rule: OwnHand,
    by: str,
    subject: str | None,
    now: datetime,
    facts: Facts,
) -> bool:
    """Whether `by_hand:` lets a person start a case about this subject."""
    return rule.who is None or by in who_may_start(definition, rule.who, subject, now, facts)


def who_may_start(
    definition: Definition, who: OwnerRule, subject: str | None, now: datetime, facts: Facts
) -> tuple[str, ...]:
    """Whom `by_hand:` names, as far as that has an answer for this subject."""
    draft = _before(definition, subject, None, now, facts)
    try:
        return everybody(draft, who, ROOT)
    except Undone:
        return ()


def _before(
    definition: Definition,
    subject: str | None,
    body: Mapping[str, Any] | None,
    now: datetime,
    facts: Facts,
) -> Draft:
    """A case that does not exist, for whoever reads expressions as a case does."""
    case = CaseFacts(id="", subject=subject, opened_by=None, opened_at=now, key=None)
    chart = chart_of(definition)
    return draft_of(chart, unstarted(case), find_people, now, body, facts, now)


def _explained(draft: Draft, condition: Expr) -> tuple[tuple[str, Any], ...]:
    parts = condition.explain(values_for(draft, condition, ROOT, None))
    return tuple((label, plain(value)) for label, value in parts)
