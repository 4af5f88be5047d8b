"""Insight: figures across processes, and what should have happened and did not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from analytics.insight import (
    ABSENT,
    DETECTORS,
    GROUPS,
    METRICS,
    Detector,
    History,
    Measured,
    Metric,
    Row,
    Unit,
    words,
)
from engine.directory.calendars import zone_of
from web.loopback import OperatorSite
from web.site import Site
from web.words import day

router = APIRouter()

Day = Annotated[str, Query(max_length=10)]
_SHOWN = 200  # rows of what stands behind one
_FIRST = ("people-without-rating", "unexpected-exits", "activation-rate")  # asked before all others


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of a table whose last column is a picture."""

    href: str
    title: str
    value: str
    beside: str  # what the value is of, or why there is none
    bar: float | None  # from 0 to 1; None: no picture says anything


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """A detector that found something."""

    detector: Detector
    count: int
    first: str  # the day; empty where it cannot be said
    bar: float


@router.get("/insight", response_class=HTMLResponse)
def insight_page(site: OperatorSite, as_of: Day = "") -> HTMLResponse:
    with site.database.read() as session:
        history = _history(site, session, as_of)
    measured = {name: metric.measure(history) for name, metric in METRICS.items()}
    found = {name: one.look(history) for name, one in DETECTORS.items()}
    return _page(
        site,
        "insight",
        history,
        as_of,
        questions=[_line(METRICS[name], measured[name], as_of) for name in _FIRST],
        groups=[
            (title, [_line(metric, measured[metric.name], as_of) for metric in figures])
            for title, figures in GROUPS
        ],
        missed=_missed(found),
        silent=[DETECTORS[name] for name, rows in found.items() if not rows],
        absent=ABSENT,
    )


@router.get("/insight/{name}", response_class=HTMLResponse)
def one_page(name: str, site: OperatorSite, as_of: Day = "") -> HTMLResponse:
    if name not in METRICS and name not in DETECTORS:
        raise HTTPException(404)
    with site.database.read() as session:
        history = _history(site, session, as_of)
        people = site.directory.facts(session, site.clock()).roster.people

    def name_of(subject: str) -> str:
        return str(people[subject]["name"]) if subject in people else subject

    if name in DETECTORS:
        detector = DETECTORS[name]
        rows = detector.look(history)
        return _page(
            site,
            "insight-missed",
            history,
            as_of,
            detector=detector,
            count=len(rows),
            **_rows(rows),
            name_of=name_of,
            clause=words.clause,
        )
    metric = METRICS[name]
    one = metric.measure(history)
    return _page(
        site,
        "insight-figure",
        history,
        as_of,
        metric=metric,
        one=one,
        value=words.value(metric, one),
        counted=words.counted(metric, one),
        parts=[(part, words.part_value(part), _bar(part.unit, part.number)) for part in one.parts],
        **_rows(one.rows),
        name_of=name_of,
        clause=words.clause,
    )


def _history(site: Site, session: Session, as_of: str) -> History:
    """Raises 422 for what is no day."""
    if not as_of:
        return site.insight(session, site.clock())
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise HTTPException(422) from None
    return site.insight(session, datetime.combine(day, time.max, zone_of(site.directory.home.zone)))


def _line(metric: Metric, one: Measured, as_of: str) -> Line:
    return Line(
        href=_href(metric.name, as_of),
        title=metric.title,
        value=words.value(metric, one),
        beside=one.missing or words.counted(metric, one),
        bar=_bar(metric.unit, one.number),
    )


def _bar(unit: Unit, number: float | None) -> float | None:
    """How much of the picture is filled, where the whole of it means something."""
    if number is None or unit not in (Unit.SHARE, Unit.PERCENT):
        return None
    return min(1.0, max(0.0, number / (100 if unit is Unit.PERCENT else 1)))


def _missed(found: dict[str, tuple[Row, ...]]) -> list[Missed]:
    most = max((len(rows) for rows in found.values()), default=0)
    return [
        Missed(
            detector=DETECTORS[name],
            count=len(rows),
            first=_first(rows),
            bar=len(rows) / most,
        )
        for name, rows in found.items()
        if rows
    ]


def _first(rows: Sequence[Row]) -> str:
    known = [row.at for row in rows if row.at is not None]
    return day(min(known).date()) if known else ""


def _rows(rows: Sequence[Row]) -> dict[str, Any]:
    """What a table of rows is made of, and how many do not fit."""
    numbers = [row.number for row in rows if row.number is not None]
    most = max(numbers, default=0)
    return {
        "rows": [
            (row, row.number / most if row.number is not None and most > 0 else None)
            for row in rows[:_SHOWN]
        ],
        "more": max(0, len(rows) - _SHOWN),
        "with_counts": any(row.counts is not None for row in rows),
        "with_numbers": bool(numbers),
    }


def _href(name: str, as_of: str) -> str:
    return f"/insight/{name}?as_of={as_of}" if as_of else f"/insight/{name}"


def _page(site: Site, page: str, history: History, as_of: str, **values: Any) -> HTMLResponse:
    zone = site.directory.home.zone
    return site.page(
        page,
        at=history.at,
        as_of=as_of,
        today=history.today.isoformat(),
        href=lambda name: _href(name, as_of),
        now=site.clock(),
        zone=zone_of(zone),
        zone_name=zone,
        **values,
    )
