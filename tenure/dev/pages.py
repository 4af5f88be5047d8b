"""Pages that are shown again with a sentence when something posted cannot be done."""

from datetime import UTC, datetime

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
        scenario=look.scenario(bench, bench.script.name if bench.script else ""),
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
        typed={
            "name": script.name,
            "people": flow(script.people),
            "start": flow(script.start),
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
        questions=questions_of(sheet, values, now),
        faults=Faults(all=faults),
        saved=False,
        stale=False,
        now=now,
    )


def open_sheet(shop: Shop, person: str, key: str) -> Sheet:
    show = shop.workshop.bench.show
    sheet = sheet_for(show.stage, key, person) if show else None
    if sheet is None:
        raise HTTPException(404)
    return sheet


def sheet_now(shop: Shop) -> datetime:
    show = shop.workshop.bench.show
    assert show is not None
    return show.stage.now.astimezone(UTC)
