"""Figures across processes, and detectors of what did not happen: pure functions over tables."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analytics.insight import (
    of_omissions,
    of_performance,
    of_running,
    of_soundness,
    of_talent,
    words,
)
from analytics.insight.absent import ABSENT, Absent
from analytics.insight.history import History
from analytics.insight.measures import LEAST, Detector, Measured, Metric, Part, Row, Unit
from analytics.insight.names import EVENTS, FIELDS, PROCESSES, RECORDS, known_names

GROUPS: Final = (
    ("Performance", of_performance.FIGURES),
    ("Talent and recruiting", of_talent.FIGURES),
    ("How processes run, and hand on", of_running.FIGURES),
)
METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {metric.name: metric for _, figures in GROUPS for metric in figures}
)
DETECTORS: Final[Mapping[str, Detector]] = MappingProxyType(
    {detector.name: detector for detector in (*of_omissions.DETECTORS, *of_soundness.DETECTORS)}
)

__all__ = [
    "ABSENT",
    "DETECTORS",
    "EVENTS",
    "FIELDS",
    "GROUPS",
    "LEAST",
    "METRICS",
    "PROCESSES",
    "RECORDS",
    "Absent",
    "Detector",
    "History",
    "Measured",
    "Metric",
    "Part",
    "Row",
    "Unit",
    "known_names",
    "words",
]
