"""Everything a task's pages say, read once: the questions, what is known, and around whom it is.

Reads only. What a person may be shown is decided here for task pages: a value of the case file
appears in a question only to those who may see that field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlmodel import Session

from engine.core.binding import rendered, values_for
from engine.core.chart import Definition, Task
from engine.core.codec import decode_snapshot
from engine.core.draft import Draft, Undone, draft_of
from engine.core.expression import Expr, ExpressionFailed
from engine.core.facts import Facts
from engine.core.form import Field, FieldType, Form
from engine.core.index import chart_of
from engine.core.instants import from_micros
from engine.core.owners import everybody, find_people
from engine.core.places import ROOT
from engine.core.snapshot import Snapshot
from engine.directory import RosterFacts
from engine.forms import Typed, typed, written
from engine.links import Seat
from engine.queries import may_see
from engine.store.tables import DraftRow
from web.audience import readers, reason
from web.site import Site

DECISION = ".decision"  # which of several buttons; no field's name begins with a dot


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What was written before."""

    revision: int  # 0: nothing yet
    values: Typed | None
    by: str | None  # name of who saved it, if that was somebody else
    at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One open task in front of the person who holds it."""

    seat: Seat
    definition: Definition
    rules: Task
    form: Form  # without fields if there are only buttons
    intro: str | None
    known: Mapping[str, Any]  # for conditions of questions
    begin: Typed  # what the questions start with
    kept: Kept
    facts: Facts
    everybody: Mapping[str, Mapping[str, Any]]  # who can be searched for, by id
    zone: tzinfo  # of the person
    zone_name: str  # IANA
    about: str | None  # name of the person the case is about
    readers: str  # who will see the answers, a sentence
    reason: str | None  # why this person is asked, a sentence

    @property
    def decides(self) -> bool:
        """Whether there is a choice between buttons, which is then a question of its own."""
        return len(self.rules.buttons) > 1

    @property
    def due(self) -> datetime | None:
        return None if self.seat.task.due_at is None else from_micros(self.seat.task.due_at)

    def name_of(self, person: str) -> str | None:
        known = self.facts.person(person)
        return None if known is None else str(known["name"])


def read_sheet(site: Site, session: Session, seat: Seat, now: datetime) -> Sheet | None:
    """The sheet of an open task; None if the case went on in this very moment."""
    facts = site.directory.facts(session, now)
    return sheet_of(
        site.definition(session, seat.case.definition_id),
        decode_snapshot(orjson.loads(seat.case.snapshot)),
        seat,
        facts,
        facts.roster.people,
        lambda form: _kept(session, seat, form, facts),
        now,
    )


def sheet_of(
    definition: Definition,
    snapshot: Snapshot,
    seat: Seat,
    facts: Facts,
    everybody: Mapping[str, Mapping[str, Any]],
    kept: Callable[[Form], Kept],
    now: datetime,
) -> Sheet | None:
    """The sheet of a task wherever its case is kept; None if it is not open."""
    opened = snapshot.tasks.get(seat.task.key)
    if opened is None:
        return None
    draft = draft_of(chart_of(definition), snapshot, find_people, now, None, facts, now)
    state = next(state for state in definition.states if state.id == seat.task.state)
    rules = state.task if opened.side is None else state.side_tasks[opened.side]
    if rules is None:
        return None
    form = rules.form or _NO_FORM
    zone, zone_name = zone_of(facts, seat.person)
    subject = None if seat.case.subject is None else facts.person(seat.case.subject)
    return Sheet(
        seat=seat,
        definition=definition,
        rules=rules,
        form=form,
        intro=_intro(draft, form, opened.place),
        known=_known(draft, form, opened.place),
        begin=_begin(draft, form, opened.place, seat.person, facts, zone),
        kept=kept(form),
        facts=facts,
        everybody=everybody,
        zone=zone,
        zone_name=zone_name,
        about=None if subject is None or seat.person == subject["id"] else str(subject["name"]),
        readers=readers(form, seat.person, _people(draft, facts)),
        reason=reason(seat.task.queue, opened.by_rule, seat.person, subject),
    )


_NO_FORM = Form(name="", title=None, intro=None, fields=(), shared=frozenset())


def zone_of(facts: Facts, person: str) -> tuple[tzinfo, str]:
    """A person's zone, and its IANA name."""
    known = facts.person(person) or {}
    zone = known.get("zone") or str(facts.calendar(known.get("location")).zone)
    return ZoneInfo(zone), zone


def _people(draft: Draft, facts: Facts) -> dict[str, dict[str, str]]:
    """Who has each of the roles that `seen_by` uses, with their names."""
    roles = {role: _holders(draft, role) for role in draft.chart.definition.people}
    roles["subject"] = () if draft.case.subject is None else (draft.case.subject,)
    return {
        role: {
            person: str(known["name"])
            for person in people
            if (known := facts.person(person)) is not None
        }
        for role, people in roles.items()
    }


def _holders(draft: Draft, role: str) -> tuple[str, ...]:
    try:
        return everybody(draft, draft.chart.definition.people[role], ROOT)
    except Undone:
        return ()


def _intro(draft: Draft, form: Form, place: str) -> str | None:
    """The author's paragraph; None where a placeholder in it has no value yet."""
    if form.intro is None:
        return None
    try:
        return rendered(draft, form.intro, place)
    except Undone:
        return None


def _known(draft: Draft, form: Form, place: str) -> Mapping[str, Any]:
    known: dict[str, Any] = {}
    for field in form.fields:
        for expr in (field.required_if, field.compute):
            if expr is not None:
                found = values_for(draft, expr, place, None)
                data = {**known.get("data", {}), **found.get("data", {})}
                known.update(found)
                if data:
                    known["data"] = data
    return known


def _begin(draft: Draft, form: Form, place: str, person: str, facts: Facts, zone: tzinfo) -> Typed:
    answers: dict[str, Any] = {}
    people = _people(draft, facts)
    roles = {role for role, holders in people.items() if person in holders}
    for field in form.fields:
        if field.name in form.shared and field.name in draft.data:
            declared = draft.chart.definition.data.get(field.name, field)
            if may_see(declared, roles, draft.visits):
                answers[field.name] = draft.data[field.name]
        elif field.prefill is not None:
            value = _prefilled(draft, field.prefill, place)
            if value is not None:
                answers[field.name] = _plain(field, value)
    return written(form, answers, zone)


def _prefilled(draft: Draft, expr: Expr, place: str) -> Any:
    try:
        return expr.eval(values_for(draft, expr, place, None))
    except ExpressionFailed:
        return None


def _plain(field: Field, value: Any) -> Any:
    """What an expression gives, as an answer is stored."""
    match value:
        case datetime() if field.type is FieldType.DATE:
            return value.date().isoformat()
        case Mapping() if field.type is FieldType.PERSON:
            return value.get("id")
        case list() | tuple() if field.type is FieldType.PEOPLE:
            return [one.get("id") if isinstance(one, Mapping) else one for one in value]
        case float() if value.is_integer():
            return int(value)
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
        case _:
            return value


def _kept(session: Session, seat: Seat, form: Form, facts: RosterFacts) -> Kept:
    row = session.get(DraftRow, seat.task.id)
    if row is None:
        return Kept(revision=0, values=None, by=None, at=None)
    stored: dict[str, list[str]] = orjson.loads(row.answers)
    pairs = [(name, value) for name, values in stored.items() for value in values]
    values = typed(pairs, form)
    if DECISION in stored:
        values[DECISION] = tuple(stored[DECISION])
    other = None if row.saved_by == seat.person else facts.person(row.saved_by)
    return Kept(
        revision=row.revision,
        values=values,
        by=None if other is None else str(other["name"]),
        at=from_micros(row.saved_at),
    )
