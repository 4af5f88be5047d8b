"""What all pages of the console share: the clock on the wall, and forms that it asks itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi.responses import HTMLResponse
from sqlmodel import Session

from engine import queries
from engine.core.form import Field, FieldType, Form
from engine.directory import RosterFacts
from engine.directory.calendars import zone_of
from engine.forms import Fault, Reading, Typed, read, renumbered, typed
from web.posted import Pairs
from web.questions import Faults, People, Question, questions
from web.rows import changed
from web.site import Site

_SUGGESTED = 12  # people of one search


def console_page(site: Site, page: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page whose times are those of the organisation."""
    zone = site.directory.home.zone
    return site.page(
        page, status=status, now=site.clock(), zone=zone_of(zone), zone_name=zone, **values
    )


def field(
    name: str, kind: FieldType, label: str, *, hint: str | None = None, least: float | None = None
) -> Field:
    """A question that must be answered."""
    return Field(
        name=name,
        type=kind,
        label=label,
        help=hint,
        required=True,
        required_if=None,
        min=least,
        max=None,
        options=(),
        anchors={},
        columns=(),
        prefill=None,
        compute=None,
        seen_by=None,
        until=None,
        sensitive=False,
        from_start=False,
        redact_after=None,
    )


def form_of(*fields: Field) -> Form:
    return Form(name="console", title=None, intro=None, fields=fields, shared=frozenset())


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A form in front of the operator, with what was typed so far."""

    form: Form
    values: Typed
    facts: RosterFacts
    people: People
    zone: str  # IANA
    now: datetime

    @property
    def questions(self) -> tuple[Question, ...]:
        known: Mapping[str, Any] = {}
        return questions(self.form, self.values, self.people, self.zone, {}, known, "")

    def reading(self) -> Reading:
        return read(
            self.form,
            self.values,
            known={},
            exists=lambda person: self.facts.person(person) is not None,
            zone=zone_of(self.zone),
            now=self.now,
        )


def asked(
    site: Site,
    session: Session,
    form: Form,
    posted: Pairs,
    now: datetime,
    *,
    do: str = "",
    also_left: bool = False,
) -> Asked:
    """What was posted of a form, after a button that adds a row, removes one or finds people.

    Nobody who has left is found, unless `also_left`.
    """
    facts = site.directory.facts(session, now)
    verb, _, about = do.partition(" ")
    values = renumbered(changed(typed(posted, form), verb, about), form)

    def name(person: str) -> str | None:
        known = facts.person(person)
        return None if known is None else str(known["name"])

    found = {
        words: suggestions(site, session, words, now, also_left=also_left)
        for key, some in values.items()
        if key.endswith(".find")
        for words in some
        if words.strip()
    }
    return Asked(
        form=form,
        values=values,
        facts=facts,
        people=People(search=lambda words: found.get(words, []), name=name),
        zone=site.directory.home.zone,
        now=now,
    )


def suggestions(
    site: Site, session: Session, words: str, now: datetime, *, also_left: bool = False
) -> list[tuple[str, str, str | None]]:
    """Id, name and what an operator should know before choosing somebody."""
    found = queries.people(session, site.reader, words, now, limit=_SUGGESTED, everybody=also_left)
    return [(one.id, one.name, _note(one)) for one in found if not one.guest]


def _note(one: queries.PersonLine) -> str | None:
    away = f"away, {one.stand_in} acts" if one.stand_in else "away"
    parts = (
        one.number,
        one.title,
        one.department,
        away if one.away else None,
        None if one.active else "has left",
    )
    return ", ".join(part for part in parts if part) or None


def faults_of(*faults: Fault) -> Faults:
    return Faults(all=faults)
