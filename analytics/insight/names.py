"""What the figures read: processes, events and records by the names that the shipped ones have.

A company that calls them otherwise says so in the setting `insight_names`; everything behind the
reading of the tables knows these names alone.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PROCESSES: Final = (
    "candidate-application",
    "development-plan",
    "exit",
    "feedback-request",
    "goal-setting",
    "onboarding",
    "pcer-year",
    "probation-review",
    "recruiting",
    "succession-activation",
)
EVENTS: Final = (
    "calibration.published",
    "candidate.applied",
    "feedback.given",
    "goals.agreed",
    "goals.scored",
    "last_day.changed",
    "move.withdrawn",
    "notice.given",
    "notice.withdrawn",
    "offer.accepted",
    "pay.decided",
    "person.resumed",
    "person.started",
    "plan.agreed",
    "recognition.given",
    "requisition.approved",
    "requisition.closed",
    "requisition.withdrawn",
    "review.closed",
    "review.submitted",
    "risk.looked_at",
    "role.filled",
    "role.vacated",
    "successor.named",
)
RECORDS: Final = (
    "calibration",
    "capability_profile",
    "critical",
    "development",
    "engagement",
    "flight_risk",
    "goal_attainment",
    "potential",
    "rating",
    "recognition",
    "skills",
    "succession",
    "talent",
)

# Fields of case files that a figure reads, by process; of no other is the case file opened.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"feedback-request": ("heard",), "goal-setting": ("results",), "recruiting": ("cost",)}
)


def known_names() -> tuple[str, ...]:
    return (*PROCESSES, *EVENTS, *RECORDS)
