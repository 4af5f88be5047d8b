"""The `tests:` of a definition, played on a virtual clock without a database."""

from engine.scenarios.expectations import sees
from engine.scenarios.play import coverage_of, play_all
from engine.scenarios.report import Coverage, Failure, Report, Result
from engine.scenarios.script import FIRST_DAY, Performance, PlayStep, Script, perform, scripts_of
from engine.scenarios.stage import Moment, Stage
from engine.scenarios.writing import scenario_text
from engine.scenarios.written import NotAsWritten

__all__ = [
    "FIRST_DAY",
    "Coverage",
    "Failure",
    "Moment",
    "NotAsWritten",
    "Performance",
    "PlayStep",
    "Report",
    "Result",
    "Script",
    "Stage",
    "coverage_of",
    "perform",
    "play_all",
    "scenario_text",
    "scripts_of",
    "sees",
]
