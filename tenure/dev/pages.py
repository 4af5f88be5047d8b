"""Pages that are shown again with a sentence when something posted cannot be done."""

from datetime import UTC, datetime
from urllib.parse import quote

from fastapi import HTTPException
from fastapi.responses import HTMLResponse

from engine.forms import Fault, Typed
from engine.scenarios import scripts_of
from engine.scenarios.writing import flow
from tenure.dev import happened, look
from tenure.dev.desk import sheet_for
from tenure.dev.shop import Shop
from web.questions import Faults
from web.sheet import Sheet
from web.task_pages import questions_of


def whole(shop: Shop, wrong: str | None = None, typed: str = "") -> HTMLResponse:
    bench = shop.workshop.bench
    if bench.definition is None:
        return shop.page("nothing", bench=bench)
    stage = bench.show.stage if bench.show else None
    coming = happened.coming(stage) if stage else ()
    return shop.page(
        "whole",
        status=422 if wrong else 200,
        bench=bench,
        wrong=wrong,
        typed=typed,
        tasks=look.open_tasks(stage) if stage else (),
        told=happened.told(stage) if stage else (),
        coming=coming,
        next_clock=look.clock_to(stage, coming[0].at) if stage and coming else None,
        mails=shop.mails(bench),
        signals=look.signals(bench),
        subcases=look.subcases(stage) if stage else (),
        scenario=look.scenario(bench),
        **look.drawing(bench),
    )


def beginning(shop: Shop, wrong: str | None = None, **typed: str) -> HTMLResponse:
    bench = shop.workshop.bench
    if bench.good is None or bench.script is None:
        raise HTTPException(404)
    script = bench.script
    return shop.page(
        "begin",
        status=422 if wrong else 200,
        bench=bench,
        wrong=wrong,
        tests=scripts_of(bench.good),
        rules=[rule.id for rule in bench.good.definition.starts] if bench.good.definition else [],
        typed={
            "name": script.name,
            "people": flow(script.people),
            "start": flow(script.start),
            "starts_by": "" if script.starts_by is None else flow(script.starts_by),
            "at": script.at.isoformat(),
            **typed,
        },
    )


def form(shop: Shop, sheet: Sheet, values: Typed, faults: tuple[Fault, ...] = ()) -> HTMLResponse:
    now = sheet_now(shop)
    return shop.page(
        "play-task",
        status=422 if faults else 200,
        person=sheet.seat.person,
        sheet=sheet,
        questions=questions_of(sheet, values, now, files_at(sheet.seat.person)),
        faults=Faults(all=faults),
        saved=False,
        stale=False,
        unsaved=False,
        analytic=_analytic(sheet),
        now=now,
    )


def _analytic(sheet: Sheet) -> str | None:
    """What advises whoever has the task."""
    state = next(one for one in sheet.definition.states if one.id == sheet.seat.task.state)
    return None if state.advice is None else state.advice.analytic


def task_at(person: str, key: str) -> str:
    """The address of a task's page, as the person who has it."""
    return f"/task/{quote(person, safe='')}?key={quote(key, safe='')}"


def files_at(person: str) -> str:
    """The address below which files are handed out."""
    return f"/task/{quote(person, safe='')}/files"


def open_sheet(shop: Shop, person: str, key: str) -> Sheet:
    show = shop.workshop.bench.show
    draft = shop.workshop.drafts.of(person, key)
    sheet = sheet_for(show.stage, key, person, draft) if show else None
    if sheet is None:
        raise HTTPException(404)
    return sheet


def sheet_now(shop: Shop) -> datetime:
    show = shop.workshop.bench.show
    assert show is not None
    return show.stage.now.astimezone(UTC)
