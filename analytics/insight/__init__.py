"""Figures across processes, and detectors of what did not happen: pure functions over tables."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analytics.insight import of_performance, of_running, of_talent, words
from analytics.insight.absent import ABSENT, Absent
from analytics.insight.detectors import DETECTORS as _DETECTORS
from analytics.insight.history import History
from analytics.insight.measures import LEAST, Detector, Measured, Metric, Part, Row, Unit
from analytics.insight.names import EVENTS, FIELDS, PROCESSES, RECORDS, known_names

METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {
        metric.name: metric
        for metric in (*of_performance.FIGURES, *of_talent.FIGURES, *of_running.FIGURES)
    }
)
DETECTORS: Final[Mapping[str, Detector]] = MappingProxyType(
    {detector.name: detector for detector in _DETECTORS}
)

__all__ = [
    "ABSENT",
    "DETECTORS",
    "EVENTS",
    "FIELDS",
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
