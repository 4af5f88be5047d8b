"""Two versions of a process beside each other: what differs, and what becomes of a running case."""

from engine.versions.change import Change, Sign
from engine.versions.codes import VERSION_CODES
from engine.versions.diff import diff
from engine.versions.placing import placeless
from engine.versions.plan import CasePlan, Outcome, case_plan
from engine.versions.plan_file import Plan, Planned, PlanUnreadable, plan_from_json, plan_to_json
from engine.versions.reckoning import GROUPS, Hindrance, Reckoning, inside, reckoning

__all__ = [
    "GROUPS",
    "VERSION_CODES",
    "CasePlan",
    "Change",
    "Hindrance",
    "Outcome",
    "Plan",
    "PlanUnreadable",
    "Planned",
    "Reckoning",
    "Sign",
    "case_plan",
    "diff",
    "inside",
    "placeless",
    "plan_from_json",
    "plan_to_json",
    "reckoning",
]
