"""`tenure test`: what the scenarios of definitions showed."""

from pathlib import Path
from typing import Any

from engine.scenarios import Coverage, Report, Result, play_all
from tenure.cli.asked import Format, Paths
from tenure.cli.definitions import Opened, counted, open_all, show_problems
from tenure.cli.terminal import say, tell_json

_MOST_TOLD = 12
_GOOD, _BAD = "32", "1;31"


def play(paths: Paths, /, *, format: Format = "text") -> int:  # noqa: A002 - the option's name
    told = [(opened, _played(opened)) for opened in open_all(paths)]
    if format == "json":
        tell_json([_as_data(opened, report) for opened, report in told])
    else:
        for opened, report in told:
            _show(opened, report)
        _sum_up(told)
    sound = all(report is not None and report.passed for _, report in told)
    return 0 if sound else 1


def _played(opened: Opened) -> Report | None:
    """None for a definition with errors: nothing can be played."""
    loaded = opened.loaded
    if loaded is None or loaded.definition is None:
        return None
    return play_all(loaded)


def _show(opened: Opened, report: Report | None) -> None:
    if report is None:
        show_problems(opened)
        say(f"{opened.path}: not played, because of the errors above", style=_BAD)
        return
    if not report.results:
        say(f"{opened.path}: has no `tests:`")
        return
    say(str(opened.path), style="1")
    for result in report.results:
        _show_result(opened.path, result, opened.source)
    _show_coverage(opened, report.coverage)


def _show_result(path: Path, result: Result, source: str) -> None:
    failure = result.failure
    if failure is None:
        say(f"  ✓ {result.name} ({counted(result.steps, 'step')})", style=_GOOD)
        return
    line = failure.span.line
    say(f"  ✗ {result.name}", style=_BAD)
    say(f"      {path}:{line}: {_line(source, line)}")
    say(f"      {failure.sentence}")
    for standing in failure.standing:
        say(f"        {standing}")
    _show_story(failure.story)


def _show_story(story: tuple[str, ...]) -> None:
    """The last of what was taken, oldest first."""
    if not story:
        return
    left_out = len(story) - _MOST_TOLD
    say(
        "        so far:" + (f" ({counted(left_out, 'transition')} before)" if left_out > 0 else "")
    )
    for line in story[-_MOST_TOLD:]:
        say(f"          {line}")


def _line(source: str, number: int) -> str:
    text = source.splitlines()[number - 1].strip()
    return text if len(text) <= 90 else f"{text[:89]}…"


def _show_coverage(opened: Opened, coverage: Coverage) -> None:
    states = coverage.states - len(coverage.states_missed)
    ways = coverage.transitions - len(coverage.transitions_missed)
    say(
        f"  covered: {states} of {counted(coverage.states, 'state')}, "
        f"{ways} of {counted(coverage.transitions, 'transition')}"
    )
    for missed in coverage.states_missed:
        say(f"    no test enters {missed}{_stands(opened, missed)}")
    for missed in coverage.transitions_missed:
        say(f"    no test takes {missed}{_stands(opened, missed.partition(': ')[0])}")


def _stands(opened: Opened, state: str) -> str:
    """Where a state stands in the file."""
    sources = opened.loaded.sources if opened.loaded is not None else None
    place = sources.states.get(state) if sources is not None else None
    return f" (line {place.line})" if place is not None else ""


def _sum_up(told: list[tuple[Opened, Report | None]]) -> None:
    results = [result for _, report in told if report is not None for result in report.results]
    failed = sum(1 for result in results if result.failure is not None)
    unread = sum(1 for _, report in told if report is None)
    words = f"{counted(len(results), 'test')}: {len(results) - failed} passed, {failed} failed"
    if unread:
        words += f"; {counted(unread, 'definition')} could not be played"
    say(words, style=_BAD if failed or unread else _GOOD)


def _as_data(opened: Opened, report: Report | None) -> dict[str, Any]:
    if report is None:
        return {
            "file": str(opened.path),
            "errors": [found.as_dict() for found in opened.diagnostics],
            "tests": None,
            "coverage": None,
        }
    return {
        "file": str(opened.path),
        "errors": [],
        "tests": [_result_as_data(result) for result in report.results],
        "coverage": report.coverage,
    }


def _result_as_data(result: Result) -> dict[str, Any]:
    failure = result.failure
    return {
        "name": result.name,
        "passed": failure is None,
        "steps": result.steps,
        "line": None if failure is None else failure.span.line,
        "message": None if failure is None else failure.sentence,
        "standing": [] if failure is None else list(failure.standing),
        "story": [] if failure is None else list(failure.story),
    }
