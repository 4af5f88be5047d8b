"""Figures of recruiting: how long it takes, what it takes, and where candidates come from."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from analytics.insight.history import History
from analytics.insight.measures import Measured, Part, Row, Unit, mean, of_all, part_of, share
from analytics.insight.survival import Span, curve, quantile
from analytics.insight.tables import WITHDRAWN, YEAR, Case, Event, Task


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
            of_all("still open, or given up", still, len(spans)),
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


def hires_by_source(history: History) -> Measured:
    """Where somebody came from is told when they apply, so of open applications it is known too."""
    cases = {case.name: case for case in history.cases_of("candidate-application")}
    rows: dict[str, list[Row]] = defaultdict(list)
    unknown = 0
    for applied in history.told("candidate.applied", since=history.at - YEAR):
        source, case = applied.text("source"), cases.get(applied.case or "")
        if case is None:
            continue
        unknown += source is None
        if source is not None:
            rows[source].append(_applied(case, applied, source))
    total = sum(map(len, rows.values()))
    parts = [
        part
        for source in sorted(rows)
        for part in (
            of_all(f"came by: {source}", len(rows[source]), total),
            part_of(f"hired of those who came by: {source}", rows[source]),
        )
    ]
    return share(
        (row for each in rows.values() for row in each),
        missing="No application of the last 12 months says how somebody was found.",
        parts=parts,
        notes=[f"{unknown} not counted: nobody said how they were found."] if unknown else (),
    )


def _applied(case: Case, applied: Event, source: str) -> Row:
    return Row(
        about="person",
        subject=case.subject or "",
        at=applied.at,
        cases=(case.name,),
        counts=None if case.closed_at is None else case.outcome == "hired",
        words=source,
    )


def cost_per_hire(history: History) -> Measured:
    """What all searches cost, also those that found nobody, for each seat that was filled."""
    closed = [
        case
        for case in history.cases_of("recruiting")
        if case.closed_at is not None and case.closed_at > history.at - YEAR
    ]
    spent: dict[str, list[tuple[Case, float]]] = defaultdict(list)
    for case in closed:
        cost = case.data.get("cost")
        if isinstance(cost, Mapping):
            spent[str(cost["currency"])].append((case, float(cost["amount"])))
    said = sum(map(len, spent.values()))
    silent = len(closed) - said
    notes = (f"{silent} not counted: nobody said what they cost.",) if silent else ()
    if not said:
        missing = "No search that was closed in the last 12 months says what it cost."
        return Measured(missing=missing, notes=notes)
    rows = tuple(
        _search(case, amount, currency)
        for currency in sorted(spent)
        for case, amount in spent[currency]
    )
    parts = tuple(_in_currency(currency, spent[currency]) for currency in sorted(spent))
    found = Measured(n=sum(part.n for part in parts), parts=parts, rows=rows, notes=notes)
    if len(parts) > 1:
        return replace(found, missing="The costs are in several currencies: see each of them.")
    if parts[0].number is None:
        return replace(found, missing="No search whose cost is known has filled a seat yet.")
    return replace(found, number=parts[0].number, currency=next(iter(spent)))


def _search(case: Case, amount: float, currency: str) -> Row:
    return Row(
        about="position",
        subject=case.subject or case.name,
        at=case.closed_at,
        cases=(case.name,),
        counts=case.outcome == "filled",
        number=amount,
        words=f"in {currency}",
    )


def _in_currency(currency: str, searches: Sequence[tuple[Case, float]]) -> Part:
    hires = sum(case.outcome == "filled" for case, _ in searches)
    total = sum(amount for _, amount in searches)
    return Part(
        label=f"in {currency}", number=total / hires if hires else None, unit=Unit.EACH, n=hires
    )


def _filled(history: History) -> Sequence[Event]:
    return [event for event in history.told("role.filled") if event.body.get("interim") is not True]
