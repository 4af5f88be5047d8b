"""The report of a rehearsed company on the terminal: processes, what went wrong, where they met."""

from engine.rehearsal import Report, wrong_with
from engine.rehearsal.report import ProcessPart
from tenure.cli.terminal import say, table

_SHOWN = 30  # lines of each list; the page has all


def show_processes(report: Report, head: str) -> None:
    say()
    say("Processes", style=head)
    rows = [
        (
            part.process,
            f"{part.started:,}",
            f"{part.open:,}",
            _ends(part),
            f"{len(part.coverage.transitions_missed)} of {part.coverage.transitions}",
        )
        for part in report.processes
    ]
    table(("process", "started", "still open", "ended as", "transitions never taken"), rows)
    started = [
        (part.process, how, f"{count:,}")
        for part in report.processes
        for how, count in part.ways.items()
    ]
    started += [
        (part.process, "(not started: one was open already)", f"{part.open_already:,}")
        for part in report.processes
        if part.open_already
    ]
    if started:
        say()
        say("What started them", style=head)
        table(("process", "by what", "cases"), started)


def show_joints(report: Report, head: str) -> None:
    if not report.joints:
        return
    say()
    say("Where processes met", style=head)
    rows = [
        (joint.sender, joint.event, joint.receiver, _what(starts=joint.starts), f"{joint.count:,}")
        for joint in report.joints
    ]
    table(("from", "event", "to", "which", "times"), rows)


def show_wrong(report: Report, head: str) -> None:
    say()
    say("What went wrong", style=head)
    sentences = wrong_with(report)
    for sentence in sentences[:_SHOWN]:
        say(f"  {sentence}")
    if not sentences:
        say("  Nothing that could be seen from here.")
    if len(sentences) > _SHOWN:
        say(f"  … and {len(sentences) - _SHOWN} more; --html has them")


def _ends(part: ProcessPart) -> str:
    return ", ".join(f"{ending.cases:,} {ending.outcome}" for ending in part.endings)


def _what(*, starts: bool) -> str:
    return "starts a case" if starts else "is taken by an open case"
