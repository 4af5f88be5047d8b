"""What a figure computed a second time looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(kw_only=True)
class Again:
    number: float | None
    n: int
    part: int | None = None
    parts: Mapping[str, tuple[float | None, int]] = field(default_factory=dict)


def of_series(counts: pd.Series, **parts: Any) -> Again:
    """A share of what is known to count or not."""
    known = counts.dropna().astype(bool)
    if known.empty:
        return Again(number=None, n=0)
    return Again(number=known.mean(), n=len(known), part=int(known.sum()), parts=parts)


def share(counts: list[bool | None]) -> Again:
    return of_series(pd.Series(counts, dtype=object))


def ratio(mask: pd.Series) -> tuple[float | None, int]:
    return (float(mask.mean()), len(mask)) if len(mask) else (None, 0)


def survival(days: pd.Series, over: pd.Series, shares: tuple[float, ...]) -> list[float | None]:
    """The product limit, from a table of deaths and of those at risk."""
    life = pd.DataFrame({"days": days, "over": over}).groupby("days").over.agg(["size", "sum"])
    life["at_risk"] = life["size"][::-1].cumsum()
    open_ = (1 - life["sum"] / life.at_risk).cumprod()
    return [next(iter(open_[open_ <= 1 - one + 1e-12].index), None) for one in shares]
