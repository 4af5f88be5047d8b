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

from engine.core.audience import roles_of, text_for
from engine.core.binding import values_for
from engine.core.chart import Definition, Task
from engine.core.codec import decode_snapshot
from engine.core.draft import Draft, Undone, draft_of
from engine.core.expression import names_asked, settled
from engine.core.facts import Facts
from engine.core.form import Form
from engine.core.index import chart_of
from engine.core.instants import from_micros
from engine.core.owners import find_people
from engine.core.snapshot import Snapshot
from engine.core.visibility import NOT_SHOWN, is_hidden
from engine.directory import RosterFacts
from engine.forms import Typed, typed
from engine.forms.typed import file_fields
from engine.links import Seat
from engine.loader.names import titled
from engine.queries import NoteLine
from engine.queries import notes as read_notes
from engine.queries.advice import AdviceGiven, FindingLine, advice_given
from engine.service import opened_draft
from engine.service.audience import holders_of, readers, readers_of_pool, reason
from engine.store.tables import DraftRow
from web.beginning import beginning
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
    facts: Facts
    everybody: Mapping[str, Mapping[str, Any]]  # who can be searched for, by id
    zone: tzinfo  # of the person
    zone_name: str  # IANA
    about: str | None  # name of the person the case is about
    readers: str  # who will see the answers, a sentence
    reason: str | None  # why this person is asked, a sentence
    advice: AdviceGiven | None = None  # what an analytic found for this task
    notes: tuple[NoteLine, ...] = ()  # of those who had the task before

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
    facts = site.directory.facts(session, now)
    return sheet_of(
        site.definition(session, seat.case.definition_id),
        decode_snapshot(orjson.loads(seat.case.snapshot)),
        seat,
        facts,
        facts.roster.people,
        now,
        kept=lambda form: _kept(session, seat, form, facts),
        advice=lambda: _advice(session, seat),
        notes=lambda: _notes(session, seat),
    )


def sheet_of(
    definition: Definition,
    snapshot: Snapshot,
    seat: Seat,
    facts: Facts,
    everybody: Mapping[str, Mapping[str, Any]],
    now: datetime,
    *,
    kept: Callable[[Form], Kept],
    advice: Callable[[], AdviceGiven | None],
    notes: Callable[[], tuple[NoteLine, ...]],
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
        intro=_intro(draft, form, opened.place, seat.person),
        known=_known(draft, form, opened.place),
        begin=beginning(draft, form, opened.place, seat.person, zone),
        withheld=_withheld(draft, form, seat.person),
        kept=kept(form),
        facts=facts,
        everybody=everybody,
        zone=zone,
        zone_name=zone_name,
        about=None if subject is None or seat.person == subject["id"] else str(subject["name"]),
        readers=readers(form, seat.person, holders_of(draft, facts))
        if rules.anonymous is None
        else readers_of_pool(rules.anonymous),
        reason=reason(seat.task.queue, opened.by_rule, seat.person, subject),
        advice=advice() if state.advice is not None else None,
        notes=notes(),
    )


def _notes(session: Session, seat: Seat) -> tuple[NoteLine, ...]:
    assert seat.case.id is not None
    return read_notes(session, seat.case.id, seat.task.key)


def _advice(session: Session, seat: Seat) -> AdviceGiven | None:
    assert seat.case.id is not None
    return next(iter(advice_given(session, seat.case.id, seat.task.key)), None)


_NO_FORM = Form(name="", title=None, intro=None, fields=(), shared=frozenset())


def zone_of(facts: Facts, person: str) -> tuple[tzinfo, str]:
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
