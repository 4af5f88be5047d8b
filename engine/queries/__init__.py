"""Read models: what pages and the command line show, each in few queries."""

from engine.queries.absences import AbsenceLine, absences
from engine.queries.atlas import Atlas
from engine.queries.case import CasePage, DataLine, FamilyLine, PlaceLine, WaitLine, case
from engine.queries.cases import CaseFilter, CaseLine, cases
from engine.queries.cohorts import (
    CohortPage,
    CohortSummary,
    MemberLine,
    StepLine,
    cohort,
    cohort_members,
    cohorts,
)
from engine.queries.departure import Becomes, CaseFate, Departure, TaskFate, departure
from engine.queries.export import as_csv, as_jsonl, case_records, event_records
from engine.queries.history import Entry, history
from engine.queries.incidents import IncidentLine, incidents
from engine.queries.insight import insight_tables
from engine.queries.leavers import LastDay, Leaver, leavers
from engine.queries.marks import process_marks
from engine.queries.mentions import Mention, mentions
from engine.queries.notes import NoteLine, notes
from engine.queries.outbox import OutboxLine, outbox, outbox_counts
from engine.queries.pages import Page
from engine.queries.people import PersonLine, people
from engine.queries.person import PersonPage, person
from engine.queries.processes import (
    ProcessLine,
    ProcessPage,
    StateLine,
    VersionLine,
    process,
    processes,
)
from engine.queries.reader import Names, Reader, read_names
from engine.queries.tables import (
    assignment_table,
    event_table,
    people_table,
    plain,
    position_table,
    record_table,
    task_table,
)
from engine.queries.tasks import Named, TaskLine, task, tasks
from engine.queries.upcoming import Upcoming

__all__ = [
    "AbsenceLine",
    "Atlas",
    "Becomes",
    "CaseFate",
    "CaseFilter",
    "CaseLine",
    "CasePage",
    "CohortPage",
    "CohortSummary",
    "DataLine",
    "Departure",
    "Entry",
    "FamilyLine",
    "IncidentLine",
    "LastDay",
    "Leaver",
    "MemberLine",
    "Mention",
    "Named",
    "Names",
    "NoteLine",
    "OutboxLine",
    "Page",
    "PersonLine",
    "PersonPage",
    "PlaceLine",
    "ProcessLine",
    "ProcessPage",
    "Reader",
    "StateLine",
    "StepLine",
    "TaskFate",
    "TaskLine",
    "Upcoming",
    "VersionLine",
    "WaitLine",
    "absences",
    "as_csv",
    "as_jsonl",
    "assignment_table",
    "case",
    "case_records",
    "cases",
    "cohort",
    "cohort_members",
    "cohorts",
    "departure",
    "event_records",
    "event_table",
    "history",
    "incidents",
    "insight_tables",
    "leavers",
    "mentions",
    "notes",
    "outbox",
    "outbox_counts",
    "people",
    "people_table",
    "person",
    "plain",
    "position_table",
    "process",
    "process_marks",
    "processes",
    "read_names",
    "record_table",
    "task",
    "task_table",
    "tasks",
]
