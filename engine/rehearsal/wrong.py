"""What went wrong in a rehearsed company, a sentence each, the worst first."""

from collections.abc import Iterator

from engine.rehearsal.report import Finding, Report

_MANY = 25  # open tasks of one person, from which on somebody should know
_SHOWN = 10  # people with so many


def wrong_with(report: Report) -> tuple[str, ...]:
    return tuple(_sentences(report))


def _sentences(report: Report) -> Iterator[str]:
    for found in report.refused:
        yield f"{_cases(found)} could not begin. {_told(found)}"
    for found in report.stuck:
        yield f"{_cases(found)} stood still on the last day, at {found.where}: {_told(found)}"
    for found in report.strays:
        yield f"{_number(found.cases, 'task')} of {found.process} stayed with somebody who left."
    for found in report.unanswerable:
        where = f"{found.process} at {found.where}"
        yield f"A page of {where} took none of the answers that were tried. {_told(found)}"
    for found in report.unanswered:
        yield (
            f"{_cases(found)} waited on the last day for an answer that does not come, at "
            f"{found.where}: {_told(found)}"
        )
    for found in report.incidents:
        times = _number(found.cases, "time")
        yield f"Operations were called to {found.process} at {found.where} {times}: {_told(found)}"
    for found in report.rounds:
        yield f"{_cases(found)} came to {found.where} ten times or more; {found.why}."
    yield from _of_processes(report)
    for silent in report.silent:
        yield f"{silent.process} was never started by “{silent.rule}”: {silent.why}."
    for unheard in report.unheard:
        times = _number(unheard.count, "time")
        yield f"{unheard.sender} said `{unheard.event}` {times}, and nobody heard: {unheard.why}."
    for one in [each for each in report.load.people if each.most_open >= _MANY][:_SHOWN]:
        yield f"{one.name} ({one.number}) had {one.most_open} tasks at once on {one.most_open_on}."


def _of_processes(report: Report) -> Iterator[str]:
    for part in report.processes:
        if not part.started:
            yield f"{part.process} was never started."
        elif not part.endings:
            yield f"None of the {_number(part.started, 'case')} of {part.process} ended."


def _cases(found: Finding) -> str:
    return f"{_number(found.cases, 'case')} of {found.process}"


def _told(found: Finding) -> str:
    """The reason, with a full stop, and where to look."""
    said = found.why if found.why.endswith((".", "!", "?")) else f"{found.why}."
    return f"{said} First on {found.first}, such as {', '.join(found.examples)}."


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
