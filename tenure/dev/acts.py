"""What the author does on the pages: answers, moves the clock, takes a step, begins anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

from engine.core.form import Form
from engine.forms import Fault, renumbered
from engine.forms.typed import file_fields, one
from engine.scenarios import NotAsWritten, PlayStep, Script, Stage, scripts_of
from engine.scenarios.steps import open_task
from tenure.dev.cast import invented
from tenure.dev.pages import beginning, form, open_sheet, sheet_now, task_at, whole
from tenure.dev.shop import Key, Shop, TheShop
from tenure.dev.typed import anything, one_step, written
from web.posted import Posted, PostedPage, last, see_other
from web.rows import changed, place_of
from web.sheet import DECISION, Sheet
from web.task_pages import reading_of, typed_of
from web.uploads import take_each

router = APIRouter()


@router.post("/task/{person}", response_class=HTMLResponse)
def answer(person: str, key: Key, shop: TheShop, page: PostedPage) -> Response:
    """Changes what is typed, takes a file, finds a person, or answers.

    An answer becomes a step of the play.
    """
    sheet, drafts = open_sheet(shop, person, key), shop.workshop.drafts
    verb, _, about = last(page.pairs, ".do", "continue").partition(" ")
    values = changed(typed_of(sheet, page.pairs), verb, about)
    values = renumbered(values, sheet.form, keep_empty=verb != "continue")
    untaken = take_each(sheet, page.files, values, drafts.take)
    drafts.keep(person, key, values)
    if untaken:
        return form(shop, sheet, values, untaken)
    if verb != "continue":
        return see_other(f"{task_at(person, key)}#{place_of(sheet.form, values, verb, about)}")
    now = sheet_now(shop)
    reading = reading_of(sheet, values, now)
    if reading.faults:
        return form(shop, sheet, values, reading.faults)
    button = one(values, DECISION) if sheet.decides else None
    try:
        step = _step(shop, sheet, button, reading.answers)
        shop.workshop.add(step)
    except NotAsWritten as finding:
        return form(shop, sheet, values, (Fault(at=DECISION, sentence=str(finding)),))
    drafts.answered(person, key)
    return see_other(f"/as/{quote(person, safe='')}")


@router.post("/begin", response_class=HTMLResponse)
def begin(shop: TheShop, posted: Posted) -> Response:
    """Begins a test of the file, whole or only its beginning, or a case of the author's own."""
    bench = shop.workshop.bench
    if bench.good is None or bench.good.definition is None:
        raise HTTPException(404)
    what, _, number = last(posted, ".do").partition(" ")
    if what in ("play", "start"):
        known = scripts_of(bench.good)
        if not number.isdecimal() or int(number) >= len(known):
            return see_other("/begin")
        script = known[int(number)]
        shop.workshop.begin(script if what == "play" else replace(script, steps=()))
        return see_other("/")
    if what == "invent":
        shop.workshop.begin(invented(bench.good.definition))
        return see_other("/")
    typed = {name: last(posted, name) for name in ("name", "people", "start", "starts_by", "at")}
    try:
        script = Script(
            name=typed["name"].strip() or "a case of my own",
            people=written(typed["people"], "people"),
            start=written(typed["start"], "start"),
            at=date.fromisoformat(typed["at"].strip()),
            starts_by=anything(typed["starts_by"], "starts_by"),
        )
    except NotAsWritten as finding:
        return beginning(shop, str(finding), **typed)
    except ValueError:
        return beginning(
            shop, f"`{typed['at']}` is no date; write one such as 2027-01-04.", **typed
        )
    shop.workshop.begin(script)
    return see_other("/")


@router.post("/go", response_class=HTMLResponse)
def go(shop: TheShop, posted: Posted) -> Response:
    """Back or forth along what was played."""
    at = last(posted, "at")
    if at.isdecimal() and len(at) < 6:
        shop.workshop.go(int(at))
    return see_other("/#clock")


@router.post("/clock", response_class=HTMLResponse)
def clock(shop: TheShop, posted: Posted) -> Response:
    to = last(posted, ".do") or last(posted, "to")
    return _take(shop, PlayStep(name="clock", value=to.strip()), "/#clock")


@router.post("/step", response_class=HTMLResponse)
def step(shop: TheShop, posted: Posted) -> Response:
    """Any step as it is written in a test."""
    text = (last(posted, ".do") or last(posted, "step")).strip().removeprefix("-").strip()
    try:
        taken = one_step(text)
    except NotAsWritten as finding:
        return whole(shop, str(finding), text)
    return _take(shop, taken, "/#happened", text)


def _take(shop: Shop, taken: PlayStep, back: str, text: str = "") -> Response:
    try:
        shop.workshop.add(taken)
    except NotAsWritten as finding:
        return whole(shop, str(finding), text)
    return see_other(back)


def _step(shop: Shop, sheet: Sheet, button: str | None, answers: Mapping[str, Any]) -> PlayStep:
    """The answer as the author would write it into a test."""
    show = shop.workshop.bench.show
    assert show is not None
    name = f"{sheet.seat.person} {_called(show.stage, sheet)}"
    given = _given(sheet.form, answers)
    if button is not None and button != sheet.rules.buttons[0]:
        return PlayStep(name=name, value={**given, "press": button} if given else button)
    return PlayStep(name=name, value=given or None)


def _called(stage: Stage, sheet: Sheet) -> str:
    """What a step calls the sheet's task and none that is open beside it. Raises NotAsWritten."""
    person, task = sheet.seat.person, stage.standing.tasks[sheet.seat.task.key]
    for name in (stage.word(task), stage.known(task.place)):
        if open_task(stage, person, name).key == task.key:
            return name
    raise NotAsWritten(
        f"A test cannot tell this task from another one of {person}'s that is open. "
        "Answer the older one first."
    )


def _given(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in; a test names a file by what it is called."""
    given = {key: value for key, value in answers.items() if value not in (None, [], "")}
    for field in file_fields(form):
        if field.name in given:
            given[field.name] = given[field.name]["name"]
    return given
