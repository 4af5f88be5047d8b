"""Span of control: how many people report to each manager, and who has very few or very many."""

from collections import Counter
from dataclasses import dataclass
from statistics import median

from analytics.findings import Finding, Parameters, Rows, not_enough


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Somebody who works here, and for whom."""

    person: str
    manager: str | None


def find(rows: Rows, parameters: Parameters) -> tuple[Finding, ...]:
    least, most = int(parameters["least"]), int(parameters["most"])
    people = [Report(person=str(row["person"]), manager=row["manager"]) for row in rows]
    here = {one.person for one in people}
    spans = Counter(one.manager for one in people if one.manager and one.manager in here)
    if not spans:
        return not_enough("managers with reports", 0, 1)
    outside = sorted(
        ((manager, count) for manager, count in spans.items() if not least <= count <= most),
        key=lambda each: (-abs(each[1] - (least if each[1] < least else most)), each[0]),
    )
    return (_overall(spans, len(outside), least, most), *(_one(*each, least) for each in outside))


def _overall(spans: Counter[str], outside: int, least: int, most: int) -> Finding:
    counts = list(spans.values())
    return Finding(
        about="all",
        subject=None,
        statement=(
            f"{len(counts)} managers have a median of {median(counts):g} reports; {outside} of "
            f"them have fewer than {least} or more than {most}."
        ),
        number=round(float(median(counts)), 4),
        low=None,
        high=None,
        n=sum(counts),
        notable=False,
    )


def _one(manager: str, count: int, least: int) -> Finding:
    few = count < least
    return Finding(
        about="person",
        subject=manager,
        statement=f"{{subject}} has {count} direct report{'s' if count != 1 else ''}, which is "
        f"{'few' if few else 'many'}.",
        number=float(count),
        low=None,
        high=None,
        n=count,
        notable=not few,
    )
