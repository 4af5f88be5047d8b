"""Figures of how processes run, from exported files only."""

import json

from insight_files import DAY, YEAR, Files
from insight_shape import Again, of_series, ratio, survival


def on_time(files: Files) -> Again:
    tasks = files.tasks
    due = tasks[(tasks.due_at > files.at - YEAR) & (tasks.due_at <= files.at)]
    due = due[~((due.outcome == "withdrawn") & (due.closed_at <= due.due_at))].copy()
    if due.empty:
        return Again(number=None, n=0)
    due["good"] = (due.closed_at <= due.due_at) & (due.outcome != "withdrawn")
    steps = due.process + ": " + due.state
    had = files.frame("assignments")
    had = had[~had.candidate & (had.started_at <= files.at) & ~(had.ended_at <= files.at)]
    late = due[due.closed_at.isna()].merge(had, on=["case", "task"])
    parts = {step: ratio(rows) for step, rows in due.good.groupby(steps)}
    parts["tasks that are overdue now, by holder"] = (float(len(late)), len(late))
    return of_series(due.good, **parts)


def handovers(files: Files) -> Again:
    ran = files.cases[~(files.cases.closed_at <= files.at - YEAR)]
    lines = files.history[(files.history.kind == "task.handed_over")
                          & (files.history["at"] > files.at - YEAR)]  # fmt: skip
    had = lines.public.map(lambda text: bool(json.loads(text)["before"]))
    lines = lines[had.astype(bool)]
    if ran.empty:
        return Again(number=None, n=0)
    each = lines.groupby("process").size()
    parts = {one: (n / (ran.process == one).sum(), int((ran.process == one).sum()))
             for one, n in each.items()}  # fmt: skip
    return Again(number=len(lines) / len(ran), n=len(ran), parts=parts)


def cancelled(files: Files) -> Again:
    closed = files.cases[files.cases.closed_at > files.at - YEAR]
    off = closed.outcome.isin(["cancelled", "withdrawn"])
    return of_series(off, **{one: ratio(rows) for one, rows in off.groupby(closed.process)})


def funnel(files: Files, process: str, good: str) -> Again:
    cases = files.of(process)
    cases = cases[cases.opened_at > files.at - YEAR]
    reached = files.tasks[files.tasks.case.isin(cases.case)].groupby("state").case.nunique()
    ended = cases.outcome.dropna().value_counts()
    parts = {f"came to {state}": (n / len(cases), len(cases)) for state, n in reached.items()}
    parts |= {f"ended: {one.replace('_', ' ')}": (n / len(cases), len(cases))
              for one, n in ended.items()}  # fmt: skip
    return of_series(cases.outcome == good, **parts)


def days_to_hire(files: Files) -> Again:
    cases = files.of("recruiting").set_index("case")
    begun = files.told("requisition.approved").groupby("by")["at"].first()
    filled = files.told("role.filled")
    filled = filled[filled.get("interim") == False].groupby("by")["at"].first()  # noqa: E712
    cases = cases[cases.index.isin(begun.index)]
    if cases.empty:
        return Again(number=None, n=0)
    filled = filled.reindex(cases.index)
    until = filled.fillna(cases.closed_at).fillna(files.at.tz_convert("UTC"))
    days = (until - begun.reindex(cases.index)) / DAY
    half, most = survival(days, filled.notna(), (0.5, 0.9))
    parts = {"nine of ten are filled after": (most, len(days)),
             "still open, or given up": ratio(filled.isna())}  # fmt: skip
    return Again(number=half, n=len(days), parts=parts)


def candidates_per_opening(files: Files) -> Again:
    approved = files.told("requisition.approved", files.at - YEAR).by
    asked = files.of("candidate-application").groupby("parent").size()
    openings = files.of("recruiting").case
    openings = openings[openings.isin(approved)]
    each = asked.reindex(openings).fillna(0)
    return Again(number=each.mean() if len(each) else None, n=len(each))


def interviews_per_hire(files: Files) -> Again:
    held = files.tasks[(files.tasks.process == "candidate-application")
                       & files.tasks.state.str.contains("interview")
                       & files.tasks.closed_at.notna() & (files.tasks.outcome != "withdrawn")]  # fmt: skip
    held = held.merge(files.cases[["case", "parent"]], on="case").groupby("parent").size()
    hires = files.told("role.filled", files.at - YEAR)
    hires = hires[(hires.get("interim") == False)  # noqa: E712
                  & hires.by.isin(files.of("recruiting").case)]  # fmt: skip
    each = held.reindex(hires.by).fillna(0)
    return Again(number=each.mean() if len(each) else None, n=len(each))


def hires_by_source(files: Files) -> Again:
    applied = files.told("candidate.applied", files.at - YEAR).dropna(subset=["source"])
    cases = files.of("candidate-application").rename(columns={"case": "by"})
    rows = applied.merge(cases[["by", "closed_at", "outcome"]], on="by", suffixes=("", "_"))
    if rows.empty:
        return Again(number=None, n=0)
    rows["hired"] = (rows.outcome_ == "hired").astype(object).where(rows.closed_at.notna())
    parts = {}
    for source, some in rows.groupby("source"):
        parts[f"came by: {source}"] = ratio(rows.source == source)
        parts[f"hired of those who came by: {source}"] = ratio(some.hired.dropna().astype(bool))
    return of_series(rows.hired, **parts)


def cost_per_hire(files: Files) -> Again:
    cases = files.of("recruiting")
    cases = cases[cases.closed_at > files.at - YEAR].dropna(subset=["data.cost"])
    paid = cases["data.cost"].map(lambda cost: float(cost["amount"]))
    hires = int((cases.outcome == "filled").sum())
    if not hires:
        parts = {"in EUR": (None, 0)} if len(cases) else {}
        return Again(number=None, n=0, parts=parts)
    each = float(paid.sum()) / hires
    return Again(number=each, n=hires, parts={"in EUR": (each, hires)})
