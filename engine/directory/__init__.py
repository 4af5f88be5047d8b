"""Who works here, where, for whom and under which calendar, as of any day."""

from engine.directory.absences import AbsenceRefused, end_absence, put_absence
from engine.directory.applying import Imported, ImportRefused, apply_people
from engine.directory.calendars import Calendars, PlaceUnknown
from engine.directory.differences import Difference, difference, with_reports
from engine.directory.directory import Directory
from engine.directory.enlisting import enlist_guest
from engine.directory.facts import NotRecorded, RecordingFacts, ReplayFacts, RosterFacts
from engine.directory.guests import ERASED_GUEST
from engine.directory.moving import empty_roster, moved
from engine.directory.plan import ImportPlan, PersonChange, compare, leave, plan_people
from engine.directory.preview import preview, summary
from engine.directory.roster import Absence, Place, Roster, position
from engine.directory.sheet import COLUMNS, Problem, Sheet, SheetUnreadable, read_sheet

__all__ = [
    "COLUMNS",
    "ERASED_GUEST",
    "Absence",
    "AbsenceRefused",
    "Calendars",
    "Difference",
    "Directory",
    "ImportPlan",
    "ImportRefused",
    "Imported",
    "NotRecorded",
    "PersonChange",
    "Place",
    "PlaceUnknown",
    "Problem",
    "RecordingFacts",
    "ReplayFacts",
    "Roster",
    "RosterFacts",
    "Sheet",
    "SheetUnreadable",
    "apply_people",
    "compare",
    "difference",
    "empty_roster",
    "end_absence",
    "enlist_guest",
    "leave",
    "moved",
    "plan_people",
    "position",
    "preview",
    "put_absence",
    "read_sheet",
    "summary",
    "with_reports",
]
