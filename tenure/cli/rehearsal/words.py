"""A rehearsal's report on the terminal: what ended how, what went wrong, who had how much to do."""

from collections.abc import Mapping, Sequence

from engine.rehearsal import Finding, Report
from engine.rehearsal.report import ProcessPart
from tenure.cli.definitions import counted
from tenure.cli.rehearsal.company_words import show_joints, show_processes, show_wrong
from tenure.cli.terminal import say, table

_GOOD, _BAD, _HEAD = "32", "1;31", "1"
_SHOWN = 8  # lines of each list; the page and JSON have more


def show(report: Report) -> None:
    _say_what(report)
    if report.company:
        show_processes(report, _HEAD)
        show_wrong(report, _HEAD)
        show_joints(report, _HEAD)
    else:
        _show_cases(report)
    _show_load(report)
    _show_mail(report)
    if report.changes:
        _show_changes(report)
    _show_made_up(report)
    _sum_up(report)


def _show_cases(report: Report) -> None:
    _show_endings(report)
    _show_open(report)
    _show_findings("Incidents", report.incidents, "incident")
    _show_findings("Places to which a case came again and again", report.rounds, "case")
    for part in report.processes:
        _show_coverage(part)


def _say_what(report: Report) -> None:
    named = ", ".join(f"{part.process} {part.version}" for part in report.processes)
    started = sum(part.started for part in report.processes)
    say(
        f"{named}: {counted(started, 'case')} among {report.people:,} people, "
        f"{report.first} to {report.last}, seed {report.seed} ({report.steps:,} steps)"
    )


def _show_endings(report: Report) -> None:
    _head("How the cases ended")
    rows = [
        (
            part.process,
            ending.outcome,
            f"{ending.cases:,}",
            f"{ending.shortest:,.1f}",
            f"{ending.median:,.1f}",
            f"{ending.longest:,.1f}",
        )
        for part in report.processes
        for ending in part.endings
    ]
    rows += [
        (part.process, "(still open)", f"{part.open:,}", "", "", "")
        for part in report.processes
        if part.open
    ]
    table(("process", "outcome", "cases", "shortest", "median", "longest, days"), rows)


def _show_open(report: Report) -> None:
    _show_findings("Cases that could not begin", report.refused, "case")
    _show_findings("Cases that stand still: nothing moves them any more", report.stuck, "case")
    _show_findings("Tasks with somebody who has left", report.strays, "task")
    _show_findings("Pages for which no answer was found", report.unanswerable, "task")
    title = "Cases that wait for an answer that does not come, and nothing follows from that"
    _show_findings(title, report.unanswered, "case")
    _show_findings("Cases that are on their way on the last day", report.under_way, "case")


def _show_findings(title: str, findings: Sequence[Finding], noun: str) -> None:
    if not findings:
        return
    _head(title)
    for found in findings[:_SHOWN]:
        where = f"{found.process}: {found.where}" if found.where else found.process
        say(f"  {counted(found.cases, noun)} at {where}: {found.why}")
        say(f"    first on {found.first}, such as {', '.join(found.examples)}")
    if len(findings) > _SHOWN:
        say(f"  … and {len(findings) - _SHOWN} more; --html and --format json have them")


def _show_coverage(part: ProcessPart) -> None:
    seen = part.coverage
    _head(f"What {part.process} came by")
    say(
        f"  {seen.states - len(seen.states_missed)} of {counted(seen.states, 'state')}, "
        f"{seen.transitions - len(seen.transitions_missed)} of "
        f"{counted(seen.transitions, 'transition')}"
    )
    for missed in seen.states_missed:
        say(f"  never reached: {missed}")
    for missed in seen.transitions_missed:
        say(f"  never taken: {missed}")


def _show_load(report: Report) -> None:
    load = report.load
    if not load.people:
        return
    _head("Busiest people")
    table(
        ("person", "tasks", "answered", "hours", "mails", "most open at once"),
        [
            (
                f"{one.name} ({one.number})",
                f"{one.arrived:,}",
                f"{one.answered:,}",
                hours(one.minutes),
                f"{one.letters:,}",
                f"{one.most_open:,} on {one.most_open_on}",
            )
            for one in load.people[:_SHOWN]
        ],
    )
    _head("Busiest days")
    table(
        ("day", "new tasks", "answered", "hours", "mails", "open in the evening"),
        [
            (
                f"{one.day:%a %Y-%m-%d}",
                f"{one.arrived:,}",
                f"{one.answered:,}",
                hours(one.minutes),
                f"{one.letters:,}",
                f"{one.open:,}",
            )
            for one in load.days[:_SHOWN]
        ],
    )


def hours(minutes: int) -> str:
    """Of answered tasks, as far as definitions say `about_minutes`."""
    return f"{minutes / 60:,.1f}" if minutes else "-"


def _show_mail(report: Report) -> None:
    mail = report.mail
    _head("Mail")
    say(f"  {counted(mail.total, 'mail')}: {_listed(mail.kinds)}")
    if mail.days:
        day, count = mail.days[0]
        say(f"  most on {day}: {count:,}")
    if mail.most is not None:
        name, day, count = mail.most
        say(f"  most to one person on one day: {counted(count, 'mail')} to {name} on {day}")
    say(
        f"  {counted(mail.reminders, 'reminder')} of tasks, "
        f"{counted(report.escalations, 'escalation')} told, tasks handed over: "
        f"{_listed(report.handed) or 'none'}"
    )
    say(
        f"  answers: {_listed(report.answers) or 'none'}; drafts: "
        f"{_listed(report.drafts) or 'none'}; {counted(report.withdrawn, 'task')} withdrawn"
    )
    for what, found in (("webhooks called", report.calls), ("records written", report.records)):
        if found:
            say(f"  {what}: {_listed(found)}")


def _show_changes(report: Report) -> None:
    _head("What the reorganisation did")
    days = sorted(report.changes, key=lambda one: (-one.handed - one.nobody, one.day))
    joined = sum(one.joins + one.returns for one in days)
    say(
        f"  {counted(len(days), 'day')} of change: {joined:,} came, "
        f"{sum(one.changes for one in days):,} changed, {sum(one.leaves for one in days):,} left"
    )
    say(
        f"  {counted(sum(one.handed for one in days), 'task')} handed over, "
        f"{sum(one.nobody for one in days):,} found nobody, "
        f"{counted(sum(one.ended for one in days), 'case')} of leavers ended"
    )
    table(
        ("day", "came", "changed", "left", "cases told", "handed over", "found nobody"),
        [
            (
                str(one.day),
                f"{one.joins + one.returns:,}",
                f"{one.changes:,}",
                f"{one.leaves:,}",
                f"{one.told:,}",
                f"{one.handed:,}",
                f"{one.nobody:,}",
            )
            for one in days[:_SHOWN]
        ],
    )


def _show_made_up(report: Report) -> None:
    if not report.made_up and not report.unfit:
        return
    _head("Made up, since nothing given here sends or starts it")
    for what, count in report.made_up.items():
        say(f"  {count:,} times {what}")
    for what, count in report.unfit.items():
        say(f"  {count:,} times the event `{what}`, which fitted nowhere")


def _sum_up(report: Report) -> None:
    say()
    if report.sound:
        say("No case is stuck, and no task is with somebody who left.", style=_GOOD)
        return
    counts = (
        (report.refused, "case", "could not begin"),
        (report.stuck, "case", "stuck"),
        (report.strays, "task", "with somebody who left"),
        (report.unanswerable, "task", "that no answer fits"),
    )
    said = [
        f"{counted(total, noun)} {what}"
        for findings, noun, what in counts
        if (total := sum(found.cases for found in findings))
    ]
    say("; ".join(said), style=_BAD)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())


def _head(title: str) -> None:
    say()
    say(title, style=_HEAD)
