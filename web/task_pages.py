"""What the pages of a task are rendered from: the form, the check, and what is recorded or gone."""

from datetime import datetime

from fastapi.responses import HTMLResponse

from engine.forms import Fault, Reading, Typed, read, typed
from engine.forms.typed import file_fields, one
from engine.links import Seat
from web.people import search
from web.posted import Pairs, last
from web.questions import Faults, People, Question, decision, questions
from web.receipt import Receipt
from web.sheet import DECISION, Sheet
from web.site import Site
from web.words import Answer, answer, sentence, was_asked


def values_of(sheet: Sheet) -> Typed:
    return sheet.begin if sheet.kept.values is None else sheet.kept.values


def reading_of(sheet: Sheet, values: Typed, now: datetime) -> Reading:
    reading = read(
        sheet.form,
        values,
        known=sheet.known,
        exists=lambda person: sheet.facts.person(person) is not None,
        zone=sheet.zone,
        now=now,
    )
    if sheet.decides and one(values, DECISION) not in sheet.rules.buttons:
        fault = Fault(at=DECISION, sentence="Your decision: choose one.")
        return Reading(answers=reading.answers, faults=(*reading.faults, fault))
    return reading


def typed_of(sheet: Sheet, posted: Pairs) -> dict[str, tuple[str, ...]]:
    """What was typed into the sheet's form, with the files and the decision that go with it."""
    values = typed(posted, sheet.form)
    before = values_of(sheet)
    values |= {each.name: tuple(before.get(each.name, ())) for each in file_fields(sheet.form)}
    if sheet.decides:
        values[DECISION] = (last(posted, DECISION),)
    return values


def form_page(
    site: Site,
    sheet: Sheet,
    values: Typed,
    now: datetime,
    faults: tuple[Fault, ...] = (),
    *,
    saved: bool = False,
    stale: bool = False,
    unsaved: bool = False,
) -> HTMLResponse:
    return site.page(
        "task",
        status=503 if unsaved else 409 if stale else 422 if faults else 200,
        sheet=sheet,
        questions=questions_of(sheet, values, now),
        faults=Faults(all=faults),
        saved=saved,
        stale=stale,
        unsaved=unsaved,
        now=now,
    )


def questions_of(
    sheet: Sheet, values: Typed, now: datetime, files: str | None = None
) -> tuple[Question, ...]:
    """`files` is the address below which files are handed out, if it is not the task's own."""
    people = People(search=lambda words: search(sheet.everybody, words), name=sheet.name_of)
    shown = sheet.shown(reading_of(sheet, values, now).answers)
    files = files or f"/task/{sheet.seat.task.public_id}/files"
    asked = questions(sheet.form, values, people, sheet.zone_name, shown, sheet.known, files)
    if not sheet.decides:
        return asked
    return (*asked, decision(DECISION, sheet.rules.buttons, one(values, DECISION)))


def checking_page(
    site: Site,
    sheet: Sheet,
    values: Typed,
    reading: Reading,
    now: datetime,
    *,
    stale: bool = False,
    unsigned: bool = False,
    unsaved: bool = False,
) -> HTMLResponse:
    choice = one(values, DECISION) if sheet.decides else None
    return site.page(
        "check",
        status=503 if unsaved else 409 if stale else 422 if unsigned else 200,
        sheet=sheet,
        answers=[*_answers(sheet, reading), *([_decision(choice)] if choice else [])],
        choice=choice,
        stale=stale,
        unsigned=unsigned,
        unsaved=unsaved,
        now=now,
    )


def _answers(sheet: Sheet, reading: Reading) -> list[Answer]:
    shown = sheet.shown(reading.answers)
    files = f"/task/{sheet.seat.task.public_id}/files"
    return [
        answer(field, shown.get(field.name), sheet.name_of, sheet.zone, files=files)
        for field in sheet.form.fields
        if was_asked(field, reading.answers)
    ]


def _decision(choice: str) -> Answer:
    return Answer(name=DECISION, at="q--decision", label="Your decision", text=sentence(choice))


def recorded_page(
    site: Site, seat: Seat, receipt: Receipt, now: datetime, status: int = 200
) -> HTMLResponse:
    return site.page("recorded", status=status, seat=seat, receipt=receipt, now=now)


def gone_page(site: Site, posted: Pairs = ()) -> HTMLResponse:
    """No session, not this person's, withdrawn: nobody is told which. What was typed is theirs."""
    written = [
        (name, value)
        for name, value in posted
        if value.strip() and name[:1] != "." and not name.endswith(".find")
    ]
    return site.page("gone", status=410, written=written)
