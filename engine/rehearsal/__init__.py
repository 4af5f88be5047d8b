"""Whole cohorts played over virtual months: the same definitions, people and seed, the same story.

In memory and without a clock: the core decides, the directory's own rules say who works where, and
a model with a seed answers.
"""

from engine.rehearsal.behaviour import Behaviour, BehaviourUnknown, behaviour_of
from engine.rehearsal.company import ByHand, Company, Round, company_of
from engine.rehearsal.processes import Processes, processes_of
from engine.rehearsal.report import Finding, Report, report_of
from engine.rehearsal.run import Setup, Start, add_up, rehearse
from engine.rehearsal.standing import Standing
from engine.rehearsal.tally import Tally
from engine.rehearsal.timeline import PeopleUnusable, Timeline, read_timeline
from engine.rehearsal.wrong import wrong_with

__all__ = [
    "Behaviour",
    "BehaviourUnknown",
    "ByHand",
    "Company",
    "Finding",
    "PeopleUnusable",
    "Processes",
    "Report",
    "Round",
    "Setup",
    "Standing",
    "Start",
    "Tally",
    "Timeline",
    "add_up",
    "behaviour_of",
    "company_of",
    "processes_of",
    "read_timeline",
    "rehearse",
    "report_of",
    "wrong_with",
]
