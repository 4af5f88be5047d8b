"""The `tests:` of a definition, played on a virtual clock without a database."""

from engine.scenarios.play import coverage_of, play_all
from engine.scenarios.report import Coverage, Failure, Report, Result

__all__ = ["Coverage", "Failure", "Report", "Result", "coverage_of", "play_all"]
