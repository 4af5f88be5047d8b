"""Statistics over frozen tables; knows no case and no database, and decides nothing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analytics import distribution, readiness, span, waiting
from analytics.findings import Analytic, Finding

ANALYTICS: Final[Mapping[str, Analytic]] = MappingProxyType(
    {
        analytic.name: analytic
        for analytic in (
            Analytic(name="rating_distribution", version=2, find=distribution.find),
            Analytic(name="span_of_control", version=1, find=span.find),
            Analytic(name="succession_readiness", version=1, find=readiness.find),
            Analytic(name="waiting_times", version=1, find=waiting.find),
        )
    }
)

__all__ = ["ANALYTICS", "Analytic", "Finding"]
