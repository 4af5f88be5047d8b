"""Figures of how processes run: in time, handed over, ended early, and how far their cases get."""

from collections import Counter, defaultdict
from statistics import fmean

from analytics.insight.history import History
from analytics.insight.measures import Measured, Part, Row, Unit, of_all, part_of, share
from analytics.insight.tables import WITHDRAWN, YEAR, Task

CANCELLED = "cancelled"


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
            *(of_all(step, good[step], due[step]) for step in sorted(due)),
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
            *(of_all(f"came to {step}", len(reached[step]), len(cases)) for step in steps),
            *(
                of_all(f"ended: {outcome.replace('_', ' ')}", ended[outcome], len(cases))
                for outcome in sorted(ended)
            ),
        ],
    )


def _fell_due(task: Task, history: History) -> bool:
    """Whether its day came in the last 12 months while somebody still had to answer."""
    if task.due_at is None or not history.at - YEAR < task.due_at <= history.at:
        return False
    gone = task.closed_at is not None and task.outcome == WITHDRAWN
    return not (gone and task.closed_at is not None and task.closed_at <= task.due_at)
