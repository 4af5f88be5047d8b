"""How long something takes when some of it is not over yet: Kaplan and Meier, 1958.

Looking at what is over alone makes everything look quicker than it is: what takes long is what is
still open.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """One that was watched."""

    days: float
    over: bool  # False: still open when last looked at, or given up (censored)


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """From `days` on, `open` of all are expected to be open still."""

    days: float
    open: float
    at_risk: int  # watched until then


def curve(spans: Sequence[Span]) -> tuple[Point, ...]:
    """A step at every length at which something was over.

    One that was given up on the very day still counts as watched then, as is usual.
    """
    points: list[Point] = []
    still = 1.0
    for days in sorted({span.days for span in spans if span.over}):
        at_risk = sum(span.days >= days for span in spans)
        over = sum(span.days == days and span.over for span in spans)
        still *= 1 - over / at_risk
        points.append(Point(days=days, open=still, at_risk=at_risk))
    return tuple(points)


def quantile(points: Sequence[Point], share: float) -> float | None:
    """After how many days that share is over; None while more than the rest are still open."""
    # As often as 1 - share is a number that floats do not have, a curve would just miss it.
    reached = 1 - share + 1e-12
    return next((point.days for point in points if point.open <= reached), None)
