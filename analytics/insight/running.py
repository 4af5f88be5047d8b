"""Figures of how processes run: in time, handed over, ended early, and how far their cases get."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import fmean

from analytics.insight.history import History
from analytics.insight.measures import Measured, Part, Row, Unit, mean, part_of, share
from analytics.insight.survival import Span, curve, quantile
from analytics.insight.tables import YEAR, Case, Event, Task

CANCELLED = "cancelled"
WITHDRAWN = "withdrawn"


def on_time(history: History) -> Measured:
    due: Counter[str] = Counter()
    good: Counter[str] = Counter()
    late: list[Row] = []
    for task in history.tasks:
        if not _fell_due(task, history):
            continue
        assert task.due_at is not None
        step = f"{task.process}: {task.state}"
        due[step] += 1
        if task.closed_at is None:
            late += [
                Row(about="person", subject=person, at=task.due_at, cases=(task.case,), words=step)
                for person in history.holders.get((task.case, task.key), ())
            ]
        elif task.outcome != WITHDRAWN and task.closed_at <= task.due_at:
            good[step] += 1
    if not due:
        return Measured(missing="No task fell due in the last 12 months.")
    return Measured(
        number=good.total() / due.total(),
        n=due.total(),
        part=good.total(),
        parts=(
            Part(label="tasks that are overdue now, by holder", number=float(len(late)),
                 unit=Unit.COUNT, n=len(late)),
            *(_of_all(step, good[step], due[step]) for step in sorted(due)),
        ),
        rows=tuple(sorted(late, key=lambda row: (row.at or history.at, row.subject))),
    )  # fmt: skip


def handovers(history: History) -> Measured:
    since = history.at - YEAR
    open_then = Counter(
        case.process for case in history.cases if case.closed_at is None or case.closed_at > since
    )
    cases = sum(open_then.values())
    if not cases:
        return Measured(missing="No case ran in the last 12 months.")
    total = sum(history.handovers.values())
    return Measured(
        number=total / cases,
        n=cases,
        parts=tuple(
            Part(label=process, number=count / open_then[process] if open_then[process] else None,
                 unit=Unit.EACH, n=open_then[process])
            for process, count in sorted(history.handovers.items())
        ),
    )  # fmt: skip


def cancelled(history: History) -> Measured:
    since = history.at - YEAR
    rows: dict[str, list[Row]] = defaultdict(list)
    for case in history.cases:
        if case.closed_at is not None and case.closed_at > since:
            rows[case.process].append(
                Row(
                    about="process",
                    subject=case.process,
                    at=case.closed_at,
                    cases=(case.name,),
                    counts=case.outcome in (CANCELLED, WITHDRAWN),
                    words=(case.outcome or "").replace("_", " "),
                )
            )
    found = share(
        (row for each in rows.values() for row in each),
        missing="No case was closed in the last 12 months.",
        parts=[part_of(process, rows[process]) for process in sorted(rows)],
    )
    kept = tuple(row for row in found.rows if row.counts)
    return Measured(
        number=found.number,
        n=found.n,
        part=found.part,
        missing=found.missing,
        parts=found.parts,
        rows=kept,
    )


def funnel(process: str, good: str, history: History) -> Measured:
    """How many of the cases of the last 12 months came to each step that asks somebody."""
    cases = {
        case.name: case for case in history.cases_of(process) if case.opened_at > history.at - YEAR
    }
    reached: dict[str, dict[str, float]] = defaultdict(dict)
    for task in history.tasks:
        case = cases.get(task.case)
        if case is not None and case.name not in reached[task.state]:
            reached[task.state][case.name] = (task.opened_at - case.opened_at).total_seconds()
    steps = sorted(reached, key=lambda step: (fmean(reached[step].values()), step))
    ended = Counter(case.outcome for case in cases.values() if case.outcome is not None)
    return share(
        (
            Row(
                about="person" if case.subject else "process",
                subject=case.subject or process,
                at=case.closed_at or case.opened_at,
                cases=(case.name,),
                counts=case.outcome == good,
                words=(case.outcome or "open").replace("_", " "),
            )
            for case in cases.values()
        ),
        missing=f"No case of {process} was opened in the last 12 months.",
        parts=[
            *(_of_all(f"came to {step}", len(reached[step]), len(cases)) for step in steps),
            *(
                _of_all(f"ended: {outcome.replace('_', ' ')}", ended[outcome], len(cases))
                for outcome in sorted(ended)
            ),
        ],
    )


def days_to_hire(history: History) -> Measured:
    rows, spans = [], []
    approved = {each.case: each.at for each in reversed(history.told("requisition.approved"))}
    filled = {each.case: each.at for each in reversed(_filled(history))}
    for case in history.cases_of("recruiting"):
        begun = approved.get(case.name)
        if begun is None:
            continue
        ended = filled.get(case.name)
        until = ended or case.closed_at or history.at
        span = Span(days=(until - begun).total_seconds() / 86_400, over=ended is not None)
        spans.append(span)
        rows.append(
            Row(
                about="position",
                subject=case.subject or case.name,
                at=begun,
                cases=(case.name,),
                counts=span.over,
                number=span.days,
                words="filled" if span.over else (case.outcome or "open").replace("_", " "),
            )
        )
    if not spans:
        return Measured(missing="No requisition has been approved yet.")
    points = curve(spans)
    middle, still = quantile(points, 0.5), sum(not span.over for span in spans)
    return Measured(
        number=middle,
        n=len(spans),
        missing=None
        if middle is not None
        else f"Half of them are not filled yet: {still} of {len(spans)} are open or given up.",
        parts=(
            Part(label="nine of ten are filled after", number=quantile(points, 0.9),
                 unit=Unit.DAYS, n=len(spans)),
            _of_all("still open, or given up", still, len(spans)),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def candidates_per_opening(history: History) -> Measured:
    since = history.at - YEAR
    asked = Counter(case.parent for case in history.cases_of("candidate-application"))
    approved = {each.case for each in history.told("requisition.approved", since=since)}
    return mean(
        (
            Row(
                about="position",
                subject=case.subject or case.name,
                at=case.opened_at,
                cases=(case.name,),
                number=float(asked[case.name]),
            )
            for case in history.cases_of("recruiting")
            if case.name in approved
        ),
        missing="No requisition was approved in the last 12 months.",
    )


def interviews_per_hire(history: History) -> Measured:
    held = Counter(parent for task, parent in interviews(history))
    since = history.at - YEAR
    cases: dict[str, Case] = {case.name: case for case in history.cases_of("recruiting")}
    return mean(
        (
            Row(
                about="position",
                subject=event.text("position") or event.case or "",
                at=event.at,
                cases=(event.case,),
                number=float(held[event.case]),
            )
            for event in _filled(history)
            if event.case in cases and event.at > since and event.case is not None
        ),
        missing="Nobody was hired through a requisition in the last 12 months.",
    )


def interviews(history: History) -> Sequence[tuple[Task, str | None]]:
    """Answered tasks of applications in steps called an interview, with the requisition."""
    parents = {case.name: case.parent for case in history.cases_of("candidate-application")}
    return [
        (task, parents[task.case])
        for task in history.tasks
        if task.case in parents
        and "interview" in task.state.rpartition(".")[2]
        and task.closed_at is not None
        and task.outcome != WITHDRAWN
    ]


def _filled(history: History) -> Sequence[Event]:
    return [event for event in history.told("role.filled") if event.body.get("interim") is not True]


def _fell_due(task: Task, history: History) -> bool:
    """Whether its day came in the last 12 months while somebody still had to answer."""
    if task.due_at is None or not history.at - YEAR < task.due_at <= history.at:
        return False
    gone = task.closed_at is not None and task.outcome == WITHDRAWN
    return not (gone and task.closed_at is not None and task.closed_at <= task.due_at)


def _of_all(label: str, part: int, n: int) -> Part:
    return Part(label=label, number=part / n, unit=Unit.SHARE, n=n, part=part)
