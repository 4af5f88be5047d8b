"""From a rule to people: who owns a task, who is told, and who may not, as of this macrostep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from engine.core.binding import failing_value, reads_endings_only, value_of
from engine.core.draft import Draft
from engine.core.expression import Expr, ExpressionFailed
from engine.core.facts import Facts
from engine.core.people import ByExpression, ByQueue, ByRole, OwnerRule, Pick
from engine.core.snapshot import Place

MAX_STAND_INS = 3
MAX_FALLBACKS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a rule gave."""

    people: tuple[str, ...]  # person ids; empty for a queue, and when nobody was found
    queue: str | None
    rule: str  # the label of the rule that answered; of the asked one when nobody was found
    acting: tuple[str, ...] = ()  # of the people, who only stands in for somebody


def find(draft: Draft, rule: OwnerRule, place: Place, never: tuple[Expr, ...] = ()) -> Found:
    """Whom the rule or its fallbacks give now; `never` are exclusions on top of the rules' own.

    An expression that has no answer (no manager, a field nobody filled) gives nobody, and so does
    one that names somebody who has left: the next fallback is asked. An absent person is
    represented by their stand-in, three hops at most; a stand-in who is excluded, has left or is
    the case's subject is passed over, and the absent person keeps the task. Who has left acts for
    themselves or not at all: where the rule says so, and they can still be reached.
    """
    always = excluded_by(draft, (*never, *rule.exclude), place)
    for candidate in _chain(rule) if rule.if_nobody else (rule,):
        barred = always
        if candidate is not rule and candidate.exclude:
            barred |= excluded_by(draft, candidate.exclude, place)
        source = candidate.source
        if isinstance(source, ByQueue):
            if any(member not in barred for member in draft.facts.members(source.queue)):
                return Found(people=(), queue=source.queue, rule=candidate.label)
            continue
        named = _named(draft, source, place)
        people = present(draft, named, barred, even_if_left=candidate.even_if_left)
        if people:
            chosen = people if candidate.pick is Pick.ALL else people[:1]
            acting = tuple(each for each in chosen if each not in named)
            return Found(people=chosen, queue=None, rule=candidate.label, acting=acting)
    return Found(people=(), queue=None, rule=rule.label)


def find_people(draft: Draft, rule: OwnerRule, place: Place) -> tuple[str, ...]:
    """Only the people of a rule; a queue gives none."""
    return find(draft, rule, place).people


def everybody(draft: Draft, rule: OwnerRule, place: Place) -> tuple[str, ...]:
    """Whom a message to the rule's people goes to: a queue stands for its members."""
    found = find(draft, rule, place)
    if found.queue is None:
        return found.people
    barred = excluded_by(draft, rule.exclude, place)
    return tuple(each for each in draft.facts.members(found.queue) if each not in barred)


def excluded_by(draft: Draft, exclude: tuple[Expr, ...], place: Place) -> frozenset[str]:
    """Whom four-eyes rules bar. Who did something that was never done is nobody."""
    if not exclude:
        return frozenset()
    barred: set[str] = set()
    for expr in exclude:
        if reads_endings_only(draft, expr, place):
            barred.update(_named(draft, ByExpression(expr=expr), place))
        else:
            barred.update(person_ids(value_of(draft, expr, place)))
    return frozenset(barred)


def barred_from(draft: Draft, rule: OwnerRule, place: Place) -> frozenset[str]:
    """Everybody whom the rule and its fallbacks exclude."""
    if not rule.if_nobody:
        return excluded_by(draft, rule.exclude, place)
    exprs = tuple(expr for each in _chain(rule) for expr in each.exclude)
    return excluded_by(draft, exprs, place)


def labels(rule: OwnerRule) -> frozenset[str]:
    """The rule's name and its fallbacks': what `by_rule` of a task it opened can be."""
    return frozenset(each.label for each in _chain(rule))


def goes_on_after_leaving(rule: OwnerRule, by_rule: str | None) -> bool:
    """Whether a task that `by_rule` gave stays with its owner after their last day."""
    return any(each.even_if_left and each.label == by_rule for each in _chain(rule))


def person_ids(value: Any) -> tuple[str, ...]:
    """A person, an id, a list of either, or nothing, as ids without repetition."""
    match value:
        case None | "":
            return ()
        case str():
            return (value,)
        case Mapping():
            return person_ids(value.get("id"))
        case Sequence():
            return tuple(dict.fromkeys(one for each in value for one in person_ids(each)))
        case _:
            return ()


def _chain(rule: OwnerRule) -> Iterator[OwnerRule]:
    waiting = [rule]
    for _ in range(MAX_FALLBACKS):
        if not waiting:
            return
        first = waiting.pop(0)
        yield first
        waiting[:0] = first.if_nobody


def _named(draft: Draft, source: ByExpression | ByRole, place: Place) -> tuple[str, ...]:
    match source:
        case ByExpression():
            try:
                return person_ids(failing_value(draft, source.expr, place))
            except ExpressionFailed:
                return ()
        case ByRole(of=None):
            return draft.facts.holders(source.role, None)
        case ByRole(of=expr):
            assert expr is not None
            try:
                unit = failing_value(draft, expr, place)
            except ExpressionFailed:
                return ()
            return draft.facts.holders(source.role, str(unit)) if unit else ()
        case _:
            assert_never(source)


def present(
    draft: Draft,
    people: tuple[str, ...],
    barred: frozenset[str],
    *,
    even_if_left: bool = False,
) -> tuple[str, ...]:
    """Who of the people works here, or acts for one who is away."""
    acting = []
    for person in people:
        if person in barred:
            continue
        if works_here(draft.facts, person):
            acting.append(stand_in(draft, person, barred))
        elif even_if_left and still_reachable(draft.facts, person):
            acting.append(person)
    return tuple(dict.fromkeys(acting))


def stand_in(draft: Draft, person: str, barred: frozenset[str]) -> str:
    """Who acts for a person now: they themselves, or the last known of at most three stand-ins."""
    facts = draft.facts
    acting = person
    seen = {person}
    for _ in range(MAX_STAND_INS):
        deputy = facts.stand_in(acting)
        if deputy is None:
            break
        if deputy in seen:  # each waits for the other: it stays where it was
            return person
        if deputy in barred or deputy == draft.case.subject or not works_here(facts, deputy):
            break
        seen.add(deputy)
        acting = deputy
    return acting


def at_the_desk(draft: Draft, person: str, queue: str, barred: frozenset[str]) -> str | None:
    """Who has a task of a queue that this person took; None: whoever of the queue takes it next.

    Who is away for a while and named a colleague of the same queue is represented by them.
    """
    facts = draft.facts
    members = facts.members(queue)
    if person not in members or is_on_leave(facts, person):
        return None
    if facts.stand_in(person) is None:
        return person
    acting = stand_in(draft, person, barred)
    return acting if acting in members and acting != person else None


def is_on_leave(facts: Facts, person: str) -> bool:
    """Whether somebody is away for so long that processes about them pause."""
    known = facts.person(person)
    return known is not None and bool(known.get("on_leave", False))


def works_here(facts: Facts, person: str) -> bool:
    """Whether somebody can be asked for anything: works here, or is a guest."""
    known = facts.person(person)
    return known is not None and bool(known.get("active", True) or known.get("guest", False))


def still_reachable(facts: Facts, person: str) -> bool:
    """Whether somebody has left and gave an address for what comes after."""
    known = facts.person(person)
    return known is not None and bool(known.get("still_reachable", False))
