"""How ratings are spread over units. It cannot tell a lenient manager from a strong team.

Each unit's mean is compared with the mean of everybody else. How likely so large a difference is
by chance is counted over all units of that size that could be made of these people (see `chance`);
where there are too many of them, it is approximated as the interval is. The interval is that of a
difference of two means with unequal spread (Welch, with the normal approximation), so it is given
from ten people on. That many comparisons find something by chance is answered with
Benjamini-Hochberg.
Small groups: a unit with fewer people than `least` is told of only together with the other small
ones. While these are fewer than `least` together they are left out of every figure, also of what
others are compared with: else a mean and a difference would give them away.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import fmean, variance

from analytics.chance import by_chance
from analytics.findings import Finding, Parameters, Rows, not_enough

_INTERVAL_FROM = 10
_FALSE_SHARE = 0.05
_OTHERS = "all small units together"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rated:
    """One person's valid rating."""

    unit: str
    value: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Compared:
    unit: str
    n: int
    mean: float
    difference: float
    error: float | None  # standard error; None: too few for an interval
    chance: float  # how likely so large a difference is if there is none


def find(rows: Rows, parameters: Parameters) -> tuple[Finding, ...]:
    least = max(2, int(parameters["least"]))
    rated = [
        Rated(unit=str(row["unit"] or "no unit"), value=float(row["value"]))
        for row in rows
        if isinstance(row["value"], int | float) and not isinstance(row["value"], bool)
    ]
    if len(rated) < least:
        return not_enough("people with a valid rating", len(rated), least)
    units = _grouped(rated, least)
    rated = [Rated(unit=unit, value=value) for unit in units for value in units[unit]]
    if not rated:
        return not_enough("people of one unit with a valid rating", 0, least)
    compared = [_compare(unit, values, rated) for unit, values in sorted(units.items())]
    notable = _notable(compared)
    told = (_told(one, notable=one.unit in notable) for one in compared)
    return (_overall([one.value for one in rated]), *told)


def _grouped(rated: Sequence[Rated], least: int) -> dict[str, list[float]]:
    """Values by unit, of units that may be told of."""
    units: dict[str, list[float]] = defaultdict(list)
    for one in rated:
        units[one.unit].append(one.value)
    small = [unit for unit, values in units.items() if len(values) < least]
    others = [value for unit in small for value in units.pop(unit)]
    if len(others) >= least:
        units[_OTHERS] = others
    return dict(units)


def _compare(unit: str, values: list[float], rated: Sequence[Rated]) -> _Compared:
    mean = fmean(values)
    total = sum(one.value for one in rated)
    rest = len(rated) - len(values)
    other = (total - sum(values)) / rest if rest else mean
    error = _error(values, rated, rest)
    return _Compared(
        unit=unit,
        n=len(values),
        mean=mean,
        difference=mean - other,
        error=error,
        chance=_chance(values, rated, mean - other, error),
    )


def _chance(
    values: list[float], rated: Sequence[Rated], difference: float, error: float | None
) -> float:
    exact = by_chance(values, [one.value for one in rated])
    if exact is not None:
        return exact
    if not error:
        return 1.0 if error is None or not difference else 0.0
    return erfc(abs(difference) / error / sqrt(2))


def _error(values: list[float], rated: Sequence[Rated], rest: int) -> float | None:
    if len(values) < _INTERVAL_FROM or rest < _INTERVAL_FROM:
        return None
    left = sorted(one.value for one in rated)
    for value in values:
        left.remove(value)
    return sqrt(variance(values) / len(values) + variance(left) / rest)


def _notable(compared: Sequence[_Compared]) -> set[str]:
    """Benjamini-Hochberg: at most one in twenty of these is expected to be chance."""
    ranked = sorted(compared, key=lambda one: one.chance)
    kept = 0
    for rank, one in enumerate(ranked, start=1):
        if one.chance <= _FALSE_SHARE * rank / len(ranked):
            kept = rank
    return {one.unit for one in ranked[:kept]}


def _told(one: _Compared, *, notable: bool) -> Finding:
    margin = None if one.error is None else 1.96 * one.error
    way = "above" if one.difference > 0 else "below"
    words = f"{{subject}}: mean {one.mean:.2f}, {abs(one.difference):.2f} {way} everybody else."
    if notable:
        words += " A difference this large is hardly chance; it may be the team or its raters."
    if margin is None:
        words += " Too few for an interval."
    return Finding(
        about="unit",
        subject=one.unit,
        statement=words,
        number=round(one.difference, 4),
        low=None if margin is None else round(one.difference - margin, 4),
        high=None if margin is None else round(one.difference + margin, 4),
        n=one.n,
        notable=notable,
    )


def _overall(values: list[float]) -> Finding:
    shares = ", ".join(
        f"{mark:g}: {100 * values.count(mark) / len(values):.0f} %" for mark in sorted(set(values))
    )
    return Finding(
        about="all",
        subject=None,
        statement=f"Everybody: mean {fmean(values):.2f} ({shares}).",
        number=round(fmean(values), 4),
        low=None,
        high=None,
        n=len(values),
        notable=False,
    )
