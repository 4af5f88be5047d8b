"""`tenure insight`: figures across processes, and what should have happened and did not."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from difflib import get_close_matches
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from cyclopts import Parameter

from analytics.insight import (
    ABSENT,
    DETECTORS,
    METRICS,
    Detector,
    History,
    Measured,
    Metric,
    Row,
    words,
)
from engine.queries import Reader
from tenure.cli.asked import Format, Home
from tenure.cli.home import clock_of, moment, opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, table, tell_json
from tenure.insight import read_history
from tenure.runtime import Runtime

Name = Callable[[str], str]


def insight(
    name: Annotated[
        str | None, Parameter(help="One figure or detector, such as action-rate; all if absent.")
    ] = None,
    /,
    *,
    as_of: Annotated[
        datetime | None, Parameter(help="As it was known at the end of this day; now if absent.")
    ] = None,
    limit: Annotated[int, Parameter(help="At most so many lines of what stands behind it.")] = 50,
    json: Annotated[bool, Parameter(help="The same as --format json.", negative="")] = False,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    if name is not None and name not in METRICS and name not in DETECTORS:
        raise Stopped(_unknown(name))
    with opened(home) as runtime, runtime.database.read() as session:
        at = _at(as_of, runtime)
        reader = Reader(directory=runtime.service.tools.directory)
        history = read_history(session, reader, runtime.settings, at)
        people = reader.directory.facts(session, runtime.clock.now()).roster.people
    named = {person: str(one["name"]) for person, one in people.items()}

    def name_of(subject: str) -> str:
        return named.get(subject, subject)

    if json or format == "json":
        tell_json(_one_as_json(name, history) if name else _all_as_json(history))
    elif name is None:
        _tell_all(history, runtime)
    elif name in METRICS:
        _tell_metric(METRICS[name], history, name_of, limit, runtime)
    else:
        _tell_detector(DETECTORS[name], history, name_of, limit, runtime)
    return 0


def _at(as_of: datetime | None, runtime: Runtime) -> datetime:
    if as_of is None:
        return runtime.clock.now()
    zone = ZoneInfo(runtime.settings.timezone)
    return datetime.combine(as_of.date(), time.max, zone)


def _unknown(name: str) -> str:
    close = get_close_matches(name, [*METRICS, *DETECTORS], n=3)
    meant = f"; did you mean {' or '.join(f'`{one}`' for one in close)}?" if close else "."
    return f"There is no figure or detector `{name}`{meant} `tenure insight` lists them all."


def _tell_all(history: History, runtime: Runtime) -> None:
    say(f"As it was known on {moment(history.at, runtime)} ({clock_of(runtime)})")
    say()
    measured = [(metric, metric.measure(history)) for metric in METRICS.values()]
    table(
        ("figure", "value", "what it is"),
        [
            (metric.name, words.value(metric, one) or "-", _beside(metric, one))
            for metric, one in measured
        ],
    )
    say()
    found = [(one, one.look(history)) for one in DETECTORS.values()]
    table(
        ("what did not happen", "how often", f"first ({clock_of(runtime)})", "what it is"),
        [
            (one.name, str(len(rows)), moment(_first(rows), runtime), one.title)
            for one, rows in found
            if rows
        ],
    )
    silent = [one.name for one, rows in found if not rows]
    if silent:
        say(f"Nothing found by: {', '.join(silent)}.")
    say()
    say("`tenure insight NAME` tells what is behind a line; what is not told, and why:")
    for absent in ABSENT:
        say(f"  {absent.title}: {absent.why}")


def _beside(metric: Metric, one: Measured) -> str:
    if one.missing is not None:
        return f"{metric.title}: {one.missing}"
    of = words.counted(metric, one)
    return f"{metric.title}, {of}" if of else metric.title


def _tell_metric(
    metric: Metric, history: History, name_of: Name, limit: int, runtime: Runtime
) -> None:
    one = metric.measure(history)
    value = words.value(metric, one)
    say(f"{metric.title}: {value or 'no number'} {words.counted(metric, one)}".rstrip(), style="1")
    for line in (one.missing, metric.definition, metric.trap, *one.notes):
        if line:
            say(line)
    if metric.reads:
        say(f"Read: {', '.join(metric.reads)}.")
    if one.parts:
        say()
        table(
            ("of it", "value", "of"),
            [
                (words.clause(part.label, name_of), words.part_value(part) or "-", str(part.n))
                for part in one.parts
            ],
        )
    _tell_rows(one.rows, name_of, limit, runtime)


def _tell_detector(
    detector: Detector, history: History, name_of: Name, limit: int, runtime: Runtime
) -> None:
    rows = detector.look(history)
    say(f"{detector.title}: {len(rows)}", style="1")
    say(detector.rule)
    say(f"The way out: {detector.way_out}")
    say(f"Read: {', '.join(detector.reads)}.")
    _tell_rows(rows, name_of, limit, runtime)


def _tell_rows(rows: Sequence[Row], name_of: Name, limit: int, runtime: Runtime) -> None:
    if not rows:
        return
    say()
    table(
        ("about", f"when ({clock_of(runtime)})", "counts", "number", "what", "cases"),
        [
            (
                name_of(row.subject),
                moment(row.at, runtime),
                "" if row.counts is None else "yes" if row.counts else "no",
                "" if row.number is None else f"{row.number:g}",
                words.clause(row.words, name_of),
                ", ".join(row.cases),
            )
            for row in rows[:limit]
        ],
    )
    if len(rows) > limit:
        say(f"{len(rows) - limit} more; raise --limit.")


def _first(rows: Sequence[Row]) -> datetime | None:
    return min((row.at for row in rows if row.at is not None), default=None)


def _all_as_json(history: History) -> Mapping[str, Any]:
    return {
        "at": history.at,
        "figures": [
            _figure(metric, metric.measure(history), with_rows=False) for metric in METRICS.values()
        ],
        "detectors": [_detector(one, history, with_rows=False) for one in DETECTORS.values()],
        "not_told": list(ABSENT),
    }


def _one_as_json(name: str, history: History) -> Mapping[str, Any]:
    if name in METRICS:
        return {
            "at": history.at,
            **_figure(METRICS[name], METRICS[name].measure(history), with_rows=True),
        }
    return {"at": history.at, **_detector(DETECTORS[name], history, with_rows=True)}


def _figure(metric: Metric, one: Measured, *, with_rows: bool) -> Mapping[str, Any]:
    told = {
        "name": metric.name,
        "id": metric.id,
        "title": metric.title,
        "definition": metric.definition,
        "trap": metric.trap,
        "reads": metric.reads,
        "unit": metric.unit,
        "currency": one.currency,
        "number": one.number,
        "part": one.part,
        "n": one.n,
        "of": metric.of,
        "missing": one.missing,
        "notes": one.notes,
        "parts": one.parts,
    }
    return {**told, "rows": one.rows} if with_rows else told


def _detector(one: Detector, history: History, *, with_rows: bool) -> Mapping[str, Any]:
    rows = one.look(history)
    told = {
        "name": one.name,
        "id": one.id,
        "title": one.title,
        "rule": one.rule,
        "way_out": one.way_out,
        "reads": one.reads,
        "found": len(rows),
    }
    return {**told, "rows": rows} if with_rows else told
