"""How long the steps of a process wait for an answer, and how often they are late.

Tasks that are still open count as having waited at least until now: the median is that of a
Kaplan-Meier curve, so leaving them out does not make slow steps look fast.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from analytics.findings import Finding, Parameters, Rows, not_enough

_DAY = 86_400_000_000  # µs


@dataclass(frozen=True, kw_only=True, slots=True)
class Waited:
    """One task."""

    days: float  # from its opening to its answer, or to now
    answered: bool
    late: bool


def find(rows: Rows, parameters: Parameters) -> tuple[Finding, ...]:
    least = max(2, int(parameters["least"]))
    steps: dict[str, list[Waited]] = defaultdict(list)
    for row in rows:
        end = row["closed_at"] if row["closed_at"] is not None else row["until"]
        due = row["due_at"]
        steps[str(row["state"])].append(
            Waited(
                days=(end - row["opened_at"]) / _DAY,
                answered=row["closed_at"] is not None,
                late=due is not None and end > due,
            )
        )
    told = {state: tasks for state, tasks in steps.items() if len(tasks) >= least}
    if not told:
        most = max((len(tasks) for tasks in steps.values()), default=0)
        return not_enough("tasks of one step", most, least)
    medians = {state: _median(tasks) for state, tasks in told.items()}
    slowest = max(medians, key=lambda state: (_or_never(medians[state]), state))
    order = sorted(told, key=lambda state: (-_or_never(medians[state]), state))
    return tuple(
        _one(state, told[state], medians[state], notable=state == slowest and len(told) > 1)
        for state in order
    )


def _or_never(days: float | None) -> float:
    return float("inf") if days is None else days


def _median(tasks: Sequence[Waited]) -> float | None:
    """Days after which half are answered; None: fewer than half ever were."""
    at_risk, open_share = len(tasks), 1.0
    ordered = sorted(tasks, key=_days)
    for days, group in groupby(ordered, key=_days):
        ended = list(group)
        open_share *= 1 - sum(task.answered for task in ended) / at_risk
        at_risk -= len(ended)
        if open_share <= 0.5:
            return days
    return None


def _days(task: Waited) -> float:
    return task.days


def _one(state: str, tasks: Sequence[Waited], median: float | None, *, notable: bool) -> Finding:
    late = sum(task.late for task in tasks)
    half = (
        f"half are answered within {median:.1f} days"
        if median is not None
        else ("fewer than half have been answered")
    )
    words = f"{{subject}}: {half}; {100 * late / len(tasks):.0f} % were late."
    return Finding(
        about="state",
        subject=state,
        statement=words + (" It waits longest." if notable else ""),
        number=None if median is None else round(median, 4),
        low=None,
        high=None,
        n=len(tasks),
        notable=notable,
    )
