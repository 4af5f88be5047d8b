"""Everything a task's pages say, read once: the questions, what is known, and around whom it is.

Reads only. What a person may be shown is decided here for task pages: a value of the case file
appears in a question only to those who may see that field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlmodel import Session

from engine.core.audience import roles_of, text_for
from engine.core.binding import values_for
from engine.core.chart import Definition, Task
from engine.core.codec import decode_snapshot
from engine.core.draft import Draft, Undone, draft_of
from engine.core.expression import Expr, ExpressionFailed, names_asked, settled
from engine.core.form import Field, FieldType, Form
from engine.core.index import chart_of
from engine.core.instants import from_micros
from engine.core.owners import find_people
from engine.core.visibility import NOT_SHOWN, is_hidden, may_see
from engine.directory import RosterFacts
from engine.forms import Typed, typed, written
from engine.forms.typed import file_fields
from engine.links import Seat
from engine.loader.names import titled
from engine.queries.advice import AdviceGiven, FindingLine, advice_given
from engine.service import opened_draft
from engine.service.audience import holders_of, readers, readers_of_pool, reason
from engine.store.tables import DraftRow
from web.site import Site

DECISION = ".decision"  # which of several buttons; no field's name begins with a dot


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What was written before."""

    revision: int  # 0: nothing yet
    values: Typed | None
    by: str | None  # name of who saved it, if that was somebody else
    at: datetime | None
    locked: bool = False  # written in another browser, whose secret it is


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
    withheld: frozenset[str]  # computed fields that this person may not read
    kept: Kept
    facts: RosterFacts
    zone: tzinfo  # of the person
    zone_name: str  # IANA
    about: str | None  # name of the person the case is about
    readers: str  # who will see the answers, a sentence
    reason: str | None  # why this person is asked, a sentence
    advice: AdviceGiven | None = None  # what an analytic found for this task

    @property
    def decides(self) -> bool:
        """Whether there is a choice between buttons, which is then a question of its own."""
        return len(self.rules.buttons) > 1

    @property
    def due(self) -> datetime | None:
        return None if self.seat.task.due_at is None else from_micros(self.seat.task.due_at)

    def shown(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers as this page may repeat them."""
        return {
            name: NOT_SHOWN if name in self.withheld else value for name, value in answers.items()
        }

    @property
    def findings(self) -> tuple[FindingLine, ...]:
        return () if self.advice is None else self.advice.lines(self._subject_of)

    def _subject_of(self, about: str, subject: str) -> str:
        if about == "person":
            return self.name_of(subject) or subject
        return titled(subject.rpartition(".")[2]) if about == "state" else subject

    def name_of(self, person: str) -> str | None:
        known = self.facts.person(person)
        return None if known is None else str(known["name"])


def read_sheet(site: Site, session: Session, seat: Seat, now: datetime) -> Sheet | None:
    """The sheet of an open task; None if the case went on in this very moment."""
    definition = site.definition(session, seat.case.definition_id)
    snapshot = decode_snapshot(orjson.loads(seat.case.snapshot))
    opened = snapshot.tasks.get(seat.task.key)
    if opened is None:
        return None
    facts = site.directory.facts(session, now)
    chart = chart_of(definition)
    draft = draft_of(chart, snapshot, find_people, now, None, facts, now)
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
        intro=_intro(draft, form, opened.place, seat.person),
        known=_known(draft, form, opened.place),
        begin=_begin(draft, form, opened.place, seat.person, zone),
        withheld=_withheld(draft, form, seat.person),
        kept=_kept(session, seat, form, facts),
        facts=facts,
        zone=zone,
        zone_name=zone_name,
        about=None if subject is None or seat.person == subject["id"] else str(subject["name"]),
        readers=readers(form, seat.person, holders_of(draft, facts))
        if rules.anonymous is None
        else readers_of_pool(rules.anonymous),
        reason=reason(seat.task.queue, opened.by_rule, seat.person, subject),
        advice=_advice(session, seat) if state.advice is not None else None,
    )


def _advice(session: Session, seat: Seat) -> AdviceGiven | None:
    assert seat.case.id is not None
    return next(iter(advice_given(session, seat.case.id, seat.task.key)), None)


_NO_FORM = Form(name="", title=None, intro=None, fields=(), shared=frozenset())


def zone_of(facts: RosterFacts, person: str) -> tuple[tzinfo, str]:
    """A person's zone, and its IANA name."""
    known = facts.person(person) or {}
    zone = known.get("zone") or str(facts.calendar(known.get("location")).zone)
    return ZoneInfo(zone), zone


def _withheld(draft: Draft, form: Form, person: str) -> frozenset[str]:
    """The computed fields that are made of something this person may not see."""
    definition, roles = draft.chart.definition, roles_of(draft, person)
    return frozenset(
        field.name
        for field in form.fields
        if field.compute is not None
        and is_hidden(definition, (("data", field.name), *field.compute.reads), roles, draft.visits)
    )


def _intro(draft: Draft, form: Form, place: str, person: str) -> str | None:
    """The author's paragraph; None where a placeholder in it has no value yet."""
    if form.intro is None:
        return None
    try:
        return text_for(draft, form.intro, place, (person,))
    except Undone:
        return None


def _known(draft: Draft, form: Form, place: str) -> Mapping[str, Any]:
    """What questions hang on; whole, since they are asked again when the session is over."""
    exprs = [
        expr
        for field in form.fields
        for expr in (field.required_if, field.compute)
        if expr is not None
    ]
    asked = names_asked(*(expr.tree for expr in exprs))
    known: dict[str, Any] = {}
    for expr in exprs:
        found = settled(values_for(draft, expr, place, None), asked)
        data = {**known.get("data", {}), **found.get("data", {})}
        known.update(found)
        if data:
            known["data"] = data
    return known


def _begin(draft: Draft, form: Form, place: str, person: str, zone: tzinfo) -> Typed:
    answers: dict[str, Any] = {}
    definition, roles = draft.chart.definition, roles_of(draft, person)
    for field in form.fields:
        if field.name in form.shared and field.name in draft.data:
            declared = definition.data.get(field.name, field)
            if may_see(declared, roles, draft.visits):
                answers[field.name] = draft.data[field.name]
        elif field.prefill is not None and not is_hidden(
            definition, field.prefill.reads, roles, draft.visits
        ):
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
        case Mapping() if field.type in (FieldType.PERSON, FieldType.GUEST):
            return value.get("id")
        case list() | tuple() if field.type is FieldType.PEOPLE:
            return [one.get("id") if isinstance(one, Mapping) else one for one in value]
        case list() | tuple() if field.type is FieldType.TABLE:
            columns = {column.name: column for column in field.columns}
            return [
                {name: _plain(columns[name], one) for name, one in row.items() if name in columns}
                for row in value
                if isinstance(row, Mapping)
            ]
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
    stored = opened_draft(row.answers, seat.task.public_id, seat.draft_key)
    if stored is None:
        return Kept(revision=row.revision, values=None, by=None, at=None, locked=True)
    pairs = [(name, value) for name, values in stored.items() for value in values]
    values = typed(pairs, form)
    values |= {each.name: tuple(stored.get(each.name, ())) for each in file_fields(form)}
    if DECISION in stored:
        values[DECISION] = tuple(stored[DECISION])
    other = None if row.saved_by == seat.person else facts.person(row.saved_by)
    return Kept(
        revision=row.revision,
        values=values,
        by=None if other is None else str(other["name"]),
        at=from_micros(row.saved_at),
    )
