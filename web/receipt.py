"""What was recorded of a task, and how its author can prove it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

import orjson
from sqlmodel import Session, col, select

from engine.core.chart import Definition, Task
from engine.core.instants import from_micros
from engine.core.visibility import NOT_SHOWN, is_hidden
from engine.directory import RosterFacts
from engine.links import Seat
from engine.store.tables import EventPrivateRow, EventRow
from web.sheet import zone_of
from web.site import Site
from web.words import Answer, answer, was_asked


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A task that is answered, as the person in front of it may know it."""

    mine: bool  # answered by this very person
    by: str | None  # name of who answered
    outcome: str  # the button
    choice: bool  # whether there was another button
    at: datetime
    zone: tzinfo
    zone_name: str
    reference: str | None  # `ONB-0042.17.` and 16 digits of that line's hash
    answers: tuple[Answer, ...]  # of this person's own answer; empty once they are erased
    closed: bool  # the case came to its end
    anonymous: bool  # kept apart from this person's name, so that it cannot be shown again


def read_receipt(site: Site, session: Session, seat: Seat, now: datetime) -> Receipt:
    definition = site.definition(session, seat.case.definition_id)
    facts = site.directory.facts(session, now)
    zone, zone_name = zone_of(facts, seat.person)
    mine = seat.task.closed_by == seat.person
    line = session.exec(
        select(EventRow)
        .where(
            col(EventRow.case_id) == seat.case.id,
            col(EventRow.kind) == "task.answered",
            col(EventRow.object) == seat.task.key,
        )
        .order_by(col(EventRow.seq).desc())
        .limit(1)
    ).first()
    by = None if seat.task.closed_by is None else facts.person(seat.task.closed_by)
    rules = _rules(definition, seat)
    return Receipt(
        mine=mine,
        by=None if by is None else str(by["name"]),
        outcome=seat.task.outcome or "",
        choice=rules is not None and len(rules.buttons) > 1,
        at=from_micros(seat.task.closed_at or seat.task.opened_at),
        zone=zone,
        zone_name=zone_name,
        reference=f"{seat.case.name}.{line.seq}.{line.hash.hex()[:16]}" if line and mine else None,
        answers=()
        if line is None or not mine or _is_anonymous(rules)
        else _answers(session, line, definition, rules, facts, zone),
        closed=seat.case.closed_at is not None,
        anonymous=_is_anonymous(rules),
    )


def _rules(definition: Definition, seat: Seat) -> Task | None:
    state = next(state for state in definition.states if state.id == seat.task.state)
    _, side, number = seat.task.key.partition("/every.")
    return state.side_tasks[int(number.partition("#")[0])] if side else state.task


def _is_anonymous(rules: Task | None) -> bool:
    return rules is not None and rules.anonymous is not None


def _answers(
    session: Session,
    line: EventRow,
    definition: Definition,
    rules: Task | None,
    facts: RosterFacts,
    zone: tzinfo,
) -> tuple[Answer, ...]:
    private = session.get(EventPrivateRow, line.id)
    if private is None or rules is None or rules.form is None:
        return ()
    given = dict(orjson.loads(private.payload)["event"]["answers"])
    for field in rules.form.fields:
        if field.compute is not None and is_hidden(definition, field.compute.reads, (), {}):
            given[field.name] = NOT_SHOWN  # one knows what one wrote, not what was made of it

    def name_of(person: str) -> str | None:
        known = facts.person(person)
        return None if known is None else str(known["name"])

    return tuple(
        answer(field, given.get(field.name), name_of, zone)
        for field in rules.form.fields
        if was_asked(field, given)
    )
